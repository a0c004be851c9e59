package dev.landfall.ecs.placement;

import dev.landfall.ecs.instance.InstanceFacts;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.placement.Constraint.MemberOf;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/**
 * Which instances could run a service's tasks if they had nothing else to do: those with the attributes the tasks need
 * that meet the placement constraints of the service and of its task definition.
 */
public record Qualification(Image image, Demand demand, List<Constraint> constraints) {
    /** Nothing once the task definition is gone. */
    public static Optional<Qualification> of(Image image, Service service) {
        return TaskDefinitions.byArn(image, service.taskDefinition()).map(row -> new Qualification(image,
                Demand.of(row.definition(), TaskOverride.builder().build()),
                Rules.ofService(row.definition(), service.placementConstraints(), List.of()).constraints()));
    }

    public boolean meets(InstanceRow instance) {
        return instance.managed()
                || demand.attributes().stream().allMatch(name -> instance.attribute(name).isPresent())
                        && constraints.stream().allMatch(each -> !(each instanceof MemberOf(var expression))
                                || expression.selects(new InstanceFacts(image, instance)));
    }
}
