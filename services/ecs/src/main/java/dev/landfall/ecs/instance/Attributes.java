package dev.landfall.ecs.instance;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.state.Draft;
import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.Attribute;

/** What PutAttributes and DeleteAttributes demand alike, and which attributes are the callers' own. */
final class Attributes {
    /** "You can specify up to 10 attributes in a single call" (ECS API, PutAttributes; DeleteAttributes likewise). */
    private static final int CALL_MAX = 10;

    /** "You can apply up to 10 custom attributes for each resource" (ECS API, AttributeLimitExceededException). */
    static final int CUSTOM_MAX = 10;

    /** Those that ECS and its agents set by themselves. */
    private static final List<String> RESERVED = List.of("ecs.", "com.amazonaws.ecs.", "landfall.");

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_./\\\\-]{1,128}");
    private static final Pattern VALUE = Pattern.compile("[a-zA-Z0-9_.@/\\\\: -]{1,128}");

    private Attributes() {}

    static boolean custom(Attribute attribute) {
        return RESERVED.stream().noneMatch(attribute.name()::startsWith);
    }

    static void require(List<Attribute> attributes) {
        if (attributes.isEmpty()) {
            throw EcsErrors.invalidParameter("Attributes cannot be empty.");
        }
        if (attributes.size() > CALL_MAX) {
            throw EcsErrors.invalidParameter("Attributes can have at most " + CALL_MAX + " items.");
        }
        for (Attribute attribute : attributes) {
            require(attribute);
        }
    }

    private static void require(Attribute attribute) {
        if (attribute.name() == null || !NAME.matcher(attribute.name()).matches()) {
            throw EcsErrors.invalidParameter("Invalid attribute name: 1 to 128 letters (uppercase and lowercase), "
                    + "numbers, hyphens, underscores, forward slashes, back slashes, or periods are allowed.");
        }
        if (!custom(attribute)) {
            throw EcsErrors.invalidParameter(
                    "The attribute " + attribute.name() + " is set by Amazon ECS and cannot be changed.");
        }
        String value = attribute.value();
        if (value != null && (!VALUE.matcher(value).matches() || value.startsWith(" ") || value.endsWith(" "))) {
            throw EcsErrors.invalidParameter("Invalid attribute value: 1 to 128 letters (uppercase and lowercase), "
                    + "numbers, hyphens, underscores, periods, at signs (@), forward slashes, back slashes, colons, "
                    + "or spaces are allowed, without leading or trailing spaces.");
        }
        if (attribute.targetId() == null || attribute.targetId().isBlank()) {
            throw EcsErrors.invalidParameter("Attribute targetId cannot be empty.");
        }
        if (attribute.targetType() == null && !attribute.targetId().startsWith("arn:")) {
            throw EcsErrors.invalidParameter("targetType is required when targetId is not a full ARN.");
        }
    }

    static InstanceRow target(Draft draft, Scope scope, ClusterRow cluster, Attribute attribute) {
        return Instances.find(draft.image(), scope, cluster, attribute.targetId())
                .filter(row -> !"INACTIVE".equals(row.instance().status()))
                .orElseThrow(EcsErrors::targetNotFound);
    }

    /** As the API shows an attribute of an instance. */
    static Attribute shown(InstanceRow row, Attribute attribute) {
        return attribute.toBuilder().targetId(row.arn()).targetType((String) null).build();
    }

    static void put(Draft draft, InstanceRow row, List<Attribute> attributes) {
        draft.put(EcsTables.INSTANCES, row.with(row.instance().toBuilder()
                .attributes(attributes).version(row.instance().version() + 1).build()));
    }
}
