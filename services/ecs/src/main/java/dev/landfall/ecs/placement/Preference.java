package dev.landfall.ecs.placement;

import dev.landfall.ecs.instance.InstanceRow;

/** One of a task's placement strategies (ECS Developer Guide, Task placement strategies). */
public sealed interface Preference {
    Preference SPREAD_ZONES = new SpreadAttribute(InstanceRow.ZONE);

    /** The instance with the fewest tasks of the same owner. */
    record SpreadInstances() implements Preference {}

    /** The instances whose value of an attribute has the fewest tasks of the same owner. */
    record SpreadAttribute(String name) implements Preference {}

    /** The instance with the least CPU left. */
    record BinpackCpu() implements Preference {}

    /** The instance with the least memory left. */
    record BinpackMemory() implements Preference {}

    record Random() implements Preference {}
}
