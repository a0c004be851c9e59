package dev.landfall.ecs.tag;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.capacity.CapacityProviderRow;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.daemontask.DaemonTaskDefinitionRow;
import dev.landfall.ecs.daemontask.DaemonTaskDefinitions;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.ecs.taskset.TaskSetRow;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import java.util.function.Function;
import software.amazon.awssdk.services.ecs.model.Tag;

/** Something that carries tags, found by its ARN: what it carries, and the write that gives it others. */
record TaggedResource(List<Tag> tags, Function<List<Tag>, Write<?>> retag) {

    /** Reads the ARN that the caller sent, which may be null. */
    static TaggedResource require(Image image, Scope scope, String arn) {
        if (arn == null || arn.isBlank()) {
            throw EcsErrors.invalidParameter("resourceArn can not be blank.");
        }
        String[] parts = arn.split(":", 6);
        if (parts.length < 6 || !parts[0].equals("arn") || !parts[2].equals("ecs") || !parts[5].contains("/")) {
            throw EcsErrors.invalidParameter("Invalid resource ARN: " + arn);
        }
        String[] resource = parts[5].split("/");
        if (resource.length < 3 && List.of("task", "service", "container-instance").contains(resource[0])) {
            throw EcsErrors.invalidParameter("Long arn format must be used for tagging operations");
        }
        if (!Scope.of(arn).equals(scope)) {
            throw resource[0].equals("cluster") ? EcsErrors.clusterNotFound() : missing("resource");
        }
        return switch (resource[0]) {
            case "cluster" -> ofCluster(image, arn);
            case "capacity-provider" -> ofCapacityProvider(image, arn);
            case "task-definition" -> ofTaskDefinition(image, arn);
            case "daemon-task-definition" -> ofDaemonTaskDefinition(image, arn);
            case "task" -> ofTask(image, arn);
            case "service" -> ofService(image, arn);
            case "task-set" -> ofTaskSet(image, arn);
            case "container-instance" -> ofInstance(image, arn);
            default -> throw EcsErrors.invalidParameter("Invalid resource ARN: " + arn);
        };
    }

    private static TaggedResource ofCluster(Image image, String arn) {
        ClusterRow row = image.get(EcsTables.CLUSTERS, arn).orElseThrow(EcsErrors::clusterNotFound);
        if (!"ACTIVE".equals(row.cluster().status())) {
            throw inactive("cluster");
        }
        return new TaggedResource(row.cluster().tags(), tags -> Write.put(EcsTables.CLUSTERS,
                new ClusterRow(row.cluster().toBuilder().tags(tags).build())));
    }

    private static TaggedResource ofCapacityProvider(Image image, String arn) {
        CapacityProviderRow row = image.get(EcsTables.CAPACITY_PROVIDERS, arn)
                .orElseThrow(() -> missing("capacity provider"));
        if (!row.active()) {
            throw inactive("capacity provider");
        }
        return new TaggedResource(row.provider().tags(), tags -> Write.put(EcsTables.CAPACITY_PROVIDERS,
                row.with(row.provider().toBuilder().tags(tags).build())));
    }

    /** Any revision that exists, also an INACTIVE one. */
    private static TaggedResource ofTaskDefinition(Image image, String arn) {
        TaskDefinitionRow row = TaskDefinitions.find(image, Scope.of(arn), arn)
                .filter(found -> found.arn().equals(arn))
                .orElseThrow(() -> EcsErrors.client("Unable to describe task definition."));
        return new TaggedResource(row.tags(), tags -> Write.put(EcsTables.TASK_DEFINITIONS,
                new TaskDefinitionRow(row.definition(), tags)));
    }

    private static TaggedResource ofDaemonTaskDefinition(Image image, String arn) {
        DaemonTaskDefinitionRow row = DaemonTaskDefinitions.byArn(image, arn)
                .orElseThrow(() -> missing("daemon task definition"));
        return new TaggedResource(row.tags(), tags -> Write.put(EcsTables.DAEMON_TASK_DEFINITIONS,
                new DaemonTaskDefinitionRow(row.definition(), tags)));
    }

    private static TaggedResource ofTask(Image image, String arn) {
        TaskRow row = image.get(EcsTables.TASKS, arn).orElseThrow(() -> missing("task"));
        if (row.stopped()) {
            throw EcsErrors.invalidParameter("The specified task is stopped. Specify a running task and try again.");
        }
        return new TaggedResource(row.task().tags(), tags -> Write.put(EcsTables.TASKS,
                row.with(row.task().toBuilder().tags(tags).build())));
    }

    private static TaggedResource ofService(Image image, String arn) {
        ServiceRow row = image.get(EcsTables.SERVICES, arn).orElseThrow(() -> missing("service"));
        if ("INACTIVE".equals(row.service().status())) {
            throw inactive("service");
        }
        return new TaggedResource(row.service().tags(), tags -> Write.put(EcsTables.SERVICES,
                row.with(row.service().toBuilder().tags(tags).build())));
    }

    private static TaggedResource ofTaskSet(Image image, String arn) {
        TaskSetRow row = image.get(EcsTables.TASK_SETS, arn).orElseThrow(() -> missing("task set"));
        return new TaggedResource(row.taskSet().tags(), tags -> Write.put(EcsTables.TASK_SETS,
                row.with(row.taskSet().toBuilder().tags(tags).build())));
    }

    private static TaggedResource ofInstance(Image image, String arn) {
        InstanceRow row = image.get(EcsTables.INSTANCES, arn)
                .filter(found -> !found.managed())
                .orElseThrow(() -> missing("container instance"));
        if ("INACTIVE".equals(row.instance().status())) {
            throw inactive("container instance");
        }
        return new TaggedResource(row.instance().tags(), tags -> Write.put(EcsTables.INSTANCES,
                row.with(row.instance().toBuilder().tags(tags).build())));
    }

    private static RuntimeException missing(String kind) {
        return EcsErrors.invalidParameter(
                "The specified " + kind + " was not found. Specify a valid ARN and try again.");
    }

    private static RuntimeException inactive(String kind) {
        return EcsErrors.invalidParameter(
                "The specified " + kind + " is inactive. Specify an active " + kind + " and try again.");
    }
}
