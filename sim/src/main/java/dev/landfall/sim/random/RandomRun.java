package dev.landfall.sim.random;

import dev.landfall.ecs.capacity.CapacityPolicy;
import dev.landfall.sim.Dice;
import dev.landfall.sim.Setting;
import dev.landfall.sim.Simulation;
import dev.landfall.sim.Trace;
import dev.landfall.sim.agent.Faults;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One run of a random cluster: users and misfortune act on it for a while, then everything is made good again, and the
 * cluster has to come to rest. The seed decides everything.
 */
public final class RandomRun {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(12);
    private static final Duration QUIET = Duration.ofSeconds(70);
    private static final int FEWEST_ACTIONS = 6;
    private static final int MOST_ACTIONS = 22;

    /** Rarely, so that most runs see what services do when time passes at its usual pace. */
    private static final double LONG_PAUSE = 0.02;

    private static final Duration LONG = Duration.ofMinutes(70);

    private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PATIENCE = Duration.ofMinutes(3);

    private RandomRun() {}

    /** What a failed run has to say. */
    public record Failure(long seed, Throwable cause, List<String> lastSteps) {
        @Override
        public String toString() {
            return "seed " + seed + " failed: " + cause + "\n  " + String.join("\n  ", lastSteps);
        }
    }

    /** The failure of this seed's run, if it fails. */
    public static Optional<Failure> failure(long seed, Trace trace) {
        return failure(seed, new Simulation(seed, trace, setting(new Dice(~seed))));
    }

    private static Setting setting(Dice dice) {
        Setting setting = Setting.PLAIN.with(dice.chance(0.4) ? Setting.Events.TOLD : Setting.Events.NOT_TOLD);
        return dice.chance(0.7) ? setting : setting.with(new CapacityPolicy(CapacityPolicy.AS_AWS.spotWarning(), 0,
                Optional.of(dice.between(SHORTEST_PATIENCE, LONGEST_PATIENCE))));
    }

    /** As the other, for a simulation that has just been made of that seed. */
    public static Optional<Failure> failure(long seed, Simulation simulation) {
        try {
            run(simulation);
            return Optional.empty();
        } catch (RuntimeException | Error e) { // whatever it is, the seed is what is needed to see it again
            return Optional.of(new Failure(seed, e, simulation.trace().last()));
        }
    }

    private static void run(Simulation simulation) {
        Dice dice = simulation.dice();
        var users = new Users(simulation, dice.split());
        simulation.user(ecs -> ecs.createCluster(request -> request.clusterName("default")));
        for (String group : Users.GROUPS) {
            users.group(group);
        }
        simulation.user(ecs -> ecs.putClusterCapacityProviders(request -> request.cluster("default")
                .capacityProviders("FARGATE", "FARGATE_SPOT", "one", "two")
                .defaultCapacityProviderStrategy(List.of())));
        var misfortune = new Misfortune(simulation, dice.split(), dice.one(List.of(Faults.NONE, Faults.SOME,
                Faults.SOME, Faults.MANY)));
        simulation.outside().events().ifPresent(bridge -> bridge.faults(dice.one(List.of(Faults.NONE, Faults.SOME,
                Faults.MANY))));
        misfortune.machines(dice.between(1, 4));
        int actions = dice.between(FEWEST_ACTIONS, MOST_ACTIONS);
        for (int i = 0; i < actions; i++) {
            if (dice.chance(0.6)) {
                users.act();
            } else {
                misfortune.strike();
            }
            simulation.run(dice.chance(0.4) ? Duration.ofMillis(dice.between(0, 300))
                    : dice.between(Duration.ZERO, LONGEST_PAUSE));
        }
        if (dice.chance(LONG_PAUSE)) {
            simulation.run(LONG);
        }
        misfortune.end();
        users.wantWhatCanBe();
        simulation.settle();
        simulation.stayAtRest(QUIET);
    }
}
