package dev.landfall.ecs.taskset;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.EcsTables.Phase;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Context;
import dev.landfall.state.Image;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.Scale;
import software.amazon.awssdk.services.ecs.model.ScaleUnit;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.StabilityStatus;
import software.amazon.awssdk.services.ecs.model.TaskSet;

/** Looks task sets up, counts their tasks, and works out how many they should have. */
public final class TaskSets {
    private static final Pattern ID = Pattern.compile("ecs-svc/[0-9]{1,20}");

    private TaskSets() {}

    /** A service's task sets, oldest first; also those that are draining. */
    public static List<TaskSetRow> of(Image image, String serviceArn) {
        return image.find(EcsTables.TASK_SETS, EcsTables.TASK_SETS_BY_SERVICE, serviceArn).stream()
                .sorted(Comparator.comparing((TaskSetRow row) -> row.taskSet().createdAt())
                        .thenComparing(row -> row.taskSet().id()))
                .toList();
    }

    /** The task set whose id stands in its tasks as the deployment that started them. */
    public static Optional<TaskSetRow> of(Image image, String serviceArn, String id) {
        return image.get(EcsTables.TASK_SETS, arn(serviceArn, id));
    }

    /**
     * The task set named by its id or ARN in a service.
     *
     * @param idOrArn what the caller sent
     * @throws software.amazon.awssdk.services.ecs.model.InvalidParameterException for what can name no task set
     */
    static Optional<TaskSetRow> find(Image image, ServiceRow service, String idOrArn) {
        return image.get(EcsTables.TASK_SETS, arnOf(service, idOrArn))
                .filter(row -> row.taskSet().serviceArn().equals(service.arn()));
    }

    /** The task set, which must be there. */
    static TaskSetRow require(Image image, ServiceRow service, String idOrArn) {
        if (idOrArn == null || idOrArn.isBlank()) {
            throw EcsErrors.invalidParameter("TaskSet can not be blank.");
        }
        return find(image, service, idOrArn).orElseThrow(EcsErrors::taskSetNotFound);
    }

    /** {@code arn:aws:ecs:REGION:ACCOUNT:task-set/CLUSTER/SERVICE/ecs-svc/NUMBER}. */
    static String arnOf(ServiceRow service, String idOrArn) {
        boolean arn = idOrArn.startsWith("arn:") && idOrArn.contains(":task-set/");
        if (!arn && !ID.matcher(idOrArn).matches()) {
            throw EcsErrors.invalidParameter("Task Set Identifier is invalid");
        }
        return arn ? idOrArn : arn(service.arn(), idOrArn);
    }

    static String arn(String serviceArn, String id) {
        String[] parts = serviceArn.split(":", 6);
        return Scope.of(serviceArn).arn("task-set" + parts[5].substring(parts[5].indexOf('/')) + "/" + id);
    }

    /** A share of the service's desired count, rounded up; nothing once the set is being deleted. */
    public static int desiredCount(TaskSet taskSet, int serviceDesired) {
        if (TaskSetStatus.DRAINING.name().equals(taskSet.status())) {
            return 0;
        }
        return BigDecimal.valueOf(taskSet.scale().value())
                .multiply(BigDecimal.valueOf(serviceDesired))
                .divide(BigDecimal.valueOf(100), 0, RoundingMode.CEILING)
                .intValueExact();
    }

    /** A new PRIMARY set of all of a service's tasks, made of what the service says. */
    public static TaskSetRow first(Service service, String id, Context context) {
        return new TaskSetRow(begun(service.serviceArn(), id, context)
                .clusterArn(service.clusterArn())
                .status(TaskSetStatus.PRIMARY.name())
                .taskDefinition(service.taskDefinition())
                .launchType(service.launchType())
                .capacityProviderStrategy(service.capacityProviderStrategy())
                .platformVersion(service.platformVersion())
                .platformFamily(service.platformFamily())
                .networkConfiguration(service.networkConfiguration())
                .loadBalancers(service.loadBalancers())
                .serviceRegistries(service.serviceRegistries())
                .scale(Scale.builder().value(100.0).unit(ScaleUnit.PERCENT).build())
                .tags(List.of())
                .build(), 0, Instant.EPOCH, "", "");
    }

    /** What every new set begins with. */
    static TaskSet.Builder begun(String serviceArn, String id, Context context) {
        return TaskSet.builder()
                .id(id)
                .taskSetArn(arn(serviceArn, id))
                .serviceArn(serviceArn)
                .computedDesiredCount(0)
                .createdAt(context.now())
                .updatedAt(context.now())
                .stabilityStatus(StabilityStatus.STABILIZING)
                .stabilityStatusAt(context.now());
    }

    /** The set as it is when something was asked of it that the scheduler has yet to bring about. */
    public static TaskSetRow stabilizing(TaskSetRow row, Context context) {
        return row.taskSet().stabilityStatus() == StabilityStatus.STABILIZING ? row
                : row.with(row.taskSet().toBuilder().stabilityStatus(StabilityStatus.STABILIZING)
                        .stabilityStatusAt(context.now()).build());
    }

    /** The set as it is once its deletion was asked for. */
    public static TaskSetRow draining(TaskSetRow row, Context context) {
        return stabilizing(row, context).withStatus(TaskSetStatus.DRAINING, context.now());
    }

    /** The task set as the API shows it, with its tags. */
    public static TaskSet describe(Image image, TaskSetRow row) {
        TaskSet taskSet = row.taskSet();
        return taskSet.toBuilder()
                .pendingCount(count(image, taskSet, Phase.STARTING))
                .runningCount(count(image, taskSet, Phase.RUNNING)
                        + count(image, taskSet, Phase.HEALTHY)
                        + count(image, taskSet, Phase.UNHEALTHY))
                .build();
    }

    /** How many of the set's tasks are so far; costs the same however many they are. */
    public static int count(Image image, TaskSet taskSet, Phase phase) {
        return image.count(EcsTables.TASKS, EcsTables.TASKS_BY_PHASE,
                EcsTables.phaseKey(taskSet.serviceArn(), taskSet.id(), phase));
    }

    /** The set's tasks that run or are on their way to. */
    public static List<TaskRow> live(Image image, TaskSet taskSet) {
        return image.find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, taskSet.serviceArn() + "|RUNNING").stream()
                .filter(task -> task.deploymentId().equals(taskSet.id()))
                .toList();
    }

    /** Whether tasks of the set run, or have not stopped yet. */
    public static boolean inUse(Image image, TaskSet taskSet) {
        return Arrays.stream(Phase.values()).anyMatch(phase -> count(image, taskSet, phase) > 0)
                || image.count(EcsTables.TASKS, EcsTables.TASKS_STOPPING,
                        EcsTables.deploymentKey(taskSet.serviceArn(), taskSet.id())) > 0;
    }
}
