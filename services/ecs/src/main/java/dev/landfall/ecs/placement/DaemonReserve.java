package dev.landfall.ecs.placement;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Image;
import java.util.Optional;
import java.util.SortedSet;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

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
            Optional<Demand> demand = demand(image, daemon).filter(each -> able(row, each));
            cpu += demand.map(Demand::cpu).orElse(0);
            memory += demand.map(Demand::memory).orElse(0);
        }
        return new DaemonReserve(cpu, memory);
    }

    private static boolean present(Image image, String daemon, InstanceRow row) {
        return image.count(EcsTables.TASKS, EcsTables.TASKS_BY_PLACE, EcsTables.placeKey(daemon, row.arn())) > 0
                || image.count(EcsTables.TASKS, EcsTables.TASKS_BY_PLACE, EcsTables.leavingKey(daemon, row.arn())) > 0;
    }

    private static Optional<Demand> demand(Image image, String daemon) {
        return image.get(EcsTables.SERVICES, daemon).map(ServiceRow::service)
                .flatMap(service -> TaskDefinitions.byArn(image, service.taskDefinition()))
                .map(TaskDefinitionRow::definition)
                .map(definition -> Demand.of(definition, TaskOverride.builder().build()));
    }

    private static boolean able(InstanceRow row, Demand demand) {
        return demand.cpu() <= row.registered("CPU") && demand.memory() <= row.registered("MEMORY")
                && demand.attributes().stream().allMatch(name -> row.attribute(name).isPresent());
    }
}
