package dev.landfall.edge.health;

import dev.landfall.protocol.edge.EdgeReport.State;

/**
 * What the health checks of a target have come to so far. Immutable: {@link #after} is the whole transition table.
 *
 * <p>A new target is healthy after its first success ("it must pass one health check to be considered healthy"); later
 * it takes as many in a row as the thresholds say, either way.
 *
 * @param streak checks in a row that disagree with the state
 */
public record Standing(State state, int streak, String reason, String description) {
    public static final Standing REGISTERING =
            new Standing(State.INITIAL, 0, "Elb.RegistrationInProgress", "Target registration is in progress");
    public static final Standing INITIAL =
            new Standing(State.INITIAL, 0, "Elb.InitialHealthChecking", "Initial health checks in progress");
    public static final Standing UNUSED = new Standing(State.UNUSED, 0, "Target.NotInUse",
            "Target group is not configured to receive traffic from the load balancer");
    public static final Standing UNCHECKED =
            new Standing(State.UNAVAILABLE, 0, "Target.HealthCheckDisabled", "Health checks are disabled");
    /** Of a target that cannot be asked, as its address or the port of its checks is none. */
    public static final Standing UNUSABLE = new Standing(
            State.UNHEALTHY, 0, "Elb.InternalError", "The health checks failed due to an internal error");
    public static final Standing DRAINING = new Standing(
            State.DRAINING, 0, "Target.DeregistrationInProgress", "Target deregistration is in progress");
    private static final Standing HEALTHY = new Standing(State.HEALTHY, 0, "", "");

    /** The next standing, after one more check. */
    public Standing after(Outcome outcome, int healthyThreshold, int unhealthyThreshold) {
        return switch (outcome) {
            case Outcome.Passed passed -> switch (state) {
                case INITIAL, HEALTHY -> HEALTHY;
                case UNHEALTHY -> streak + 1 >= healthyThreshold ? HEALTHY
                        : new Standing(State.UNHEALTHY, streak + 1, reason, description);
                case UNHEALTHY_DRAINING, UNUSED, DRAINING, UNAVAILABLE -> this;
            };
            case Outcome.Failed(var why, var text) -> switch (state) {
                case INITIAL, HEALTHY -> streak + 1 >= unhealthyThreshold
                        ? new Standing(State.UNHEALTHY, 0, why, text)
                        : new Standing(state, streak + 1, reason, description);
                case UNHEALTHY -> new Standing(State.UNHEALTHY, 0, why, text);
                case UNHEALTHY_DRAINING, UNUSED, DRAINING, UNAVAILABLE -> this;
            };
        };
    }
}
