package dev.landfall.ecs.event;

import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.instance.Instances;
import dev.landfall.state.Image;
import dev.landfall.wire.EventJson;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceHealthStatus;
import software.amazon.awssdk.services.ecs.model.Tag;

/**
 * "ECS Container Instance State Change": the instance as DescribeContainerInstances shows it, with its cluster and
 * {@code updatedAt}, without counts and tags (ECS Developer Guide, Amazon ECS container instance state change events).
 * Managed capacity is no container instance to users and makes no events.
 */
final class InstanceEvents {
    private InstanceEvents() {}

    static boolean differ(Optional<InstanceRow> before, InstanceRow after) {
        return !after.managed() && (before.isEmpty()
                || !before.get().instance().version().equals(after.instance().version()));
    }

    static EcsEvent of(Image image, InstanceRow row, Instant changedAt) {
        ContainerInstance shown = Instances.describe(image, row).toBuilder()
                .tags((Collection<Tag>) null)
                .runningTasksCount(null)
                .pendingTasksCount(null)
                .healthStatus((ContainerInstanceHealthStatus) null)
                .build();
        var more = new LinkedHashMap<String, Object>();
        more.put("clusterArn", row.clusterArn());
        more.put("updatedAt", changedAt);
        return new EcsEvent(EcsEvent.INSTANCE, row.arn(), changedAt, EventJson.write(shown, more));
    }
}
