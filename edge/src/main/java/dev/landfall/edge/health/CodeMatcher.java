package dev.landfall.edge.health;

import java.util.ArrayList;
import java.util.List;

/** The codes that count as healthy: {@code 200}, {@code 200,202} or {@code 200-299}. */
public record CodeMatcher(List<Range> ranges) {
    public record Range(int from, int to) {}

    /** @param absent what an empty text stands for */
    public static CodeMatcher of(String text, String absent) {
        var ranges = new ArrayList<Range>();
        for (String part : (text.isBlank() ? absent : text).split(",")) {
            String[] ends = part.strip().split("-", 2);
            try {
                int from = Integer.parseInt(ends[0].strip());
                ranges.add(new Range(from, ends.length == 2 ? Integer.parseInt(ends[1].strip()) : from));
            } catch (NumberFormatException e) {
                continue;      // a matcher that names nothing matches nothing
            }
        }
        return new CodeMatcher(List.copyOf(ranges));
    }

    public boolean matches(int code) {
        for (Range range : ranges) {
            if (code >= range.from() && code <= range.to()) {
                return true;
            }
        }
        return false;
    }
}
