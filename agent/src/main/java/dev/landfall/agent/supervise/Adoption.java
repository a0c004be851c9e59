package dev.landfall.agent.supervise;

import dev.landfall.agent.engine.ContainerFacts;
import dev.landfall.agent.task.ContainerPhase;
import dev.landfall.agent.task.ContainerState;
import dev.landfall.agent.task.Health;
import dev.landfall.agent.task.TaskEvent;
import dev.landfall.agent.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Brings what was saved of a task in line with what the engine has, after the agent or the engine was away. Pure: facts
 * in, state or events out.
 */
final class Adoption {
    private static final String VANISHED = "CannotInspectContainerError: Error: No such container";
    private static final String OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage";

    private Adoption() {}

    /**
     * The state of a saved task as the engine bears it out. Calls that were under way when the agent ended are taken
     * back to where they can be made again; what had stopped stays stopped.
     */
    static TaskState restored(
            SavedTask saved, Map<String, ContainerFacts> found, Optional<String> pause, Instant now) {
        TaskState state = saved.state();
        boolean again = providedAgain(saved, found);
        var containers = new TreeMap<String, ContainerState>();
        state.containers().forEach((name, known) -> {
            var facts = Optional.ofNullable(found.get(name)).filter(_ -> !again);
            containers.put(name, known.stopped() ? known : restored(known, facts, now));
        });
        var provision = again ? TaskState.Provision.WANTED
                : unfinished(saved) ? TaskState.Provision.READY : state.provision();
        boolean released = state.released() && saved.releasedAt().isPresent();
        Optional<String> pauseId = again ? Optional.empty() : state.pauseId().or(() -> pause);
        return new TaskState(state.payload(), containers, provision, pauseId, state.stopping(), released,
                state.reason(), state.pullStartedAt(), state.pullStoppedAt(), state.executionStoppedAt(),
                state.reportedTask(), state.reportedContainers());
    }

    /**
     * Whether the task's volumes and network are to be made anew, as the agent ended while it made them; a pause
     * container that was already there, and containers that were created on it, are of no use any more. What was saved
     * may be older than what was done: a container that has started tells that all was ready.
     */
    static boolean providedAgain(SavedTask saved, Map<String, ContainerFacts> found) {
        return unfinished(saved) && found.values().stream().allMatch(ContainerFacts::neverStarted);
    }

    private static boolean unfinished(SavedTask saved) {
        var provision = saved.state().provision();
        return saved.releasedAt().isEmpty()
                && (provision == TaskState.Provision.WANTED || provision == TaskState.Provision.UNDER_WAY);
    }

    private static ContainerState restored(ContainerState known, Optional<ContainerFacts> facts, Instant now) {
        if (facts.isEmpty()) {
            return known.everStarted()
                    ? with(known, ContainerPhase.STOPPED, Optional.empty(), Optional.empty(), VANISHED, now)
                    : with(known, ContainerPhase.WAITING, Optional.empty(), Optional.empty(), "", now);
        }
        ContainerFacts engine = facts.get();
        Optional<String> id = Optional.of(engine.id());
        if (engine.neverStarted()) {
            return with(known, ContainerPhase.CREATED, id, Optional.empty(), "", now);
        }
        Instant started = engine.startedAt().orElse(now);
        Health health = known.health().status() == Health.Status.NONE || engine.health() == Health.Status.NONE
                ? known.health() : new Health(engine.health(), now, engine.healthOutput());
        var begun = new ContainerState(ContainerPhase.RUNNING, id, known.imageDigest(),
                known.startedAt().or(() -> Optional.of(started)), Optional.of(started), Optional.empty(),
                Optional.empty(), "", health, known.restarts(),
                known.bindings().isEmpty() ? engine.bindings() : known.bindings());
        return begun;
    }

    private static ContainerState with(ContainerState known, ContainerPhase phase, Optional<String> id,
            Optional<Integer> exitCode, String reason, Instant now) {
        boolean stopped = phase == ContainerPhase.STOPPED;
        return new ContainerState(phase, stopped ? known.id() : id, known.imageDigest(), known.startedAt(),
                known.lastStartedAt(), stopped ? Optional.of(now) : Optional.empty(), exitCode, reason, known.health(),
                known.restarts(), known.bindings());
    }

    /** What has to be told of a container that the supervisor believes to run. */
    static List<TaskEvent> events(TaskState state, String name, Optional<ContainerFacts> facts) {
        ContainerState known = state.container(name);
        if (known.phase() != ContainerPhase.RUNNING && known.phase() != ContainerPhase.STOPPING) {
            return List.of();
        }
        var events = new ArrayList<TaskEvent>();
        if (facts.isEmpty()) {
            events.add(new TaskEvent.Exited(name, Optional.empty(), VANISHED));
        } else if (!facts.get().running()) {
            ContainerFacts ended = facts.get();
            events.add(new TaskEvent.Exited(name, Optional.of(ended.exitCode()),
                    ended.oomKilled() ? OUT_OF_MEMORY : ""));
        } else if (facts.get().health() != Health.Status.NONE) {
            events.add(new TaskEvent.HealthSeen(name, facts.get().health(), facts.get().healthOutput()));
        }
        return events;
    }
}
