package dev.landfall.ecs.query;

import dev.landfall.ecs.query.Expression.And;
import dev.landfall.ecs.query.Expression.Comparison;
import dev.landfall.ecs.query.Expression.Matching;
import dev.landfall.ecs.query.Expression.Not;
import dev.landfall.ecs.query.Expression.Or;
import dev.landfall.ecs.query.Subject.Attribute;
import dev.landfall.ecs.query.Subject.Field;
import java.math.BigDecimal;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Tells whether an expression holds for an instance. An instance without the attribute satisfies no comparison of it,
 * negative ones neither: {@code attribute:stack != prod} selects those with another stack (ECS Developer Guide, Filter
 * by attribute).
 */
final class Evaluation {
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,30}(\\.\\d{1,30})?");

    private Evaluation() {}

    static boolean holds(Expression expression, Facts facts) {
        return switch (expression) {
            case And(var left, var right) -> holds(left, facts) && holds(right, facts);
            case Or(var left, var right) -> holds(left, facts) || holds(right, facts);
            case Not(var inner) -> !holds(inner, facts);
            case Comparison comparison -> compares(comparison, facts);
            case Matching(var subject, var operator, var pattern) ->
                    texts(subject, operator, facts, pattern::matches);
        };
    }

    private static boolean compares(Comparison comparison, Facts facts) {
        Operator operator = comparison.operator();
        return switch (operator) {
            case EXISTS -> exists(comparison.subject(), facts);
            case NOT_EXISTS -> !exists(comparison.subject(), facts);
            case IN, NOT_IN -> texts(comparison.subject(), operator, facts, comparison.arguments()::contains);
            case EQUALS, NOT_EQUALS, GREATER_THAN, GREATER_THAN_EQUAL, LESS_THAN, LESS_THAN_EQUAL ->
                    orders(comparison, comparison.arguments().getFirst(), facts);
            case MATCHES, NOT_MATCHES -> throw new IllegalArgumentException("a pattern is no comparison");
        };
    }

    private static boolean exists(Subject subject, Facts facts) {
        return subject instanceof Attribute(var name)
                ? facts.attribute(name).isPresent() : !facts.taskGroups().isEmpty();
    }

    private static boolean orders(Comparison comparison, String argument, Facts facts) {
        Operator operator = comparison.operator();
        return switch (comparison.subject()) {
            case Attribute(var name) when operator.orders() -> facts.attribute(name)
                    .filter(value -> operator.holds(ordered(value, argument))).isPresent();
            case Field.AGENT_VERSION -> facts.agentVersion()
                    .filter(version -> operator.holds(Versions.compare(version, argument))).isPresent();
            case Field.REGISTERED_AT -> operator.holds(
                    facts.registeredAt().truncatedTo(ChronoUnit.SECONDS).compareTo(Dates.parse(argument)));
            case Field.RUNNING_TASKS_COUNT ->
                    operator.holds(Integer.compare(facts.runningTasksCount(), Integer.parseInt(argument)));
            case Attribute attribute -> texts(attribute, operator, facts, argument::equals);
            case Field.AGENT_CONNECTED, Field.EC2_INSTANCE_ID, Field.TASK_GROUP ->
                    texts(comparison.subject(), operator, facts, argument::equals);
        };
    }

    /** Numbers by their value; all else as texts. */
    private static int ordered(String value, String argument) {
        return NUMBER.matcher(value).matches() && NUMBER.matcher(argument).matches()
                ? new BigDecimal(value).compareTo(new BigDecimal(argument)) : value.compareTo(argument);
    }

    private static boolean texts(Subject subject, Operator operator, Facts facts, Predicate<String> test) {
        if (subject == Field.TASK_GROUP) {
            return facts.taskGroups().stream().anyMatch(test) != operator.negative();
        }
        Optional<String> text = switch (subject) {
            case Attribute(var name) -> facts.attribute(name);
            case Field.AGENT_CONNECTED -> Optional.of(String.valueOf(facts.agentConnected()));
            case Field.EC2_INSTANCE_ID -> Optional.of(facts.ec2InstanceId());
            case Field field -> throw new IllegalArgumentException(field + " is no text");
        };
        return text.isPresent() && test.test(text.get()) != operator.negative();
    }
}
