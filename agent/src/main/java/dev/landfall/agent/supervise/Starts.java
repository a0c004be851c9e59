package dev.landfall.agent.supervise;

import java.util.concurrent.Semaphore;

/** Bounds how many containers are made or started at once. First come, first served; safe for any thread. */
final class Starts {
    private final int limit;
    private final Semaphore free;

    Starts(int limit) {
        this.limit = limit;
        this.free = new Semaphore(limit, true);
    }

    void enter() {
        free.acquireUninterruptibly();
    }

    void leave() {
        free.release();
    }

    /** Whether nothing is being made or started just now. */
    boolean idle() {
        return free.availablePermits() == limit;
    }
}
