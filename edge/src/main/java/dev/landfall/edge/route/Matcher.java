package dev.landfall.edge.route;

import dev.landfall.edge.http.Ascii;
import dev.landfall.edge.http.Head;
import dev.landfall.protocol.edge.Condition;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A condition, compiled. */
@FunctionalInterface
interface Matcher {
    /** @param client the address of the peer, 4 or 16 bytes */
    boolean matches(Head head, byte[] client);

    /** @throws IllegalArgumentException if the condition has a value that is none */
    static Matcher of(Condition condition) {
        return switch (condition) {
            case Condition.HostHeader(var values, var regexValues) -> {
                var patterns = Patterns.of(values, regexValues, Wildcard.Mode.IGNORE_CASE);
                yield (head, client) -> patterns.match(head.bytes(), head.hostStart(), head.hostEnd());
            }
            case Condition.PathPattern(var values, var regexValues) -> {
                var patterns = Patterns.of(values, regexValues, Wildcard.Mode.EXACT);
                yield (head, client) -> patterns.match(head.bytes(), head.targetStart(), head.pathEnd());
            }
            case Condition.HttpHeader(var name, var values, var regexValues) -> header(
                    name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII),
                    Patterns.of(values, regexValues, Wildcard.Mode.IGNORE_CASE));
            case Condition.HttpRequestMethod(var values) -> {
                byte[][] methods = values.stream()
                        .map(value -> value.getBytes(StandardCharsets.US_ASCII)).toArray(byte[][]::new);
                yield (head, client) -> method(head, methods);
            }
            case Condition.QueryString(var values) -> new QueryMatcher(values);
            case Condition.SourceIp(var values) -> {
                AddressBlock[] blocks = values.stream().map(AddressBlock::of).toArray(AddressBlock[]::new);
                yield (head, client) -> source(client, blocks);
            }
        };
    }

    private static Matcher header(byte[] name, Patterns patterns) {
        return (head, client) -> {
            for (int i = 0; i < head.fields(); i++) {
                if (Ascii.equalsIgnoreCase(head.bytes(), head.nameStart(i), head.nameEnd(i), name)
                        && patterns.match(head.bytes(), head.valueStart(i), head.valueEnd(i))) {
                    return true;
                }
            }
            return false;
        };
    }

    private static boolean method(Head head, byte[][] methods) {
        for (byte[] method : methods) {
            if (method.length == head.methodEnd()
                    && java.util.Arrays.equals(method, 0, method.length, head.bytes(), 0, head.methodEnd())) {
                return true;
            }
        }
        return false;
    }

    private static boolean source(byte[] client, AddressBlock[] blocks) {
        for (AddressBlock block : blocks) {
            if (block.contains(client)) {
                return true;
            }
        }
        return false;
    }
}
