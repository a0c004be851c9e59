package dev.landfall.sim.random;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.capacity.Interrupt;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.protocol.Capabilities;
import dev.landfall.sim.Dice;
import dev.landfall.sim.Simulation;
import dev.landfall.sim.agent.Faults;
import dev.landfall.sim.agent.Machine;
import dev.landfall.sim.agent.Machine.Kind;
import dev.landfall.sim.outside.EventBridge;
import dev.landfall.sim.plane.CrashPoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;

/** All that may go wrong in a cluster. */
final class Misfortune {
    private static final Duration LONGEST_PARTITION = Duration.ofMinutes(4);
    /** By then a request that was given up has arrived, or never will, and a Spot instance is gone. */
    private static final Duration LATEST = Duration.ofSeconds(130);

    private static final List<String> ZONES = List.of("us-east-1a", "us-east-1b");
    private static final List<String> STACKS = List.of("blue", "green");
    private static final int WRITES_AHEAD = 15;

    private static final Duration LONGEST_AWAY = Duration.ofSeconds(20);

    private final Simulation simulation;
    private final Dice dice;
    private final Faults faults;

    Misfortune(Simulation simulation, Dice dice, Faults faults) {
        this.simulation = simulation;
        this.dice = dice;
        this.faults = faults;
    }

    void machines(int count) {
        for (int i = 0; i < count; i++) {
            add();
        }
    }

    private void add() {
        int memory = dice.one(List.of(300, 600, 2_100, 8_250));
        var size = new Machine.Size(dice.one(List.of(280, 1_060, 4_130)), memory,
                "10.9." + simulation.machines().size() + ".0/28");
        machine(size, dice.chance(0.25) ? Kind.MANAGED : Kind.CLUSTER, dice.one(ZONES), dice.one(STACKS),
                dice.one(Users.GROUPS)).faults(faults);
    }

    /** With room for everything. */
    private Machine.Size big() {
        return new Machine.Size(16_384, 65_536, "10." + (10 + simulation.machines().size()) + ".0.0/20");
    }

    private Machine machine(Machine.Size size, Kind kind, String zone, String stack, String group) {
        var attributes = new TreeMap<>(Map.of(InstanceRow.ZONE, zone, "stack", stack));
        if (kind == Kind.CLUSTER) {
            attributes.put(Capabilities.CAPACITY_PROVIDER, group);
        }
        return simulation.machine(size, kind, attributes);
    }

    void strike() {
        List<Machine> machines = simulation.machines().stream().filter(each -> !each.gone()).toList();
        switch (dice.between(0, 22)) {
            case 0, 1 -> simulation.plane().crash();
            case 2, 3, 4 -> simulation.plane().crashes().in(
                    dice.between(1, WRITES_AHEAD), dice.one(List.of(CrashPoint.values())));
            case 5 -> simulation.plane().store().refuse(dice.between(1, 8));
            case 6, 7, 8 -> machines.forEach(machine -> {
                if (dice.chance(0.5)) {
                    machine.crashAgent();
                }
            });
            case 9, 10 -> machines.forEach(machine -> {
                if (dice.chance(0.5)) {
                    machine.cut();
                }
            });
            case 11, 12 -> machines.stream().findAny().ifPresent(any -> part(dice.one(machines)));
            case 13 -> machines.stream().findAny().ifPresent(any -> dice.one(machines).reboot());
            case 14, 15 -> simulation.plane().interrupt(
                    new Interrupt.Request(List.of(), List.of(), "", dice.between(1, 6)));
            case 16 -> reclaim(machines.stream().filter(each -> each.kind() == Kind.CLUSTER).toList());
            case 17 -> terminate(machines.stream().filter(each -> each.kind() == Kind.CLUSTER).toList());
            case 18 -> simulation.outside().events().ifPresent(this::leave);
            case 19, 20 -> simulation.outside().alarms().set(dice.one(Users.ALARMS),
                    dice.one(List.of(StateValue.ALARM, StateValue.ALARM, StateValue.OK)));
            case 21 -> simulation.outside().balancers().away(dice.between(Duration.ofSeconds(1), LONGEST_AWAY));
            default -> add();
        }
    }

    private void part(Machine machine) {
        machine.part();
        simulation.timeline().after(dice.between(Duration.ZERO, LONGEST_PARTITION), "healed", machine.name(),
                machine::heal);
    }

    private void leave(EventBridge bridge) {
        bridge.leave();
        simulation.timeline().after(dice.between(Duration.ZERO, LONGEST_PARTITION), "is back", "EventBridge",
                bridge::comeBack);
    }

    /** A Spot instance gets its two minutes, after which its agent is told that it is gone. */
    private void reclaim(List<Machine> candidates) {
        if (!candidates.isEmpty()) {
            dice.one(candidates).instanceArn().ifPresent(arn -> simulation.plane().interrupt(
                    new Interrupt.Request(List.of(), List.of(arn), "", 0)));
        }
    }

    /** Not of managed ones: their tasks stay as they were last seen, since nobody can deregister those. */
    private void terminate(List<Machine> candidates) {
        if (!candidates.isEmpty()) {
            Machine machine = dice.one(candidates);
            machine.terminate();
            if (dice.chance(0.5)) {
                deregister(machine);
            }
        }
    }

    private void deregister(Machine machine) {
        machine.instanceArn().ifPresent(this::deregister);
    }

    private void deregister(String instanceArn) {
        simulation.image().get(EcsTables.INSTANCES, instanceArn)
                .filter(row -> !row.managed() && !"INACTIVE".equals(row.instance().status()))
                .map(InstanceRow::arn)
                .ifPresent(arn -> {
                    try {
                        simulation.user(ecs -> ecs.deregisterContainerInstance(request ->
                                request.containerInstance(arn).force(true)));
                    } catch (InvalidParameterException e) { // a first try was durable and not answered
                        simulation.timeline().note("refused", e.awsErrorDetails().errorMessage());
                    }
                });
    }

    /**
     * The network is good, machines that are gone are deregistered, the alarms are off, and there is room
     * for everything everywhere.
     */
    void end() {
        simulation.plane().store().refuse(0);
        simulation.plane().crashes().none();
        simulation.outside().events().ifPresent(bridge -> bridge.faults(Faults.NONE));
        Users.ALARMS.forEach(alarm -> simulation.outside().alarms().set(alarm, StateValue.OK));
        for (Machine machine : simulation.machines()) {
            machine.faults(Faults.NONE);
            machine.heal();
        }
        simulation.run(LATEST);
        var owned = simulation.machines().stream().filter(each -> !each.gone())
                .flatMap(each -> each.instanceArn().stream()).toList();
        for (InstanceRow row : List.copyOf(simulation.image().all(EcsTables.INSTANCES))) {
            if (!owned.contains(row.arn())) { // its machine is gone, or registered twice
                deregister(row.arn());
            }
        }
        for (int i = 0; i < 2; i++) { // any two of zone, stack and group meet on one of the four
            for (int j = 0; j < 2; j++) {
                machine(big(), Kind.CLUSTER, ZONES.get(i), STACKS.get((i + j) % 2), Users.GROUPS.get(j));
            }
            machine(big(), Kind.MANAGED, ZONES.get(i), STACKS.getFirst(), Users.GROUPS.getFirst());
        }
    }
}
