package dev.landfall.ecs.task;

import dev.landfall.ecs.balance.TargetState;
import dev.landfall.ecs.balance.TaskTarget;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/**
 * A task as the API shows it and what only the scheduler knows of it. Texts that do not apply are empty.
 *
 * @param task without {@code containerInstanceArn} for managed capacity, as on Fargate, and without what is empty but
 *         for {@link ShownTask} to show; tags are kept in it
 * @param instanceArn where it was placed, managed or not
 * @param serviceArn the service that started it
 * @param deploymentId the service's deployment that started it
 * @param address its IPv4 address in awsvpc mode
 * @param healthChecked whether an essential container has a health check; without one the health stays UNKNOWN
 * @param targets what target groups have of it, or are to have
 */
public record TaskRow(
        Task task,
        String instanceArn,
        String serviceArn,
        String deploymentId,
        String address,
        boolean healthChecked,
        List<TaskTarget> targets) {
    /** Of all tasks but those whose caller says otherwise; not stored. */
    public static final TaskOverride NOTHING_OVERRIDDEN = TaskOverride.builder().build();

    public TaskRow {
        targets = targets == null ? List.of() : List.copyOf(targets); // none in rows from before there were any
    }

    /** A task without targets. */
    public TaskRow(Task task, String instanceArn, String serviceArn, String deploymentId, String address,
            boolean healthChecked) {
        this(task, instanceArn, serviceArn, deploymentId, address, healthChecked, List.of());
    }

    public String arn() {
        return task.taskArn();
    }

    /** What the caller who started it overrides of its definition. */
    public TaskOverride overrides() {
        return task.overrides() == null ? NOTHING_OVERRIDDEN : task.overrides();
    }

    public TaskRow with(Task next) {
        return new TaskRow(next, instanceArn, serviceArn, deploymentId, address, healthChecked, targets);
    }

    public TaskRow with(List<TaskTarget> next) {
        return new TaskRow(task, instanceArn, serviceArn, deploymentId, address, healthChecked, next);
    }

    public boolean stopped() {
        return "STOPPED".equals(task.lastStatus());
    }

    public boolean running() {
        return "RUNNING".equals(task.lastStatus());
    }

    /** Running, and failing health checks; their report may come before the one that it runs. */
    public boolean unhealthy() {
        return running() && (task.healthStatus() == HealthStatus.UNHEALTHY || unhealthyTarget().isPresent());
    }

    /** Running, and where there are health checks they pass, those of all its targets too. */
    public boolean healthy() {
        return running() && !unhealthy() && (!healthChecked || task.healthStatus() == HealthStatus.HEALTHY)
                && (targets.isEmpty() || targets.stream().allMatch(TaskTarget::healthy));
    }

    /** The same task as if no health check had said yet that it fails. */
    public TaskRow undecided() {
        return with(task.toBuilder().healthStatus(HealthStatus.UNKNOWN).build())
                .with(targets.stream().map(target -> !target.unhealthy() ? target
                        : target.with(TargetState.REGISTERED, "")).toList());
    }

    /** One that fails its load balancer's health checks. */
    public Optional<TaskTarget> unhealthyTarget() {
        return targets.isEmpty() ? Optional.empty() : targets.stream().filter(TaskTarget::unhealthy).findFirst();
    }

    /** Whether a target group may have a target of it. */
    public boolean targeted() {
        return !targetGroups().isEmpty();
    }

    /** The ARNs of the target groups that may have targets of it; asked of every task that is written down. */
    public List<String> targetGroups() {
        return targets.isEmpty() ? List.of()
                : targets.stream().filter(target -> !target.gone()).map(TaskTarget::groupArn).distinct().toList();
    }

    /** Whether it is to stop, but not before its targets have drained: its agent does not hear of it until then. */
    public boolean held() {
        return !wanted() && TaskStatus.DEACTIVATING.name().equals(task.lastStatus()) && targeted();
    }

    /** Whether it runs or is on its way to run. */
    public boolean wanted() {
        return "RUNNING".equals(task.desiredStatus());
    }
}
