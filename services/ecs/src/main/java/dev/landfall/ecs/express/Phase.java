package dev.landfall.ecs.express;

/** How far the infrastructure of an Express service has come. */
public enum Phase {
    /** It is being made; no task is started before it is there. */
    PROVISIONING,
    SETTLED,
    /** It is there, and the health check of the revision that is deployed is not as it is to be. */
    UPDATING,
    /** Tasks end, and need it as long. */
    DRAINING,
    /** No task is left, and it is being removed. */
    DISMANTLING,
    GONE
}
