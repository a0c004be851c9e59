package dev.landfall.ecs.service;

import dev.landfall.ecs.Background;
import dev.landfall.state.Decisions;
import dev.landfall.state.KeyedQueue;

/**
 * Keeps every service as it is wanted: looks at it whenever one of its rows changed, when an instance came, and in a
 * slow pass over all. These are the threads; what a look is stands in {@link ServiceLooks}. A lost look is made up for
 * by the next.
 */
public final class ServiceScheduler implements AutoCloseable {
    /** Decisions take turns on one thread; a few workers keep it busy. */
    private static final int WORKERS = 4;

    private final Background background;

    public ServiceScheduler(Decisions decisions, Background background) {
        this.background = background;
        var looks = new ServiceLooks(decisions);
        var queue = new KeyedQueue<String>();
        decisions.follow(commit -> looks.concerned(commit).forEach(queue::add));
        for (int i = 0; i < WORKERS; i++) {
            background.look("services-" + i, queue, looks::look, ServiceLooks.RETRY);
        }
        background.repeat("services-pass", ServiceLooks.FULL_PASS, () -> {
            looks.all().forEach(queue::add);
            looks.forget(() -> !background.closing());
        });
    }

    /** Returns when no look is under way any more. */
    @Override
    public void close() {
        background.close();
    }
}
