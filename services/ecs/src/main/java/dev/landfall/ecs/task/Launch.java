package dev.landfall.ecs.task;

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

    public boolean managed() {
        return type == LaunchType.FARGATE;
    }

    public static boolean managed(String capacityProvider) {
        return capacityProvider.equals(FARGATE) || capacityProvider.equals(FARGATE_SPOT);
    }
}
