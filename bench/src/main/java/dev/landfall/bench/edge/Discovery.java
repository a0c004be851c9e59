package dev.landfall.bench.edge;

import com.sun.net.httpserver.HttpServer;
import dev.landfall.bench.Progress;
import dev.landfall.bench.Refusal;
import dev.landfall.bench.report.Report;
import dev.landfall.bench.report.Samples;
import dev.landfall.protocol.edge.EdgeMessage;
import dev.landfall.protocol.edge.EdgeUpdate;
import dev.landfall.protocol.edge.TargetGroup.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Targets that are registered under load and pass their first health check: how long after that it takes until the
 * first request reaches each of them. Both moments are taken where they happen, on one clock.
 */
final class Discovery {
    private static final double GOAL_MILLIS = 100;
    private static final int TARGETS = 50;
    private static final int CONNECTIONS = 8;
    /** Checks are spread over their interval of 5 s; the rest is for a busy machine. */
    private static final int SECONDS = 9;
    private static final byte[] BODY = "ok".getBytes(StandardCharsets.US_ASCII);

    private final EdgeControl control;
    private final Generator generator;
    private final int port;
    private final Map<Integer, Long> firstNanos = new ConcurrentHashMap<>();

    Discovery(EdgeControl control, Generator generator, int port) {
        this.control = control;
        this.generator = generator;
        this.port = port;
    }

    /** @return the version of the last change */
    long run(long version, Report report) {
        Progress.say(TARGETS + " targets become healthy");
        var servers = new TreeMap<Integer, HttpServer>();
        long last = version;
        try (var threads = Executors.newCachedThreadPool()) {
            var targets = new ArrayList<Target>();
            for (int i = 0; i < TARGETS; i++) {
                HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
                int at = server.getAddress().getPort();
                server.setExecutor(threads);
                server.createContext("/", exchange -> {
                    if (!isCheck(exchange.getRequestHeaders().getFirst("User-Agent"))) {
                        firstNanos.putIfAbsent(at, System.nanoTime());
                    }
                    exchange.sendResponseHeaders(200, BODY.length);
                    exchange.getResponseBody().write(BODY);
                    exchange.close();
                });
                server.start();
                servers.put(at, server);
                targets.add(Configurations.target(at));
            }
            // A first target that is healthy keeps the group from failing open, which would ask the others at once.
            last = waitForOne(targets, last);
            Future<Generator.Result> load = threads.submit(() ->
                    generator.gently("http://127.0.0.1:" + port + "/", CONNECTIONS, SECONDS));
            control.accept(change(++last, targets));
            report(report, load.get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load could not be made", e.getCause());
        } finally {
            servers.values().forEach(server -> server.stop(0));
        }
        return last;
    }

    private long waitForOne(List<Target> targets, long version) throws InterruptedException {
        control.accept(change(version + 1, targets.subList(0, 1)));
        long end = System.nanoTime() + 20_000_000_000L;
        while (!control.healthyNanos().containsKey(targets.getFirst().port())) {
            if (System.nanoTime() > end) {
                throw new Refusal("a target does not become healthy");
            }
            Thread.sleep(10);
        }
        return version + 1;
    }

    private static boolean isCheck(String agent) {
        return agent != null && agent.startsWith("ELB-HealthChecker");
    }

    private static EdgeMessage change(long version, List<Target> targets) {
        return new EdgeMessage.Changed(new EdgeUpdate(version, List.of(), List.of(),
                List.of(Configurations.group(targets)), List.of()));
    }

    private void report(Report report, Generator.Result load) {
        var millis = new ArrayList<Double>();
        control.healthyNanos().forEach((target, healthy) -> {
            Long first = firstNanos.get(target);
            if (first != null && first >= healthy) {
                millis.add((first - healthy) / 1e6);
            }
        });
        Samples samples = Samples.of(millis);
        Report.Table table = report.table("Healthy until the first request arrives, ms", "targets", "p50", "p99",
                "most", "goal", "requests", "failed");
        table.row(samples.count(), samples.p50(), samples.p99(), samples.quantile(1),
                "<= 100 p99 " + (samples.p99() <= GOAL_MILLIS ? "met" : "missed"), load.requests(), load.failed());
    }
}
