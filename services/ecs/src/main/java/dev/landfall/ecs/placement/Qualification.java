package dev.landfall.ecs.placement;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceFacts;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.placement.Constraint.MemberOf;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
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

    /** Whether an instance of the pool that takes tasks in the zone meets this; asks no more of them than it needs. */
    public boolean anyIn(String pool, String zone) {
        SortedSet<String> open = image.keys(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_ZONE, pool + '|' + zone);
        var wanted = new Wanted(demand, pool, "", new Rules(constraints, List.of()));
        return Candidates.of(image, wanted, List.of(zone), open.size())
                .map(few -> few.stream().map(Candidate::arn).filter(open::contains)).orElseGet(open::stream)
                .anyMatch(arn -> meets(image.get(EcsTables.INSTANCES, arn).orElseThrow()));
    }

    public boolean meets(InstanceRow instance) {
        return instance.managed()
                || demand.attributes().stream().allMatch(name -> instance.attribute(name).isPresent())
                        && constraints.stream().allMatch(each -> !(each instanceof MemberOf(var expression))
                                || expression.selects(new InstanceFacts(image, instance)));
    }
}
