package dev.landfall.ecs.deployment;

import java.lang.System.Logger.Level;

/** The thread that has {@link AlarmWatch} look at the alarms, pass after pass. */
public final class AlarmPoller implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AlarmPoller.class.getName());

    private final AlarmWatch watch;
    private final Thread thread;
    private volatile boolean closing;

    public AlarmPoller(AlarmWatch watch) {
        this.watch = watch;
        this.thread = Thread.ofVirtual().name("deployment-alarms").start(this::work);
    }

    private void work() {
        try {
            while (true) {
                pass();
                Thread.sleep(AlarmWatch.PERIOD);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A full disk, say, must not end the passes: the next may succeed. */
    private void pass() {
        try {
            watch.pass();
        } catch (RuntimeException e) {
            if (!closing) {
                LOG.log(Level.ERROR, "a pass over the deployment alarms failed; the next is in "
                        + AlarmWatch.PERIOD.toSeconds() + " s", e);
            }
        }
    }

    /** Returns when no pass is under way any more. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
