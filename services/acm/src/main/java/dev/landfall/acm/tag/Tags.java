package dev.landfall.acm.tag;

import dev.landfall.acm.AcmErrors;
import dev.landfall.acm.Quotas;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.services.acm.model.Tag;

/** The rules for tags. */
public final class Tags {
    private Tags() {}

    /** The tags with others added, which replace those of the same key. */
    public static List<Tag> with(List<Tag> tags, List<Tag> added) {
        var merged = new ArrayList<Tag>(tags);
        for (Tag tag : validated(added)) {
            int at = merged.stream().map(Tag::key).toList().indexOf(tag.key());
            if (at < 0) {
                merged.add(tag);
            } else {
                merged.set(at, tag);
            }
        }
        if (merged.size() > Quotas.TAGS_PER_CERTIFICATE) {
            throw AcmErrors.tooManyTags();
        }
        return merged;
    }

    /** The tags without others: one that is given with a value goes only if it has this value. */
    static List<Tag> without(List<Tag> tags, List<Tag> removed) {
        validated(removed);
        return tags.stream().filter(tag -> removed.stream().noneMatch(gone -> gone.key().equals(tag.key())
                && (gone.value() == null || gone.value().equals(tag.value())))).toList();
    }

    private static List<Tag> validated(List<Tag> tags) {
        for (Tag tag : tags) {
            if (tag.key().toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw AcmErrors.invalidTag("Invalid Tag Key: \"" + tag.key()
                        + "\". AWS internal tags cannot be changed with this API");
            }
        }
        return tags;
    }
}
