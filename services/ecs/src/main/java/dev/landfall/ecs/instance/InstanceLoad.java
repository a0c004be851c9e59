package dev.landfall.ecs.instance;

import java.util.SortedSet;

/**
 * What the live tasks of a container instance take of it. Kept beside the instance, as it changes with every placement.
 *
 * @param cpu CPU units, 1,024 a vCPU
 * @param memory MiB
 * @param tcpPorts host ports taken by tasks; likewise {@code udpPorts}
 * @param addresses taken awsvpc addresses, as offsets in the instance's block
 * @param lastAddress the offset given last; the search for the next begins behind it, so that addresses rest before reuse
 */
public record InstanceLoad(
        String instanceArn,
        int cpu,
        int memory,
        SortedSet<Integer> tcpPorts,
        SortedSet<Integer> udpPorts,
        SortedSet<Integer> addresses,
        int lastAddress) {}
