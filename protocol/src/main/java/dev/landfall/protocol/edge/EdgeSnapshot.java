package dev.landfall.protocol.edge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Everything a data plane needs to carry traffic, at one moment. Immutable. Names and values are those of the Elastic
 * Load Balancing API ({@code elasticloadbalancing-2015-12-01}), verbatim. A forward to a target group that is not here
 * is one without targets.
 *
 * @param version grows with every change; a data plane ignores changes that are older than what it has
 */
public record EdgeSnapshot(long version, List<Balancer> balancers, List<TargetGroup> targetGroups) {
    /** What a data plane serves that has never been told anything. */
    public static final EdgeSnapshot EMPTY = new EdgeSnapshot(0, List.of(), List.of());

    public EdgeSnapshot {
        balancers = Checks.list(balancers);
        targetGroups = Checks.list(targetGroups);
        Checks.that(version >= 0, "version", version);
        distinct(balancers, Balancer::arn);
        distinct(targetGroups, TargetGroup::arn);
    }

    /** What a change makes of this: in place what was there, at the end what is new. */
    public EdgeSnapshot with(EdgeUpdate update) {
        return new EdgeSnapshot(update.version(),
                merge(balancers, update.balancers(), update.removedBalancerArns(), Balancer::arn),
                merge(targetGroups, update.targetGroups(), update.removedTargetGroupArns(), TargetGroup::arn));
    }

    private static <T> List<T> merge(List<T> old, List<T> changed, List<String> removed, Function<T, String> key) {
        if (changed.isEmpty() && removed.isEmpty()) {
            return old;
        }
        Map<String, T> fresh = new HashMap<>();
        changed.forEach(item -> fresh.put(key.apply(item), item));
        var gone = new HashSet<>(removed);
        var merged = new ArrayList<T>(old.size() + changed.size());
        for (T item : old) {
            T replacement = fresh.remove(key.apply(item));
            if (replacement != null) {
                merged.add(replacement);
            } else if (!gone.contains(key.apply(item))) {
                merged.add(item);
            }
        }
        changed.stream().filter(item -> fresh.containsKey(key.apply(item))).forEach(merged::add);
        return List.copyOf(merged);
    }

    private static <T> void distinct(List<T> items, Function<T, String> key) {
        var seen = new HashSet<String>();
        items.forEach(item -> Checks.that(seen.add(key.apply(item)), "twice", key.apply(item)));
    }
}
