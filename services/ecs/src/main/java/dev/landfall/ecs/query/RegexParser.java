package dev.landfall.ecs.query;

import dev.landfall.ecs.query.Regex.Edge;
import dev.landfall.ecs.query.Regex.End;
import dev.landfall.ecs.query.Regex.Fork;
import dev.landfall.ecs.query.Regex.Jump;
import dev.landfall.ecs.query.Regex.One;
import dev.landfall.ecs.query.Regex.Side;
import dev.landfall.ecs.query.Regex.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Compiles a regular expression; the jumps of a fragment are relative to its start until the whole is put together. */
final class RegexParser {
    private static final int DEPTH_MAX = 50;
    private static final String META = "|)*+?{";

    private final String pattern;
    private int at;
    private int depth;

    RegexParser(String pattern) {
        this.pattern = pattern;
    }

    /** @throws SyntaxException for what is not supported */
    List<Step> program() {
        List<Step> steps = new ArrayList<>(either());
        if (at < pattern.length()) {
            throw new SyntaxException("unexpected '" + pattern.charAt(at) + "'");
        }
        steps.add(new End());
        return List.copyOf(bounded(steps));
    }

    private static List<Step> bounded(List<Step> steps) {
        if (steps.size() > Regex.STEPS_MAX) {
            throw new SyntaxException("it is too large");
        }
        return steps;
    }

    private List<Step> either() {
        if (++depth > DEPTH_MAX) {
            throw new SyntaxException("it is nested too deeply");
        }
        List<Step> left = sequence();
        while (take('|')) {
            List<Step> right = sequence();
            var both = new ArrayList<Step>();
            both.add(new Fork(1, left.size() + 2));
            append(both, left);
            both.add(new Jump(left.size() + 2 + right.size()));
            append(both, right);
            left = bounded(both);
        }
        depth--;
        return left;
    }

