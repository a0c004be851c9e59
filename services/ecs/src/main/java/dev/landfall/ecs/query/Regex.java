package dev.landfall.ecs.query;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A regular expression in Java's syntax, without what cannot be matched in linear time: no back reference, no look
 * around, no possessive quantifier. A caller's pattern runs on the deciding thread, where java.util.regex could be kept
 * busy for years by twenty characters; this one looks at each character once for each of its steps.
 *
 * <p>Thompson's construction: the pattern becomes a program of {@link Step}s; matching keeps the set of steps that may
 * come next and moves all of them over each character.
 */
public final class Regex {
    /** What a pattern may come to once its counts are written out. */
    static final int STEPS_MAX = 2_000;

    private final String pattern;
    private final List<Step> program;

    private Regex(String pattern, List<Step> program) {
        this.pattern = pattern;
        this.program = program;
    }

    /** Either a regex or why we do not have it. */
    public sealed interface Parsed {}

    public record Compiled(Regex regex) implements Parsed {}

    public record Unsupported(String reason) implements Parsed {}

    sealed interface Step {}

    record One(IntPredicate test) implements Step {}

    record Fork(int left, int right) implements Step {}

    record Jump(int to) implements Step {}

    /** Holds before the first character, or behind the last. */
    record Edge(Side side) implements Step {}

    enum Side {
        START,
        END
    }

    record End() implements Step {}

    public static Parsed parse(String pattern) {
        try {
            return new Compiled(new Regex(pattern, new RegexParser(pattern).program()));
        } catch (SyntaxException e) {
            return new Unsupported(e.getMessage());
        }
    }

    public String pattern() {
        return pattern;
    }

    /** Whether the whole text matches. */
    public boolean matches(String text) {
        var now = new boolean[program.size()];
        reach(now, 0, 0, text.length());
        for (int at = 0; at < text.length();) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            var next = new boolean[program.size()];
            for (int i = 0; i < now.length; i++) {
                if (now[i] && program.get(i) instanceof One(var test) && test.test(c)) {
                    reach(next, i + 1, at, text.length());
                }
            }
            now = next;
        }
        return now[program.size() - 1];
    }

    /** Marks the step and all that follow from it without a character; with a list of our own, as chains are long. */
    private void reach(boolean[] reached, int from, int at, int length) {
        var todo = new int[program.size() + 1];
        int size = 0;
        todo[size++] = from;
        while (size > 0) {
            int i = todo[--size];
            if (reached[i]) {
                continue;
            }
            reached[i] = true;
            if (size + 2 > todo.length) {
                todo = Arrays.copyOf(todo, 2 * todo.length);
            }
            switch (program.get(i)) {
                case Jump(var to) -> todo[size++] = to;
                case Fork(var left, var right) -> {
                    todo[size++] = left;
                    todo[size++] = right;
                }
                case Edge(var side) -> {
                    if (side == Side.START ? at == 0 : at == length) {
                        todo[size++] = i + 1;
                    }
                }
                case One one -> { }
                case End end -> { }
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Regex regex && regex.pattern.equals(pattern);
    }

    @Override
    public int hashCode() {
        return pattern.hashCode();
    }

    @Override
    public String toString() {
        return pattern;
    }
}
