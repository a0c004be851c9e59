package dev.landfall.ecs.placement;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceLoad;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.placement.Verdict.Fits;
import dev.landfall.ecs.placement.Verdict.Reason;
import dev.landfall.ecs.placement.Verdict.Refused;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.Resource;

/**
 * Finds the instance for a task: of those that fit, the one with the fewest tasks, which spreads them evenly; then the
 * one with the most memory left; then the first by ARN, so that the same image gives the same choice. An index keeps
 * the instances in this order, so that the first that fits is the one.
 */
public final class Placement {
    private Placement() {}

    /** The chosen instance, or why each candidate refused. */
    public record Result(Optional<Fits> chosen, List<Refused> refused) {}

    public static Result place(Image image, Demand demand, Pool pool) {
        var refused = new ArrayList<Refused>();
        String key = pool.key();
        for (var arns : image.values(EcsTables.LOADS, EcsTables.LOADS_BY_ROOM, key + '|', key + '}').values()) {
            for (String arn : arns) {
                InstanceRow candidate = image.get(EcsTables.INSTANCES, arn).orElseThrow();
                if (!pool.has(candidate)) {
                    continue;
                }
                switch (judge(image, demand, candidate)) {
                    case Fits fits -> {
                        return new Result(Optional.of(fits), List.of());
                    }
                    case Refused why -> refused.add(why);
                }
            }
        }
        return new Result(Optional.empty(), refused);
    }

    /** Whether {@code candidate} can take the task, and its load if it does. */
    public static Verdict judge(Image image, Demand demand, InstanceRow candidate) {
        InstanceLoad load = load(image, candidate.arn());
        if (!candidate.instance().agentConnected()) {
            return new Refused(candidate, Reason.AGENT);
        }
        if (!"ACTIVE".equals(candidate.instance().status())) {
            return new Refused(candidate, Reason.INACTIVE);
        }
        if (!candidate.managed() && !hasAttributes(candidate, demand.attributes())) {
            return new Refused(candidate, Reason.ATTRIBUTE);
        }
        // Managed capacity shares its processors as Fargate's hosts do not: a laptop runs more tasks than it has cores.
        if (!candidate.managed() && (long) load.cpu() + demand.cpu() > registered(candidate, "CPU")) {
            return new Refused(candidate, Reason.CPU);
        }
        if ((long) load.memory() + demand.memory() > registered(candidate, "MEMORY")) {
            return new Refused(candidate, Reason.MEMORY);
        }
        if (taken(demand.tcpPorts(), load.tcpPorts(), candidate, "PORTS")
                || taken(demand.udpPorts(), load.udpPorts(), candidate, "PORTS_UDP")) {
            return new Refused(candidate, Reason.PORTS);
        }
        OptionalInt offset = OptionalInt.empty();
        if (demand.ownAddress()) {
            offset = candidate.addressBlock().isEmpty() ? offset
                    : AddressBlock.parse(candidate.addressBlock())
                            .next(address -> free(image, candidate, address), load.lastAddress());
            if (offset.isEmpty()) {
                return new Refused(candidate, Reason.ENI);
            }
        }
        String address = offset.isEmpty() ? ""
                : AddressBlock.parse(candidate.addressBlock()).address(offset.getAsInt());
        return new Fits(candidate, with(load, demand, offset), address);
    }

    private static boolean free(Image image, InstanceRow instance, String address) {
        return image.count(EcsTables.TASKS, EcsTables.TASKS_BY_ADDRESS, instance.arn() + '|' + address) == 0;
    }

    private static boolean hasAttributes(InstanceRow candidate, List<String> required) {
        return required.stream().allMatch(name ->
                candidate.instance().attributes().stream().anyMatch(attribute -> attribute.name().equals(name)));
    }

    private static boolean taken(
            SortedSet<Integer> wanted, SortedSet<Integer> byTasks, InstanceRow candidate, String resource) {
        List<String> byHost = candidate.instance().registeredResources().stream()
                .filter(registered -> registered.name().equals(resource))
                .flatMap(registered -> registered.stringSetValue().stream())
                .toList();
        return wanted.stream().anyMatch(port -> byTasks.contains(port) || byHost.contains(String.valueOf(port)));
    }

    /** The value of an integer resource; 0 where the instance did not register it. */
    public static int registered(InstanceRow instance, String resource) {
        return instance.instance().registeredResources().stream()
                .filter(registered -> registered.name().equals(resource))
                .mapToInt(Resource::integerValue)
                .findFirst()
                .orElse(0);
    }

    /** The load of an instance; none for one that is not registered any more. */
    public static InstanceLoad load(Image image, String instanceArn) {
        return image.get(EcsTables.LOADS, instanceArn).orElseGet(() -> InstanceLoad.none(instanceArn, "", 0));
    }

    private static InstanceLoad with(InstanceLoad load, Demand demand, OptionalInt offset) {
        return new InstanceLoad(load.instanceArn(), load.pool(), load.tasks() + 1, load.cpu() + demand.cpu(),
                load.memory() + demand.memory(), load.memoryLeft() - demand.memory(),
                union(load.tcpPorts(), demand.tcpPorts()), union(load.udpPorts(), demand.udpPorts()),
                offset.orElse(load.lastAddress()));
    }

    /** The load without a task that had {@code demand}. */
    public static InstanceLoad without(InstanceLoad load, Demand demand) {
        return new InstanceLoad(load.instanceArn(), load.pool(), load.tasks() - 1, load.cpu() - demand.cpu(),
                load.memory() - demand.memory(), load.memoryLeft() + demand.memory(),
                minus(load.tcpPorts(), demand.tcpPorts()), minus(load.udpPorts(), demand.udpPorts()),
                load.lastAddress());
    }

    private static SortedSet<Integer> union(SortedSet<Integer> a, SortedSet<Integer> b) {
        if (b.isEmpty()) {
            return a;
        }
        var both = new TreeSet<>(a);
        both.addAll(b);
        return both;
    }

    private static SortedSet<Integer> minus(SortedSet<Integer> a, SortedSet<Integer> b) {
        if (b.isEmpty()) {
            return a;
        }
        var rest = new TreeSet<>(a);
        rest.removeAll(b);
        return rest;
    }
}
