package dev.landfall.ecs.instance;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Page;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.ecs.query.ExpressionParser;
import dev.landfall.state.Image;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesResponse;

/**
 * Lists a cluster's container instances, those of all states but INACTIVE unless one is asked for, or those that a
 * cluster query selects.
 */
public final class ListContainerInstances {
    private static final int PAGE_MAX = 100;

    private ListContainerInstances() {}

    public static ListContainerInstancesResponse read(
            Image image, ListContainerInstancesRequest request, Scope scope) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        Predicate<InstanceRow> filter = filter(image, request.filter());
        Page page = Page.of("ListContainerInstances " + cluster.arn(),
                image.keys(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_CLUSTER, cluster.arn()),
                arn -> {
                    InstanceRow row = image.get(EcsTables.INSTANCES, arn).orElseThrow();
                    return (request.statusAsString() == null
                            || row.instance().status().equals(request.statusAsString())) && filter.test(row);
                },
                request.nextToken(), request.maxResults(), PAGE_MAX);
        return ListContainerInstancesResponse.builder()
                .containerInstanceArns(page.keys()).nextToken(page.nextToken().orElse(null)).build();
    }

    private static Predicate<InstanceRow> filter(Image image, String text) {
        if (text == null || text.isEmpty()) {
            return row -> true;
        }
        return switch (ExpressionParser.parse(text)) {
            case ExpressionParser.Valid(var expression) ->
                    row -> expression.selects(new InstanceFacts(image, row));
            case ExpressionParser.Invalid(var reason) ->
                    throw EcsErrors.invalidParameter("Invalid filter expression: " + reason + ".");
        };
    }
}
