package dev.landfall.ecs.placement;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceFacts;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.placement.Constraint.DistinctInstance;
import dev.landfall.ecs.placement.Constraint.MemberOf;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Chooses an instance as the engine must, by looking at all instances and all tasks: it uses no index, no load, and
 * none of the engine's code but the random number of an instance, which is the tie-break's seed.
 */
final class PlacementOracle {
    private final Image image;
    private final Wanted wanted;

    PlacementOracle(Image image, Wanted wanted) {
        this.image = image;
        this.wanted = wanted;
    }

    Optional<String> choice() {
        return instances().stream()
                .filter(this::fits)
                .min(Comparator.comparing(this::scores, java.util.Arrays::compare)
                        .thenComparing(this::kind)
                        .thenComparing(row -> -memoryLeft(row))
                        .thenComparing(row -> tasks(row).size())
                        .thenComparing(InstanceRow::arn))
                .map(InstanceRow::arn);
    }

    private List<InstanceRow> instances() {
        return image.all(EcsTables.INSTANCES).stream()
                .filter(row -> !"INACTIVE".equals(row.instance().status()))
                .filter(row -> wanted.pool().equals(EcsTables.MANAGED) ? row.managed()
                        : wanted.pool().equals(row.clusterArn())
                                || wanted.pool().equals(row.clusterArn() + '#' + row.capacityProvider()))
                .toList();
    }

    private boolean fits(InstanceRow row) {
        Demand demand = wanted.demand();
        List<Demand> others = tasks(row).stream().map(this::demand).toList();
        long gpus = others.stream().mapToInt(Demand::gpus).sum();
        return row.instance().agentConnected()
                && row.instance().status().equals("ACTIVE")
                && (row.managed() || cpuLeft(row) >= demand.cpu())
                && memoryLeft(row) >= demand.memory()
                && row.gpus().size() - gpus >= demand.gpus()
                && demand.tcpPorts().stream().noneMatch(port -> row.members("PORTS").contains("" + port)
                        || others.stream().anyMatch(other -> other.tcpPorts().contains(port)))
                && row.instance().attributes().stream().map(each -> each.name()).toList()
                        .containsAll(demand.attributes())
                && wanted.rules().constraints().stream().allMatch(each -> switch (each) {
                    case DistinctInstance distinct -> tasks(row).stream().noneMatch(this::ofOwner);
                    case MemberOf(var expression) -> expression.selects(new InstanceFacts(image, row));
                });
    }

    private long[] scores(InstanceRow row) {
        return wanted.rules().preferences().stream().mapToLong(each -> switch (each) {
            case Preference.SpreadInstances any -> tasks(row).stream().filter(this::ofOwner).filter(TaskRow::wanted)
                    .count();
            case Preference.SpreadAttribute(var name) -> spread(other ->
                    other.attribute(name).orElse("").equals(row.attribute(name).orElse("")));
            case Preference.BinpackCpu any -> cpuLeft(row);
            case Preference.BinpackMemory any -> memoryLeft(row);
            case Preference.Random any -> turn(row);
        }).toArray();
    }

    /** How many instances come before it, beginning with the one that is drawn and beginning again at the end. */
    private long turn(InstanceRow row) {
        List<String> open = instances().stream()
                .filter(each -> each.instance().agentConnected() && each.instance().status().equals("ACTIVE"))
                .sorted(Comparator.comparing(InstanceRow::zone).thenComparing(InstanceRow::arn))
                .map(InstanceRow::arn).toList();
        String start = open.get((int) Math.floorMod(Cycle.mixed(image.version()), (long) open.size()));
        List<String> sorted = open.stream().sorted().toList();
        return Math.floorMod(sorted.indexOf(row.arn()) - sorted.indexOf(start), sorted.size());
    }

    private long spread(Predicate<InstanceRow> alike) {
        return image.all(EcsTables.TASKS).stream().filter(this::ofOwner).filter(TaskRow::wanted)
                .filter(task -> alike.test(image.get(EcsTables.INSTANCES, task.instanceArn()).orElseThrow()))
                .count();
    }

    private int kind(InstanceRow row) {
        boolean open = row.instance().agentConnected() && row.instance().status().equals("ACTIVE");
        return !open ? 2 : !row.managed() && cpuLeft(row) < row.registered("CPU") / 16 ? 1 : 0;
    }

    private long cpuLeft(InstanceRow row) {
        return row.registered("CPU") - tasks(row).stream().mapToInt(task -> demand(task).cpu()).sum();
    }

    private long memoryLeft(InstanceRow row) {
        return row.registered("MEMORY") - tasks(row).stream().mapToInt(task -> demand(task).memory()).sum();
    }

    private List<TaskRow> tasks(InstanceRow row) {
        var tasks = new ArrayList<TaskRow>();
        for (TaskRow task : image.all(EcsTables.TASKS)) {
            if (!task.stopped() && task.instanceArn().equals(row.arn())) {
                tasks.add(task);
            }
        }
        return tasks;
    }

    private boolean ofOwner(TaskRow task) {
        return (task.serviceArn().isEmpty() ? task.task().clusterArn() + '|' + task.task().group() : task.serviceArn())
                .equals(wanted.owner());
    }

    private Demand demand(TaskRow task) {
        return Demand.of(Tasks.definition(image, task).definition(), task.overrides());
    }
}
