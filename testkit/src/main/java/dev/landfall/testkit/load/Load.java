package dev.landfall.testkit.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients of all kinds at once, each with one request at a time and a pause between two, until it is stopped. What they
 * met is in the {@link Tally}.
 */
public final class Load implements AutoCloseable {
    /** No request takes longer: see {@link Kind}; a client that does not end is a bug of the test. */
    private static final Duration LAST_REQUEST = Duration.ofSeconds(30);
    /** After a failure, so that a door that is shut does not fill the machine. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);

    private final Tally tally = new Tally();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    private Load() {}

    /** One client. */
    public record Visitor(Kind kind, Door door) {}

    public static Load start(List<Visitor> visitors) {
        var load = new Load();
        for (Visitor visitor : visitors) {
            load.threads.add(Thread.ofVirtual().name("load-" + visitor.kind()).start(() -> load.visit(visitor)));
        }
        return load;
    }

    private void visit(Visitor visitor) {
        Optional<Client> open = Optional.empty();
        try {
            for (long nonce = 0; !stopping; nonce++) {
                open = request(visitor, open, nonce);
                LockSupport.parkNanos(visitor.kind().pause().toNanos());
            }
        } finally {
            open.ifPresent(Load::close);
        }
    }

    /** @return the connection for the next request */
    private Optional<Client> request(Visitor visitor, Optional<Client> open, long nonce) {
        long sent = System.nanoTime();
        Optional<Client> used = open;
        try {
            Client client = open.isPresent() ? open.get() : visitor.kind().open(visitor.door());
            used = Optional.of(client);
            Client.Answer answer = client.ask(nonce);
            switch (client) {
                case Client.WebSocket _, Client.Lines _ when open.isPresent() ->
                        tally.answeredOnSession(visitor.kind(), answer);
                default -> tally.answered(visitor, answer, sent);
            }
            return used;
        } catch (Client.SessionEnded e) {
            tally.sessionEnded(visitor, e.task(), System.nanoTime());
            used.ifPresent(Load::close);
        } catch (IOException e) {
            tally.failed(visitor.kind(), sent, e);
            used.ifPresent(Load::close);
            LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
        }
        return Optional.empty();
    }

    private static void close(Client client) {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What they have met so far. */
    public Tally tally() {
        return tally;
    }

    /** Lets every client finish its request. */
    @Override
    public void close() {
        stopping = true;
        try {
            for (Thread thread : threads) {
                if (!thread.join(LAST_REQUEST)) {
                    throw new AssertionError("a client does not end: " + thread.getName());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while clients end", e);
        }
    }
}
