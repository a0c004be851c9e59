package dev.landfall.ecs.tag;

import dev.landfall.ecs.EcsErrors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.Tag;

/** The rules for tags, the same for every resource. Tags keep the order in which their keys were first given. */
public final class Tags {
    private static final int TAGS_MAX = 50;
    private static final int KEY_LENGTH_MAX = 128;
    private static final int VALUE_LENGTH_MAX = 256;
    private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

    private Tags() {}

    /** What a caller wants a new resource to carry. */
    public static List<Tag> validated(List<Tag> tags) {
        var byKey = new TreeMap<String, Tag>();
        for (Tag tag : tags) {
            requireKey(tag.key());
            if (tag.value() != null
                    && (tag.value().length() > VALUE_LENGTH_MAX || !ALLOWED.matcher(tag.value()).matches())) {
                throw EcsErrors.invalidParameter("Invalid tag value for key " + tag.key()
                        + ". Tag values have up to 256 characters: letters, numbers, spaces, and _ . : / = + - @");
            }
            if (byKey.put(tag.key(), tag) != null) {
                throw EcsErrors.invalidParameter("Duplicate tag keys found. Tag keys must be unique.");
            }
        }
        requireCount(tags);
        return tags.stream()
                .map(tag -> tag.value() == null ? tag.toBuilder().value("").build() : tag)
                .toList();
    }

    /** The tags with others added, which replace those of the same key. */
    public static List<Tag> with(List<Tag> tags, List<Tag> added) {
        var merged = new ArrayList<Tag>(tags);
        for (Tag tag : validated(added)) {
            int at = indexOf(merged, tag.key());
            if (at < 0) {
                merged.add(tag);
            } else {
                merged.set(at, tag);
            }
        }
        requireCount(merged);
        return List.copyOf(merged);
    }

    /** The tags without those of some keys; a key that is not there is no mistake. */
    public static List<Tag> without(List<Tag> tags, List<String> keys) {
        keys.forEach(Tags::requireKey);
        return tags.stream().filter(tag -> !keys.contains(tag.key())).toList();
    }

    private static int indexOf(List<Tag> tags, String key) {
        for (int i = 0; i < tags.size(); i++) {
            if (tags.get(i).key().equals(key)) {
                return i;
            }
        }
        return -1;
    }

    private static void requireKey(String key) {
        if (key == null || key.isEmpty() || key.length() > KEY_LENGTH_MAX || !ALLOWED.matcher(key).matches()) {
            throw EcsErrors.invalidParameter("Invalid tag key. "
                    + "Tag keys have 1 to 128 characters: letters, numbers, spaces, and _ . : / = + - @");
        }
        if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
            throw EcsErrors.invalidParameter("Tag keys that start with aws: are reserved and cannot be used.");
        }
    }

    /** Those of ECS itself do not count: "tags with this prefix do not count against your tags per resource limit". */
    public static void requireCount(Collection<Tag> tags) {
        if (tags.stream().filter(tag -> !tag.key().startsWith("aws:")).count() > TAGS_MAX) {
            throw EcsErrors.invalidParameter("A resource can have at most 50 tags.");
        }
    }
}
