package dev.landfall.ecs.placement;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.placement.Constraint.DistinctInstance;
import dev.landfall.ecs.placement.Constraint.MemberOf;
import dev.landfall.ecs.placement.Preference.BinpackCpu;
import dev.landfall.ecs.placement.Preference.BinpackMemory;
import dev.landfall.ecs.placement.Preference.SpreadAttribute;
import dev.landfall.ecs.placement.Preference.SpreadInstances;
import dev.landfall.ecs.query.ExpressionParser;
import dev.landfall.ecs.query.ExpressionParser.Invalid;
import dev.landfall.ecs.query.ExpressionParser.Valid;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementConstraintType;
import software.amazon.awssdk.services.ecs.model.PlacementStrategy;
import software.amazon.awssdk.services.ecs.model.PlacementStrategyType;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** The placement constraints and strategies of a task, its definition's and its caller's. */
public record Rules(List<Constraint> constraints, List<Preference> preferences) {
    /** "This limit includes constraints in the task definition and those specified at runtime" (ECS API, RunTask). */
    private static final int CONSTRAINTS_MAX = 10;

    private static final int STRATEGIES_MAX = 5;

    /** "By default, Fargate tasks are spread across Availability Zones" (ECS Developer Guide, Task placement). */
    public static final Rules MANAGED = new Rules(List.of(), List.of(Preference.SPREAD_ZONES));

    /**
     * What the service scheduler does by default: "priority to instances that have the fewest number of running tasks
     * for this service in their respective Availability Zone", of these "the fewest number of running tasks for this
     * service" (ECS Developer Guide, Service scheduler).
     */
    private static final List<Preference> SERVICE_DEFAULT = List.of(Preference.SPREAD_ZONES, new SpreadInstances());

    private static final String ATTRIBUTE = "attribute:";

    public Rules {
        constraints = List.copyOf(constraints);
        preferences = List.copyOf(preferences);
    }

    /** The rules of a task of no service. */
    public static Rules ofTask(
            TaskDefinition definition, List<PlacementConstraint> constraints, List<PlacementStrategy> strategies) {
        return new Rules(constraints(definition, constraints), strategies.stream().map(Rules::preference).toList());
    }

    /** The rules of a service's tasks. */
    public static Rules ofService(
            TaskDefinition definition, List<PlacementConstraint> constraints, List<PlacementStrategy> strategies) {
        return strategies.isEmpty() ? new Rules(constraints(definition, constraints), SERVICE_DEFAULT)
                : ofTask(definition, constraints, strategies);
    }

    private static List<Constraint> constraints(TaskDefinition definition, List<PlacementConstraint> given) {
        if (given.isEmpty() && definition.placementConstraints().isEmpty()) {
            return List.of();
        }
        var constraints = new ArrayList<Constraint>();
        definition.placementConstraints().forEach(each ->
                constraints.add(new MemberOf(ExpressionParser.accepted(each.expression()))));
        given.forEach(each -> constraints.add(each.type() == PlacementConstraintType.DISTINCT_INSTANCE
                ? new DistinctInstance() : new MemberOf(ExpressionParser.accepted(each.expression()))));
        return constraints;
    }

    private static Preference preference(PlacementStrategy strategy) {
        return switch (strategy.type()) {
            case RANDOM -> new Preference.Random();
            case BINPACK -> strategy.field().equalsIgnoreCase("cpu") ? new BinpackCpu() : new BinpackMemory();
            case SPREAD -> strategy.field().startsWith(ATTRIBUTE)
                    ? new SpreadAttribute(strategy.field().substring(ATTRIBUTE.length())) : new SpreadInstances();
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalArgumentException("unknown: " + strategy);
        };
    }

    /** Refuses what a caller may not ask for. */
    public static void require(
            TaskDefinition definition, List<PlacementConstraint> constraints, List<PlacementStrategy> strategies) {
        if (constraints.size() + definition.placementConstraints().size() > CONSTRAINTS_MAX) {
            throw EcsErrors.invalidParameter("placementConstraints can have at most " + CONSTRAINTS_MAX + " items.");
        }
        if (strategies.size() > STRATEGIES_MAX) {
            throw EcsErrors.invalidParameter("placementStrategy can have at most " + STRATEGIES_MAX + " items.");
        }
        constraints.forEach(Rules::require);
        strategies.forEach(Rules::require);
    }

    private static void require(PlacementConstraint constraint) {
        if (constraint.type() == null) {
            throw EcsErrors.invalidParameter("Placement constraint type should not be null or empty.");
        }
        if (constraint.type() == PlacementConstraintType.DISTINCT_INSTANCE) {
            if (constraint.expression() != null) {
                throw EcsErrors.invalidParameter("distinctInstance expression should not be specified.");
            }
            return;
        }
        refusal(constraint.expression()).ifPresent(message -> {
            throw EcsErrors.invalidParameter(message);
        });
    }

    /** Why the text is no expression of a memberOf constraint. */
    public static Optional<String> refusal(String expression) {
        if (expression == null || expression.isBlank()) {
            return Optional.of("Placement constraint expression should not be null or empty.");
        }
        return switch (ExpressionParser.parse(expression)) {
            case Valid valid -> Optional.empty();
            case Invalid(var reason) -> Optional.of("Invalid placement constraint expression: " + reason + ".");
        };
    }

    private static void require(PlacementStrategy strategy) {
        if (strategy.type() == null) {
            throw EcsErrors.invalidParameter("Placement strategy type should not be null or empty.");
        }
        String field = strategy.field() == null ? "" : strategy.field();
        boolean valid = switch (strategy.type()) {
            case RANDOM -> true;
            case BINPACK -> packable(field);
            case SPREAD -> field.equals("instanceId") || field.equals("host")
                    || ExpressionParser.parse(field + " exists") instanceof Valid && field.startsWith(ATTRIBUTE);
            case UNKNOWN_TO_SDK_VERSION -> false;
        };
        if (!valid) {
            throw EcsErrors.invalidParameter("The field '" + field + "' is not valid for the placement strategy "
                    + strategy.typeAsString() + ".");
        }
    }

    private static boolean packable(String field) {
        return "cpu".equalsIgnoreCase(field) || "memory".equalsIgnoreCase(field);
    }

    /** As a service shows its strategies: ECS turns {@code memory} into {@code MEMORY} and {@code host} likewise. */
    public static List<PlacementStrategy> shown(List<PlacementStrategy> strategies) {
        return strategies.stream().map(each -> {
            if (each.type() == PlacementStrategyType.BINPACK && packable(each.field())) {
                return each.toBuilder().field(each.field().toUpperCase(Locale.ROOT)).build();
            }
            return "host".equals(each.field()) ? each.toBuilder().field("instanceId").build() : each;
        }).toList();
    }
}
