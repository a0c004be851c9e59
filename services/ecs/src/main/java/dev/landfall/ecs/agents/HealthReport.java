package dev.landfall.ecs.agents;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.service.TaskOutcomes;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.protocol.Message.ContainerHealth;
import dev.landfall.protocol.Message.TaskHealth;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** Applies what an agent says of its containers' health checks. */
public final class HealthReport {
    private HealthReport() {}

    public static Decision<Void> decide(Image image, List<TaskHealth> reports) {
        var draft = new Draft(image);
        for (TaskHealth report : reports) {
            if (report != null && report.taskArn() != null && report.containers() != null) {
                draft.image().get(EcsTables.TASKS, report.taskArn()).filter(row -> !row.stopped())
                        .ifPresent(row -> apply(draft, row, report));
            }
        }
        return draft.reply(null);
    }

    private static void apply(Draft draft, TaskRow row, TaskHealth report) {
        TaskDefinition definition = Tasks.definition(draft.image(), row).definition();
        List<Container> containers = row.task().containers().stream()
                .map(each -> with(each, definition, report)).toList();
        if (!containers.equals(row.task().containers())) {
            TaskRow next = row.with(Tasks.changed(row.task())
                    .containers(containers).healthStatus(health(containers, definition)).build());
            draft.put(EcsTables.TASKS, next);
            if (next.healthy() && !row.healthy()) {
                TaskOutcomes.healthy(draft, next);
            }
        }
    }

    private static Container with(Container container, TaskDefinition definition, TaskHealth report) {
        for (ContainerHealth health : report.containers()) {
            if (health != null && container.name().equals(health.containerName())
                    && definition(container, definition).filter(each -> each.healthCheck() != null).isPresent()
                    && HealthStatus.knownValues().contains(HealthStatus.fromValue(health.healthStatus()))) {
                return container.toBuilder().healthStatus(health.healthStatus()).build();
            }
        }
        return container;
    }

    /** Only essential containers with a health check count (ECS API Reference, Task.healthStatus). */
    private static HealthStatus health(List<Container> containers, TaskDefinition definition) {
        var statuses = containers.stream()
                .filter(container -> definition(container, definition).filter(each ->
                        each.healthCheck() != null && !Boolean.FALSE.equals(each.essential())).isPresent())
                .map(Container::healthStatus)
                .toList();
        if (statuses.contains(HealthStatus.UNHEALTHY)) {
            return HealthStatus.UNHEALTHY;
        }
        return statuses.isEmpty() || statuses.stream().anyMatch(status -> status != HealthStatus.HEALTHY)
                ? HealthStatus.UNKNOWN : HealthStatus.HEALTHY;
    }

    private static Optional<ContainerDefinition> definition(Container container, TaskDefinition definition) {
        return definition.containerDefinitions().stream()
                .filter(each -> each.name().equals(container.name())).findFirst();
    }
}
