package dev.landfall.protocol.edge;

import java.util.List;

/** A rule of a listener: all conditions must hold. Rules of TCP, TLS and UDP listeners forward and nothing else. */
public record Rule(String arn, List<Condition> conditions, List<Transform> transforms, Action action) {
    public Rule {
        Checks.present(arn, "arn");
        conditions = Checks.list(conditions);
        transforms = Checks.list(transforms);
        Checks.present(action, "action");
    }
}
