package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.EcsTables.Phase;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.taskset.TaskSets;
import dev.landfall.state.Context;
import dev.landfall.state.Image;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceCurrentRevisionSummary;
import software.amazon.awssdk.services.ecs.model.TaskSet;

/** Looks services up and completes them with what is counted. */
public final class Services {
    private static final BigInteger ID_RANGE = BigInteger.TEN.pow(19);

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

    /** The id of a new deployment or task set, {@code ecs-svc/} and nineteen digits. */
    public static String deploymentId(Context context) {
        return "ecs-svc/" + "%019d".formatted(new BigInteger(context.ids().next(), 16).mod(ID_RANGE));
    }

    /** The tasks that run for the service or are on their way to. */
    static List<TaskRow> live(Image image, String serviceArn) {
        return image.find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, serviceArn + "|RUNNING");
    }

    /** The service as the API shows it. */
    public static Service describe(Image image, ServiceRow row) {
        if (row.usesTaskSets()) {
            List<TaskSet> taskSets = TaskSets.of(image, row.arn()).stream()
                    .map(each -> TaskSets.describe(image, each)).toList();
            return row.service().toBuilder()
                    .events(row.events())
                    .resourceManagementType(ManagedService.type(row.service()))
                    .runningCount(taskSets.stream().mapToInt(TaskSet::runningCount).sum())
                    .pendingCount(taskSets.stream().mapToInt(TaskSet::pendingCount).sum())
                    .taskSets(taskSets)
                    .build();
        }
        List<Deployment> deployments = row.service().deployments().stream()
                .map(each -> counted(image, row, each)).toList();
        return row.service().toBuilder()
                .events(row.events())
                .resourceManagementType(ManagedService.type(row.service()))
                .runningCount(deployments.stream().mapToInt(Deployment::runningCount).sum())
                .pendingCount(deployments.stream().mapToInt(Deployment::pendingCount).sum())
                .deployments(deployments)
                .currentServiceRevisions(revisions(row, deployments))
                .build();
    }

    private static Deployment counted(Image image, ServiceRow row, Deployment deployment) {
        return deployment.toBuilder()
                .runningCount(running(image, row, deployment))
                .pendingCount(pending(image, row, deployment))
                .build();
    }

    /** The revisions that have tasks, or are to have some. */
    private static List<ServiceCurrentRevisionSummary> revisions(ServiceRow row, List<Deployment> deployments) {
        return deployments.stream()
                .filter(each -> "PRIMARY".equals(each.status()) || each.runningCount() + each.pendingCount() > 0)
                .map(each -> ServiceCurrentRevisionSummary.builder()
                        .arn(ServiceDeployments.revisionArn(row.arn(), each))
                        .requestedTaskCount("PRIMARY".equals(each.status()) ? row.service().desiredCount()
                                : each.runningCount() + each.pendingCount())
                        .runningTaskCount(each.runningCount())
                        .pendingTaskCount(each.pendingCount())
                        .build())
                .toList();
    }

    /** How many of the deployment's tasks run; costs the same however many they are. */
    public static int running(Image image, ServiceRow row, Deployment deployment) {
        return count(image, row, deployment, Phase.RUNNING) + count(image, row, deployment, Phase.HEALTHY)
                + count(image, row, deployment, Phase.UNHEALTHY);
    }

    /** How many of the deployment's tasks are on their way to run. */
    public static int pending(Image image, ServiceRow row, Deployment deployment) {
        return count(image, row, deployment, Phase.STARTING);
    }

    /** How many of the deployment's tasks are so far; costs the same however many they are. */
    static int count(Image image, ServiceRow row, Deployment deployment, Phase phase) {
        return image.count(EcsTables.TASKS, EcsTables.TASKS_BY_PHASE,
                EcsTables.phaseKey(row.arn(), deployment.id(), phase));
    }

    /** Whether tasks of the deployment run, or are on their way to. */
    public static boolean inUse(Image image, ServiceRow row, Deployment deployment) {
        return Arrays.stream(Phase.values()).anyMatch(phase -> count(image, row, deployment, phase) > 0);
    }
}
