package dev.landfall.ecs.service;

import dev.landfall.ecs.instance.InstanceFacts;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.placement.Demand;
import dev.landfall.ecs.query.ExpressionParser;
import dev.landfall.ecs.query.ExpressionParser.Parsed;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.PlacementConstraintType;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionPlacementConstraintType;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/**
 * Which instances could run a service's tasks if they had nothing else to do: those with the attributes the tasks need
 * that meet the placement constraints of the service and of its task definition.
 */
record Qualification(Image image, Demand demand, List<Parsed> constraints) {
    Qualification {
        constraints = List.copyOf(constraints);
    }

    /** Nothing once the task definition is gone. */
    static Optional<Qualification> of(Image image, ServiceRow row) {
        return TaskDefinitions.byArn(image, row.primary().taskDefinition())
                .map(definition -> new Qualification(image,
                        Demand.of(definition.definition(), TaskOverride.builder().build()),
                        constraints(row, definition)));
    }

    private static List<Parsed> constraints(ServiceRow row, TaskDefinitionRow definition) {
        var texts = new ArrayList<String>();
        row.service().placementConstraints().stream()
                .filter(each -> each.type() == PlacementConstraintType.MEMBER_OF)
                .forEach(each -> texts.add(each.expression()));
        definition.definition().placementConstraints().stream()
                .filter(each -> each.type() == TaskDefinitionPlacementConstraintType.MEMBER_OF)
                .forEach(each -> texts.add(each.expression()));
        return texts.stream().map(text -> ExpressionParser.parse(text == null ? "" : text)).toList();
    }

    boolean meets(InstanceRow instance) {
        return instance.managed()
                || demand.attributes().stream().allMatch(name -> instance.attribute(name).isPresent())
                        && constraints.stream().allMatch(each -> selects(each, instance));
    }

    private boolean selects(Parsed constraint, InstanceRow instance) {
        return switch (constraint) {
            case ExpressionParser.Valid(var expression) -> expression.selects(new InstanceFacts(image, instance));
            case ExpressionParser.Invalid _ -> false; // stored before expressions were checked
        };
    }
}
