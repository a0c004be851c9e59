package dev.landfall.ecs.placement;

import dev.landfall.ecs.instance.InstanceLoad;
import dev.landfall.ecs.instance.InstanceRow;

/** Whether one task may run on one instance, and why not. */
public sealed interface Verdict {
    /**
     * @param load the instance's load with the task on it
     * @param address the address the task gets, or empty
     */
    record Fits(InstanceRow instance, InstanceLoad load, String address) implements Verdict {}

    record Refused(InstanceRow instance, Reason reason) implements Verdict {}

    /** The texts are ECS's own; they appear in {@code failures[].reason} (ECS Developer Guide, API failure reasons). */
    enum Reason {
        AGENT("AGENT"),
        INACTIVE("INACTIVE"),
        ATTRIBUTE("ATTRIBUTE"),
        CPU("RESOURCE:CPU"),
        MEMORY("RESOURCE:MEMORY"),
        PORTS("RESOURCE:PORTS"),
        ENI("RESOURCE:ENI");

        private final String wire;

        Reason(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }
}
