package dev.landfall.ecs.service;

import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.placement.Demand;
import software.amazon.awssdk.services.ecs.model.Attribute;

/** Whether an instance could run a task if it had nothing else to do. */
final class Qualification {
    private Qualification() {}

    static boolean meets(Demand demand, InstanceRow instance) {
        return instance.managed() || demand.attributes().stream().allMatch(name ->
                instance.instance().attributes().stream().map(Attribute::name).anyMatch(name::equals));
    }
}
