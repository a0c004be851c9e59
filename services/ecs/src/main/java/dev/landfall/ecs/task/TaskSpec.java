package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.placement.Demand;
import dev.landfall.ecs.placement.Rules;
import dev.landfall.ecs.placement.Wanted;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.AwsVpcConfiguration;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/**
 * Everything that decides what one task will be, but for where it runs.
 *
 * @param network empty where the network mode is not awsvpc
 * @param placement where it may run and where it should; of no import on managed capacity
 * @param serviceArn empty for a task of no service; likewise {@code deploymentId}
 * @param balancers whose target groups are to have it; {@code targetGroupArn} is set
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
        String deploymentId,
        Rules placement,
        List<LoadBalancer> balancers) {
    /** What the task wants of an instance. */
    public Wanted wanted() {
        return new Wanted(
                Demand.of(definition.definition(), overrides),
                launch.pool(cluster.arn()),
                EcsTables.owner(serviceArn, cluster.arn(), group),
                launch.managed() ? Rules.MANAGED : placement);
    }
}
