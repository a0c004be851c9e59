package dev.landfall.ecs.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {
    /**
     * Java's own engine is the oracle. Anchors stand at the ends only: within a group that repeats and may be empty
     * Java gives up on the second round, as with {@code (^a?){2}} on "a".
     */
    @Property(tries = 20_000)
    void matchesAsJavaDoes(@ForAll Random random) {
        String pattern = pick(random, "", "^") + "(" + pattern(random, 3) + ")" + pick(random, "", "$");
        String text = text(random);
        assertThat(compiled(pattern).matches(text)).as("/%s/ on '%s'", pattern, text)
                .isEqualTo(Pattern.compile(pattern).matcher(text).matches());
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(7); i > 0; i--) {
            text.append("ab1. -".charAt(random.nextInt(6)));
        }
        return text.toString();
    }

    private static String pattern(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 3 : 8)) {
            case 0 -> "ab1-".substring(random.nextInt(4)).substring(0, 1);
            case 1 -> pick(random, ".", "\\d", "\\w", "\\S", "\\.", "\\W");
            case 2 -> pick(random, "[ab]", "[^a1]", "[a-z.]", "[\\d-]", "[^\\s]");
            case 3 -> pattern(random, depth - 1) + "|" + pattern(random, depth - 1);
            case 4 -> "(" + pattern(random, depth - 1) + ")"
                    + pick(random, "*", "+", "?", "*?", "{2}", "{1,3}", "{0,}");
            case 5 -> "(?:" + pattern(random, depth - 1) + ")";
            default -> pattern(random, depth - 1) + pattern(random, depth - 1);
        };
    }

    private static String pick(Random random, String... from) {
        return from[random.nextInt(from.length)];
    }

    /** What would keep java.util.regex busy for years is done after a look at each character. */
    @Test
    void hostilePatternsEnd() {
        String text = "a".repeat(100) + "!";
        assertThat(compiled("(a+)+b").matches(text)).isFalse();
        assertThat(compiled("(a|a)*(a|a)*(a|a)*c").matches(text)).isFalse();
        assertThat(compiled("(.*)*").matches(text)).isTrue();
        assertThat(compiled("((|)*|)*").matches("")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", ")", "a)", "(a", "[", "[]", "[a", "[z-a]", "*", "a**", "a++", "?", "a{", "a{}",
            "a{,2}",
            "a{2,1}", "a{99999}", "(a{100}){100}", "\\", "\\1", "\\b", "\\p{L}", "(?i)a", "(?=a)", "(?<n>a)", "[a[b]]",
            "[a&&b]"})
    void refusesTheRest(String pattern) {
        assertThat(Regex.parse(pattern)).isInstanceOf(Regex.Unsupported.class);
    }

    private static Regex compiled(String pattern) {
        assertThat(Regex.parse(pattern)).as(pattern).isInstanceOf(Regex.Compiled.class);
        return ((Regex.Compiled) Regex.parse(pattern)).regex();
    }
}
