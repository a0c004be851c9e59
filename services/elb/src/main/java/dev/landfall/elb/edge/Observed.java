package dev.landfall.elb.edge;

import dev.landfall.elb.ElbTables;
import dev.landfall.elb.target.TargetRow;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.state.Image;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * What data planes see: the health of targets, and listeners that they cannot open. Not journaled, as it is all
 * reported anew after a restart; no decision is made from it. Safe for any thread.
 *
 * <p>A target that is registered anew is another one, though it has the same key: containers get the addresses of those
 * before them. What a data plane says of it counts from the version on in which it was told of it, as what is said with
 * an older one is about its predecessor.
 */
public final class Observed {
    /** No data plane has been told yet. */
    private static final long UNTOLD = Long.MAX_VALUE;

    private final Map<String, EdgeReport.TargetHealth> health = new HashMap<>();

    /** By target: the version in which it was told. Those that were registered before this process are not here. */
    private final Map<String, Long> toldIn = new HashMap<>();

    /** By data plane, and by listener. */
    private final Map<EdgeConnection, Map<String, String>> failures = new HashMap<>();

    /** Takes a report; targets that are not registered are left out. The groups of those whose health is another. */
    synchronized SortedSet<String> note(EdgeReport.Health report, Supplier<Image> newest) {
        var changed = new TreeSet<String>();
        Image image = newest.get();     // under the lock: what is gone later is forgotten later
        for (EdgeReport.TargetHealth target : report.targets()) {
            String key = TargetRow.key(target.targetGroupArn(), target.id(), target.port());
            if (Snapshots.hasTarget(image, key)
                    && report.version() >= toldIn.getOrDefault(key, report.version())) {
                EdgeReport.TargetHealth before = health.put(key, target);
                if (before == null || before.state() != target.state()) {
                    changed.add(target.targetGroupArn());
                }
            }
        }
        return changed;
    }

    synchronized void note(EdgeConnection from, EdgeReport.Listeners report, Image image) {
        var failed = new HashMap<String, String>();
        for (EdgeReport.Listeners.Failure failure : report.failures()) {
            if (failure.listenerArn() != null && image.get(ElbTables.LISTENERS, failure.listenerArn()).isPresent()) {
                failed.put(failure.listenerArn(), "The listener cannot be opened at " + failure.address() + ":"
                        + failure.port() + ": " + failure.reason());
            }
        }
        failures.put(from, failed);
    }

    /** A data plane has gone: what it could not open, nobody tries to open any more. */
    synchronized void forget(EdgeConnection gone) {
        failures.remove(gone);
    }

    /** A target is gone, or new. */
    synchronized void changed(String targetKey) {
        health.remove(targetKey);
        toldIn.put(targetKey, UNTOLD);
    }

    /**
     * Data planes are about to be told of these targets. To be called before the image is read that they are told: a
     * target that changes after that is untold again.
     */
    synchronized void telling(SortedSet<String> targetKeys, long version) {
        targetKeys.forEach(key -> toldIn.put(key, version));
    }

    /** Nobody checks the targets of a group that no load balancer routes to: what was seen of them grows old. */
    synchronized void unused(String groupArn) {
        health.keySet().removeIf(key -> key.startsWith(ElbTables.targetsPrefix(groupArn)));
    }

    /** Data planes have been told that these are gone. */
    synchronized void told(SortedSet<String> goneKeys, long version) {
        goneKeys.forEach(key -> toldIn.remove(key, version));
    }

    /** The newest health of the target with that {@link TargetRow#key}. */
    public synchronized Optional<EdgeReport.TargetHealth> health(String targetKey) {
        return Optional.ofNullable(health.get(targetKey));
    }

    /** Why a data plane cannot open a listener; empty if all can, or if none has tried. */
    public synchronized Optional<String> failure(String listenerArn) {
        return failures.values().stream().flatMap(each -> Optional.ofNullable(each.get(listenerArn)).stream())
                .findFirst();
    }
}
