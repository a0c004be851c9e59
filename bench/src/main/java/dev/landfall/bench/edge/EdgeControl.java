package dev.landfall.bench.edge;

import dev.landfall.bench.Refusal;
import dev.landfall.protocol.edge.EdgeJson;
import dev.landfall.protocol.edge.EdgeMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Tells an {@link EdgeProcess} what to serve, and hears from it. For one thread; another reads. */
final class EdgeControl implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final Socket socket;
    private final OutputStream out;
    private final BlockingQueue<Long> applied = new LinkedBlockingQueue<>();
    /** When the data plane found the target at a port healthy; {@link System#nanoTime}. */
    private final Map<Integer, Long> healthyNanos = new ConcurrentHashMap<>();

    EdgeControl(URI endpoint) {
        try {
            socket = new Socket(endpoint.getHost(), endpoint.getPort());
            socket.setTcpNoDelay(true);
            out = socket.getOutputStream();
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            Thread.ofPlatform().daemon().name("edge-control").start(() -> read(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(BufferedReader in) {
        try {
            String line;
            while ((line = in.readLine()) != null) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "applied" -> applied.add(Long.parseLong(words[2]));
                    case "health" -> {
                        if (words[2].equals("HEALTHY")) {
                            healthyNanos.putIfAbsent(Integer.parseInt(words[1]), Long.parseLong(words[3]));
                        }
                    }
                    default -> throw new IllegalStateException("the data plane says: " + line);
                }
            }
        } catch (IOException e) {
            // The process has ended.
        }
    }

    Map<Integer, Long> healthyNanos() {
        return healthyNanos;
    }

    /** Returns when it is in effect, and says since when. */
    long accept(EdgeMessage message) {
        try {
            byte[] json = EdgeJson.write(message);
            byte[] line = java.util.Arrays.copyOf(json, json.length + 1);
            line[json.length] = '\n';
            out.write(line);
            Long nanos = applied.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (nanos == null) {
                throw new Refusal("the data plane does not answer");
            }
            return nanos;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted");
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
