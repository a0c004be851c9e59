package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.RequestDigest;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.account.LongArns;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.ecs.placement.Round;
import dev.landfall.ecs.placement.Rules;
import dev.landfall.ecs.placement.Verdict.Refused;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** Starts up to ten tasks wherever they fit; what does not fit is answered as a failure, not as an error. */
public final class RunTask {
    private static final int COUNT_MAX = 10;
    private static final int TOKEN_MAX = 64;

    /** "The reference ID can have a maximum length of 1024 characters" (ECS API Reference, RunTask). */
    static final int REFERENCE_MAX = 1_024;

    private RunTask() {}

    public static Decision<RunTaskResponse> decide(
            Image image, RunTaskRequest request, Scope scope, Context context) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        checkLimits(request);
        LongArns.require(image, scope, "task", LongArns.Use.of(
                request.tags(), request.propagateTags(), request.enableECSManagedTags()));
        Optional<RunTaskResponse> before = repeated(image, request, cluster, context);
        if (before.isPresent()) {
            return Decision.of(before.get());
        }
        TaskDefinitionRow definition = TaskDefinitions.require(image, scope, request.taskDefinition());
        TaskRules.active(definition);
        var strategy = TaskRules.strategy(cluster, request.launchType(), request.capacityProviderStrategy());
        var draft = new Draft(image);
        var started = new ArrayList<Task>();
        var failures = new LinkedHashSet<Failure>();
        var round = new Round();
        var counts = new LinkedHashMap<String, Integer>();
        int count = request.count() == null ? 1 : request.count();
        for (int i = 0; i < count; i++) {
            Launch launch = launch(request, strategy, counts);
            NewTask.Result result = NewTask.start(draft, spec(request, cluster, definition, launch), round,
                    context);
            counts.merge(launch.capacityProvider(), 1, Integer::sum);
            if (result.task().isPresent()) {
                started.add(ShownTask.of(result.task().get()));
            } else {
                failures.addAll(failures(result, launch));
                if (strategy.size() < 2) {
                    break; // the next one would not fit either
                }
            }
        }
        if (request.clientToken() != null && !started.isEmpty()) {
            draft.put(EcsTables.TOKENS, new TokenRow(tokenKey(request, cluster), RequestDigest.of(request),
                    started.stream().map(Task::taskArn).toList(), context.now()));
        }
        return draft.reply(RunTaskResponse.builder().tasks(started).failures(failures).build());
    }

    private static void checkLimits(RunTaskRequest request) {
        if (request.count() != null && (request.count() < 1 || request.count() > COUNT_MAX)) {
            throw EcsErrors.invalidParameter("Count must be between 1 and " + COUNT_MAX + ".");
        }
        TaskRules.origin(request.startedBy(), request.group());
        TaskRules.token(TOKEN_MAX, request.clientToken());
        TaskRules.atMost(REFERENCE_MAX, "referenceId", request.referenceId());
        if (request.taskDefinition() == null || request.taskDefinition().isBlank()) {
            throw EcsErrors.invalidParameter("TaskDefinition can not be blank.");
        }
    }

    private static Launch launch(
            RunTaskRequest request, List<CapacityProviderStrategyItem> strategy,
            LinkedHashMap<String, Integer> counts) {
        if (!strategy.isEmpty()) {
            return Launch.by(Strategy.next(strategy, counts));
        }
        return Launch.of(request.launchType() == null ? LaunchType.EC2 : request.launchType());
    }

    private static TaskSpec spec(
            RunTaskRequest request, ClusterRow cluster, TaskDefinitionRow definition, Launch launch) {
        TaskRules.compatible(definition.definition(), launch);
        LaunchVolumes.ofTask(definition.definition(), request.volumeConfigurations());
        TaskRules.platform(request.platformVersion(), launch);
        TaskRules.platformSupports(definition.definition(), request.platformVersion());
        TaskRules.placement(definition.definition(), request.placementConstraints(), request.placementStrategy(),
                launch);
        TaskOverride overrides = TaskRules.overrides(definition.definition(), request.overrides());
        TaskRules.size(definition.definition(), overrides, launch);
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
                Rules.ofTask(definition.definition(), request.placementConstraints(), request.placementStrategy()),
                List.of());
    }

    private static List<Failure> failures(NewTask.Result result, Launch launch) {
        if (launch.managed()) {
            return List.of(Failure.builder()
                    .reason("Capacity is unavailable at this time. Please try again later or in "
                    + "a different availability zone").detail(result.refused().stream().findFirst()
                    .map(refused -> "This machine refused: " + refused.reason().wire())
                    .orElse("No agent with managed capacity is connected; start one with: landfall agent --managed"))
                    .build());
        }
        if (!result.hadCandidates()) {
            throw EcsErrors.invalidParameter(launch.noInstances());
        }
        return result.refused().stream().map(RunTask::failure).toList();
    }

    static Failure failure(Refused refused) {
        return Failure.builder().arn(refused.instance().arn()).reason(refused.reason().wire()).build();
    }

    private static Optional<RunTaskResponse> repeated(
            Image image, RunTaskRequest request, ClusterRow cluster, Context context) {
        if (request.clientToken() == null) {
            return Optional.empty();
        }
        Optional<TokenRow> used = image.get(EcsTables.TOKENS, tokenKey(request, cluster))
                .filter(token -> token.holds(image, context.now()));
        if (used.isPresent() && !used.get().fingerprint().equals(RequestDigest.of(request))) {
            throw EcsErrors.conflict("The RunTask request could not be processed due to conflicts. The provided "
                    + "clientToken is already in use with a different RunTask request.", used.get().taskArns());
        }
        return used.map(token -> RunTaskResponse.builder()
                .tasks(token.taskArns().stream()
                        .flatMap(arn -> image.get(EcsTables.TASKS, arn).stream())
                        .map(ShownTask::of)
                        .toList())
                .failures(List.of())
                .build());
    }

    private static String tokenKey(RunTaskRequest request, ClusterRow cluster) {
        return cluster.arn() + '|' + request.clientToken();
    }
}
