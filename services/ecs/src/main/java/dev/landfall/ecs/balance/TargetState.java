package dev.landfall.ecs.balance;

/** How far one of a task's targets has come, as far as it was seen; what is GONE does not come back. */
public enum TargetState {
    /** Not registered, or nobody has seen yet that it is. */
    WAITING,
    /** Registered, and not known to be either healthy or not. */
    REGISTERED,
    HEALTHY,
    UNHEALTHY,
    /** Deregistered; what is under way there goes on until the target group's deregistration delay is over. */
    DRAINING,
    GONE
}
