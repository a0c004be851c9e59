package dev.landfall.elb.edge;

import dev.landfall.protocol.edge.EdgeMessage;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.protocol.edge.EdgeUpdate;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** One data plane's connection: the thread that tells it, and the way back. Safe for any thread. */
public final class EdgeConnection implements AutoCloseable {
    /** A data plane that is further behind is told everything instead. */
    private static final int WAITING_MAX = 256;

    private final EdgeFeed feed;
    private final DataPlane dataPlane;
    private final Whereabouts where;
    private final BlockingQueue<EdgeMessage> waiting = new ArrayBlockingQueue<>(WAITING_MAX);

    /** Set while changes have been dropped, and everything is owed. */
    private final AtomicBoolean behind = new AtomicBoolean();

    private volatile Thread thread;

    EdgeConnection(EdgeFeed feed, DataPlane dataPlane, Whereabouts where) {
        this.feed = feed;
        this.dataPlane = dataPlane;
        this.where = where;
    }

    void start(EdgeSnapshot snapshot) {
        waiting.add(new EdgeMessage.Everything(snapshot));
        thread = Thread.ofVirtual().name("elb-edge-connection").unstarted(this::run);
        thread.start();     // which may end the connection at once
    }

    /** Called in order by the feed; must not block. */
    void offer(EdgeUpdate update) {
        if (!behind.get() && !waiting.offer(new EdgeMessage.Changed(update))) {
            behind.set(true);
        }
    }

    private void run() {
        try {
            while (true) {
                give(waiting.take());
                if (waiting.isEmpty() && behind.get()) {
                    catchUp();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            close(); // the other side is gone, or will be told anew when it comes back
        }
    }

    private void give(EdgeMessage message) {
        dataPlane.accept(message);
        if (where == Whereabouts.HERE) {
            report(new EdgeReport.InEffect(message.version()));
        }
    }

    /** Changes that come from now on are newer than what {@code current} gives, or in it: data planes ignore those. */
    private void catchUp() {
        behind.set(false);
        give(new EdgeMessage.Everything(feed.current()));
    }

    /** Takes what the data plane reports. */
    public void report(EdgeReport report) {
        feed.report(this, report);
    }

    @Override
    public void close() {
        feed.disconnected(this, where);
        thread.interrupt();
    }
}
