package dev.landfall.ecs.query;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A cluster query: a condition on a container instance. Its text form parses to an equal expression.
 */
public sealed interface Expression {
    /** Whether the instance is one that the expression selects. */
    default boolean selects(Facts facts) {
        return Evaluation.holds(this, facts);
    }

    /** Whether it depends on which tasks run where, which changes with every placement. */
    default boolean asksForTasks() {
        return switch (this) {
            case And(var left, var right) -> left.asksForTasks() || right.asksForTasks();
            case Or(var left, var right) -> left.asksForTasks() || right.asksForTasks();
            case Not(var inner) -> inner.asksForTasks();
            case Comparison(var subject, var operator, var arguments) -> ofTasks(subject);
            case Matching(var subject, var operator, var pattern) -> ofTasks(subject);
        };
    }

    private static boolean ofTasks(Subject subject) {
        return subject == Subject.Field.TASK_GROUP || subject == Subject.Field.RUNNING_TASKS_COUNT;
    }

    record And(Expression left, Expression right) implements Expression {
        @Override
        public String toString() {
            return "(" + left + " and " + right + ")";
        }
    }

    record Or(Expression left, Expression right) implements Expression {
        @Override
        public String toString() {
            return "(" + left + " or " + right + ")";
        }
    }

    record Not(Expression inner) implements Expression {
        @Override
        public String toString() {
            return "not(" + inner + ")";
        }
    }

    /**
     * @param arguments none for the existence operators, one or more for the list operators, else one
     */
    record Comparison(Subject subject, Operator operator, List<String> arguments) implements Expression {
        public Comparison {
            arguments = List.copyOf(arguments);
        }

        @Override
        public String toString() {
            return subject + " " + operator + switch (operator) {
                case EXISTS, NOT_EXISTS -> "";
                case IN, NOT_IN -> arguments.stream().map(Expression::quoted)
                        .collect(Collectors.joining(", ", " [", "]"));
                default -> " " + quoted(arguments.getFirst());
            };
        }
    }

    /** MATCHES or NOT_MATCHES. */
    record Matching(Subject subject, Operator operator, Regex pattern) implements Expression {
        @Override
        public String toString() {
            return subject + " " + operator + " " + quoted(pattern.pattern());
        }
    }

    /** An argument never has both kinds of quotes: the language has no way to write one that does. */
    private static String quoted(String argument) {
        return argument.contains("'") ? '"' + argument + '"' : "'" + argument + "'";
    }
}
