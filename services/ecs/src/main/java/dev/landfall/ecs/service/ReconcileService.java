package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.EcsTables.Phase;
import dev.landfall.ecs.Uuids;
import dev.landfall.ecs.instance.Instances;
import dev.landfall.ecs.placement.Verdict.Refused;
import dev.landfall.ecs.task.Launch;
import dev.landfall.ecs.task.NewTask;
import dev.landfall.ecs.task.Strategy;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.TaskRules;
import dev.landfall.ecs.task.TaskSpec;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskOverride;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** Looks at one service and does what it needs now; replies with when to look again, where only time will tell. */
public final class ReconcileService {
    /** Tasks started by one decision; the rest comes with the next, so that others get their turn. */
    private static final int STARTS_MAX = 100;

    /** How soon to try again when no instance takes a task; a new instance or a stopped task is noticed at once. */
    private static final Duration PLACEMENT_RETRY = Duration.ofSeconds(15);

    private static final String SEE_GUIDE =
            " For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";

    private ReconcileService() {}

    public static Decision<Optional<Duration>> decide(Image image, String serviceArn, Context context) {
        Optional<ServiceRow> found = image.get(EcsTables.SERVICES, serviceArn).filter(row -> !row.inactive());
        if (found.isEmpty()) {
            return Decision.of(Optional.empty());
        }
        var draft = new Draft(image);
        if (!found.get().active()) {
            drain(draft, found.get(), context);
            return draft.reply(Optional.empty());
        }
        return draft.reply(rollOut(draft, found.get(), context));
    }

