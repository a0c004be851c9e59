package dev.landfall.agent.session;

import dev.landfall.protocol.Frames;
import dev.landfall.protocol.Message;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A websocket to the control plane that is kept open: opened again, with growing delays, whenever it ends or the server
 * has been silent. Runs on one thread of its own.
 */
final class Session implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Session.class.getName());
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final Duration LIFETIME = Duration.ofMinutes(30);
    private static final Duration LIFETIME_JITTER = Duration.ofMinutes(5);
    private static final Duration FIRST_DELAY = Duration.ofMillis(250);

    private final String name;
    private final Duration longestDelay;
    private final HttpClient http;
    private final Role role;
    private volatile Optional<Socket> socket = Optional.empty();
    private volatile boolean closed;
    private Optional<Thread> thread = Optional.empty();

    /** What a session is for. All are called by the session's thread. */
    interface Role {
        /** Where to connect, worked out anew for every attempt. */
        Endpoint endpoint();

        void opened(Socket socket) throws IOException;

        void received(Message message, Socket socket) throws IOException;

        void refused(String why) throws InterruptedException;
    }

    Session(String name, Duration longestDelay, HttpClient http, Role role) {
        this.name = name;
        this.longestDelay = longestDelay;
        this.http = http;
        this.role = role;
    }

    void start() {
        thread = Optional.of(Thread.ofVirtual().name(name).start(this::run));
    }

    /** The open socket, if there is one. */
    Optional<Socket> socket() {
        return socket;
    }

    private void run() {
        var backoff = new Backoff(FIRST_DELAY, longestDelay);
        while (!closed) {
            try (Socket open = Socket.open(http, role.endpoint())) {
                LOG.log(System.Logger.Level.DEBUG, "{0} connected", name);
                socket = Optional.of(open);
                backoff.reset();
                role.opened(open);
                receive(open);
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException e) {
                if (closed) {
                    return;
                }
                LOG.log(System.Logger.Level.INFO, "{0} disconnected: {1}", name, e.getMessage());
                try {
                    if (e instanceof Socket.Refused refused) {
                        role.refused(refused.getMessage());
                    }
                    socket = Optional.empty();
                    backoff.pause();
                } catch (InterruptedException interrupted) {
                    return;
                }
            } finally {
                socket = Optional.empty();
            }
        }
    }

    private void receive(Socket open) throws IOException, InterruptedException {
        Duration silence = jittered(SILENCE, SILENCE);
        long end = System.nanoTime() + jittered(LIFETIME, LIFETIME_JITTER).toNanos();
        while (!closed && System.nanoTime() < end) {
            Optional<Message> message;
            try {
                message = open.receive(silence);
            } catch (Frames.Malformed e) {
                LOG.log(System.Logger.Level.WARNING, "{0}: ignored what is no frame: {1}", name, e.getMessage());
                continue;
            }
            if (message.isEmpty()) {
                throw new IOException("the server was silent for " + silence.toSeconds() + " s");
            }
            role.received(message.get(), open);
        }
    }

    private static Duration jittered(Duration least, Duration jitter) {
        return least.plusMillis(ThreadLocalRandom.current().nextLong(jitter.toMillis() + 1));
    }

    @Override
    public void close() {
        closed = true;
        socket.ifPresent(Socket::close);
        thread.ifPresent(Thread::interrupt);
    }
}
