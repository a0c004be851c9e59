package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.capacity.CapacityProviders;
import software.amazon.awssdk.services.ecs.model.LaunchType;

/**
 * Where a task is to run: on managed capacity, as on Fargate, or on the cluster's own container instances.
 *
 * @param capacityProvider the provider that was chosen, or empty
 */
public record Launch(LaunchType type, String capacityProvider) {
    public static final String FARGATE = "FARGATE";
    public static final String FARGATE_SPOT = "FARGATE_SPOT";

    public static Launch of(LaunchType type) {
        return new Launch(type, type == LaunchType.FARGATE ? FARGATE : "");
    }

    public static Launch by(String capacityProvider) {
        return new Launch(managed(capacityProvider) ? LaunchType.FARGATE : LaunchType.EC2, capacityProvider);
    }

    /** The pool of instances that may take the task. A launch type takes all of the cluster's, as in ECS. */
    public String pool(String clusterArn) {
        return managed() ? EcsTables.MANAGED : ofGroup() ? EcsTables.poolKey(clusterArn, capacityProvider) : clusterArn;
    }

    /** Whether it goes to a provider of an Auto Scaling group; {@code EC2} stands for all of the cluster. */
    public boolean ofGroup() {
        return !managed() && !capacityProvider.isEmpty() && !capacityProvider.equals(CapacityProviders.EC2);
    }

    /** What ECS says where there is no instance to choose from. */
    public String noInstances() {
        return "No Container Instances were found in your " + (ofGroup() ? "capacity provider." : "cluster.");
    }

    public boolean managed() {
        return type == LaunchType.FARGATE;
    }

    public static boolean managed(String capacityProvider) {
        return capacityProvider.equals(FARGATE) || capacityProvider.equals(FARGATE_SPOT);
    }
}
