package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.sim.Violation;
import dev.landfall.sim.agent.Docker;
import dev.landfall.sim.outside.Balancers;
import dev.landfall.sim.plane.ControlPlane;
import dev.landfall.state.Commit;
import dev.landfall.state.Image;
import dev.landfall.state.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Holds every commit, restart and container of a simulation to the invariants. */
public final class Checks implements ControlPlane.Witness, Docker.Listener {
    private final List<Invariant> invariants;
    private final Events events;
    private final Restarts restarts;
    private final TreeMap<Docker.Id, String> running = new TreeMap<>();
    private final List<Consumer<Commit>> watchers = new ArrayList<>();
    private final Supplier<Image> durable;
    private Optional<Balancers> balancers = Optional.empty();

    /**
     * @param durable the newest image of which every row is durable
     * @param patience how long agents may be gone before their tasks are given up; empty for ever
     */
    public Checks(Supplier<Image> durable, Optional<Duration> patience) {
        this.durable = durable;
        this.events = new Events(arn -> Events.version(durable.get(), arn));
        this.restarts = new Restarts(durable, running::containsKey);
        this.invariants = List.of(new Lifecycles(), new Lost(patience), new Containers(), new Daemons(),
                new Placements(), new Resources(), new Bounds(), new Counters(), new SteadyState(), new Alarms(),
                new Zones(), restarts, new Express(), events);
    }

    /** Containers are not to end while these may send them requests. */
    public void drained(Balancers by) {
        balancers = Optional.of(by);
    }

    /** What is told of events. */
    public Events events() {
        return events;
    }

    @Override
    public void published(Commit commit) {
        for (Invariant invariant : invariants) {
            invariant.check(commit);
        }
        watchers.forEach(watcher -> watcher.accept(commit));
    }

    /** It held, and its watchers saw it, in the run that this one repeats. */
    @Override
    public void repeated(Commit commit) {
        invariants.forEach(invariant -> invariant.remember(commit));
    }

    /** Shows {@code watcher} every commit that passed. */
    public void watch(Consumer<Commit> watcher) {
        watchers.add(watcher);
    }

    /** No acknowledged write is lost over a crash, and nothing appears that nobody wrote. */
    @Override
    public void restarted(Image expected, Image found) {
        for (Table<?> table : EcsTables.ALL) {
            compare(table, expected, found);
        }
    }

    private static <R> void compare(Table<R> table, Image expected, Image found) {
        if (!List.copyOf(expected.all(table)).equals(List.copyOf(found.all(table)))) {
            for (R row : expected.all(table)) {
                Optional<R> read = found.get(table, table.key().apply(row));
                if (!read.equals(Optional.of(row))) {
                    throw new Violation("durable", "%s had %s and has %s after a crash".formatted(table, row, read));
                }
            }
            throw new Violation("durable", table + " has rows after a crash that it did not have before");
        }
    }

    /** A container runs once, and only after its task is durable. */
    @Override
    public void started(String machine, Docker.Id container) {
        String other = running.put(container, machine);
        if (other != null) {
            throw new Violation("one container",
                    container + " runs on " + other + " and is started on " + machine);
        }
        if (durable.get().get(EcsTables.TASKS, container.taskArn()).isEmpty()) {
            throw new Violation("one container", container + " is started and not durable");
        }
        restarts.started(container);
    }

    @Override
    public void restarted(String machine, Docker.Id container, Docker.Run last) {
        restarts.restarted(container, last);
    }

    /** A container that is told to end takes no requests any more. */
    @Override
    public void ending(String machine, Docker.Id container) {
        balancers.ifPresent(each -> Targets.drained(each, durable.get(), container));
        restarts.ending(container);
    }

    @Override
    public void ended(String machine, Docker.Id container, Docker.Run run) {
        running.remove(container);
        restarts.ended(container, run);
    }

    /** Whether a container of the task runs. */
    public boolean runs(String taskArn) {
        var first = running.ceilingKey(new Docker.Id(taskArn, ""));
        return first != null && first.taskArn().equals(taskArn);
    }

    /** The containers that run now, and the machine of each. */
    public SortedMap<Docker.Id, String> running() {
        return new TreeMap<>(running);
    }
}