    /** A deleted service stops its tasks and is INACTIVE once none is left. */
    private static void drain(Draft draft, ServiceRow row, Context context) {
        stop(draft, row, Services.live(draft.image(), row.arn()), context);
        boolean stopping = draft.image().find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.arn() + "|STOPPED")
                .stream().anyMatch(task -> !task.stopped());
        if (!stopping) {
            ServiceRow current = draft.image().get(EcsTables.SERVICES, row.arn()).orElseThrow();
            draft.put(EcsTables.SERVICES, current.with(current.service().toBuilder()
                    .status("INACTIVE").deployments(List.of()).build()));
        }
    }

    private static Optional<Duration> rollOut(Draft draft, ServiceRow row, Context context) {
        if (asPlanned(draft.image(), row)) {
            int healthy = Services.count(draft.image(), row, row.primary(), Phase.HEALTHY);
            put(draft, row, settle(draft.image(), row, healthy == row.service().desiredCount(), context));
            return Optional.empty();
        }
        Service service = row.service();
        DeploymentConfiguration configuration = service.deploymentConfiguration();
        List<TaskRow> live = Services.live(draft.image(), row.arn());
        RolloutPlan plan = RolloutPlan.of(service.desiredCount(), configuration.minimumHealthyPercent(),
                configuration.maximumPercent(), row.primary().id(), live,
                task -> Instances.draining(draft.image(), task.instanceArn()));
        ServiceRow next = stop(draft, row, plan.stop(), context);
        Optional<Duration> again = Optional.empty();
        if (plan.start() > 0 && context.now().isBefore(row.notBefore())) {
            again = Optional.of(Duration.between(context.now(), row.notBefore()));
        } else if (plan.start() > 0) {
            Started started = start(draft, next, plan.start(), live, context);
            next = started.row;
            again = started.again;
        }
        put(draft, draft.image().get(EcsTables.SERVICES, row.arn()).orElseThrow(),
                settle(draft.image(), next, plan.complete(), context));
        return again;
    }

    private static void put(Draft draft, ServiceRow before, ServiceRow next) {
        if (!next.equals(before)) {
            draft.put(EcsTables.SERVICES, next);
        }
    }

    /**
     * Whether there is nothing to start and nothing to stop, as counts alone can tell: most looks at a service find
     * that a task has come to run, or nothing at all, and must not cost more the more tasks it has.
     */
    private static boolean asPlanned(Image image, ServiceRow row) {
        int desired = row.service().desiredCount();
        return image.count(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.arn() + "|RUNNING") == desired
                && Services.count(image, row, row.primary(), Phase.STARTING)
                        + Services.count(image, row, row.primary(), Phase.RUNNING)
                        + Services.count(image, row, row.primary(), Phase.HEALTHY) == desired
                && image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_DRAINING, row.service().clusterArn()) == 0;
    }

    private record Started(ServiceRow row, Optional<Duration> again) {}

    private static Started start(Draft draft, ServiceRow row, int count, List<TaskRow> live, Context context) {
        var started = new ArrayList<TaskRow>();
        var providers = providers(live, row.primary().id());
        ServiceRow next = row;
        Optional<Duration> again = count > STARTS_MAX ? Optional.of(Duration.ZERO) : Optional.empty();
        for (int i = 0; i < Math.min(count, STARTS_MAX); i++) {
            Optional<TaskSpec> spec = spec(draft.image(), row, providers);
            if (spec.isEmpty()) {
                return new Started(next, again); // its task definition is being deleted; nothing can be started
            }
            NewTask.Result result = NewTask.start(draft, spec.get(), context);
            if (result.task().isEmpty()) {
                next = unplaced(next, result, spec.get().launch(), context);
                again = Optional.of(PLACEMENT_RETRY);
                break;
            }
            started.add(result.task().get());
            providers.merge(spec.get().launch().capacityProvider(), 1, Integer::sum);
        }
        if (!started.isEmpty()) {
            next = next.withEvent("has started " + started.size() + " tasks: " + names(started) + ".",
                    Uuids.of(context), context.now());
        }
        return new Started(next.withSteady(false), again);
    }

    private static Map<String, Integer> providers(List<TaskRow> live, String deploymentId) {
        var counts = new TreeMap<String, Integer>();
        live.stream().filter(task -> task.deploymentId().equals(deploymentId))
                .map(task -> task.task().capacityProviderName() == null ? "" : task.task().capacityProviderName())
                .forEach(provider -> counts.merge(provider, 1, Integer::sum));
        return counts;
    }

    private static Optional<TaskSpec> spec(Image image, ServiceRow row, Map<String, Integer> providers) {
        Service service = row.service();
        Deployment primary = row.primary();
        Optional<TaskDefinitionRow> definition = TaskDefinitions.byArn(image, primary.taskDefinition());
        Launch launch = primary.capacityProviderStrategy().isEmpty()
                ? Launch.of(primary.launchType())
                : Launch.by(Strategy.next(primary.capacityProviderStrategy(), providers));
        return definition.map(found -> new TaskSpec(
                image.get(EcsTables.CLUSTERS, service.clusterArn()).orElseThrow(),
                found,
                launch,
                TaskRules.network(found.definition(), primary.networkConfiguration()),
                TaskOverride.builder().containerOverrides(List.of()).build(),
                "service:" + service.serviceName(),
                primary.id(),
                tags(service, found),
                Boolean.TRUE.equals(service.enableExecuteCommand()),
                row.arn(),
                primary.id()));
    }

    private static List<Tag> tags(Service service, TaskDefinitionRow definition) {
        var tags = new ArrayList<Tag>();
        if (service.propagateTags() == PropagateTags.SERVICE) {
            tags.addAll(service.tags());
        } else if (service.propagateTags() == PropagateTags.TASK_DEFINITION) {
            tags.addAll(definition.tags());
        }
        if (Boolean.TRUE.equals(service.enableECSManagedTags())) {
            String cluster = service.clusterArn().substring(service.clusterArn().lastIndexOf('/') + 1);
            tags.add(Tag.builder().key("aws:ecs:clusterName").value(cluster).build());
            tags.add(Tag.builder().key("aws:ecs:serviceName").value(service.serviceName()).build());
        }
        return tags;
    }

    /** Says why no instance took a task. */
    private static ServiceRow unplaced(ServiceRow row, NewTask.Result result, Launch launch, Context context) {
        String message;
        if (launch.managed()) {
            message = "was unable to place a task. Reason: Capacity is unavailable at this time. Please try again "
                    + "later or in a different availability zone." + SEE_GUIDE;
        } else {
            String reason = result.hadCandidates()
                    ? closest(result.refused()) : "No Container Instances were found in your cluster.";
            message = "was unable to place a task because no container instance met all of its requirements. Reason: "
                    + reason + SEE_GUIDE;
        }
        return row.withEventOnce(message, Uuids.of(context), context.now());
    }

    private static String closest(List<Refused> refused) {
        Refused last = refused.getLast();
        String id = last.instance().arn().substring(last.instance().arn().lastIndexOf('/') + 1);
        String why = switch (last.reason()) {
            case AGENT -> "encountered error \"AGENT\".";
            case INACTIVE -> "is not active.";
            case ATTRIBUTE -> "is missing an attribute required by your task.";
            case CPU -> "has insufficient CPU units available.";
            case MEMORY -> "has insufficient memory available.";
            case PORTS -> "is already using a port required by your task.";
            case ENI -> "encountered error \"RESOURCE:ENI\".";
        };
        return "The closest matching (container-instance " + id + ") " + why;
    }

    /** Stops tasks, and says which of them were running. */
    private static ServiceRow stop(Draft draft, ServiceRow row, List<TaskRow> tasks, Context context) {
        ServiceRow next = row;
        for (TaskRow task : tasks) {
            boolean unhealthy = task.unhealthy();
            Tasks.stop(draft, task, TaskStopCode.SERVICE_SCHEDULER_INITIATED,
                    unhealthy ? "Task failed container health checks"
                            : "Scaling activity initiated by (deployment " + row.primary().id() + ")",
                    context);
            if (unhealthy) {
                next = next.withEvent("(task " + id(task) + ") failed container health checks.",
                        Uuids.of(context), context.now());
            }
        }
        if (!tasks.isEmpty()) {
            next = next.withSteady(false).withEvent("has stopped " + tasks.size() + " running tasks: " + names(tasks)
                    + ".", Uuids.of(context), context.now());
            draft.put(EcsTables.SERVICES, next);
        }
        return next;
    }

    /** Completes the rollout, drops deployments without tasks, and announces the steady state once. */
    private static ServiceRow settle(Image image, ServiceRow row, boolean complete, Context context) {
        ServiceRow next = row;
        if (complete && row.primary().rolloutState() == DeploymentRolloutState.IN_PROGRESS) {
            next = next.with(Deployments.withPrimary(
                    next.service(), Deployments.completed(next.primary(), context)));
            next = next.withEvent("(deployment " + next.primary().id() + ") deployment completed.",
                    Uuids.of(context), context.now());
        }
        if (complete) {
            next = next.with(Deployments.withoutEmpty(next.service(), each -> Services.inUse(image, row, each)));
            if (!next.steady()) {
                next = next.withSteady(true)
                        .withEvent(ServiceRow.STEADY, Uuids.of(context), context.now());
            }
        }
        return next;
    }

    private static String names(List<TaskRow> tasks) {
        return tasks.stream().map(task -> "(task " + id(task) + ")").collect(Collectors.joining(" "));
    }

    private static String id(TaskRow task) {
        return task.arn().substring(task.arn().lastIndexOf('/') + 1);
    }
}
