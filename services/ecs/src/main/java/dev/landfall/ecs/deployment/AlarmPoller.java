package dev.landfall.ecs.deployment;

import dev.landfall.ecs.Background;

/** The thread that has {@link AlarmWatch} look at the alarms, pass after pass. */
public final class AlarmPoller implements AutoCloseable {
    private final Background background;

    public AlarmPoller(AlarmWatch watch, Background background) {
        this.background = background;
        background.repeat("deployment-alarms", AlarmWatch.PERIOD, watch::pass);
    }

    /** Returns when no pass is under way any more. */
    @Override
    public void close() {
        background.close();
    }
}
