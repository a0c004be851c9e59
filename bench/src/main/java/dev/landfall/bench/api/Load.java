package dev.landfall.bench.api;

import dev.landfall.bench.child.Child;
import dev.landfall.bench.report.Samples;
import dev.landfall.bench.wire.Connection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Callers that each wait for an answer before they ask again (a closed loop), a thread and a connection each. */
final class Load {
    private Load() {}

    /** The requests of one caller, sent in turn. */
    interface Requests {
        List<byte[]> of(int caller);
    }

    /** What came of it; processor times in microseconds for each call. */
    record Result(Samples millis, double perSecond, double serverMicros, double clientMicros) {}

    static Result run(URI endpoint, Child server, int callers, Duration time, Requests requests) {
        var start = new CyclicBarrier(callers + 1);
        try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("caller-", 0).factory())) {
            var running = new ArrayList<Future<double[]>>();
            for (int i = 0; i < callers; i++) {
                List<byte[]> mine = requests.of(i);
                running.add(threads.submit(() -> call(endpoint, mine, time, start)));
            }
            long self = ProcessHandle.current().pid();
            start.await();
            double serverBefore = server.cpuSeconds();
            double clientBefore = Child.cpuSeconds(self);
            long begin = System.nanoTime();
            var all = new ArrayList<double[]>();
            for (Future<double[]> one : running) {
                all.add(one.get());
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            double[] millis = all.stream().flatMapToDouble(Arrays::stream).toArray();
            double serverMicros = (server.cpuSeconds() - serverBefore) * 1e6 / millis.length;
            double clientMicros = (Child.cpuSeconds(self) - clientBefore) * 1e6 / millis.length;
            return new Result(Samples.of(millis), millis.length / seconds, serverMicros, clientMicros);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a caller failed", e.getCause());
        } catch (Exception e) {
            throw new IllegalStateException("the load could not be made", e);
        }
    }

    private static double[] call(URI endpoint, List<byte[]> requests, Duration time, CyclicBarrier start)
            throws Exception {
        double[] millis = new double[1024];
        int count = 0;
        try (var connection = Connection.open(endpoint)) {
            start.await();
            long now = System.nanoTime();
            long end = now + time.toNanos();
            while (now < end) {
                int status = connection.exchange(requests.get(count % requests.size()));
                if (status != 200) {
                    throw new IllegalStateException("answered with status " + status);
                }
                long after = System.nanoTime();
                if (count == millis.length) {
                    millis = Arrays.copyOf(millis, 2 * count);
                }
                millis[count++] = (after - now) / 1e6;
                now = after;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Arrays.copyOf(millis, count);
    }
}
