package dev.landfall.edge.route;

import dev.landfall.edge.http.Head;
import dev.landfall.protocol.edge.Condition.KeyValue;
import java.util.List;

/** The query-string condition: one of its pairs must be among the request's, in any order. */
final class QueryMatcher implements Matcher {
    private record Pair(Wildcard key, Wildcard value, boolean anyKey) {}

    private final Pair[] pairs;

    QueryMatcher(List<KeyValue> values) {
        pairs = values.stream().map(pair -> new Pair(
                Wildcard.of(pair.key(), Wildcard.Mode.IGNORE_CASE_WITH_ESCAPES),
                Wildcard.of(pair.value(), Wildcard.Mode.IGNORE_CASE_WITH_ESCAPES),
                pair.key().isEmpty())).toArray(Pair[]::new);
    }

    @Override
    public boolean matches(Head head, byte[] client) {
        byte[] bytes = head.bytes();
        int end = head.targetEnd();
        int start = head.pathEnd() + 1;
        while (start < end) {
            int equals = -1;
            int stop = start;
            while (stop < end && bytes[stop] != '&') {
                if (bytes[stop] == '=' && equals < 0) {
                    equals = stop;
                }
                stop++;
            }
            int keyEnd = equals < 0 ? stop : equals;
            int valueStart = equals < 0 ? stop : equals + 1;
            if (holds(bytes, start, keyEnd, valueStart, stop)) {
                return true;
            }
            start = stop + 1;
        }
        return false;
    }

    /** As it stands, and again with percent escapes resolved: "any character can be percentage encoded". */
    private boolean holds(byte[] bytes, int keyStart, int keyEnd, int valueStart, int valueEnd) {
        if (oneHolds(bytes, keyStart, keyEnd, valueStart, valueEnd)) {
            return true;
        }
        for (int i = keyStart; i < valueEnd; i++) {
            if (bytes[i] == '%') {
                byte[] decoded = new byte[valueEnd - keyStart];
                int keyLength = decode(bytes, keyStart, keyEnd, decoded, 0);
                int length = decode(bytes, valueStart, valueEnd, decoded, keyLength);
                return oneHolds(decoded, 0, keyLength, keyLength, length);
            }
        }
        return false;
    }

    private boolean oneHolds(byte[] bytes, int keyStart, int keyEnd, int valueStart, int valueEnd) {
        for (Pair pair : pairs) {
            if ((pair.anyKey() || pair.key().matches(bytes, keyStart, keyEnd))
                    && pair.value().matches(bytes, valueStart, valueEnd)) {
                return true;
            }
        }
        return false;
    }

    private static int decode(byte[] from, int start, int end, byte[] to, int at) {
        int written = at;
        for (int i = start; i < end; i++) {
            int high = from[i] == '%' && i + 2 < end ? Character.digit(from[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(from[i + 2], 16) : -1;
            if (low >= 0) {
                to[written++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                to[written++] = from[i];
            }
        }
        return written;
    }
}
