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
        Candidates candidates = candidates(image, request, scope, cluster, desired);
        Page page = Page.of("ListTasks " + cluster.arn(), after -> candidates.behind(after)
                        .filter(row -> desired.equals(row.task().desiredStatus()) && passes(row, request, instanceArn))
                        .map(TaskRow::arn),
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

    /** Tasks that may be asked for, in the order of their ARNs. */
    @FunctionalInterface
    private interface Candidates {
        /** @param arn any text; the empty one is before all */
        Stream<TaskRow> behind(String arn);
    }

    private static Candidates candidates(
            Image image, ListTasksRequest request, Scope scope, ClusterRow cluster, String desired) {
        if (request.serviceName() != null) {
            String serviceArn = Services.require(image, scope, cluster, request.serviceName()).arn();
            return of(image, image.keys(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, serviceArn + '|' + desired));
        }
        if (desired.equals("STOPPED")) {
            return of(image, image.keys(EcsTables.TASKS, EcsTables.TASKS_TO_STOP, cluster.arn()));
        }
        if (request.containerInstance() != null) {
            String instanceArn = Instances.require(image, scope, cluster, request.containerInstance()).arn();
            return of(image, image.keys(EcsTables.TASKS, EcsTables.TASKS_BY_INSTANCE, instanceArn));
        }
        String prefix = scope.arn("task/" + cluster.cluster().clusterName() + "/");
        return arn -> image.after(EcsTables.TASKS, arn.compareTo(prefix) < 0 ? prefix : arn)
                .values().stream().takeWhile(row -> row.arn().startsWith(prefix));
    }

    private static Candidates of(Image image, SortedSet<String> arns) {
        return arn -> (arn.isEmpty() ? arns : arns.tailSet(arn + '\0')).stream()
                .map(each -> image.get(EcsTables.TASKS, each).orElseThrow());
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
