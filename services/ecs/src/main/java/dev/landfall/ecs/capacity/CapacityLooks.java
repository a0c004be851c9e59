package dev.landfall.ecs.capacity;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.instance.Absence;
import dev.landfall.state.Commit;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Decisions;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is done at capacity without being called for, without threads and timers: completing changes of clusters and
 * providers, ending interrupted Spot instances, giving up lost tasks. {@link CapacityScheduler} runs it, and a
 * simulator on its own time. Keys are the ARNs of clusters, capacity providers and container instances.
 */
public final class CapacityLooks {
    /** When to look again after a look that failed. */
    public static final Duration RETRY = Duration.ofSeconds(1);

    private final Decisions decisions;
    private final CapacityPolicy policy;

    public CapacityLooks(Decisions decisions, CapacityPolicy policy) {
        this.decisions = decisions;
        this.policy = policy;
    }

    /** What to look at after a commit. */
    public Set<String> concerned(Commit commit) {
        var concerned = new LinkedHashSet<String>();
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var _, var row)) {
                key(row).ifPresent(concerned::add);
            }
        }
        return concerned;
    }

    /** What to look at when it begins: all that is under way or may become due. */
    public Set<String> all() {
        Image image = decisions.image();
        var all = new LinkedHashSet<String>();
        Stream.of(EcsTables.CLUSTERS, EcsTables.CAPACITY_PROVIDERS, EcsTables.INTERRUPTION_NOTICES, EcsTables.ABSENCES)
                .flatMap(table -> image.all(table).stream())
                .forEach(row -> key(row).ifPresent(all::add));
        return all;
    }

    private static Optional<String> key(Object row) {
        return switch (row) {
            case ClusterRow cluster when Attachments.inProgress(cluster.cluster()) -> Optional.of(cluster.arn());
            case CapacityProviderRow provider when provider.inProgress() -> Optional.of(provider.arn());
            case InterruptionNotice notice -> Optional.of(notice.instanceArn());
            case Absence absence -> Optional.of(absence.instanceArn());
            default -> Optional.empty(); // rows of every other kind are no business of ours
        };
    }

    /** Does what is due; when to look again, where only time will tell. */
    public Optional<Duration> look(String arn) {
        return decisions.submit((image, context) -> decide(image, arn, policy, context));
    }

    /** Takes back one task or instance of the Spot capacity there is, if there is any. */
    public void interruptAnyOne() {
        decisions.submit((image, context) ->
                Interrupt.decide(image, Interrupt.Request.anyOne(), policy, context));
    }

    static Decision<Optional<Duration>> decide(Image image, String arn, CapacityPolicy policy, Context context) {
        String resource = arn.split(":", 6)[5];
        return switch (resource.substring(0, resource.indexOf('/'))) {
            case "cluster" -> SettleCapacity.ofCluster(image, arn);
            case "capacity-provider" -> SettleCapacity.ofProvider(image, arn, context);
            default -> {
                var draft = new Draft(image);
                Optional<Duration> reclaim = ReclaimInstance.whenDue(draft, arn, context);
                Optional<Duration> lost = LostTasks.giveUp(draft, arn, policy, context);
                yield draft.reply(Stream.concat(reclaim.stream(), lost.stream()).min(Duration::compareTo));
            }
        };
    }
}
