package dev.landfall.sim.agent;

import dev.landfall.sim.Dice;
import dev.landfall.sim.Timeline;
import dev.landfall.sim.agent.Program.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;

/** A machine's container engine. It goes on when the agent dies. */
public final class Docker {
    private static final Duration STOPS_AT_ONCE = Duration.ofMillis(50);
    private static final Duration STOPS_LATEST = Duration.ofSeconds(3);
    private static final Duration FIRST_CHECK = Duration.ofMillis(500);
    private static final Duration LAST_CHECK = Duration.ofSeconds(8);
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

        /** It is told to end. */
        void ending(String machine, Id container);

        void ended(String machine, Id container);
    }

    /** A container as it is now. */
    record Facts(boolean running, int exitCode, String health) {}

    /** What the agent hears. */
    interface Events {
        void exited(Id container);

        void healthChanged(String taskArn);
    }

    private static final class Container {
        private final Program program;
        private final boolean checked;
        private boolean running = true;
        private boolean stopping;
        private int exitCode;
        private String health = "UNKNOWN";

        Container(Program program, boolean checked) {
            this.program = program;
            this.checked = checked;
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
        var container = new Container(program, checked);
        containers.put(id, container);
        listener.started(machine, id);
        if (program.kind() == Kind.EXIT) {
            timeline.after(program.after(), "exits", shortened(id), () -> end(id, container, program.exitCode()));
        }
        if (checked) {
            timeline.after(dice.between(FIRST_CHECK, LAST_CHECK), "healthy", shortened(id),
                    () -> health(id, container, "HEALTHY"));
            if (program.kind() == Kind.SICK) {
                timeline.after(program.after(), "unhealthy", shortened(id),
                        () -> health(id, container, "UNHEALTHY"));
            }
        }
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
            listener.ended(machine, id);
            events.ifPresent(each -> each.exited(id));
        }
    }

    void remove(Id id) {
        containers.remove(id);
    }

    Optional<Facts> inspect(Id id) {
        return Optional.ofNullable(containers.get(id)).map(each ->
                new Facts(each.running, each.exitCode, each.checked ? each.health : "NONE"));
    }

    /** All containers end at once, as when the machine restarts. */
    void reboot() {
        containers.forEach((id, container) -> {
            if (container.running) {
                container.running = false;
                container.exitCode = KILLED;
                listener.ended(machine, id);
            }
        });
    }
}
