package dev.landfall.ecs.conformance;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/**
 * Answers as lines of text, one a member, without what differs from one run to the next: {@code ID} stands for an id,
 * {@code TIME} for a time, {@code TOKEN} for the token of the next page.
 */
final class Canonical {
    private static final List<Map.Entry<Pattern, String>> VARYING = List.of(
            Map.entry(Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "ID"),
            Map.entry(Pattern.compile("(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])"), "ID"),
            Map.entry(Pattern.compile("\\b(i|eni)-[0-9a-f]{17}"), "$1-ID"),
            Map.entry(Pattern.compile("(service-(?:deployment|revision)/[^/]+/[^/]+/)\\w+"), "$1ID"),
            Map.entry(Pattern.compile("ecs-svc/[0-9]+"), "ecs-svc/ID"));

    private Canonical() {}

    static List<String> of(SdkPojo pojo) {
        var lines = new ArrayList<String>();
        add(pojo, "", lines);
        return List.copyOf(lines);
    }

    static String text(String text) {
        String canonical = text;
        for (var varying : VARYING) {
            canonical = varying.getKey().matcher(canonical).replaceAll(varying.getValue());
        }
        return canonical;
    }

    private static void add(SdkPojo pojo, String path, List<String> lines) {
        for (SdkField<?> field : pojo.sdkFields()) {
            add(field.getValueOrDefault(pojo), path + "." + field.memberName(), lines);
        }
    }

    private static void add(Object value, String path, List<String> lines) {
        switch (value) {
            case null -> { }
            case SdkAutoConstructList<?> absent -> { }
            case SdkAutoConstructMap<?, ?> absent -> { }
            case SdkPojo nested -> add(nested, path, lines);
            case Collection<?> items -> {
                lines.add(path + " has " + items.size());
                int i = 0;
                for (Object item : items) {
                    add(item, path + "[" + i++ + "]", lines);
                }
            }
            case Map<?, ?> entries -> new TreeMap<Object, Object>(entries)
                    .forEach((key, item) -> add(item, path + "[" + key + "]", lines));
            case Instant time -> lines.add(path + " = TIME");
            default -> lines.add(path + " = "
                    + (path.endsWith(".nextToken") ? "TOKEN" : text(value.toString())));
        }
    }
}
