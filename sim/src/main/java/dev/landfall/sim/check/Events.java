package dev.landfall.sim.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.event.EcsEvent;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.sim.outside.EventBridge;
import dev.landfall.state.Commit;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;

/**
 * What EventBridge is told, held to docs/adr/0007. What is told of a task or instance for the first time is newer than
 * all that was told of it before, and nothing is told that is not durable. In the end the newest state of each was
 * told, as the last word on it unless the control plane died, and of each service all that its row still has. Where
 * nothing went wrong every state was told.
 */
public final class Events implements Invariant, EventBridge.Listener {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Service events by what they say, and what EventBridge calls them. */
    private static final Map<String, String> ACTIONS = new TreeMap<>(Map.of(
            "has reached a steady state.", "SERVICE_STEADY_STATE",
            "is unable to place a task", "SERVICE_TASK_PLACEMENT_FAILURE",
            "was unable to place a task", "SERVICE_TASK_PLACEMENT_FAILURE",
            "is unable to consistently start tasks successfully", "SERVICE_TASK_START_IMPAIRED"));

    private record Version(String arn, long version) implements Comparable<Version> {
        @Override
        public int compareTo(Version other) {
            int byArn = arn.compareTo(other.arn);
            return byArn != 0 ? byArn : Long.compare(version, other.version);
        }
    }

    private final TreeSet<Version> decided = new TreeSet<>();
    private final TreeSet<Version> offered = new TreeSet<>();
    private final TreeSet<Version> taken = new TreeSet<>();
    private final TreeMap<String, Long> last = new TreeMap<>();
    private final TreeMap<String, Long> forgotten = new TreeMap<>();
    private final TreeSet<String> actions = new TreeSet<>();

    /** A table's newest version of a resource: durable, though perhaps in a process that died before it said so. */
    interface Durable {
        Optional<Long> version(String arn);
    }

    private final Durable durable;

    Events(Durable durable) {
        this.durable = durable;
    }

    @Override
    public String name() {
        return "events";
    }

    /** The version of a task or instance that EventBridge is told of. */
    static Optional<Long> version(Image image, String arn) {
        return image.get(EcsTables.TASKS, arn).map(row -> row.task().version())
                .or(() -> image.get(EcsTables.INSTANCES, arn).map(row -> row.instance().version()));
    }

    @Override
    public void check(Commit commit) {
        for (Write<?> write : commit.writes()) {
            boolean told = write instanceof Write.Put<?>(var table, var row)
                    && (row instanceof TaskRow || row instanceof InstanceRow instance && !instance.managed());
            if (told && !offered.isEmpty()) { // what came before the first word may be told by its newest state
                version(commit.after(), write.key()).ifPresent(now -> decided.add(new Version(write.key(), now)));
            } else if (write instanceof Write.Delete<?>(var table, var key) && table == EcsTables.TASKS) {
                version(commit.before(), key).ifPresent(then -> forgotten.put(key, then));
            }
        }
    }

    @Override
    public void remember(Commit commit) {
        check(commit);
    }

    @Override
    public void offered(PutEventsRequestEntry event) {
        if (versioned(event)) {
            var told = new Version(event.resources().getFirst(), detail(event).path("version").longValue());
            Version newest = offered.lower(new Version(told.arn(), Long.MAX_VALUE));
            require(offered.contains(told) || newest == null || !newest.arn().equals(told.arn())
                            || newest.version() < told.version(),
                    "version %d of %s is told after version %d", told.version(), told.arn(),
                    newest == null ? 0 : newest.version());
            require(durable.version(told.arn()).filter(newer -> newer < told.version()).isEmpty(),
                    "version %d of %s is told and not durable", told.version(), told.arn());
            offered.add(told);
        }
    }

    @Override
    public void taken(PutEventsRequestEntry event) {
        String arn = event.resources().getFirst();
        JsonNode detail = detail(event);
        if (versioned(event)) {
            taken.add(new Version(arn, detail.path("version").longValue()));
            last.put(arn, detail.path("version").longValue());
        } else if (event.detailType().equals(EcsEvent.DEPLOYMENT)) {
            actions.add(deployment(arn, detail.path("deploymentId").textValue(), detail.path("eventName").textValue()));
        } else if (event.detailType().equals(EcsEvent.HOOK)) {
            actions.add(arn + " " + detail.path("hookId").textValue() + " " + detail.path("eventName").textValue());
        } else {
            actions.add(action(arn, detail.path("eventName").textValue(),
                    Instant.parse(detail.path("createdAt").textValue())));
        }
    }

    private static boolean versioned(PutEventsRequestEntry event) {
        return event.detailType().equals(EcsEvent.TASK) || event.detailType().equals(EcsEvent.INSTANCE);
    }

    private static String deployment(String arn, String deploymentId, String name) {
        return arn + " " + deploymentId + " " + name;
    }

    private static String action(String arn, String name, Instant createdAt) {
        return arn + " " + name + " " + createdAt;
    }

    private static JsonNode detail(PutEventsRequestEntry event) {
        try {
            return JSON.readTree(event.detail());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * To be asked when nothing is marked any more.
     *
     * @param deaths how often the control plane died
     */
    public void atRest(Image image, EventBridge bridge, int deaths) {
        image.all(EcsTables.TASKS).forEach(row -> newest(row.arn(), row.task().version()));
        image.all(EcsTables.INSTANCES).stream().filter(row -> !row.managed())
                .forEach(row -> newest(row.arn(), row.instance().version()));
        image.all(EcsTables.SERVICES).forEach(this::everything);
        if (!bridge.everAway()) {
            forgotten.forEach(this::newest);
        }
        if (deaths == 0) { // else what a dead process sent may have been the last to arrive
            last.forEach((arn, version) -> require(
                    taken.lower(new Version(arn, Long.MAX_VALUE)).version() == version,
                    "the last word on %s is version %d, which is not the newest", arn, version));
        }
        if (deaths == 0 && bridge.undisturbed()) {
            decided.forEach(each -> require(taken.contains(each), "EventBridge was not told of %s", each));
        }
    }

    private void newest(String arn, long version) {
        require(taken.contains(new Version(arn, version)), "the newest word on %s is version %d, not %d",
                arn, last.getOrDefault(arn, 0L), version);
    }

    private void everything(ServiceRow row) {
        for (ServiceEvent event : row.events()) {
            ACTIONS.forEach((words, name) -> require(!event.message().contains(words)
                            || actions.contains(action(row.arn(), name, event.createdAt())),
                    "EventBridge was not told of %s at %s: %s", name, event.createdAt(), event.message()));
        }
        for (Deployment deployment : row.service().deployments()) {
            if (deployment.rolloutState() != null) {
                told(row, deployment, DeploymentRolloutState.IN_PROGRESS);
                told(row, deployment, deployment.rolloutState());
            }
        }
    }

    private void told(ServiceRow row, Deployment deployment, DeploymentRolloutState state) {
        require(actions.contains(deployment(row.arn(), deployment.id(), "SERVICE_DEPLOYMENT_" + state)),
                "EventBridge was not told that %s of %s was %s", deployment.id(), row.arn(), state);
    }
}
