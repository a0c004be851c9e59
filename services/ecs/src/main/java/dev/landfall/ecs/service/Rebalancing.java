package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.EcsTables.Phase;
import dev.landfall.ecs.Uuids;
import dev.landfall.ecs.placement.Qualification;
import dev.landfall.ecs.placement.Round;
import dev.landfall.ecs.service.RebalancePlan.Move;
import dev.landfall.ecs.service.RebalancePlan.Step;
import dev.landfall.ecs.task.Launch;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.model.AvailabilityZoneRebalancing;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/**
 * Moves tasks of a steady service between Availability Zones as {@link RebalancePlan} says, and tells of it in ECS's
 * words (ECS Developer Guide, Availability Zone service rebalancing service event messages).
 */
final class Rebalancing {
    /** How soon to try again when no instance of a zone takes a task. */
    private static final Duration PLACEMENT_RETRY = Duration.ofSeconds(15);

    private Rebalancing() {}

    /** What a look has come to. */
    sealed interface Look {}

    /** @param again when to look again, where only time will tell */
    record Moved(Optional<Duration> again) implements Look {}

    /** The service, with one more event perhaps, is to be looked at as any other. */
    record AsAlways(ServiceRow row) implements Look {}

    /** Does what there is to do now. */
    static Look advance(Draft draft, ServiceRow row, Context context) {
        Image image = draft.image();
        Optional<RebalancingRow> under = image.get(EcsTables.REBALANCINGS, row.arn());
        var fresh = new RebalancingRow(row.arn(), row.primary().id(), row.service().desiredCount());
        if (!possible(image, row) || under.isPresent() && !under.get().equals(fresh)) {
            return under.isPresent() ? stopped(draft, row, context) : new AsAlways(row);
        }
        if (under.isEmpty() && (even(image, row) || !asDesired(image, row))) {
            return new AsAlways(row);
        }
        SortedSet<String> zones = zones(image, row);
        if (under.isEmpty() && zones.size() < 2) {
            return new AsAlways(row);
        }
        List<TaskRow> live = Services.live(image, row.arn());
        int ceiling = new RolloutPlan.Target(row.service().desiredCount(),
                0, row.service().deploymentConfiguration().maximumPercent(), "").ceiling();
        return switch (RebalancePlan.next(row.service().desiredCount(), ceiling, live, zones,
                StopRules.circumstances(image, row, surplus(image, row, live), context.now()))) {
            case Step.Rest() -> under.isPresent()
                    ? ended(draft, row, "is AZ balanced with " + described(live, zones) + ".", context)
                    : new AsAlways(row);
            case Step.Unfit() -> under.isPresent() ? stopped(draft, row, context) : new AsAlways(row);
            case Step.Wait() -> new Moved(Optional.empty());
            case Step.Start(var moves) -> start(draft, under, row, fresh, moves, live, zones, context);
            case Step.Stop(var tasks) -> stopTasks(draft, row, tasks, context);
            case Step.Blocked(var tasks) -> blocked(draft, row, tasks, context);
        };
    }

    private static Surplus surplus(Image image, ServiceRow row, List<TaskRow> live) {
        return Surplus.of(image, Recipe.of(image, row), live, row.service().desiredCount());
    }

    private static Look stopped(Draft draft, ServiceRow row, Context context) {
        return ended(draft, row, "stopped AZ Rebalancing.", context);
    }

    private static Look ended(Draft draft, ServiceRow row, String event, Context context) {
        draft.delete(EcsTables.REBALANCINGS, row.arn());
        ServiceRow next = row.withEvent(event, Uuids.of(context), context.now());
        put(draft, row, next);
        return new AsAlways(next);
    }

    /** Forgets what was under way; for a service that is being deleted. */
    static void forget(Draft draft, String serviceArn) {
        if (draft.image().get(EcsTables.REBALANCINGS, serviceArn).isPresent()) {
            draft.delete(EcsTables.REBALANCINGS, serviceArn);
        }
    }

