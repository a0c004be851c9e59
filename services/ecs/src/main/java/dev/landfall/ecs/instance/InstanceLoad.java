package dev.landfall.ecs.instance;

import java.util.Collections;
import java.util.SortedSet;

/**
 * What the live tasks of a container instance take of it. Kept beside the instance, as it changes with every placement,
 * from its registration on.
 *
 * @param pool whose tasks may be placed on it: the ARN of its cluster, or {@code managed} for those of any
 * @param tasks how many they are
 * @param cpu CPU units, 1,024 a vCPU
 * @param memory MiB
 * @param memoryLeft MiB of what was registered; negative if less was registered later
 * @param tcpPorts host ports taken by tasks; likewise {@code udpPorts}
 * @param lastAddress the offset in the instance's address block that was given last; the search for the next begins
 *     behind it, so that addresses rest before they are used again
 */
public record InstanceLoad(
        String instanceArn,
        String pool,
        int tasks,
        int cpu,
        int memory,
        int memoryLeft,
        SortedSet<Integer> tcpPorts,
        SortedSet<Integer> udpPorts,
        int lastAddress) {

    /** The load of an instance without tasks. */
    public static InstanceLoad none(String instanceArn, String pool, int memory) {
        return new InstanceLoad(instanceArn, pool, 0, 0, 0, memory, Collections.emptySortedSet(),
                Collections.emptySortedSet(), 0);
    }

    /** The same tasks on an instance that has registered again, with that much memory. */
    public InstanceLoad withRegistered(int registeredMemory) {
        return new InstanceLoad(
                instanceArn, pool, tasks, cpu, memory, registeredMemory - memory, tcpPorts, udpPorts, lastAddress);
    }
}
