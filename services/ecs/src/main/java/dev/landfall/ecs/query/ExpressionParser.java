package dev.landfall.ecs.query;

import dev.landfall.ecs.query.Expression.And;
import dev.landfall.ecs.query.Expression.Comparison;
import dev.landfall.ecs.query.Expression.Matching;
import dev.landfall.ecs.query.Expression.Not;
import dev.landfall.ecs.query.Expression.Or;
import dev.landfall.ecs.query.Subject.Attribute;
import dev.landfall.ecs.query.Subject.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the cluster query language (ECS Developer Guide, Cluster query language):
 *
 * <pre>
 *     either     = both { ("or" | "||") both }
 *     both       = single { ("and" | "&amp;&amp;") single }
 *     single     = ("not" | "!") single | "(" either ")" | subject operator [argument]
 *     argument   = word | "'" text "'" | '"' text '"' | "[" argument { "," argument } "]"
 * </pre>
 *
 * What a word may contain depends on where it stands, so that there is no separate list of tokens: the parser asks
 * {@link Cursor} for what the grammar has in this place. By recursive descent, whose depth is bounded.
 */
public final class ExpressionParser {
    /** "The expression can have a maximum length of 2000 characters" (ECS API, PlacementConstraint). */
    private static final int LENGTH_MAX = 2_000;

    /** Nobody nests so deeply; a bound keeps hostile expressions off the stack. */
    private static final int DEPTH_MAX = 50;

    private static final Pattern ATTRIBUTE_NAME = Pattern.compile("[a-zA-Z0-9_./\\\\-]{1,128}");

    private final Cursor cursor;
    private int depth;

    private ExpressionParser(String text) {
        this.cursor = new Cursor(text);
    }

    /** Either an expression or what is wrong with the text. */
    public sealed interface Parsed {}

    public record Valid(Expression expression) implements Parsed {}

    public record Invalid(String reason) implements Parsed {}

    public static Parsed parse(String text) {
        if (text.length() > LENGTH_MAX) {
            return new Invalid("it is longer than " + LENGTH_MAX + " characters");
        }
        try {
            var parser = new ExpressionParser(text);
            Expression expression = parser.either();
            parser.cursor.requireEnd();
            return new Valid(expression);
        } catch (SyntaxException e) {
            return new Invalid(e.getMessage());
        }
    }

    /**
     * The expression of a text that was accepted before.
     *
     * @throws IllegalArgumentException for any other
     */
    public static Expression accepted(String text) {
        return switch (parse(text)) {
            case Valid(var expression) -> expression;
            case Invalid(var reason) -> throw new IllegalArgumentException(text + ": " + reason);
        };
    }

    private Expression either() {
        Expression left = both();
        while (cursor.takeWord("or") || cursor.take("||")) {
            left = new Or(left, both());
        }
        return left;
    }

    private Expression both() {
        Expression left = single();
        while (cursor.takeWord("and") || cursor.take("&&")) {
            left = new And(left, single());
        }
        return left;
    }

    private Expression single() {
        if (++depth > DEPTH_MAX) {
            throw new SyntaxException("it is nested more than " + DEPTH_MAX + " deep");
        }
        Expression read;
        if (cursor.takeWord("not") || cursor.take("!")) {
            read = new Not(single());
        } else if (cursor.take("(")) {
            read = either();
            if (!cursor.take(")")) {
                throw cursor.expected(")");
            }
        } else {
            read = comparison();
        }
        depth--;
        return read;
    }

    private Expression comparison() {
        Subject subject = subject(cursor.subject());
        Operator operator = operator();
        if (!subject.takes(operator)) {
            throw new SyntaxException("the operator " + operator + " is not valid for " + subject);
        }
        return switch (operator) {
            case EXISTS, NOT_EXISTS -> new Comparison(subject, operator, List.of());
            case IN, NOT_IN -> new Comparison(subject, operator, list(subject));
            case MATCHES, NOT_MATCHES -> new Matching(subject, operator, pattern());
            case EQUALS, NOT_EQUALS, GREATER_THAN, GREATER_THAN_EQUAL, LESS_THAN, LESS_THAN_EQUAL ->
                    new Comparison(subject, operator, List.of(valid(subject, cursor.argument())));
        };
    }

    private static Subject subject(String text) {
        if (text.startsWith(Attribute.PREFIX)) {
            String name = text.substring(Attribute.PREFIX.length());
            if (!ATTRIBUTE_NAME.matcher(name).matches()) {
                throw new SyntaxException("'" + name + "' is not the name of an attribute");
            }
            return new Attribute(name);
        }
        for (Field field : Field.values()) {
            if (field.toString().equals(text)) {
                return field;
            }
        }
        throw new SyntaxException("'" + text + "' is not a valid subject");
    }

    private Operator operator() {
        for (Operator operator : Operator.values()) {
            for (String spelling : operator.spellings()) {
                boolean word = Character.isLetter(spelling.charAt(spelling.length() - 1));
                if (word ? cursor.takeWord(spelling) : cursor.take(spelling)) {
                    return operator;
                }
            }
        }
        throw cursor.expected("an operator");
    }

    private List<String> list(Subject subject) {
        if (!cursor.take("[")) {
            throw cursor.expected("[");
        }
        var arguments = new ArrayList<String>();
        do {
            arguments.add(valid(subject, cursor.argument()));
        } while (cursor.take(","));
        if (!cursor.take("]")) {
            throw cursor.expected("]");
        }
        return arguments;
    }

    private static String valid(Subject subject, String argument) {
        Optional<String> wanted = switch (subject) {
            case Field.AGENT_VERSION -> Optional.of("a version").filter(any -> !Versions.valid(argument));
            case Field.REGISTERED_AT -> Optional.of("a date").filter(any -> !Dates.valid(argument));
            case Field.RUNNING_TASKS_COUNT -> Optional.of("a number").filter(any -> !argument.matches("\\d{1,9}"));
            case Field.AGENT_CONNECTED, Field.EC2_INSTANCE_ID, Field.TASK_GROUP -> Optional.empty();
            case Attribute any -> Optional.empty();
        };
        wanted.ifPresent(what -> {
            throw new SyntaxException("'" + argument + "' is not " + what);
        });
        return argument;
    }

    private Regex pattern() {
        String pattern = cursor.pattern();
        return switch (Regex.parse(pattern)) {
            case Regex.Compiled(var regex) -> regex;
            case Regex.Unsupported(var reason) ->
                    throw new SyntaxException("the pattern '" + pattern + "' is not supported: " + reason);
        };
    }
}