    private static boolean possible(Image image, ServiceRow row) {
        Service service = row.service();
        return service.availabilityZoneRebalancing() == AvailabilityZoneRebalancing.ENABLED
                && service.deployments().size() == 1
                && row.primary().rolloutState() == DeploymentRolloutState.COMPLETED
                && image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_DRAINING, service.clusterArn()) == 0;
    }

    /**
     * Whether no two zones are apart by more than one task, not even those that the service's tasks cannot use, as
     * counts alone can tell.
     */
    static boolean even(Image image, ServiceRow row) {
        String pool = pool(row);
        var tasks = image.tally(EcsTables.TASKS, EcsTables.TASKS_BY_ZONE, row.arn());
        int most = tasks.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        int fewest = image.values(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_ZONE, pool + '|', pool + '}')
                .sequencedKeySet().stream()
                .mapToInt(key -> tasks.getOrDefault(key.substring(pool.length() + 1), 0)).min().orElse(most);
        return most - fewest <= 1;
    }

    /** Whether as many healthy tasks run as are desired, as counts alone can tell. */
    private static boolean asDesired(Image image, ServiceRow row) {
        int desired = row.service().desiredCount();
        return image.count(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.arn() + "|RUNNING") == desired
                && Services.count(image, row, row.primary(), Phase.HEALTHY) == desired;
    }

    private static String pool(ServiceRow row) {
        var strategy = row.service().capacityProviderStrategy();
        boolean managed = strategy.isEmpty()
                ? Launch.of(row.service().launchType()).managed()
                : Launch.managed(strategy.getFirst().capacityProvider());
        return managed ? EcsTables.MANAGED : row.service().clusterArn();
    }

    /** Zones with an instance that could run the service's tasks. */
    private static SortedSet<String> zones(Image image, ServiceRow row) {
        String pool = pool(row);
        var zones = new TreeSet<String>();
        var byZone = image.values(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_ZONE, pool + '|', pool + '}');
        if (byZone.size() < 2) {
            return zones;
        }
        Optional<Qualification> qualification = Qualification.of(image, row.service());
        byZone.sequencedKeySet().stream().map(key -> key.substring(pool.length() + 1))
                .filter(zone -> qualification.filter(each -> each.anyIn(pool, zone)).isPresent())
                .forEach(zones::add);
        return zones;
    }

    /** {@code 3 tasks in eu-central-1a, 1 tasks in eu-central-1b}, the fullest first. */
    private static String described(List<TaskRow> live, SortedSet<String> zones) {
        return RebalancePlan.counts(live, zones).entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(zone -> zone.getValue() + " tasks in " + zone.getKey()).collect(Collectors.joining(", "));
    }

    private static Look start(Draft draft, Optional<RebalancingRow> under, ServiceRow row, RebalancingRow fresh,
            List<Move> moves, List<TaskRow> live, SortedSet<String> all, Context context) {
        ServiceRow next = row;
        if (under.isEmpty()) {
            draft.put(EcsTables.REBALANCINGS, fresh);
            next = next.withEvent("is not AZ balanced with " + described(live, all) + ". AZ Rebalancing in progress.",
                    Uuids.of(context), context.now()).withSteady(false);
        }
        if (context.now().isBefore(row.notBefore())) {
            put(draft, row, next);
            return new Moved(Optional.of(Duration.between(context.now(), row.notBefore())));
        }
        var byZone = new TreeMap<String, List<TaskRow>>();
        moves.forEach(move -> byZone.computeIfAbsent(move.zone(), _ -> new ArrayList<>()).add(move.like()));
        Optional<Duration> again = Optional.empty();
        for (var wanted : byZone.entrySet()) {
            List<TaskRow> started = startIn(draft, next, wanted.getKey(), wanted.getValue(), context);
            if (!started.isEmpty()) {
                next = next.withEvent("has started " + started.size() + " tasks in " + wanted.getKey()
                        + " to AZ Rebalance: " + TaskList.of(started) + ".", Uuids.of(context), context.now());
            }
            if (started.size() < wanted.getValue().size()) {
                next = next.withEventOnce("is unable to place a task in " + wanted.getKey()
                        + (pool(row).equals(EcsTables.MANAGED) ? "."
                                : " because no container instance met all of its requirements."),
                        Uuids.of(context), context.now());
                again = Optional.of(PLACEMENT_RETRY);
            }
        }
        put(draft, row, next);
        return new Moved(again);
    }

    /** Starts a task like each of those given, as far as they find a place in the zone. */
    private static List<TaskRow> startIn(
            Draft draft, ServiceRow row, String zone, List<TaskRow> given, Context context) {
        var started = new ArrayList<TaskRow>();
        var rounds = new TreeMap<String, Round>();
        for (TaskRow like : given) {
            var round = rounds.computeIfAbsent(Surplus.provider(like), _ -> new Round());
            StartTasks.tryIn(draft, row, Recipe.of(draft.image(), row).like(like), zone, round, context)
                    .ifPresent(started::add);
        }
        return started;
    }

    private static Look stopTasks(Draft draft, ServiceRow row, List<TaskRow> tasks, Context context) {
        var byZone = new TreeMap<String, List<TaskRow>>();
        for (TaskRow task : tasks) {
            Tasks.stop(draft, task, TaskStopCode.SERVICE_SCHEDULER_INITIATED,
                    "Scaling activity initiated by (deployment " + row.primary().id() + ")", context);
            byZone.computeIfAbsent(StopRules.zone(task), _ -> new ArrayList<>()).add(task);
        }
        ServiceRow next = row;
        for (var zone : byZone.entrySet()) {
            next = next.withEvent("has stopped " + zone.getValue().size() + " running tasks in " + zone.getKey()
                    + " due to AZ rebalancing: " + TaskList.of(zone.getValue()) + ".",
                    Uuids.of(context), context.now());
        }
        put(draft, row, next);
        return new Moved(Optional.empty());
    }

    private static Look blocked(Draft draft, ServiceRow row, List<TaskRow> tasks, Context context) {
        ServiceRow next = row.withEventOnce("was unable to AZ Rebalance because (taskSet "
                + tasks.getFirst().deploymentId() + ") was unable to scale in due to (reason " + tasks.size()
                + " tasks under protection)", Uuids.of(context), context.now());
        put(draft, row, next);
        return new Moved(StopRules.protectionEnds(draft.image(), row, tasks, context.now()));
    }

    private static void put(Draft draft, ServiceRow before, ServiceRow next) {
        if (!next.equals(before)) {
            draft.put(EcsTables.SERVICES, next);
        }
    }
}
