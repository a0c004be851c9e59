package dev.landfall.edge.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WildcardTest {
    private static boolean matches(String pattern, String text, Wildcard.Mode mode) {
        byte[] bytes = (">" + text + "<").getBytes(StandardCharsets.ISO_8859_1);
        return Wildcard.of(pattern, mode).matches(bytes, 1, bytes.length - 1);
    }

    /** The same pattern as a regular expression is the oracle. */
    @Property(tries = 5_000)
    void matchesAsARegularExpressionDoes(@ForAll("patterns") String pattern, @ForAll("texts") String text) {
        String expression = pattern.replace("*", ".*").replace("?", ".");

        assertThat(matches(pattern, text, Wildcard.Mode.EXACT)).isEqualTo(Pattern.matches(expression, text));
        assertThat(matches(pattern, text, Wildcard.Mode.IGNORE_CASE))
                .isEqualTo(Pattern.compile(expression, Pattern.CASE_INSENSITIVE).matcher(text).matches());
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.strings().withChars('a', 'B', '*', '?').ofMaxLength(8);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars('a', 'A', 'b', 'B').ofMaxLength(10);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true", "10.0.0.0/8, 11.0.0.1, false", "10.1.2.0/23, 10.1.3.9, true",
        "10.1.2.0/23, 10.1.4.0, false", "0.0.0.0/0, 1.2.3.4, true", "1.2.3.4/32, 1.2.3.5, false",
        "128.0.0.0/1, 200.0.0.1, true", "128.0.0.0/1, 100.0.0.1, false", "2001:db8::/32, 2001:db8:1::1, true",
        "2001:db8::/32, 2001:db9::1, false", "::/0, 1.2.3.4, false"})
    void blocks(String block, String address, boolean expected) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        assertThat(AddressBlock.of(block).contains(bytes)).isEqualTo(expected);
    }
}
