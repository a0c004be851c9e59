package dev.landfall.ecs.instance;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Page;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ListAttributesRequest;
import software.amazon.awssdk.services.ecs.model.ListAttributesResponse;

/** Lists the attributes of a cluster's container instances, all or those of one name, or of one name and value. */
public final class ListAttributes {
    private static final int PAGE_MAX = 100;

    /** Stands between an ARN and a name; neither has one. */
    private static final char SEPARATOR = '#';

    private ListAttributes() {}

    public static ListAttributesResponse read(Image image, ListAttributesRequest request, Scope scope) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        if (request.targetType() == null) {
            throw EcsErrors.invalidParameter("targetType cannot be empty.");
        }
        if (request.attributeValue() != null && request.attributeName() == null) {
            throw EcsErrors.invalidParameter("attributeName must be specified when attributeValue is specified.");
        }
        var keys = image.keys(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_CLUSTER, cluster.arn());
        Page page = Page.of("ListAttributes " + cluster.arn(),
                after -> keys.tailSet(arn(after)).stream()
                        .flatMap(arn -> matching(image, arn, request))
                        .filter(key -> key.compareTo(after) > 0),
                request.nextToken(), request.maxResults(), PAGE_MAX);
        var attributes = new ArrayList<Attribute>();
        for (String key : page.keys()) {
            InstanceRow row = image.get(EcsTables.INSTANCES, arn(key)).orElseThrow();
            String name = key.substring(key.indexOf(SEPARATOR) + 1);
            row.instance().attributes().stream().filter(each -> each.name().equals(name)).findFirst()
                    .ifPresent(each -> attributes.add(Attributes.shown(row, each)));
        }
        return ListAttributesResponse.builder()
                .attributes(attributes).nextToken(page.nextToken().orElse(null)).build();
    }

    private static Stream<String> matching(Image image, String arn, ListAttributesRequest request) {
        List<Attribute> attributes = image.get(EcsTables.INSTANCES, arn).orElseThrow().instance().attributes();
        return attributes.stream()
                .filter(each -> request.attributeName() == null || each.name().equals(request.attributeName()))
                .filter(each -> request.attributeValue() == null || request.attributeValue().equals(each.value()))
                .map(each -> arn + SEPARATOR + each.name())
                .sorted(Comparator.naturalOrder())
                .distinct();
    }

    /** The part of a key before the name; a token may hold anything. */
    private static String arn(String key) {
        int end = key.indexOf(SEPARATOR);
        return end < 0 ? key : key.substring(0, end);
    }
}
