package dev.landfall.sim.agent;

import dev.landfall.sim.Dice;
import dev.landfall.sim.Timeline;
import dev.landfall.sim.agent.Program.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;

/** A machine's container engine, with one container for each task. It goes on when the agent dies. */
public final class Docker {
    private static final Duration STOPS_AT_ONCE = Duration.ofMillis(50);
    private static final Duration STOPS_LATEST = Duration.ofSeconds(3);
    private static final Duration FIRST_CHECK = Duration.ofMillis(500);
    private static final Duration LAST_CHECK = Duration.ofSeconds(8);
    private static final int TERMINATED = 143;
    private static final int KILLED = 137;

    /** Who hears of the containers. */
    public interface Listener {
        void started(String machine, String taskArn);

        void ended(String machine, String taskArn);
    }

    /** A container as it is now. */
    record Facts(boolean running, int exitCode, String health) {}

    /** What the agent hears. */
    interface Events {
        void exited(String taskArn);

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
    private final TreeMap<String, Container> containers = new TreeMap<>();
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

    void start(String taskArn, Program program, boolean checked) {
        var container = new Container(program, checked);
        containers.put(taskArn, container);
        listener.started(machine, taskArn);
        if (program.kind() == Kind.EXIT) {
            timeline.after(program.after(), "exits", shortened(taskArn),
                    () -> end(taskArn, container, program.exitCode()));
        }
        if (checked) {
            timeline.after(dice.between(FIRST_CHECK, LAST_CHECK), "healthy", shortened(taskArn),
                    () -> health(taskArn, container, "HEALTHY"));
            if (program.kind() == Kind.SICK) {
                timeline.after(program.after(), "unhealthy", shortened(taskArn),
                        () -> health(taskArn, container, "UNHEALTHY"));
            }
        }
    }

    private String shortened(String taskArn) {
        return machine + " " + taskArn.substring(taskArn.lastIndexOf('/') + 1).substring(0, 6);
    }

    private void health(String taskArn, Container container, String health) {
        if (container.running && containers.get(taskArn) == container && !container.health.equals("UNHEALTHY")) {
            container.health = health;
            events.ifPresent(each -> each.healthChanged(taskArn));
        }
    }

    /** Begins to stop a container; its end is an event. */
    void stop(String taskArn) {
        Container container = containers.get(taskArn);
        if (container == null || !container.running || container.stopping || deaf) {
            return;
        }
        container.stopping = true;
        boolean slow = container.program.kind() == Kind.SLOW;
        timeline.after(slow ? Program.STOP_TIMEOUT : dice.between(STOPS_AT_ONCE, STOPS_LATEST), "ends",
                shortened(taskArn), () -> end(taskArn, container, slow ? KILLED : TERMINATED));
    }

    private void end(String taskArn, Container container, int exitCode) {
        if (container.running && containers.get(taskArn) == container) {
            container.running = false;
            container.exitCode = exitCode;
            listener.ended(machine, taskArn);
            events.ifPresent(each -> each.exited(taskArn));
        }
    }

    void remove(String taskArn) {
        containers.remove(taskArn);
    }

    Optional<Facts> inspect(String taskArn) {
        return Optional.ofNullable(containers.get(taskArn)).map(each ->
                new Facts(each.running, each.exitCode, each.checked ? each.health : "NONE"));
    }

    /** All containers end at once, as when the machine restarts. */
    void reboot() {
        containers.forEach((taskArn, container) -> {
            if (container.running) {
                container.running = false;
                container.exitCode = KILLED;
                listener.ended(machine, taskArn);
            }
        });
    }
}
