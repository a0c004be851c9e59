package dev.landfall.elb.edge;

import dev.landfall.elb.ElbTables;
import dev.landfall.elb.target.TargetRow;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.state.Image;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What data planes see: the health of targets, and listeners that they cannot open. Not journaled, as it is all
 * reported anew after a restart; no decision is made from it. Safe for any thread.
 */
public final class Observed {
    private final ConcurrentHashMap<String, EdgeReport.TargetHealth> health = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, String> failures = new ConcurrentHashMap<>();

    /** Takes a report; targets that are not registered, as {@code image} knows them, are left out. */
    void note(EdgeReport.Health report, Image image) {
        for (EdgeReport.TargetHealth target : report.targets()) {
            String key = TargetRow.key(target.targetGroupArn(), target.id(), target.port());
            if (image.get(ElbTables.TARGETS, key).isPresent() || ClassicShapes.isRegistered(
                    image, target.targetGroupArn(), target.id(), target.port())) {
                health.put(key, target);
            }
        }
    }

    void note(EdgeReport.Listeners report, Image image) {
        failures.clear();
        for (EdgeReport.Listeners.Failure failure : report.failures()) {
            if (failure.listenerArn() != null && image.get(ElbTables.LISTENERS, failure.listenerArn()).isPresent()) {
                failures.put(failure.listenerArn(), "The listener cannot be opened at " + failure.address() + ":"
                        + failure.port() + ": " + failure.reason());
            }
        }
    }

    /** A target is gone, or new. */
    void forget(String targetKey) {
        health.remove(targetKey);
    }

    /** The newest health of the target with that {@link TargetRow#key}. */
    public Optional<EdgeReport.TargetHealth> health(String targetKey) {
        return Optional.ofNullable(health.get(targetKey));
    }

    /** Why a listener cannot be opened; empty if it can, or if nobody has tried. */
    public Optional<String> failure(String listenerArn) {
        return Optional.ofNullable(failures.get(listenerArn));
    }
}
