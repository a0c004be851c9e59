package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.account.LongArns;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.instance.Instances;
import dev.landfall.ecs.placement.Rules;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** Starts one task on each of the container instances named. */
public final class StartTask {
    private static final int INSTANCES_MAX = 10;

    private StartTask() {}

    public static Decision<StartTaskResponse> decide(
            Image image, StartTaskRequest request, Scope scope, Context context) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        if (request.containerInstances().isEmpty()) {
            throw EcsErrors.client("Container Instances cannot be empty.");
        }
        if (request.containerInstances().size() > INSTANCES_MAX) {
            throw EcsErrors.invalidParameter("Container instances can have at most " + INSTANCES_MAX + " items.");
        }
        TaskRules.origin(request.startedBy(), request.group());
        TaskRules.atMost(RunTask.REFERENCE_MAX, "referenceId", request.referenceId());
        LongArns.require(image, scope, "task", LongArns.Use.of(
                request.tags(), request.propagateTags(), request.enableECSManagedTags()));
        TaskDefinitionRow definition = TaskDefinitions.require(image, scope, request.taskDefinition());
        TaskRules.active(definition);
        TaskSpec spec = spec(request, cluster, definition);
        var draft = new Draft(image);
        var started = new ArrayList<Task>();
        var failures = new ArrayList<Failure>();
        for (String id : request.containerInstances()) {
            Optional<InstanceRow> instance = Instances.find(image, scope, cluster, id);
            if (instance.isEmpty()) {
                failures.add(Failure.builder().arn(Instances.arn(scope, cluster, id)).reason("MISSING").build());
                continue;
            }
            NewTask.Result result = NewTask.startOn(draft, spec, instance.get(), context);
            result.task().ifPresent(row -> started.add(ShownTask.of(row)));
            result.refused().forEach(refused -> failures.add(RunTask.failure(refused)));
        }
        return draft.reply(StartTaskResponse.builder().tasks(started).failures(failures).build());
    }

    private static TaskSpec spec(StartTaskRequest request, ClusterRow cluster, TaskDefinitionRow definition) {
        Launch launch = Launch.of(LaunchType.EC2);
        TaskRules.compatible(definition.definition(), launch);
        LaunchVolumes.ofTask(definition.definition(), request.volumeConfigurations());
        TaskOverride overrides = TaskRules.overrides(definition.definition(), request.overrides());
        OverrideRules.launched(overrides, launch);
        return new TaskSpec(cluster, definition, launch,
                TaskRules.network(definition.definition(), request.networkConfiguration()),
                overrides,
                request.group() == null ? "family:" + definition.definition().family() : request.group(),
                request.startedBy() == null ? "" : request.startedBy(),
                TaskRules.tags(request.tags(), request.propagateTags(),
                        Boolean.TRUE.equals(request.enableECSManagedTags()), definition, cluster),
                Boolean.TRUE.equals(request.enableExecuteCommand()),
                "",
                "",
                Rules.ofTask(definition.definition(), List.of(), List.of()),
                List.of());
    }
}
