package dev.landfall.ecs.placement;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceLoad;
import dev.landfall.ecs.placement.Constraint.DistinctInstance;
import dev.landfall.ecs.placement.Constraint.MemberOf;
import dev.landfall.ecs.placement.Room.Candidate;
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
import java.util.stream.Stream;

/** The few instances that a constraint on an attribute leaves: an index has them, so that no other is looked at. */
final class Candidates {
    /** Of more than one in so many of the instances the search by room finds one soon enough. */
    private static final int FEW = 8;

    private Candidates() {}

    /** The instances of the zones that may meet the constraints, by rank; nothing if most of the pool may. */
    static Optional<List<Candidate>> of(Image image, Wanted wanted, List<String> zones) {
        if (wanted.rules().constraints().isEmpty()) {
            return Optional.empty();
        }
        int all = image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_CLUSTER, wanted.pool());
        return wanted.rules().constraints().stream()
                .flatMap(each -> switch (each) {
                    case DistinctInstance distinct -> Stream.<Comparison>empty();
                    case MemberOf(var expression) -> demanded(expression);
                })
                .map(comparison -> keys(wanted.pool(), comparison))
                .filter(keys -> size(image, keys) <= all / FEW)
                .min(Comparator.comparingInt(keys -> size(image, keys)))
                .map(keys -> keys.stream()
                        .flatMap(key -> image.keys(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_ATTRIBUTE, key).stream())
                        .flatMap(arn -> image.get(EcsTables.LOADS, arn).stream())
                        .filter(load -> zones.contains(load.zone()))
                        .map(Candidates::candidate).sorted().toList());
    }

    private static Candidate candidate(InstanceLoad load) {
        return new Candidate(load.instanceArn(), EcsTables.rank(load));
    }

    /** The comparisons for a value of an attribute without which the expression does not hold. */
    private static Stream<Comparison> demanded(Expression expression) {
        return switch (expression) {
            case And(var left, var right) -> Stream.concat(demanded(left), demanded(right));
            case Comparison comparison when comparison.subject() instanceof Attribute
                    && (comparison.operator() == Operator.EQUALS || comparison.operator() == Operator.IN) ->
                    Stream.of(comparison);
            case Comparison any -> Stream.empty();
            case Or any -> Stream.empty();
            case Not any -> Stream.empty();
            case Matching any -> Stream.empty();
        };
    }

    private static List<String> keys(String pool, Comparison comparison) {
        String name = ((Attribute) comparison.subject()).name();
        return comparison.arguments().stream().distinct()
                .map(value -> EcsTables.attributeKey(pool, name, value)).toList();
    }

    private static int size(Image image, List<String> keys) {
        return keys.stream().mapToInt(key ->
                image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_ATTRIBUTE, key)).sum();
    }
}
