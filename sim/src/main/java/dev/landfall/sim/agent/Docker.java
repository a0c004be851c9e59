package dev.landfall.sim.agent;

import dev.landfall.sim.Dice;
import dev.landfall.sim.Timeline;
import dev.landfall.sim.agent.Program.Kind;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.TreeMap;

/** A machine's container engine. It goes on when the agent dies. */
public final class Docker {
    private static final Duration STOPS_AT_ONCE = Duration.ofMillis(50);
    private static final Duration STOPS_LATEST = Duration.ofSeconds(3);
    private static final Duration FIRST_CHECK = Duration.ofMillis(500);
    private static final Duration LAST_CHECK = Duration.ofSeconds(8);
    private static final Duration STARTS_AGAIN_WITHIN = Duration.ofMillis(5);
    private static final int TERMINATED = 143;
    private static final int KILLED = 137;

    /** A container by its task and its name. */
    public record Id(String taskArn, String name) implements Comparable<Id> {
        @Override
        public int compareTo(Id other) {
            int byTask = taskArn.compareTo(other.taskArn);
            return byTask != 0 ? byTask : name.compareTo(other.name);
        }

        @Override
        public String toString() {
            return taskArn.substring(taskArn.lastIndexOf('/') + 1).substring(0, 6) + " " + name;
        }
    }

    /** Who hears of the containers. */
    public interface Listener {
        void started(String machine, Id container);

        /** It has ended by itself, and its agent has it started once more. */
        void restarted(String machine, Id container, Run last);

        /** It is told to end. */
        void ending(String machine, Id container);

        void ended(String machine, Id container, Run run);
    }

    /** A run of a container that is over, and the time since it began. */
    public record Run(int exitCode, Duration sinceStart) {}

    /** A container as it is now, and for how long it has been since it was started. */
    record Facts(boolean running, int exitCode, Duration sinceStart, String health) {}

    /** What the agent hears. */
    interface Events {
        void exited(Id container);

        void healthChanged(String taskArn);
    }

    /** One of its runs: what is planned for one does not happen to the next. */
    private static final class Container {
        private final Program program;
        private final boolean checked;
        private final int restarts;
        private final long startedMicros;
        private boolean running = true;
        private boolean stopping;
        private int exitCode;
        private String health = "UNKNOWN";

        Container(Program program, boolean checked, int restarts, long startedMicros) {
            this.program = program;
            this.checked = checked;
            this.restarts = restarts;
            this.startedMicros = startedMicros;
        }
    }

    private final Timeline timeline;
    private final Dice dice;
    private final String machine;
    private final Listener listener;
    private final TreeMap<Id, Container> containers = new TreeMap<>();
    private Optional<Events> events = Optional.empty();
    private boolean deaf;

    Docker(Timeline timeline, Dice dice, String machine, Listener listener) {
        this.timeline = timeline;
        this.dice = dice;
        this.machine = machine;
        this.listener = listener;
    }

    void follow(Events next) {
        events = Optional.of(next);
    }

    void unfollow() {
        events = Optional.empty();
    }

    /** Containers do not end any more when they are told to: a bug for tests to find. */
    void deaf() {
        deaf = true;
    }

    /** Knows no container any more, while they run on: likewise. */
    void forget() {
        containers.clear();
    }

    void start(Id id, Program program, boolean checked) {
        var container = new Container(program, checked, 0, timeline.micros());
        containers.put(id, container);
        run(id, container);
    }

    /** Starts a container again that has ended; until it does it counts as one that runs. */
    void restart(Id id) {
        Container last = containers.get(id);
        listener.restarted(machine, id, run(last));
        var next = new Container(last.program, last.checked, last.restarts + 1, timeline.micros());
        containers.put(id, next);
        timeline.after(dice.between(Duration.ZERO, STARTS_AGAIN_WITHIN), "starts again", shortened(id), () -> {
            if (next.running && containers.get(id) == next) {
                run(id, next);
            }
        });
    }

    private void run(Id id, Container container) {
        Program program = container.program;
        listener.started(machine, id);
        program.end(container.restarts).ifPresent(end -> timeline.after(end.after(), "exits", shortened(id),
                () -> end(id, container, end.exitCode())));
        if (container.checked) {
            timeline.after(dice.between(FIRST_CHECK, LAST_CHECK), "healthy", shortened(id),
                    () -> health(id, container, "HEALTHY"));
            if (program.kind() == Kind.SICK) {
                timeline.after(program.sickAfter(), "unhealthy", shortened(id),
                        () -> health(id, container, "UNHEALTHY"));
            }
        }
    }

    private Run run(Container container) {
        return new Run(container.exitCode, since(container));
    }

    private Duration since(Container container) {
        return Duration.of(timeline.micros() - container.startedMicros, ChronoUnit.MICROS);
    }

    private String shortened(Id id) {
        return machine + " " + id;
    }

    private void health(Id id, Container container, String health) {
        if (container.running && containers.get(id) == container && !container.health.equals("UNHEALTHY")) {
            container.health = health;
            events.ifPresent(each -> each.healthChanged(id.taskArn()));
        }
    }

    /** Begins to stop a container; its end is an event. */
    void stop(Id id) {
        Container container = containers.get(id);
        if (container == null || !container.running || container.stopping || deaf) {
            return;
        }
        container.stopping = true;
        listener.ending(machine, id);
        boolean slow = container.program.kind() == Kind.SLOW;
        timeline.after(slow ? Program.STOP_TIMEOUT : dice.between(STOPS_AT_ONCE, STOPS_LATEST), "ends",
                shortened(id), () -> end(id, container, slow ? KILLED : TERMINATED));
    }

    private void end(Id id, Container container, int exitCode) {
        if (container.running && containers.get(id) == container) {
            container.running = false;
            container.exitCode = exitCode;
            listener.ended(machine, id, run(container));
            events.ifPresent(each -> each.exited(id));
        }
    }

    void remove(Id id) {
        containers.remove(id);
    }

    Optional<Facts> inspect(Id id) {
        return Optional.ofNullable(containers.get(id)).map(each ->
                new Facts(each.running, each.exitCode, since(each), each.checked ? each.health : "NONE"));
    }

    /** All containers end at once, as when the machine restarts. */
    void reboot() {
        containers.forEach((id, container) -> {
            if (container.running) {
                container.running = false;
                container.exitCode = KILLED;
                listener.ended(machine, id, run(container));
            }
        });
    }
}
