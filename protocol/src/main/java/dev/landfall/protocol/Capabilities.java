package dev.landfall.protocol;

/**
 * Container instance attributes by which a Landfall agent says what it can do beyond Amazon's. Other agents lack them.
 */
public final class Capabilities {
    /** Value {@code managed}: the instance offers FARGATE and FARGATE_SPOT capacity and is not listed to users. */
    public static final String CAPACITY = "landfall.capacity";

    public static final String CAPACITY_MANAGED = "managed";

    /**
     * The IPv4 block, as {@code 10.213.0.0/20}, from which the server gives addresses to this instance's awsvpc tasks.
     * The agent chose it free of every network it saw on its host; the block's first address is the gateway.
     */
    public static final String AWSVPC_CIDR = "landfall.awsvpc-cidr";

    /** The name of the capacity provider that the instance belongs to; any agent may send it. */
    public static final String CAPACITY_PROVIDER = "landfall.capacity-provider";

    /** Value {@code spot}: the instance may be taken away at any time, with a warning. Any agent may send it. */
    public static final String CAPACITY_OPTION = "landfall.capacity-option";

    public static final String CAPACITY_OPTION_SPOT = "spot";

    /**
     * What Amazon's agent sends as {@code clientToken}, which the SDK's shape of the registration does not have: two
     * registrations under the same one are the same instance's. The server keeps it to itself.
     */
    public static final String REGISTRATION_TOKEN = "landfall.registration-token";

    /** Amazon's name for awsvpc support. */
    public static final String TASK_ENI = "ecs.capability.task-eni";

    private Capabilities() {}
}
