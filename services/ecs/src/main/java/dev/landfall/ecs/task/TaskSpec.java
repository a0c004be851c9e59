package dev.landfall.ecs.task;

import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.AwsVpcConfiguration;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/**
 * Everything that decides what one task will be, but for where it runs.
 *
 * @param network empty where the network mode is not awsvpc
 * @param serviceArn empty for a task of no service; likewise {@code deploymentId}
 */
public record TaskSpec(
        ClusterRow cluster,
        TaskDefinitionRow definition,
        Launch launch,
        AwsVpcConfiguration network,
        TaskOverride overrides,
        String group,
        String startedBy,
        List<Tag> tags,
        boolean enableExecuteCommand,
        String serviceArn,
        String deploymentId) {}
