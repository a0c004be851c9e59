package dev.landfall.ecs.placement;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceLoad;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.placement.Verdict.Fits;
import dev.landfall.ecs.placement.Verdict.Reason;
import dev.landfall.ecs.placement.Verdict.Refused;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds the instance for a task: of those that meet all its requirements, the one that serves its placement strategies
 * best, the first strategy before the second and so on; of equals the first by {@link EcsTables#rank}, that is the one
 * with the most memory left, or, where a strategy is random, the first behind one that is drawn ({@link Cycle}). The
 * same image gives the same choice.
 *
 * <p>The cost must not grow with the cluster, nor as it fills. Where zones come first, the zones with the fewest tasks
 * are searched before the others, as any instance of theirs is better than any of the rest. {@link Search} tells how it
 * goes on within them.
 */
public final class Placement {
    /** As many refusals as anybody reads; a cluster may have thousands of instances, each with the same reason. */
    private static final int REFUSALS_MAX = 100;

    private Placement() {}

    /** The instance for the task; nothing where none takes it, which {@link #refusals} explains. */
    public static Optional<Fits> place(Image image, Wanted wanted) {
        return place(image, wanted, new Round());
    }

    /** As the other, for one task of several that one decision places. */
    public static Optional<Fits> place(Image image, Wanted wanted, Round round) {
        List<String> zones = round.zones(image, wanted);
        List<Preference> preferences = wanted.rules().preferences();
        if (preferences.isEmpty() || !preferences.getFirst().equals(Preference.SPREAD_ZONES)) {
            return best(image, wanted, zones, preferences, round);
        }
        List<Preference> rest = preferences.subList(1, preferences.size());
        for (List<String> equal : byTasks(image, wanted, zones)) {
            Optional<Fits> best = best(image, wanted, equal, rest, round);
            if (best.isPresent()) {
                return best;
            }
        }
        return Optional.empty();
    }

    /** As {@link #place}, in one zone only. */
    public static Optional<Fits> placeIn(Image image, Wanted wanted, String zone, Round round) {
        return best(image, wanted, List.of(zone), wanted.rules().preferences(), round);
    }

    /** The zones with the fewest tasks of the owner, then those with the next fewest, and so on. */
    private static Collection<List<String>> byTasks(Image image, Wanted wanted, List<String> zones) {
        var byTasks = new TreeMap<Integer, List<String>>();
        for (String zone : zones) {
            int tasks = image.count(EcsTables.TASKS, EcsTables.TASKS_BY_ZONE, wanted.owner(), zone);
            byTasks.computeIfAbsent(tasks, any -> new ArrayList<>()).add(zone);
        }
        return byTasks.values();
    }

    private static Optional<Fits> best(
            Image image, Wanted wanted, List<String> zones, List<Preference> preferences, Round round) {
        return new Search(image, wanted, zones, preferences, round).best().map(Placement::fits);
    }

    /** Why the instances of the pool refused, the roomiest first; no more than anybody reads. */
    public static List<Refused> refusals(Image image, Wanted wanted) {
        Iterator<Candidate> room = Room.all(image, wanted.pool(), Room.zones(image, wanted.pool()));
        var refused = new ArrayList<Refused>();
        while (room.hasNext() && refused.size() < REFUSALS_MAX) {
            InstanceRow row = image.get(EcsTables.INSTANCES, room.next().arn()).orElseThrow();
            if (judge(image, wanted, row) instanceof Refused refusal) {
                refused.add(refusal);
            }
        }
        return refused;
    }

    /** Whether {@code row} can take the task, and its load if it does. */
    public static Verdict judge(Image image, Wanted wanted, InstanceRow row) {
        Look look = Look.at(image, wanted, row);
        List<Reason> reasons = look.refusals();
        return reasons.isEmpty() ? fits(look) : new Refused(row, reasons.getFirst(), reasons.size());
    }

    private static Fits fits(Look look) {
        Demand demand = look.wanted().demand();
        OptionalInt offset = demand.ownAddress() ? look.offset() : OptionalInt.empty();
        String address = offset.isEmpty() ? ""
                : AddressBlock.parse(look.row().addressBlock()).address(offset.getAsInt());
        List<String> gpus = demand.gpus() == 0 ? List.of() : look.freeGpus().subList(0, demand.gpus());
        return new Fits(look.row(), with(look.load(), demand, gpus, offset), address, gpus);
    }

    private static InstanceLoad with(InstanceLoad load, Demand demand, List<String> gpus, OptionalInt offset) {
        return new InstanceLoad(load.instanceArn(), load.pool(), load.capacityProvider(), load.zone(), load.open(),
                load.tasks() + 1,
                load.cpu() + demand.cpu(), load.cpuLeft() - demand.cpu(),
                load.memory() + demand.memory(), load.memoryLeft() - demand.memory(),
                union(load.tcpPorts(), demand.tcpPorts()), union(load.udpPorts(), demand.udpPorts()),
                union(load.gpus(), gpus), offset.orElse(load.lastAddress()));
    }

    /** The load without a task that had {@code demand} and those GPUs. */
    public static InstanceLoad without(InstanceLoad load, Demand demand, Collection<String> gpus) {
        return new InstanceLoad(load.instanceArn(), load.pool(), load.capacityProvider(), load.zone(), load.open(),
                load.tasks() - 1,
                load.cpu() - demand.cpu(), load.cpuLeft() + demand.cpu(),
                load.memory() - demand.memory(), load.memoryLeft() + demand.memory(),
                minus(load.tcpPorts(), demand.tcpPorts()), minus(load.udpPorts(), demand.udpPorts()),
                minus(load.gpus(), gpus), load.lastAddress());
    }

    private static <T extends Comparable<T>> SortedSet<T> union(SortedSet<T> a, Collection<T> b) {
        if (b.isEmpty()) {
            return a;
        }
        var both = new TreeSet<>(a);
        both.addAll(b);
        return Collections.unmodifiableSortedSet(both);
    }

    private static <T extends Comparable<T>> SortedSet<T> minus(SortedSet<T> a, Collection<T> b) {
        if (b.isEmpty()) {
            return a;
        }
        var rest = new TreeSet<>(a);
        rest.removeAll(b);
        return Collections.unmodifiableSortedSet(rest);
    }
}
