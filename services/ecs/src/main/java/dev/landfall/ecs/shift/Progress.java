package dev.landfall.ecs.shift;

import java.time.Instant;

/**
 * Where a shift stands.
 *
 * @param step how many steps of production traffic have been taken, the one that is being taken included
 * @param tested whether green has the test traffic, or is getting it
 * @param since when the stage began
 * @param arrived when all that the stage does was done and its hooks began; the epoch until then
 * @param trafficSeen whether the load balancers were seen to send traffic where this stage wants it
 * @param refusal why the load balancers cannot do so; empty if they can, or nobody knows yet
 */
public record Progress(
        Stage stage, int step, boolean tested, Instant since, Instant arrived, boolean trafficSeen, String refusal) {

    public static Progress begun(Stage stage, Instant now) {
        return new Progress(stage, 0, false, now, Instant.EPOCH, false, "");
    }

    /** The beginning of another stage. */
    Progress at(Stage next, Instant now) {
        return new Progress(next, step + (next == Stage.PRODUCTION_TRAFFIC_SHIFT ? 1 : 0),
                next == Stage.TEST_TRAFFIC_SHIFT || tested && next != Stage.TEST_TRAFFIC_BACK, now, Instant.EPOCH,
                false, "");
    }

    /** The beginning of the way back. */
    Progress back(Instant now) {
        return new Progress(Stage.PRODUCTION_TRAFFIC_BACK, 0, tested, now, Instant.EPOCH, false, "");
    }

    Progress halted(Instant now) {
        return new Progress(Stage.HALTED, step, tested, now, Instant.EPOCH, false, "");
    }

    public Progress withArrived(Instant now) {
        return new Progress(stage, step, tested, since, now, trafficSeen, refusal);
    }

    Progress withTrafficSeen() {
        return new Progress(stage, step, tested, since, arrived, true, "");
    }

    Progress withRefusal(String why) {
        return new Progress(stage, step, tested, since, arrived, trafficSeen, why);
    }

    public boolean hasArrived() {
        return !arrived.equals(Instant.EPOCH);
    }

    /** Whether both are the same visit of the same stage. */
    boolean same(Progress other) {
        return stage == other.stage && step == other.step && since.equals(other.since);
    }
}
