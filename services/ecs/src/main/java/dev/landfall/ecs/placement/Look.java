package dev.landfall.ecs.placement;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceFacts;
import dev.landfall.ecs.instance.InstanceLoad;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.placement.Constraint.DistinctInstance;
import dev.landfall.ecs.placement.Constraint.MemberOf;
import dev.landfall.ecs.placement.Verdict.Reason;
import dev.landfall.state.Image;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;

/** One task held against one instance. */
record Look(Image image, Wanted wanted, InstanceRow row, InstanceLoad load) {
    private static final List<Reason> REASONS = List.of(Reason.values());

    static Look at(Image image, Wanted wanted, InstanceRow row) {
        return new Look(image, wanted, row,
                image.get(EcsTables.LOADS, row.arn()).orElseGet(() -> InstanceLoad.none(row)));
    }

    /** Whether the instance meets everything; stops at the first that it does not. */
    boolean fits() {
        for (Reason reason : REASONS) {
            if (unmet(reason)) {
                return false;
            }
        }
        return true;
    }

    List<Reason> refusals() {
        return REASONS.stream().filter(this::unmet).toList();
    }

    private boolean unmet(Reason reason) {
        return switch (reason) {
            case AGENT -> !Boolean.TRUE.equals(row.instance().agentConnected());
            case INACTIVE -> !"ACTIVE".equals(row.instance().status());
            case ATTRIBUTE -> !row.managed() && !hasAttributes(demand().attributes());
            // Managed capacity shares its processors as Fargate's hosts do not: a laptop runs more tasks than it has
            // cores.
            case CPU -> !row.managed() && demand().cpu() > load.cpuLeft() - reserve().cpu();
            case GPU -> demand().gpus() > 0 && freeGpus().size() < demand().gpus();
            case MEMORY -> demand().memory() > load.memoryLeft() - reserve().memory();
            case PORTS -> taken(demand().tcpPorts(), load.tcpPorts(), "PORTS")
                    || taken(demand().udpPorts(), load.udpPorts(), "PORTS_UDP");
            case ENI -> demand().ownAddress() && offset().isEmpty();
            case DISTINCT_INSTANCE -> !constraints().isEmpty() && constraints().stream()
                    .anyMatch(each -> each instanceof DistinctInstance && hostsOwner());
            case MEMBER_OF -> !constraints().isEmpty() && constraints().stream().anyMatch(each ->
                    each instanceof MemberOf(var expression) && !expression.selects(new InstanceFacts(image, row)));
        };
    }

    private DaemonReserve reserve() {
        return DaemonReserve.on(image, row, wanted.owner());
    }

    private Demand demand() {
        return wanted.demand();
    }

    private List<Constraint> constraints() {
        return wanted.rules().constraints();
    }

    private boolean hasAttributes(List<String> required) {
        for (String name : required) {
            if (row.attribute(name).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    List<String> freeGpus() {
        return row.gpus().stream().filter(id -> !load.gpus().contains(id)).toList();
    }

    private boolean taken(SortedSet<Integer> ports, SortedSet<Integer> byTasks, String resource) {
        if (ports.isEmpty()) {
            return false;
        }
        List<String> byHost = row.members(resource);
        return ports.stream().anyMatch(port -> byTasks.contains(port) || byHost.contains(String.valueOf(port)));
    }

    /** The next free address of an instance that gives its tasks their own. */
    OptionalInt offset() {
        return row.addressBlock().isEmpty() ? OptionalInt.empty()
                : AddressBlock.parse(row.addressBlock()).next(this::free, load.lastAddress());
    }

    private boolean free(String address) {
        return image.count(EcsTables.TASKS, EcsTables.TASKS_BY_ADDRESS, row.arn() + '|' + address) == 0;
    }

    /** A task on its way out still runs. */
    private boolean hostsOwner() {
        return image.count(EcsTables.TASKS, EcsTables.TASKS_BY_PLACE, wanted.owner(), row.arn()) > 0
                || image.count(EcsTables.TASKS, EcsTables.TASKS_LEAVING, wanted.owner(), row.arn()) > 0;
    }
}
