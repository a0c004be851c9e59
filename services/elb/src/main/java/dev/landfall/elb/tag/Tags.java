package dev.landfall.elb.tag;

import dev.landfall.elb.Arns;
import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Quotas;
import dev.landfall.elb.Scope;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;

/** The rules for tags, the same for every resource. */
public final class Tags {
    /** What one call to AddTags, RemoveTags or DescribeTags names (API reference, DescribeTags: up to 20). */
    static final int RESOURCES_MAX = 20;

    private Tags() {}

    /** What a caller wants a resource to carry. */
    static List<Tag> validated(List<Tag> tags) {
        var keys = new TreeSet<String>();
        for (Tag tag : tags) {
            if (tag.key().toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw ElbErrors.validation("Tag keys that start with 'aws:' are reserved and cannot be used");
            }
            if (!keys.add(tag.key())) {
                throw ElbErrors.duplicateTagKeys();
            }
        }
        if (tags.size() > Quotas.TAGS_PER_RESOURCE) {
            throw ElbErrors.tooManyTags();
        }
        return tags.stream().map(tag -> tag.value() == null ? tag.toBuilder().value("").build() : tag).toList();
    }

    /** For actions that do not declare DuplicateTagKeys: the key given twice is a violation of the request's form. */
    public static List<Write<?>> ofNewWithoutDuplicates(String arn, List<Tag> tags) {
        if (tags.stream().map(Tag::key).distinct().count() < tags.size()) {
            throw ElbErrors.validation("A tag key was specified more than once.");
        }
        return ofNew(arn, tags);
    }

    /** What gives a new resource its tags. */
    public static List<Write<?>> ofNew(String arn, List<Tag> tags) {
        List<Tag> valid = validated(tags);
        return valid.isEmpty() ? List.of() : List.of(Write.put(ElbTables.TAGS, new TagsRow(arn, valid)));
    }

    public static List<Tag> of(Image image, String arn) {
        return image.get(ElbTables.TAGS, arn).map(TagsRow::tags).orElse(List.of());
    }

    /** The tags with others added, which replace those of the same key. */
    static List<Tag> with(List<Tag> tags, List<Tag> added) {
        var merged = new ArrayList<Tag>(tags);
        for (Tag tag : validated(added)) {
            int at = merged.stream().map(Tag::key).toList().indexOf(tag.key());
            if (at < 0) {
                merged.add(tag);
            } else {
                merged.set(at, tag);
            }
        }
        if (merged.size() > Quotas.TAGS_PER_RESOURCE) {
            throw ElbErrors.tooManyTags();
        }
        return merged;
    }

    static Write<?> replaced(String arn, List<Tag> tags) {
        return tags.isEmpty() ? Write.delete(ElbTables.TAGS, arn) : Write.put(ElbTables.TAGS, new TagsRow(arn, tags));
    }

    /** The resources, each of which is there and once in the list. */
    static List<String> required(Image image, List<String> arns, Scope scope) {
        if (arns.isEmpty()) {
            throw ElbErrors.validation("At least one resource ARN must be specified");
        }
        if (arns.size() > RESOURCES_MAX) {
            throw ElbErrors.validation("The maximum number of resources that can be specified is '20'");
        }
        arns.forEach(arn -> require(image, arn, scope));
        return arns.stream().distinct().toList();
    }

    private static void require(Image image, String arn, Scope scope) {
        Arns.Kind kind = Arns.Kind.of(arn).filter(any -> Scope.of(arn).equals(scope))
                .orElseThrow(() -> ElbErrors.validation("'" + arn + "' is not a valid load balancer ARN"));
        switch (kind) {
            case LOAD_BALANCER -> image.get(ElbTables.LOAD_BALANCERS, arn)
                    .orElseThrow(() -> ElbErrors.loadBalancerNotFound(arn));
            case LISTENER -> image.get(ElbTables.LISTENERS, arn)
                    .orElseThrow(() -> ElbErrors.listenerNotFound("Listener '" + arn + "' not found"));
            case RULE -> image.get(ElbTables.RULES, arn)
                    .orElseThrow(() -> ElbErrors.ruleNotFound("Rule '" + arn + "' not found"));
            case TARGET_GROUP -> image.get(ElbTables.TARGET_GROUPS, arn)
                    .orElseThrow(() -> ElbErrors.targetGroupNotFound("Target group '" + arn + "' not found"));
        }
    }
}
