package dev.landfall.ecs.balance;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import dev.landfall.wire.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.elasticloadbalancing.ElasticLoadBalancingClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;

/**
 * What keeps the targets of target groups, and the instances of Classic Load Balancers, which are treated as target
 * groups here, as services' tasks are, without threads and timers: which target groups a
 * commit concerns, and one look at one of them. A look compares all that is with all that is to be, so that none
 * depends on those before it. Looks at one target group come one after the other; those at several may overlap.
 */
public final class TargetLooks {
    /** How often a target group is looked at while something is expected to change. */
    public static final Duration IN_MOTION = Duration.ofSeconds(1);

    /** How often a target group is looked at whose targets are all healthy. */
    public static final Duration AT_REST = Duration.ofSeconds(5);

    /** When to look again at a target group after a look that failed. */
    public static final Duration RETRY = Duration.ofSeconds(1);

    /** How often all target groups are looked at, to make up for what was lost. */
    public static final Duration FULL_PASS = Duration.ofSeconds(30);

    private static final int CALLER_MISTAKEN = 400;

    private final Decisions decisions;
    private final ElasticLoadBalancingV2Client elb;
    private final ElasticLoadBalancingClient classic;

    /** Of target groups alone. */
    public TargetLooks(Decisions decisions, ElasticLoadBalancingV2Client elb) {
        this(decisions, elb, new NoClassicLoadBalancers());
    }

    public TargetLooks(
            Decisions decisions, ElasticLoadBalancingV2Client elb, ElasticLoadBalancingClient classic) {
        this.decisions = decisions;
        this.elb = elb;
        this.classic = classic;
    }

    /** The ARNs of the target groups to look at after a commit: those of tasks that changed. */
    public Set<String> concerned(Commit commit) {
        var concerned = new LinkedHashSet<String>();
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, TaskRow row)) {
                concerned.addAll(row.targetGroups());
            }
        }
        return concerned;
    }

    /** The ARNs of all target groups that may have targets of ours. */
    public List<String> all() {
        return List.copyOf(decisions.image()
                .values(EcsTables.TASKS, EcsTables.TASKS_BY_TARGET_GROUP, "", "\uffff").keySet());
    }

    /**
     * Does what the target group needs now; when to look again, where only time will tell.
     *
     * @throws AwsServiceException if the load balancers do not answer
     */
    public Optional<Duration> look(String groupArn) {
        Image image = decisions.image();
        List<TaskRow> tasks = image.find(EcsTables.TASKS, EcsTables.TASKS_BY_TARGET_GROUP, groupArn);
        if (tasks.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Call.as(KnownTargetGroups.callFor(Scope.of(tasks.getFirst().arn())),
                    () -> Optional.of(look(image, groupArn, tasks)));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a look at " + groupArn + " failed", e);
        }
    }

    private Duration look(Image image, String groupArn, List<TaskRow> tasks) {
        Registry registry = Registry.of(groupArn, elb, classic);
        TargetPlan plan = TargetPlan.of(image, groupArn, tasks, registry.described());
        var seen = new ArrayList<>(plan.seen());
        var refused = new TreeMap<String, String>();
        if (!plan.deregister().isEmpty()) {
            registry.deregister(targets(plan.deregister()));
            plan.deregister().values().forEach(seen::addAll);
        }
        register(registry, plan, seen::addAll, refused);
        if (!seen.isEmpty() || !refused.isEmpty()) {
            decisions.submit((now, context) -> ObserveTargets.decide(now, groupArn, seen, refused, context));
        }
        boolean rests = seen.stream().allMatch(each -> each.target().healthy() || each.target().gone());
        return rests && refused.isEmpty() ? AT_REST : IN_MOTION;
    }

    /** One target that is refused must not keep out the others: they are tried one by one then. */
    private static void register(Registry registry, TargetPlan plan, Consumer<List<Sighting>> done,
            SortedMap<String, String> refused) {
        if (plan.register().isEmpty()) {
            return;
        }
        try {
            registry.register(targets(plan.register()));
            plan.register().values().forEach(done);
            return;
        } catch (AwsServiceException e) {
            requireRefusal(e);
        }
        plan.register().forEach((address, sightings) -> {
            try {
                registry.register(List.of(address.description()));
                done.accept(sightings);
            } catch (AwsServiceException e) {
                requireRefusal(e);
                sightings.forEach(each -> refused.put(each.taskArn(), e.awsErrorDetails() == null
                        ? e.getMessage() : e.awsErrorDetails().errorMessage()));
            }
        });
    }

    /** What is no refusal is a fault over there, and worth another try as it is. */
    private static void requireRefusal(AwsServiceException e) {
        if (e.statusCode() != CALLER_MISTAKEN) {
            throw e;
        }
    }

    private static List<TargetDescription> targets(SortedMap<TargetAddress, List<Sighting>> byAddress) {
        return byAddress.keySet().stream().map(TargetAddress::description).toList();
    }
}
