package dev.landfall.ecs.instance;

import java.util.SortedSet;

/**
 * What the live tasks of a container instance take of it. Kept beside the instance, as it changes with every placement.
 *
 * @param cpu CPU units, 1,024 a vCPU
 * @param memory MiB
 * @param tcpPorts host ports taken by tasks; likewise {@code udpPorts}
 * @param lastAddress the offset in the instance's address block that was given last; the search for the next begins
 *     behind it, so that addresses rest before they are used again
 */
public record InstanceLoad(
        String instanceArn,
        int cpu,
        int memory,
        SortedSet<Integer> tcpPorts,
        SortedSet<Integer> udpPorts,
        int lastAddress) {}
