package dev.landfall.app.balancing;

import java.time.Duration;

/** Has something done once a minute, which is how often load balancers measure. */
final class Minutes implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Minutes.class.getName());
    /** CloudWatch metrics for Application Load Balancers: measured and sent in 60-second intervals. */
    private static final Duration INTERVAL = Duration.ofSeconds(60);

    private final Runnable work;
    private final Thread thread;

    Minutes(Runnable work) {
        this.work = work;
        thread = Thread.ofVirtual().name("edge-metrics").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                once();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A minute that fails must not be the last. */
    private void once() {
        try {
            work.run();
        } catch (RuntimeException e) {
            if (!Thread.currentThread().isInterrupted()) {
                LOG.log(System.Logger.Level.WARNING, "a minute of metrics is lost", e);
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
