package dev.landfall.protocol.edge;

import java.util.List;

/**
 * A rule of a listener: all conditions must hold. Rules of TCP, TLS and UDP listeners forward and nothing else.
 *
 * @param priority 1 to 50,000, for the access log; 0 for the default rule
 */
public record Rule(String arn, int priority, List<Condition> conditions, List<Transform> transforms, Action action) {
    public Rule {
        Checks.present(arn, "arn");
        conditions = Checks.list(conditions);
        transforms = Checks.list(transforms);
        Checks.present(action, "action");
    }

    /** A rule whose priority nobody asks for. */
    public Rule(String arn, List<Condition> conditions, List<Transform> transforms, Action action) {
        this(arn, 0, conditions, transforms, action);
    }
}
