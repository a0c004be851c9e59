package dev.landfall.ecs.placement;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceLoad;
import dev.landfall.ecs.placement.Constraint.DistinctInstance;
import dev.landfall.ecs.placement.Constraint.MemberOf;
import dev.landfall.ecs.query.Expression;
import dev.landfall.ecs.query.Expression.And;
import dev.landfall.ecs.query.Expression.Comparison;
import dev.landfall.ecs.query.Expression.Matching;
import dev.landfall.ecs.query.Expression.Not;
import dev.landfall.ecs.query.Expression.Or;
import dev.landfall.ecs.query.Operator;
import dev.landfall.ecs.query.Subject.Attribute;
import dev.landfall.state.Image;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The instances that constraints on attributes leave: an index has them by the values of each attribute, so that an
 * expression is held against values instead of instances.
 */
final class Candidates {
    /** More values of one attribute than this are about as many as there are instances. */
    private static final int VALUES_MAX = 64;

    private final Image image;
    private final Wanted wanted;
    private final String cluster;

    private Candidates(Image image, Wanted wanted) {
        this.image = image;
        this.wanted = wanted;
        this.cluster = EcsTables.clusterOf(wanted.pool());
    }

    /** The instances of the zones that may meet the constraints; nothing if more than {@code max} may. */
    static Optional<List<Candidate>> of(Image image, Wanted wanted, List<String> zones, int max) {
        return wanted.rules().constraints().isEmpty() ? Optional.empty()
                : new Candidates(image, wanted).of(zones, max);
    }

    private Optional<List<Candidate>> of(List<String> zones, int max) {
        return wanted.rules().constraints().stream()
                .flatMap(each -> switch (each) {
                    case DistinctInstance distinct -> Stream.<List<String>>empty();
                    case MemberOf(var expression) -> keys(expression).stream();
                })
                .min(Comparator.comparingInt(this::size))
                .filter(keys -> size(keys) <= max)
                .map(keys -> keys.stream().distinct()
                        .flatMap(key -> image.keys(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_ATTRIBUTE, key).stream())
                        .distinct()
                        .flatMap(arn -> image.get(EcsTables.LOADS, arn).stream())
                        .filter(load -> zones.contains(load.zone()) && belongs(load))
                        .map(Candidate::of).toList());
    }

    private boolean belongs(InstanceLoad load) {
        return wanted.pool().equals(load.pool())
                || wanted.pool().equals(EcsTables.poolKey(load.pool(), load.capacityProvider()));
    }

    private int size(List<String> keys) {
        return keys.stream().mapToInt(key ->
                image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_ATTRIBUTE, key)).sum();
    }

    /** The values of one attribute or several without any of which the expression does not hold, if there are such. */
    private Optional<List<String>> keys(Expression expression) {
        return switch (expression) {
            case And(var left, var right) -> Stream.of(keys(left), keys(right)).flatMap(Optional::stream)
                    .min(Comparator.comparingInt(this::size));
            case Or(var left, var right) -> keys(left).flatMap(some -> keys(right).map(others ->
                    Stream.concat(some.stream(), others.stream()).toList()));
            case Comparison comparison -> comparison.subject() instanceof Attribute(var name)
                    ? keys(comparison, name) : Optional.empty();
            case Matching(var subject, var operator, var pattern) -> subject instanceof Attribute(var name)
                    ? among(name, value -> pattern.matches(value) == (operator == Operator.MATCHES))
                    : Optional.empty();
            case Not any -> Optional.empty();
        };
    }

    private Optional<List<String>> keys(Comparison comparison, String name) {
        return switch (comparison.operator()) {
            case EQUALS, IN -> Optional.of(comparison.arguments().stream()
                    .map(value -> EcsTables.attributeKey(cluster, name, value)).toList());
            // An instance without the attribute is not selected by these either.
            case NOT_EQUALS, NOT_IN -> among(name, value -> !comparison.arguments().contains(value));
            case EXISTS, GREATER_THAN, GREATER_THAN_EQUAL, LESS_THAN, LESS_THAN_EQUAL -> among(name, value -> true);
            case NOT_EXISTS -> Optional.empty();
            case MATCHES, NOT_MATCHES -> throw new IllegalArgumentException("a pattern is no comparison");
        };
    }

    /** Those of the attribute's values that pass, if it has few. */
    private Optional<List<String>> among(String name, Predicate<String> test) {
        String prefix = EcsTables.attributeKey(cluster, name, "");
        var values = image.values(
                EcsTables.INSTANCES, EcsTables.INSTANCES_BY_ATTRIBUTE, prefix, prefix + Character.MAX_VALUE);
        return values.size() > VALUES_MAX ? Optional.empty() : Optional.of(values.sequencedKeySet().stream()
                .filter(key -> test.test(key.substring(prefix.length()))).toList());
    }
}