    private List<Step> sequence() {
        var steps = new ArrayList<Step>();
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            append(steps, repeated(atom()));
            bounded(steps);
        }
        return steps;
    }

    /** Moves the fragment's jumps to where it comes to stand. */
    private static void append(List<Step> steps, List<Step> fragment) {
        int by = steps.size();
        for (Step step : fragment) {
            steps.add(switch (step) {
                case Fork(var left, var right) -> new Fork(left + by, right + by);
                case Jump(var to) -> new Jump(to + by);
                case One one -> one;
                case Edge edge -> edge;
                case End end -> end;
            });
        }
    }

    private List<Step> repeated(List<Step> atom) {
        List<Step> steps = atom;
        boolean quantified = false;
        while (at < pattern.length() && "*+?{".indexOf(pattern.charAt(at)) >= 0) {
            if (quantified) { // a second + or ? is possessive or lazy: of no import for whole matches, or not ours
                if (take('?')) {
                    break;
                }
                throw new SyntaxException("possessive and repeated quantifiers");
            }
            steps = bounded(switch (pattern.charAt(at++)) {
                case '*' -> star(atom);
                case '+' -> times(atom, 1, -1);
                case '?' -> times(atom, 0, 1);
                default -> counted(atom);
            });
            quantified = true;
        }
        return steps;
    }

    private List<Step> counted(List<Step> atom) {
        int min = number();
        int max = min;
        if (take(',')) {
            max = at < pattern.length() && pattern.charAt(at) == '}' ? -1 : number();
        }
        if (!take('}') || max >= 0 && max < min) {
            throw new SyntaxException("a count is not closed, or goes from more to less");
        }
        return times(atom, min, max);
    }

    private int number() {
        int start = at;
        while (at < pattern.length() && at - start < 5 && "0123456789".indexOf(pattern.charAt(at)) >= 0) {
            at++;
        }
        if (start == at) {
            throw new SyntaxException("a count has no number");
        }
        int number = Integer.parseInt(pattern.substring(start, at));
        if (number > Regex.STEPS_MAX) {
            throw new SyntaxException("a count is too large");
        }
        return number;
    }

    /** @param max how often at most, or -1 without a limit */
    private static List<Step> times(List<Step> atom, int min, int max) {
        long size = (long) Math.max(min, max) * (atom.size() + 1);
        if (size > Regex.STEPS_MAX) {
            throw new SyntaxException("it is too large");
        }
        var steps = new ArrayList<Step>();
        for (int i = 0; i < min; i++) {
            append(steps, atom);
        }
        if (max < 0) {
            append(steps, star(atom));
        }
        for (int i = min; i < max; i++) {
            var maybe = new ArrayList<Step>();
            maybe.add(new Fork(1, atom.size() + 1));
            append(maybe, atom);
            append(steps, maybe);
        }
        return steps;
    }

    private static List<Step> star(List<Step> atom) {
        var steps = new ArrayList<Step>();
        steps.add(new Fork(1, atom.size() + 2));
        append(steps, atom);
        steps.add(new Jump(0));
        return steps;
    }

    private List<Step> atom() {
        char c = pattern.charAt(at);
        if (META.indexOf(c) >= 0) {
            throw new SyntaxException("unexpected '" + c + "'");
        }
        if (take('(')) {
            return group();
        }
        if (take('^')) {
            return List.of(new Edge(Side.START));
        }
        if (take('$')) {
            return List.of(new Edge(Side.END));
        }
        if (take('[')) {
            return List.of(new One(bracket()));
        }
        return List.of(new One(single()));
    }

    private List<Step> group() {
        if (take('?') && !take(':')) {
            throw new SyntaxException("special groups");
        }
        List<Step> inner = either();
        if (!take(')')) {
            throw new SyntaxException("a group is not closed");
        }
        return inner;
    }

    private IntPredicate single() {
        if (take('.')) {
            return c -> "\n\r\u0085\u2028\u2029".indexOf(c) < 0;
        }
        if (take('\\')) {
            return escape();
        }
        int literal = next();
        return c -> c == literal;
    }

    private IntPredicate escape() {
        int escaped = next();
        IntPredicate digit = c -> c >= '0' && c <= '9';
        IntPredicate word = digit.or(c -> c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_');
        IntPredicate space = c -> " \t\n\u000B\f\r".indexOf(c) >= 0;
        return switch (escaped) {
            case 'd' -> digit;
            case 'D' -> digit.negate();
            case 'w' -> word;
            case 'W' -> word.negate();
            case 's' -> space;
            case 'S' -> space.negate();
            case 't' -> c -> c == '\t';
            default -> {
                if (word.test(escaped)) {
                    throw new SyntaxException("the escape \\" + Character.toString(escaped));
                }
                yield c -> c == escaped;
            }
        };
    }

    /** What stands between brackets: characters, ranges and classes, or all but these. */
    private IntPredicate bracket() {
        boolean negated = take('^');
        var parts = new ArrayList<IntPredicate>();
        while (!take(']')) {
            if (at >= pattern.length()) {
                throw new SyntaxException("a bracket is not closed");
            }
            if (pattern.charAt(at) == '[' || pattern.startsWith("&&", at)) {
                throw new SyntaxException("classes within classes");
            }
            parts.add(range());
        }
        if (parts.isEmpty()) {
            throw new SyntaxException("an empty bracket");
        }
        return c -> parts.stream().anyMatch(part -> part.test(c)) != negated;
    }

    private IntPredicate range() {
        if (take('\\')) {
            return escape();
        }
        int from = next();
        boolean ranged = at + 1 < pattern.length() && pattern.charAt(at) == '-' && pattern.charAt(at + 1) != ']';
        if (!ranged) {
            return c -> c == from;
        }
        at++;
        if (pattern.charAt(at) == '\\' || pattern.charAt(at) == '[') {
            throw new SyntaxException("a range that ends in an escape or a class");
        }
        int to = next();
        if (to < from) {
            throw new SyntaxException("a range from more to less");
        }
        return c -> c >= from && c <= to;
    }

    private int next() {
        if (at >= pattern.length()) {
            throw new SyntaxException("it ends in an escape");
        }
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }

    private boolean take(char c) {
        if (at < pattern.length() && pattern.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }
}
