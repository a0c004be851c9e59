package dev.landfall.ecs.instance;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;

/** Looks container instances up and completes them with what is counted. */
public final class Instances {
    private Instances() {}

    /** The instance named by its id or ARN in a cluster. */
    public static Optional<InstanceRow> find(Image image, Scope scope, ClusterRow cluster, String idOrArn) {
        return image.get(EcsTables.INSTANCES, arn(scope, cluster, idOrArn))
                .filter(row -> !row.managed() && row.clusterArn().equals(cluster.arn()));
    }

    public static String arn(Scope scope, ClusterRow cluster, String idOrArn) {
        return idOrArn.startsWith("arn:") ? idOrArn
                : scope.arn("container-instance/" + cluster.cluster().clusterName() + "/" + idOrArn);
    }

    public static InstanceRow require(Image image, Scope scope, ClusterRow cluster, String idOrArn) {
        if (idOrArn == null || idOrArn.isBlank()) {
            throw EcsErrors.invalidParameter("Container instance can not be blank.");
        }
        return find(image, scope, cluster, idOrArn)
                .filter(row -> !"INACTIVE".equals(row.instance().status()))
                .orElseThrow(() -> EcsErrors.invalidParameter("The container instance " + idOrArn + " was not found."));
    }

    /**
     * Writes an instance whose status or connection changed. Whoever changes these has to come here: the load says
     * beside it whether placement may count on the instance.
     */
    public static void put(Draft draft, InstanceRow row) {
        draft.put(EcsTables.INSTANCES, row);
        draft.image().get(EcsTables.LOADS, row.arn()).filter(load -> load.open() != row.open())
                .ifPresent(load -> draft.put(EcsTables.LOADS, load.on(row)));
    }

    /** Whether its tasks should move to other instances. */
    public static boolean draining(Image image, String arn) {
        return image.get(EcsTables.INSTANCES, arn)
                .filter(row -> "DRAINING".equals(row.instance().status())).isPresent();
    }

    /** The instance as the API shows it. */
    public static ContainerInstance describe(Image image, InstanceRow row) {
        InstanceLoad load = image.get(EcsTables.LOADS, row.arn()).orElseGet(() -> InstanceLoad.none(row));
        var tasks = image.find(EcsTables.TASKS, EcsTables.TASKS_BY_INSTANCE, row.arn());
        int running = (int) tasks.stream().filter(task -> "RUNNING".equals(task.task().lastStatus())).count();
        int pending = (int) tasks.stream().filter(task -> "PENDING".equals(task.task().lastStatus())).count();
        return row.instance().toBuilder()
                .remainingResources(row.instance().registeredResources().stream()
                        .map(resource -> remaining(resource, load)).toList())
                .runningTasksCount(running)
                .pendingTasksCount(pending)
                .build();
    }

    private static Resource remaining(Resource registered, InstanceLoad load) {
        return switch (registered.name()) {
            case "CPU" -> registered.toBuilder().integerValue(registered.integerValue() - load.cpu()).build();
            case "MEMORY" -> registered.toBuilder().integerValue(registered.integerValue() - load.memory()).build();
            case "PORTS" -> taken(registered, load.tcpPorts());
            case "PORTS_UDP" -> taken(registered, load.udpPorts());
            case InstanceRow.GPU -> gpus(registered, load);
            default -> registered;
        };
    }

    /** For ports the remaining resource lists those taken, as ECS shows them. */
    private static Resource taken(Resource registered, SortedSet<Integer> byTasks) {
        return registered.toBuilder()
                .stringSetValue(Stream.concat(
                        registered.stringSetValue().stream(), byTasks.stream().map(String::valueOf)).toList())
                .build();
    }

    /** Of GPUs it lists those that are free. */
    private static Resource gpus(Resource registered, InstanceLoad load) {
        if (registered.integerValue() != null && registered.integerValue() > 0) {
            return registered.toBuilder().integerValue(registered.integerValue() - load.gpus().size()).build();
        }
        return registered.toBuilder().stringSetValue(registered.stringSetValue().stream()
                .filter(id -> !load.gpus().contains(id)).toList()).build();
    }
}
