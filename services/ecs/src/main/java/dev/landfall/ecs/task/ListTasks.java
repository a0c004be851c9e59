package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Page;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.ecs.instance.Instances;
import dev.landfall.ecs.service.Services;
import dev.landfall.state.Image;
import java.util.Objects;
import java.util.SortedSet;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;

/** Lists the ARNs of a cluster's tasks by the filters given; without a desired status those that should run. */
public final class ListTasks {
    private static final int PAGE_MAX = 100;

    private ListTasks() {}

    public static ListTasksResponse read(Image image, ListTasksRequest request, Scope scope) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        requireFilters(request);
        if (request.desiredStatus() == DesiredStatus.UNKNOWN_TO_SDK_VERSION) {
            throw EcsErrors.invalidParameter("desiredStatus must be one of RUNNING, PENDING, STOPPED.");
        }
        String desired = request.desiredStatus() == null ? "RUNNING" : request.desiredStatusAsString();
        String instanceArn = request.containerInstance() == null ? null
                : Instances.require(image, scope, cluster, request.containerInstance()).arn();
        Page page = Page.of("ListTasks " + cluster.arn(), candidates(image, request, scope, cluster, desired),
                arn -> passes(image.get(EcsTables.TASKS, arn).orElseThrow(), request, instanceArn),
                request.nextToken(), request.maxResults(), PAGE_MAX);
        return ListTasksResponse.builder().taskArns(page.keys()).nextToken(page.nextToken().orElse(null)).build();
    }

    /**
     * "When you specify startedBy as the filter, it must be the only filter that you use" (ECS API Reference,
     * ListTasks). The desired status says which tasks are listed at all, and goes with every filter.
     */
    private static void requireFilters(ListTasksRequest request) {
        boolean others = Stream.of(request.family(), request.serviceName(), request.containerInstance(),
                request.launchType()).anyMatch(Objects::nonNull);
        if (request.startedBy() != null && others) {
            throw EcsErrors.invalidParameter("When you specify startedBy as the filter, it must be the only filter "
                    + "that you use.");
        }
        if (request.serviceName() != null && request.family() != null) {
            throw EcsErrors.invalidParameter("Cannot specify serviceName together with family.");
        }
    }

    private static SortedSet<String> candidates(
            Image image, ListTasksRequest request, Scope scope, ClusterRow cluster, String desired) {
        if (request.serviceName() == null) {
            return image.keys(EcsTables.TASKS, EcsTables.TASKS_BY_CLUSTER, cluster.arn() + '|' + desired);
        }
        String serviceArn = Services.require(image, scope, cluster, request.serviceName()).arn();
        return image.keys(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, serviceArn + '|' + desired);
    }

    private static boolean passes(TaskRow row, ListTasksRequest request, String instanceArn) {
        return (request.family() == null || family(row).equals(request.family()))
                && (request.startedBy() == null || request.startedBy().equals(row.task().startedBy()))
                && (request.launchType() == null || request.launchType() == row.task().launchType())
                && (instanceArn == null || instanceArn.equals(row.instanceArn()));
    }

    private static String family(TaskRow row) {
        String arn = row.task().taskDefinitionArn();
        return arn.substring(arn.indexOf('/') + 1, arn.lastIndexOf(':'));
    }
}
