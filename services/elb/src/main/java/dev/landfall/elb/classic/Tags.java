package dev.landfall.elb.classic;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.services.elasticloadbalancing.model.Tag;

/** The rules for tags. */
final class Tags {
    private Tags() {}

    /** The tags with others added, which replace those of the same key. */
    static List<Tag> with(List<Tag> tags, List<Tag> added) {
        if (added.stream().map(Tag::key).distinct().count() < added.size()) {
            throw ClassicErrors.duplicateTagKeys();
        }
        var merged = new ArrayList<Tag>(tags);
        for (Tag told : added) {
            if (told.key().toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw ClassicErrors.validation("Tag keys that start with 'aws:' are reserved and cannot be used");
            }
            Tag tag = told.value() == null ? told.toBuilder().value("").build() : told;
            int at = merged.stream().map(Tag::key).toList().indexOf(tag.key());
            if (at < 0) {
                merged.add(tag);
            } else {
                merged.set(at, tag);
            }
        }
        if (merged.size() > Classic.TAGS) {
            throw ClassicErrors.tooManyTags();
        }
        return merged;
    }

    /** The one load balancer that a call is for. */
    static String only(List<String> names) {
        if (names.size() != 1) {
            throw ClassicErrors.validation("Exactly one load balancer name must be specified");
        }
        return names.getFirst();
    }
}
