package dev.landfall.sim;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.sim.agent.Machine;
import dev.landfall.sim.check.Checks;
import dev.landfall.sim.check.Express;
import dev.landfall.sim.check.Rest;
import dev.landfall.sim.check.Targets;
import dev.landfall.sim.outside.Balancers;
import dev.landfall.sim.outside.Certificates;
import dev.landfall.sim.outside.CloudWatch;
import dev.landfall.sim.outside.EventBridge;
import dev.landfall.sim.outside.Gateways;
import dev.landfall.sim.outside.Outside;
import dev.landfall.sim.plane.ControlPlane;
import dev.landfall.sim.plane.Recording;
import dev.landfall.state.Commit;
import dev.landfall.state.Image;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsException;

/**
 * A whole cluster on virtual time, in one thread, from one seed: the product's decisions, scheduler and conversations
 * with agents; machines with fake engines and agents; the network between them. Every commit, restart and container is
 * held to the invariants at once.
 */
public final class Simulation {
    /** A user tries a request again after this. */
    private static final Duration USER_RETRY = Duration.ofMillis(500);

    private static final int USER_TRIES = 100;

    /** Long enough for the slowest delay that a service's throttle knows. */
    private static final Duration REST_WITHIN = Duration.ofMinutes(20);

    /** Far more than anything here needs; who writes more runs in circles. */
    private static final long WRITES_TO_REST = 20_000;

    private static final Duration LOOK_AT_REST = Duration.ofMillis(500);

    private final Timeline timeline;
    private final Trace trace;
    private final Dice dice;
    private final Checks checks;
    private final Outside outside;
    private final ControlPlane plane;
    private final List<Machine> machines = new ArrayList<>();

    private interface Plane {
        ControlPlane on(Timeline timeline, Dice dice, Outside outside, Checks checks);
    }

    public Simulation(long seed, Trace trace, Setting setting) {
        this(seed, trace, setting, ControlPlane::new);
    }

    private Simulation(long seed, Trace trace, Setting setting, Plane plane) {
        this.trace = trace;
        this.timeline = new Timeline(trace);
        this.dice = new Dice(seed);
        this.checks = new Checks(() -> plane().image(), setting.capacity().replaceLostTasksAfter());
        Dice planes = dice.split();
        // Dice of their own: what others throw is as it was before there were load balancers.
        var balancers = new Balancers(timeline, new Dice(~seed), this::listens);
        var gateways = new Gateways(balancers);
        var certificates = new Certificates(timeline, new Dice(~seed + 1), gateways::uses);
        this.outside = new Outside(setting.capacity(), new CloudWatch(), balancers, gateways, certificates,
                switch (setting.events()) {
                    case NOT_TOLD -> Optional.empty();
                    case TOLD -> Optional.of(new EventBridge(timeline, dice.split(), checks.events()));
                });
        balancers.follow(() -> Targets.served(balancers));
        checks.drained(balancers);
        this.plane = plane.on(timeline, planes, outside, checks);
        this.plane.start();
    }

    /** One whose decisions are remembered for others of that seed and setting; it must not be disturbed. */
    public static Simulation recorded(long seed, Setting setting, Recording into) {
        return new Simulation(seed, Trace.quiet(), setting, (timeline, dice, outside, checks) ->
                ControlPlane.recorded(timeline, dice, outside, checks, into));
    }

    /** One that decides as the recorded one did, as long as its control plane lives. */
    public static Simulation repeated(long seed, Setting setting, Trace trace, Recording from) {
        return new Simulation(seed, trace, setting, (timeline, dice, outside, checks) ->
                ControlPlane.repeated(timeline, dice, outside, checks, from));
    }

    public static Simulation of(long seed) {
        return new Simulation(seed, Trace.quiet(), Setting.PLAIN);
    }

    public ControlPlane plane() {
        return plane;
    }

    /** What stands around the control plane. */
    public Outside outside() {
        return outside;
    }

    public Timeline timeline() {
        return timeline;
    }

    public Trace trace() {
        return trace;
    }

    /** Whether a container of a task with that address runs; every container here takes requests at every port. */
    private boolean listens(String address, int port) {
        return plane.image().all(EcsTables.TASKS).stream().filter(row -> row.address().equals(address))
                .anyMatch(row -> checks.runs(row.arn()));
    }

    /** Dice for those who decide what happens. */
    public Dice dice() {
        return dice;
    }

    public Image image() {
        return plane.image();
    }

    public List<Machine> machines() {
        return List.copyOf(machines);
    }

    /** Shows {@code watcher} every commit. */
    public void watch(Consumer<Commit> watcher) {
        checks.watch(watcher);
    }

    /** A machine that begins to register now. */
    public Machine machine(Machine.Size size, Machine.Kind kind) {
        return machine(size, kind, Collections.emptySortedMap());
    }

    /** The same, with attributes of its own. */
    public Machine machine(Machine.Size size, Machine.Kind kind, SortedMap<String, String> attributes) {
        var machine = Machine.start(timeline, dice.split(), plane, "machine-" + (machines.size() + 1), size, kind,
                attributes, checks);
        machines.add(machine);
        return machine;
    }

    /** A user's request, tried again until the control plane answers. */
    public <A> A user(Function<EcsClient, A> request) {
        for (int tries = 0; tries < USER_TRIES; tries++) {
            switch (plane.call(request)) {
                case ControlPlane.Answer.Reply<A>(var reply) -> {
                    return reply;
                }
                case ControlPlane.Answer.Refused<A>(EcsException why) -> throw why;
                case ControlPlane.Answer.Unreachable<A>() -> run(USER_RETRY);
            }
        }
        throw new Violation("no faults", "the control plane does not come back");
    }

    public void run(Duration span) {
        timeline.run(span);
    }

    /** Runs until all is as it is wanted. */
    public void settle() {
        long end = timeline.micros() + REST_WITHIN.toNanos() / 1_000;
        long writes = plane.crashes().writes();
        List<String> missing = missing();
        while (!missing.isEmpty()) {
            if (timeline.micros() > end || plane.crashes().writes() - writes > WRITES_TO_REST) {
                throw new Violation("rest", "after " + (plane.crashes().writes() - writes) + " writes: "
                        + String.join("; ", missing));
            }
            run(LOOK_AT_REST);
            missing = missing();
        }
        checkEvents();
    }

    private void checkEvents() {
        outside.events().ifPresent(bridge -> checks.events().atRest(image(), bridge, plane.deaths()));
    }

    /** Runs on for a while, in which what has come to rest must stay so: no task and no service may change. */
    public void stayAtRest(Duration span) {
        Image before = plane.image();
        run(span);
        List<String> missing = missing();
        if (!missing.isEmpty()) {
            throw new Violation("rest", "did not last: " + String.join("; ", missing));
        }
        boolean same = List.copyOf(before.all(EcsTables.SERVICES)).equals(List.copyOf(image().all(EcsTables.SERVICES)))
                && live(before).equals(live(image()));
        if (!same) {
            throw new Violation("rest", "tasks or services changed after it");
        }
    }

    private static List<TaskRow> live(Image image) {
        return image.all(EcsTables.TASKS).stream().filter(row -> !row.stopped()).toList();
    }

    private List<String> missing() {
        if (!plane.up()) {
            return List.of("the control plane is down");
        }
        var missing = new ArrayList<>(Rest.missing(plane.image(), machines, checks.running()));
        missing.addAll(Targets.missing(outside.balancers(), plane.image()));
        missing.addAll(Express.missing(outside.gateways(), outside.certificates(), plane.image()));
        return missing;
    }
}
