package dev.landfall.wire.http;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;

/** The failures that are ours and not the callers': each is counted, and logged once. Safe for any thread. */
final class Faults {
    private static final System.Logger LOG = System.getLogger(Faults.class.getName());

    private final AtomicLong count = new AtomicLong();

    /** @param what what failed, with the values that help to find out why */
    void add(String what, Throwable cause) {
        count.incrementAndGet();
        LOG.log(Level.ERROR, "a fault of ours: " + what, cause);
    }

    long count() {
        return count.get();
    }
}
