package dev.landfall.ecs.task;

import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A task as the API shows it and what only the scheduler knows of it. Texts that do not apply are empty.
 *
 * @param task without {@code containerInstanceArn} for managed capacity, as on Fargate; tags are kept in it
 * @param instanceArn where it was placed, managed or not
 * @param serviceArn the service that started it
 * @param deploymentId the service's deployment that started it
 * @param address its IPv4 address in awsvpc mode
 * @param healthChecked whether an essential container has a health check; without one the health stays UNKNOWN
 */
public record TaskRow(
        Task task,
        String instanceArn,
        String serviceArn,
        String deploymentId,
        String address,
        boolean healthChecked) {
    public String arn() {
        return task.taskArn();
    }

    public TaskRow with(Task next) {
        return new TaskRow(next, instanceArn, serviceArn, deploymentId, address, healthChecked);
    }

    public boolean stopped() {
        return "STOPPED".equals(task.lastStatus());
    }

    public boolean running() {
        return "RUNNING".equals(task.lastStatus());
    }

    /** Running, and failing its health checks; their report may come before the one that it runs. */
    public boolean unhealthy() {
        return running() && task.healthStatus() == HealthStatus.UNHEALTHY;
    }

    /** Running, and where there are health checks they pass. */
    public boolean healthy() {
        return running() && !unhealthy() && (!healthChecked || task.healthStatus() == HealthStatus.HEALTHY);
    }

    /** Whether it runs or is on its way to run. */
    public boolean wanted() {
        return "RUNNING".equals(task.desiredStatus());
    }
}
