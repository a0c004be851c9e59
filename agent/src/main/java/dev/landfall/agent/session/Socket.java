package dev.landfall.agent.session;

import dev.landfall.protocol.Frames;
import dev.landfall.protocol.Message;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A websocket that is read and written by blocking. One thread receives; any may send. The listener stops asking for
 * frames while the receiver is behind, so a flood stays in the network.
 */
final class Socket implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration CLOSE = Duration.ofSeconds(1);

    /** Above the largest payload message by far; what is longer breaks the connection. */
    private static final int MAX_MESSAGE_CHARS = 16 << 20;

    private static final int QUEUED_FRAMES = 64;

    private final WebSocket socket;
    private final Receiver receiver;
    private final ReentrantLock sending = new ReentrantLock();

    private Socket(WebSocket socket, Receiver receiver) {
        this.socket = socket;
        this.receiver = receiver;
    }

    /** The server refused the upgrade; {@code body} says why. */
    static final class Refused extends IOException {
        Refused(int status, String body) {
            super("HTTP " + status + " " + body);
        }
    }

    static Socket open(HttpClient http, Endpoint endpoint) throws IOException {
        var receiver = new Receiver();
        var builder = http.newWebSocketBuilder().connectTimeout(CONNECT);
        endpoint.headers().forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        try {
            return new Socket(builder.buildAsync(endpoint.uri(), receiver).join(), receiver);
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                Object body = refused.getResponse().body();
                throw new Refused(refused.getResponse().statusCode(), body == null ? "" : body.toString());
            }
            throw new IOException("cannot connect to " + endpoint.uri().getAuthority(), e.getCause());
        }
    }

    void send(Message message) throws IOException {
        sending.lock();
        try {
            socket.sendText(Frames.write(message), true).join();
        } catch (CompletionException e) {
            throw new IOException("cannot send", e.getCause());
        } finally {
            sending.unlock();
        }
    }

    /**
     * The next message; empty if none came in time.
     *
     * @throws IOException if the connection ended
     */
    Optional<Message> receive(Duration patience) throws IOException, InterruptedException {
        Frame frame = receiver.frames.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        return switch (frame) {
            case null -> Optional.empty();
            case Frame.Text(var text) -> {
                socket.request(1);
                yield Optional.of(Frames.read(text));
            }
            case Frame.End(var code, var reason) -> throw new IOException("closed with " + code + " " + reason);
        };
    }

    @Override
    public void close() {
        try {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // The other side is gone already.
        } finally {
            socket.abort();
        }
    }

    private sealed interface Frame {
        record Text(String text) implements Frame {}

        record End(int code, String reason) implements Frame {}
    }

    private static final class Receiver implements WebSocket.Listener {
        private static final int ABNORMAL = 1006;
        private final BlockingQueue<Frame> frames = new ArrayBlockingQueue<>(QUEUED_FRAMES);
        private final StringBuilder partial = new StringBuilder();

        @Override
        public void onOpen(WebSocket webSocket) {
            webSocket.request(1);
        }

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            partial.append(data);
            if (partial.length() > MAX_MESSAGE_CHARS) {
                webSocket.abort();
                frames.offer(new Frame.End(ABNORMAL, "a message was too long"));
            } else if (last) {
                frames.offer(new Frame.Text(partial.toString()));
                partial.setLength(0);
            } else {
                webSocket.request(1);
            }
            return null;
        }

        @Override
        public CompletionStage<?> onPing(WebSocket webSocket, java.nio.ByteBuffer message) {
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket webSocket, java.nio.ByteBuffer message) {
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket webSocket, java.nio.ByteBuffer data, boolean last) {
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            frames.offer(new Frame.End(statusCode, reason));
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            frames.offer(new Frame.End(ABNORMAL, String.valueOf(error)));
        }
    }
}
