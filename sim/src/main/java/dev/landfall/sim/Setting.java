package dev.landfall.sim;

import dev.landfall.ecs.capacity.CapacityPolicy;

/** What the operator of a control plane has chosen. */
public record Setting(CapacityPolicy capacity, Events events) {
    /** As in AWS, and nobody is told of events. */
    public static final Setting PLAIN = new Setting(CapacityPolicy.AS_AWS, Events.NOT_TOLD);

    /** Whether EventBridge is told what happens. */
    public enum Events {
        TOLD,
        NOT_TOLD
    }

    public Setting with(CapacityPolicy next) {
        return new Setting(next, events);
    }

    public Setting with(Events next) {
        return new Setting(capacity, next);
    }
}
