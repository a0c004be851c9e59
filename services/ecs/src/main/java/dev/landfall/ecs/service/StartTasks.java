package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Uuids;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.instance.Instances;
import dev.landfall.ecs.placement.ClosestMatch;
import dev.landfall.ecs.placement.Round;
import dev.landfall.ecs.placement.Rules;
import dev.landfall.ecs.placement.Wanted;
import dev.landfall.ecs.task.Launch;
import dev.landfall.ecs.task.NewTask;
import dev.landfall.ecs.task.Strategy;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.TaskRules;
import dev.landfall.ecs.task.TaskSpec;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;

/** Starts tasks of a service, as many as find a place, and says so in its events. */
final class StartTasks {
    /** Tasks started by one decision; the rest comes with the next, so that others get their turn. */
    private static final int STARTS_MAX = 100;

    /** How soon to try again when no instance takes a task; a new instance or a stopped task is noticed at once. */
    private static final Duration PLACEMENT_RETRY = Duration.ofSeconds(15);

    private static final String SEE_GUIDE =
            " For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";

    private StartTasks() {}

    /** The tasks of one capacity provider. */
    private record Want(TaskSpec spec, Wanted wanted) {
        static Want of(TaskSpec spec) {
            return new Want(spec, spec.wanted());
        }
    }

    /** @param unplaced whether a task found no place */
    record Started(ServiceRow row, Optional<Duration> again, boolean unplaced) {}

    /**
     * @param live the service's tasks that are wanted to run; they may be left out where none is unhealthy and one
     *     capacity provider takes them all
     */
    static Started start(Draft draft, ServiceRow row, Recipe recipe, int count, List<TaskRow> live, Context context) {
        var started = new ArrayList<TaskRow>();
        var providers = providers(draft.image(), live, recipe.deploymentId());
        var full = new TreeSet<String>();
        var round = new Round();
        ServiceRow next = row;
        boolean unplaced = false;
        Optional<Duration> again = count > STARTS_MAX ? Optional.of(Duration.ZERO) : Optional.empty();
        var wants = new TreeMap<String, Want>();
        for (int i = 0; i < Math.min(count, STARTS_MAX); i++) {
            Launch launch = launch(recipe, providers);
            String provider = launch.capacityProvider();
            Optional<Want> want = Optional.ofNullable(wants.get(provider))
                    .or(() -> spec(draft.image(), row, recipe, launch).map(Want::of));
            if (want.isEmpty()) {
                return new Started(next, again, false); // its task definition is being deleted; nothing can be started
            }
            wants.put(provider, want.get());
            providers.merge(provider, 1, Integer::sum); // also without room there: its share is not for the others
            if (full.contains(provider)) {
                continue;
            }
            NewTask.Result result = NewTask.start(draft, want.get().spec, want.get().wanted, round, context);
            if (result.task().isPresent()) {
                started.add(result.task().get());
                continue;
            }
            next = unplaced(next, result, launch, context);
            again = Optional.of(PLACEMENT_RETRY);
            unplaced = true;
            full.add(provider);
            if (full.size() >= recipe.strategy().size()) {
                break;
            }
        }
        return new Started(announced(next, recipe, started, replacing(live, recipe, started.size()), context)
                .withSteady(false), again, unplaced);
    }

    private static String replacing(List<TaskRow> live, Recipe recipe, int started) {
        long unhealthy = live.stream()
                .filter(task -> task.deploymentId().equals(recipe.deploymentId()) && task.unhealthy()).count();
        return unhealthy == 0 ? ""
                : " Amazon ECS replaced " + Math.min(unhealthy, started) + " tasks due to an unhealthy status.";
    }

    /** Starts one task on each of the instances. */
    static Started startOn(
            Draft draft, ServiceRow row, Recipe recipe, List<InstanceRow> instances, Context context) {
        var started = new ArrayList<TaskRow>();
        ServiceRow next = row;
        boolean unplaced = false;
        Optional<Duration> again = instances.size() > STARTS_MAX ? Optional.of(Duration.ZERO) : Optional.empty();
        for (InstanceRow instance : instances.subList(0, Math.min(instances.size(), STARTS_MAX))) {
            Optional<TaskSpec> spec = spec(draft.image(), row, recipe, launch(recipe, Map.of()));
            if (spec.isEmpty()) {
                break; // its task definition is being deleted; nothing can be started
            }
            NewTask.Result result = NewTask.startOn(draft, spec.get(), instance, context);
            if (result.task().isEmpty()) {
                next = unplaced(next, result, spec.get().launch(), context);
                again = Optional.of(PLACEMENT_RETRY);
                unplaced = true;
            }
            result.task().ifPresent(started::add);
        }
        return new Started(announced(next, recipe, started, "", context).withSteady(false), again, unplaced);
    }

    /** One task in that Availability Zone, if it fits there; nothing is said of it. */
    static Optional<TaskRow> tryIn(
            Draft draft, ServiceRow row, Recipe recipe, String zone, Round round, Context context) {
        return spec(draft.image(), row, recipe, launch(recipe, Map.of()))
                .flatMap(spec -> NewTask.startIn(draft, spec, zone, round, context));
    }

    /** @param why what the event says after that, or nothing */
    private static ServiceRow announced(
            ServiceRow row, Recipe recipe, List<TaskRow> started, String why, Context context) {
        return started.isEmpty() ? row
                : row.withEvent(recipe.subject(), "has started " + started.size() + " tasks: " + TaskList.of(started)
                        + "." + why,
                        Uuids.of(context), context.now());
    }

    /** Tasks that are about to be replaced do not count: their replacements are what is started. */
    static Map<String, Integer> providers(Image image, List<TaskRow> live, String deploymentId) {
        var counts = new TreeMap<String, Integer>();
        live.stream().filter(task -> task.deploymentId().equals(deploymentId) && !task.unhealthy()
                        && !Instances.draining(image, task.instanceArn()))
                .map(task -> task.task().capacityProviderName() == null ? "" : task.task().capacityProviderName())
                .forEach(provider -> counts.merge(provider, 1, Integer::sum));
        return counts;
    }

    private static Launch launch(Recipe recipe, Map<String, Integer> providers) {
        return recipe.strategy().isEmpty()
                ? Launch.of(recipe.launchType()) : Launch.by(Strategy.next(recipe.strategy(), providers));
    }

    private static Optional<TaskSpec> spec(Image image, ServiceRow row, Recipe recipe, Launch launch) {
        Service service = row.service();
        Optional<TaskDefinitionRow> definition = TaskDefinitions.byArn(image, recipe.taskDefinition());
        return definition.map(found -> new TaskSpec(
                image.get(EcsTables.CLUSTERS, service.clusterArn()).orElseThrow(),
                found,
                launch,
                TaskRules.network(found.definition(), recipe.network()),
                TaskRow.NOTHING_OVERRIDDEN,
                "service:" + service.serviceName(),
                recipe.deploymentId(),
                tags(service, found),
                Boolean.TRUE.equals(service.enableExecuteCommand()),
                row.arn(),
                recipe.deploymentId(),
                Rules.ofService(found.definition(), service.placementConstraints(), service.placementStrategy()),
                recipe.balancers()));
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
            message = "was unable to place a task because no container instance met all of its requirements. "
                    + (result.hadCandidates() ? ClosestMatch.sentence(result.refused())
                            : "Reason: " + launch.noInstances()) + SEE_GUIDE;
        }
        return row.withEventOnce(message, Uuids.of(context), context.now());
    }
}
