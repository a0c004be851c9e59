package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;

/** Looks services up and completes them with what is counted. */
public final class Services {
    private Services() {}

    /** The service named by its name or ARN in a cluster, INACTIVE ones too. */
    public static Optional<ServiceRow> find(Image image, Scope scope, ClusterRow cluster, String nameOrArn) {
        return image.get(EcsTables.SERVICES, arn(scope, cluster, nameOrArn))
                .filter(row -> row.service().clusterArn().equals(cluster.arn()));
    }

    /** The service, INACTIVE ones too. */
    public static ServiceRow require(Image image, Scope scope, ClusterRow cluster, String nameOrArn) {
        if (nameOrArn == null || nameOrArn.isBlank()) {
            throw EcsErrors.invalidParameter("Service cannot be empty.");
        }
        return find(image, scope, cluster, nameOrArn).orElseThrow(EcsErrors::serviceNotFound);
    }

    public static ServiceRow requireActive(Image image, Scope scope, ClusterRow cluster, String nameOrArn) {
        ServiceRow row = require(image, scope, cluster, nameOrArn);
        if (!row.active()) {
            throw EcsErrors.serviceNotActive();
        }
        return row;
    }

    public static String arn(Scope scope, ClusterRow cluster, String nameOrArn) {
        return nameOrArn.startsWith("arn:") ? nameOrArn
                : scope.arn("service/" + cluster.cluster().clusterName() + "/" + nameOrArn);
    }

    /** The tasks that run for the service or are on their way to. */
    static List<TaskRow> live(Image image, String serviceArn) {
        return image.find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, serviceArn + "|RUNNING");
    }

    /** The service as the API shows it. */
    public static Service describe(Image image, ServiceRow row) {
        List<TaskRow> live = live(image, row.arn());
        return row.service().toBuilder()
                .events(row.events())
                .runningCount(running(live))
                .pendingCount(live.size() - running(live))
                .deployments(row.service().deployments().stream().map(each -> describe(each, live)).toList())
                .build();
    }

    private static Deployment describe(Deployment deployment, List<TaskRow> live) {
        List<TaskRow> own = live.stream().filter(task -> task.deploymentId().equals(deployment.id())).toList();
        return deployment.toBuilder()
                .runningCount(running(own)).pendingCount(own.size() - running(own)).build();
    }

    private static int running(List<TaskRow> tasks) {
        return (int) tasks.stream().filter(task -> "RUNNING".equals(task.task().lastStatus())).count();
    }
}
