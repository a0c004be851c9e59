package dev.landfall.ecs;

/**
 * AWS's default quotas for what an account may have of a thing (AWS General Reference, Amazon ECS endpoints and
 * quotas). Those that belong to one rule stand with it.
 */
public final class Quotas {
    public static final int CLUSTERS_PER_ACCOUNT = 10_000;
    public static final int SERVICES_PER_CLUSTER = 5_000;
    public static final int CONTAINER_INSTANCES_PER_CLUSTER = 5_000;

    private Quotas() {}

    /**
     * That there may be one more.
     *
     * @param what such as "services per cluster"
     * @throws software.amazon.awssdk.services.ecs.model.ClientException if not
     */
    public static void requireRoom(int count, int max, String what) {
        if (count >= max) {
            throw EcsErrors.client("The maximum number of " + what + " has been reached: " + max + ".");
        }
    }
}
