package dev.landfall.ecs.placement;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.state.Image;
import java.util.Optional;
import java.util.SortedSet;

/**
 * What an instance keeps back for daemons that have no task on it just now, so that other tasks do not take their place
 * ("Amazon ECS reserves container instance compute resources … for the daemon tasks", ECS Developer Guide, Daemon
 * scheduling strategy). Nothing is kept back for a daemon that the whole instance could not take, nor from daemons.
 *
 * @param cpu CPU units; memory in MiB
 */
record DaemonReserve(long cpu, long memory) {
    private static final DaemonReserve NONE = new DaemonReserve(0, 0);

    static DaemonReserve on(Image image, InstanceRow row, String owner) {
        if (row.managed()) {
            return NONE;
        }
        SortedSet<String> daemons =
                image.keys(EcsTables.SERVICES, EcsTables.DAEMONS_BY_CLUSTER, row.clusterArn());
        if (daemons.isEmpty() || daemons.contains(owner)) {
            return NONE;
        }
        long cpu = 0;
        long memory = 0;
        for (String daemon : daemons) {
            if (present(image, daemon, row)) {
                continue;
            }
            Optional<Demand> demand = demand(image, daemon, row);
            cpu += demand.map(Demand::cpu).orElse(0);
            memory += demand.map(Demand::memory).orElse(0);
        }
        return new DaemonReserve(cpu, memory);
    }

    private static boolean present(Image image, String daemon, InstanceRow row) {
        return image.count(EcsTables.TASKS, EcsTables.TASKS_BY_PLACE, daemon, row.arn()) > 0
                || image.count(EcsTables.TASKS, EcsTables.TASKS_LEAVING, daemon, row.arn()) > 0;
    }

    /** What the daemon needs of the instance, if it belongs there. */
    private static Optional<Demand> demand(Image image, String daemon, InstanceRow row) {
        return image.get(EcsTables.SERVICES, daemon)
                .flatMap(service -> Qualification.of(image, service.service()))
                .filter(each -> each.meets(row)
                        && each.demand().cpu() <= row.registered("CPU")
                        && each.demand().memory() <= row.registered("MEMORY"))
                .map(Qualification::demand);
    }
}
