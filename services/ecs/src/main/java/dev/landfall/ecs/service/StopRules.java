package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.Instances;
import dev.landfall.ecs.placement.Demand;
import dev.landfall.ecs.protection.Protections;
import dev.landfall.ecs.service.RolloutPlan.Circumstances;
import dev.landfall.ecs.service.ScaleIn.Rule;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.PlacementStrategy;
import software.amazon.awssdk.services.ecs.model.PlacementStrategyType;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** Finds out what decides which tasks of a service go: its placement strategy, protection, instances that drain. */
final class StopRules {
    private static final String ZONE = "attribute:ecs.availability-zone";
    private static final String ATTRIBUTE = "attribute:";

    private StopRules() {}

    static Circumstances circumstances(Image image, ServiceRow row, Instant now) {
        return new Circumstances(
                task -> Instances.draining(image, task.instanceArn()),
                task -> Protections.holds(image, task, now),
                scaleIn(image, row.service()));
    }

    /** When to look again at a service that waits for the end of a protection. */
    static Optional<Duration> protectionEnds(Image image, ServiceRow row, List<TaskRow> spared, Instant now) {
        return spared.isEmpty() ? Optional.empty()
                : Protections.firstEnd(image, row.arn(), now).map(end -> Duration.between(now, end));
    }

    static ScaleIn scaleIn(Image image, Service service) {
        var rules = new ArrayList<Rule>();
        for (PlacementStrategy strategy : service.placementStrategy()) {
            if (strategy.type() == PlacementStrategyType.SPREAD) {
                rules.add(even(image, strategy.field() == null ? "" : strategy.field()));
            } else if (strategy.type() == PlacementStrategyType.BINPACK) {
                rules.add(pack(image, service, "cpu".equalsIgnoreCase(strategy.field()) ? "CPU" : "MEMORY"));
            }
        }
        // A random strategy orders nothing: all tasks are equally good to go.
        return service.placementStrategy().isEmpty() ? ScaleIn.byDefault() : ScaleIn.by(rules);
    }

    private static Rule even(Image image, String field) {
        if (field.equals(ZONE)) {
            return new Rule.Even(StopRules::zone);
        }
        return field.startsWith(ATTRIBUTE)
                ? new Rule.Even(task -> attribute(image, task, field.substring(ATTRIBUTE.length())))
                : new Rule.Even(TaskRow::instanceArn);
    }

    static String zone(TaskRow task) {
        return task.task().availabilityZone() == null ? "" : task.task().availabilityZone();
    }

    private static String attribute(Image image, TaskRow task, String name) {
        return image.get(EcsTables.INSTANCES, task.instanceArn()).stream()
                .flatMap(row -> row.instance().attributes().stream())
                .filter(attribute -> attribute.name().equals(name) && attribute.value() != null)
                .map(Attribute::value).findFirst().orElse("");
    }

    private static Rule pack(Image image, Service service, String resource) {
        boolean cpu = resource.equals("CPU");
        ToLongFunction<TaskRow> left = task -> image.get(EcsTables.LOADS, task.instanceArn())
                .map(load -> (long) (cpu ? load.cpuLeft() : load.memoryLeft())).orElse(0L);
        long size = TaskDefinitions.byArn(image, service.taskDefinition())
                .map(row -> Demand.of(row.definition(), TaskOverride.builder().build()))
                .map(demand -> cpu ? demand.cpu() : demand.memory()).orElse(0);
        return new Rule.Pack(left, size);
    }
}
