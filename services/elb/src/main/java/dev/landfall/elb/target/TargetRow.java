package dev.landfall.elb.target;

import dev.landfall.elb.ElbTables;
import java.time.Instant;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;

/**
 * A registered target as it is stored; also one that drains. Its deregistration delay begins when all data planes know
 * that it drains: whom a data plane has sent there before has the whole delay too.
 *
 * @param target always with a port
 * @param drainingSince when it was deregistered; {@link #NOT_DRAINING} if it was not
 * @param drainingUntil when it will have drained; {@link #NOT_DRAINING} as long as its delay has not begun
 */
public record TargetRow(String groupArn, TargetDescription target, Instant registeredAt, Instant drainingSince,
        Instant drainingUntil) {
    public static final Instant NOT_DRAINING = Instant.EPOCH;

    /** One that has just been registered. */
    public static TargetRow registered(String groupArn, TargetDescription target, Instant now) {
        return new TargetRow(groupArn, target, now, NOT_DRAINING, NOT_DRAINING);
    }

    public String key() {
        return key(groupArn, target.id(), target.port());
    }

    public static String key(String groupArn, String id, int port) {
        return ElbTables.targetsPrefix(groupArn) + id + '|' + port;
    }

    public boolean draining() {
        return !drainingSince.equals(NOT_DRAINING);
    }

    public TargetRow deregistered(Instant now) {
        return new TargetRow(groupArn, target, registeredAt, now, NOT_DRAINING);
    }

    /** Whether its deregistration delay has begun. */
    boolean delayHasBegun() {
        return !drainingUntil.equals(NOT_DRAINING);
    }

    /** @param until when its deregistration delay, which begins now, will be over */
    public TargetRow drainingUntil(Instant until) {
        return new TargetRow(groupArn, target, registeredAt, drainingSince, until);
    }
}
