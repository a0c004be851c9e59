package dev.landfall.ecs.balance;

import software.amazon.awssdk.services.ecs.model.LoadBalancer;

/**
 * A port of a task's container that a target group is to have as long as the task runs.
 *
 * @param reason why it is unhealthy, in the load balancer's words; empty otherwise
 */
public record TaskTarget(
        String groupArn, String containerName, int containerPort, TargetState state, String reason) {
    /** That of a task that does not run yet. */
    public static TaskTarget of(LoadBalancer balancer) {
        return new TaskTarget(balancer.targetGroupArn(), balancer.containerName(), balancer.containerPort(),
                TargetState.WAITING, "");
    }

    public TaskTarget with(TargetState next, String nextReason) {
        return new TaskTarget(groupArn, containerName, containerPort, next, nextReason);
    }

    public boolean healthy() {
        return state == TargetState.HEALTHY;
    }

    public boolean unhealthy() {
        return state == TargetState.UNHEALTHY;
    }

    public boolean gone() {
        return state == TargetState.GONE;
    }

    /** Whether both are for the same port of the same container in the same target group. */
    boolean same(TaskTarget other) {
        return groupArn.equals(other.groupArn) && containerName.equals(other.containerName)
                && containerPort == other.containerPort;
    }
}
