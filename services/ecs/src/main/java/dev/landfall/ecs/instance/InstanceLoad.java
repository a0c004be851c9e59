package dev.landfall.ecs.instance;

import dev.landfall.ecs.EcsTables;
import java.util.Collections;
import java.util.SortedSet;

/**
 * What the live tasks of a container instance take of it, and what placement needs of the instance to find it without
 * looking at all of them. Kept beside the instance, as it changes with every placement, from its registration on.
 *
 * @param pool whose tasks may be placed on it: the ARN of its cluster, or {@code managed} for those of any
 * @param capacityProvider the provider it belongs to, or empty
 * @param zone its availability zone
 * @param open whether its agent is connected and it is ACTIVE; placement looks at those that are not last
 * @param tasks how many they are
 * @param cpu CPU units, 1,024 a vCPU
 * @param cpuLeft CPU units of what was registered; negative if less was registered later, or the capacity is managed
 * @param memory MiB
 * @param memoryLeft MiB of what was registered; negative if less was registered later
 * @param tcpPorts host ports taken by tasks; likewise {@code udpPorts}
 * @param gpus ids of the GPUs taken by tasks
 * @param lastAddress the offset in the instance's address block that was given last; the search for the next begins
 *     behind it, so that addresses rest before they are used again
 */
public record InstanceLoad(
        String instanceArn,
        String pool,
        String capacityProvider,
        String zone,
        boolean open,
        int tasks,
        int cpu,
        int cpuLeft,
        int memory,
        int memoryLeft,
        SortedSet<Integer> tcpPorts,
        SortedSet<Integer> udpPorts,
        SortedSet<String> gpus,
        int lastAddress) {

    /** Where an instance stands when it has less than one part in so many of its CPU left: behind those with more. */
    private static final int TIGHT = 16;

    /** Rows written by older versions know neither GPUs nor capacity providers. */
    public InstanceLoad {
        gpus = gpus == null ? Collections.emptySortedSet() : gpus;
        capacityProvider = capacityProvider == null ? "" : capacityProvider;
    }

    /** The load of an instance without tasks. */
    public static InstanceLoad none(InstanceRow row) {
        return new InstanceLoad(row.arn(), "", "", "", false, 0, 0, 0, 0, 0, Collections.emptySortedSet(),
                Collections.emptySortedSet(), Collections.emptySortedSet(), 0).on(row);
    }

    /** The same tasks on the instance as it is now: it may have registered again, or lost its agent. */
    public InstanceLoad on(InstanceRow row) {
        return new InstanceLoad(row.arn(), row.managed() ? EcsTables.MANAGED : row.clusterArn(),
                row.capacityProvider(), row.zone(), row.open(), tasks, cpu,
                row.registered("CPU") - cpu, memory,
                row.registered("MEMORY") - memory, tcpPorts, udpPorts, gpus, lastAddress);
    }

    /** Whether hardly any CPU is left; managed capacity shares its processors. */
    public boolean tight() {
        return !pool.equals(EcsTables.MANAGED) && cpuLeft < (cpu + cpuLeft) / TIGHT;
    }
}
