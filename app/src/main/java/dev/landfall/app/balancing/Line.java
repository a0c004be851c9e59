package dev.landfall.app.balancing;

import dev.landfall.protocol.edge.EdgeJson;
import dev.landfall.protocol.edge.EdgeMessage;
import dev.landfall.protocol.edge.EdgeReport;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A connection to the control plane. One thread receives; any may report, without waiting. A frame is asked for when
 * the one before has been taken, so that a flood stays in the network.
 */
final class Line implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration LAST_WORD = Duration.ofSeconds(2);
    /** What waits to be sent; a control plane that does not read so many is left, and told everything anew. */
    private static final int REPORTS_MAX = 10_000;
    /** A snapshot of some hundred thousand targets; what is longer ends the connection. */
    private static final int MESSAGE_CHARS_MAX = 256 << 20;

    private final WebSocket socket;
    private final Timing timing;
    private final Receiver receiver;
    private final BlockingQueue<EdgeReport> reports = new LinkedBlockingQueue<>(REPORTS_MAX);
    private final Thread sender;

    private Line(WebSocket socket, Receiver receiver, Timing timing) {
        this.socket = socket;
        this.timing = timing;
        this.receiver = receiver;
        sender = Thread.ofVirtual().name("edge-reports").start(this::send);
    }

    /**
     * @param ping how often the other side is asked whether it is there, whatever it is told besides
     * @param silence after which it has gone without a word
     */
    record Timing(Duration ping, Duration silence) {
        static final Timing USUAL = new Timing(Duration.ofSeconds(10), Duration.ofSeconds(35));
    }

    private sealed interface Frame {
        record Text(String text) implements Frame {}

        record Pong() implements Frame {}

        record End(String reason) implements Frame {}
    }

    /** @throws IOException if nobody answers, or with something else than a websocket */
    static Line open(HttpClient http, Signed address, Timing timing) throws IOException {
        var receiver = new Receiver();
        var builder = http.newWebSocketBuilder().connectTimeout(CONNECT);
        address.headers().forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        try {
            return new Line(builder.buildAsync(address.uri(), receiver).join(), receiver, timing);
        } catch (CompletionException e) {
            throw new IOException("cannot connect to " + address.uri() + ": " + e.getCause(), e);
        }
    }

    void report(EdgeReport report) {
        if (!reports.offer(report)) {
            socket.abort();
        }
    }

    /** Says that it was the last; returns when the other side has been told, or does not take it. */
    void end() throws InterruptedException {
        report(new EdgeReport.Ended());
        sender.join(LAST_WORD);
    }

    private void send() {
        long pinged = System.nanoTime();
        try {
            while (true) {
                long left = pinged + timing.ping.toNanos() - System.nanoTime();
                EdgeReport next = reports.poll(left, TimeUnit.NANOSECONDS);
                if (next != null) {
                    socket.sendText(new String(EdgeJson.write(next), StandardCharsets.UTF_8), true).join();
                }
                if (next instanceof EdgeReport.Ended) {
                    return;
                }
                if (left <= 0) {
                    pinged = System.nanoTime();
                    socket.sendPing(ByteBuffer.allocate(0)).join();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (CompletionException e) {
            socket.abort();
            receiver.frames.offer(new Frame.End(String.valueOf(e.getCause())));
        }
    }

    /** @throws IOException when the connection has ended, or the other side is silent, or speaks something else */
    EdgeMessage receive() throws IOException, InterruptedException {
        while (true) {
            Frame frame = receiver.frames.poll(timing.silence.toNanos(), TimeUnit.NANOSECONDS);
            switch (frame) {
                case null -> throw new IOException("silent for " + timing.silence);
                case Frame.Pong() -> socket.request(1);
                case Frame.End(var reason) -> throw new IOException(reason);
                case Frame.Text(var text) -> {
                    socket.request(1);
                    return read(text);
                }
            }
        }
    }

    private static EdgeMessage read(String text) throws IOException {
        try {
            return EdgeJson.read(text.getBytes(StandardCharsets.UTF_8), EdgeMessage.class);
        } catch (EdgeJson.Malformed e) {
            throw new IOException("not a message for data planes", e);
        }
    }

    @Override
    public void close() {
        sender.interrupt();
        socket.abort();
    }

    private static final class Receiver implements WebSocket.Listener {
        /** One is asked for at a time, and the connection may end besides. */
        private final BlockingQueue<Frame> frames = new ArrayBlockingQueue<>(8);
        private final StringBuilder partial = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            partial.append(part);
            if (partial.length() > MESSAGE_CHARS_MAX) {
                from.abort();
                frames.offer(new Frame.End("a message is too long"));
            } else if (last) {
                frames.offer(new Frame.Text(partial.toString()));
                partial.setLength(0);
                partial.trimToSize();
            } else {
                from.request(1);
            }
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            from.abort();
            frames.offer(new Frame.End("a message is not text"));
            return null;
        }

        @Override
        public CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
            frames.offer(new Frame.Pong());
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            frames.offer(new Frame.End("closed with " + status + " " + reason));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            frames.offer(new Frame.End(String.valueOf(error)));
        }
    }
}
