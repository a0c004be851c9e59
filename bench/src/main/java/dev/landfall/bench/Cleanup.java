package dev.landfall.bench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What has to be undone when a benchmark ends, however it ends: closed by its owner, or by the JVM when a signal ends
 * it. Undone in reverse, each step even if others fail. Safe for any thread.
 */
public final class Cleanup implements AutoCloseable {
    private final Deque<Step> steps = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Thread hook = new Thread(this::undo, "cleanup");
    private final AtomicBoolean ending = new AtomicBoolean();

    /** One thing to undo. */
    public interface Step {
        void undo() throws Exception;
    }

    public Cleanup() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    public void add(Step step) {
        lock.lock();
        try {
            steps.push(step);
        } finally {
            lock.unlock();
        }
    }

    /** Whether the end has begun, so that failures of what runs meanwhile are its consequence. */
    public boolean isEnding() {
        return ending.get();
    }

    private void undo() {
        ending.set(true);
        lock.lock();
        try {
            while (!steps.isEmpty()) {
                try {
                    steps.pop().undo();
                } catch (Exception e) {
                    Progress.say("could not clean up: " + e);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        undo();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook finds nothing left to do.
        }
    }
}
