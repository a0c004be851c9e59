package dev.landfall.wire.codec;

import dev.landfall.wire.codec.Exchange.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** URL-encoded parameters, of a query string or a form body. */
public final class Forms {
    /** AWS's largest requests have a few thousand; the rest is an attack. */
    private static final int MAX_PARAMETERS = 50_000;

    private Forms() {}

    /** @throws Malformed if an escape is broken or there are too many parameters */
    public static Map<String, List<String>> parse(String encoded) {
        if (encoded == null || encoded.isEmpty()) {
            return Map.of();
        }
        Map<String, List<String>> found = new LinkedHashMap<>();
        int start = 0;
        int count = 0;
        while (start <= encoded.length()) {
            int end = encoded.indexOf('&', start);
            end = end < 0 ? encoded.length() : end;
            if (end > start) {
                if (++count > MAX_PARAMETERS) {
                    throw new Malformed("Too many parameters");
                }
                int equals = encoded.indexOf('=', start);
                boolean valued = equals >= 0 && equals < end;
                String name = decode(encoded.substring(start, valued ? equals : end));
                String value = valued ? decode(encoded.substring(equals + 1, end)) : "";
                found.computeIfAbsent(name, key -> new ArrayList<>(1)).add(value);
            }
            start = end + 1;
        }
        return found;
    }

    /** The parameters of query string and form together. */
    public static Map<String, List<String>> parameters(Request request) {
        Map<String, List<String>> form = parse(new String(request.body(), StandardCharsets.UTF_8));
        if (request.query().isEmpty()) {
            return form;
        }
        Map<String, List<String>> all = new LinkedHashMap<>(request.query());
        all.putAll(form);
        return all;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Malformed("A parameter is not URL-encoded");
        }
    }
}
