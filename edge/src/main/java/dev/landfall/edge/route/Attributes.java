package dev.landfall.edge.route;

import java.util.Map;

/** AWS's attributes by their keys. What is absent or unreadable has the default, which AWS documents per key. */
public record Attributes(Map<String, String> values) {
    public String text(String key, String absent) {
        return values.getOrDefault(key, absent);
    }

    /** Whether an attribute is {@code true}, or {@code on}. */
    public boolean on(String key, String absent) {
        String value = values.getOrDefault(key, absent);
        return value.equals("true") || value.equals("on");
    }

    public int number(String key, int absent) {
        try {
            return values.containsKey(key) ? Integer.parseInt(values.get(key)) : absent;
        } catch (NumberFormatException e) {
            return absent;      // "off"
        }
    }
}
