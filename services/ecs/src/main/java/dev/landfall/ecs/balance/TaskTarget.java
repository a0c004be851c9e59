package dev.landfall.ecs.balance;

import dev.landfall.ecs.Scope;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;

/**
 * A port of a task's container that a target group is to have as long as the task runs; or the task's instance, if it
 * is a Classic Load Balancer that is to have it.
 *
 * @param groupArn the target group's, or the Classic Load Balancer's
 * @param reason why it is unhealthy, in the load balancer's words; empty otherwise
 */
public record TaskTarget(
        String groupArn, String containerName, int containerPort, TargetState state, String reason) {
    /** That of a task that does not run yet, in the scope of the load balancer. */
    public static TaskTarget of(LoadBalancer balancer, Scope scope) {
        String arn = balancer.targetGroupArn() == null || balancer.targetGroupArn().isEmpty()
                ? ClassicName.arn(balancer.loadBalancerName(), scope) : balancer.targetGroupArn();
        return new TaskTarget(arn, balancer.containerName(), balancer.containerPort(),
                TargetState.WAITING, "");
    }

    public TaskTarget with(TargetState next, String nextReason) {
        return new TaskTarget(groupArn, containerName, containerPort, next, nextReason);
    }

    /** Whether it is the task's whole instance, behind a Classic Load Balancer. */
    public boolean classic() {
        return ClassicName.of(groupArn).isPresent();
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
