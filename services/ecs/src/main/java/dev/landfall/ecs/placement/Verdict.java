package dev.landfall.ecs.placement;

import dev.landfall.ecs.instance.InstanceLoad;
import dev.landfall.ecs.instance.InstanceRow;
import java.util.List;

/** Whether one task may run on one instance, and why not. */
public sealed interface Verdict {
    /**
     * @param load the instance's load with the task on it
     * @param address the address the task gets, or empty
     * @param gpus the ids of the GPUs the task gets, as many as its containers ask for together
     */
    record Fits(InstanceRow instance, InstanceLoad load, String address, List<String> gpus) implements Verdict {}

    /** @param unmet how many requirements the instance does not meet; {@code reason} is the first of them */
    record Refused(InstanceRow instance, Reason reason, int unmet) implements Verdict {}

    /**
     * In the order in which requirements are looked at: "satisfy the CPU, GPU, memory, and port requirements in the
     * task definition", then "the task placement constraints" (ECS Developer Guide, Task placement strategies). The
     * texts are ECS's own; they appear in {@code failures[].reason} (ECS Developer Guide, API failure reasons).
     */
    enum Reason {
        AGENT("AGENT"),
        INACTIVE("INACTIVE"),
        ATTRIBUTE("ATTRIBUTE"),
        CPU("RESOURCE:CPU"),
        GPU("RESOURCE:GPU"),
        MEMORY("RESOURCE:MEMORY"),
        PORTS("RESOURCE:PORTS"),
        ENI("RESOURCE:ENI"),
        DISTINCT_INSTANCE("DistinctInstance placement constraint unsatisfied."),
        MEMBER_OF("MemberOf placement constraint unsatisfied.");

        private final String wire;

        Reason(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }
}
