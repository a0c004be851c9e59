package dev.landfall.wire.model;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The method and path by which a REST operation is known: {@code GET /2015-02-01/file-systems/{FileSystemId}/policy}. A
 * label takes one segment, {@code {Name+}} one or more. Immutable.
 */
public final class UriTemplate {
    private final String method;
    private final List<String> segments;
    private final Map<String, String> query;

    UriTemplate(String method, String uri) {
        this.method = method;
        int mark = uri.indexOf('?');
        segments = segments(mark < 0 ? uri : uri.substring(0, mark));
        query = mark < 0 ? Map.of() : constants(uri.substring(mark + 1));
    }

    private static Map<String, String> constants(String query) {
        Map<String, String> constants = new HashMap<>();
        for (String part : query.split("&")) {
            int equals = part.indexOf('=');
            constants.put(equals < 0 ? part : part.substring(0, equals), equals < 0 ? "" : part.substring(equals + 1));
        }
        return constants;
    }

    /** Segments of a path that is still encoded; a trailing slash does not count. */
    public static List<String> segments(String path) {
        List<String> segments = new ArrayList<>(List.of(path.split("/", -1)));
        if (!segments.isEmpty() && segments.getFirst().isEmpty()) {
            segments.removeFirst();
        }
        if (!segments.isEmpty() && segments.getLast().isEmpty()) {
            segments.removeLast();
        }
        return segments;
    }

    /** The decoded labels, if a request of that method, path and query is this operation's. */
    public Optional<Map<String, String>> match(String verb, List<String> path, Map<String, List<String>> parameters) {
        if (!method.equals(verb) || !query.entrySet().stream().allMatch(constant -> parameters
                .getOrDefault(constant.getKey(), List.of())
                .contains(constant.getValue()))) {
            return Optional.empty();
        }
        Map<String, String> labels = new HashMap<>();
        int at = 0;
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (at >= path.size()) {
                return Optional.empty();
            }
            if (segment.endsWith("+}")) {
                int end = path.size() - (segments.size() - 1 - i);
                if (end <= at) {
                    return Optional.empty();
                }
                labels.put(segment.substring(1, segment.length() - 2), decode(String.join("/", path.subList(at, end))));
                at = end;
            } else if (segment.startsWith("{")) {
                labels.put(segment.substring(1, segment.length() - 1), decode(path.get(at++)));
            } else if (!segment.equals(path.get(at++))) {
                return Optional.empty();
            }
        }
        return at == path.size() ? Optional.of(labels) : Optional.empty();
    }

    /** Fewer labels and more constants are the better match. */
    int specificity() {
        int constants = 2 * query.size();
        for (String segment : segments) {
            constants += segment.startsWith("{") ? segment.endsWith("+}") ? -1 : 0 : 1;
        }
        return constants;
    }

    private static String decode(String text) {
        try {
            // A plus sign is itself in a path.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
