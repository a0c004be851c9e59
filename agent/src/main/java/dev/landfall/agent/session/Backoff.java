package dev.landfall.agent.session;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Delays that grow from {@code first} by half each time up to {@code longest}, each jittered. Not safe for several
 * threads.
 */
final class Backoff {
    private final Duration first;
    private final Duration longest;
    private Duration next;

    Backoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
        this.next = first;
    }

    void reset() {
        next = first;
    }

    void pause() throws InterruptedException {
        long millis = next.toMillis();
        next = next.multipliedBy(3).dividedBy(2).compareTo(longest) < 0 ? next.multipliedBy(3).dividedBy(2) : longest;
        Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }
}
