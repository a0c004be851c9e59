package dev.landfall.edge.route;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The values of a condition: wildcards over bytes and, rarely, regular expressions in linear time (RE2). */
final class Patterns {
    private final Wildcard[] wildcards;
    private final Pattern[] expressions;

    private Patterns(Wildcard[] wildcards, Pattern[] expressions) {
        this.wildcards = wildcards;
        this.expressions = expressions;
    }

    /** @throws IllegalArgumentException if an expression is none */
    static Patterns of(List<String> values, List<String> regexValues, Wildcard.Mode mode) {
        int flags = mode == Wildcard.Mode.EXACT ? 0 : Pattern.CASE_INSENSITIVE;
        return new Patterns(
                values.stream().map(value -> Wildcard.of(value, mode)).toArray(Wildcard[]::new),
                regexValues.stream().map(value -> expression(value, flags)).toArray(Pattern[]::new));
    }

    static Pattern expression(String text, int flags) {
        try {
            return Pattern.compile(text, flags);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("no regular expression: " + text, e);
        }
    }

    boolean match(byte[] bytes, int from, int to) {
        for (Wildcard wildcard : wildcards) {
            if (wildcard.matches(bytes, from, to)) {
                return true;
            }
        }
        if (expressions.length > 0) {
            String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
            for (Pattern expression : expressions) {
                if (expression.matcher(text).find()) {
                    return true;
                }
            }
        }
        return false;
    }
}
