package dev.landfall.ecs.placement;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.ResourceRequirement;
import software.amazon.awssdk.services.ecs.model.ResourceType;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskOverride;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

/**
 * What a task takes of an instance. The task's own size counts where it has one, else the sum of its containers, of
 * each its reservation or, without one, its hard limit.
 *
 * @param cpu CPU units, 1,024 a vCPU
 * @param memory MiB
 * @param gpus how many its containers ask for together
 */
public record Demand(
        int cpu,
        int memory,
        SortedSet<Integer> tcpPorts,
        SortedSet<Integer> udpPorts,
        int gpus,
        boolean ownAddress,
        List<String> attributes) {

    public static Demand of(TaskDefinition definition, TaskOverride overrides) {
        long cpu = 0;
        long memory = 0;
        var tcp = new TreeSet<Integer>();
        var udp = new TreeSet<Integer>();
        int gpus = 0;
        boolean ownAddress = definition.networkMode() == NetworkMode.AWSVPC;
        for (ContainerDefinition container : definition.containerDefinitions()) {
            ContainerOverride override = override(overrides, container.name());
            cpu += first(override.cpu(), container.cpu());
            memory += first(override.memoryReservation(), container.memoryReservation(),
                    override.memory(), container.memory());
            gpus += gpus(container, override);
            if (!ownAddress) {
                for (PortMapping mapping : container.portMappings()) {
                    if (first(mapping.hostPort()) > 0) {
                        (mapping.protocol() == TransportProtocol.UDP ? udp : tcp).add(mapping.hostPort());
                    }
                }
            }
        }
        String taskCpu = overrides.cpu() != null ? overrides.cpu() : definition.cpu();
        String taskMemory = overrides.memory() != null ? overrides.memory() : definition.memory();
        return new Demand(
                taskCpu == null ? saturated(cpu) : Integer.parseInt(taskCpu),
                taskMemory == null ? saturated(memory) : Integer.parseInt(taskMemory),
                tcp,
                udp,
                gpus,
                ownAddress,
                definition.requiresAttributes().stream().map(attribute -> attribute.name()).toList());
    }

    /** The GPUs of one container: the caller's number, else its definition's. */
    public static int gpus(ContainerDefinition container, ContainerOverride override) {
        int gpus = 0;
        for (ResourceRequirement resource : override.resourceRequirements().isEmpty()
                ? container.resourceRequirements() : override.resourceRequirements()) {
            gpus += resource.type() == ResourceType.GPU ? Integer.parseInt(resource.value()) : 0;
        }
        return gpus;
    }

    /** Containers may ask for more than an int holds; no instance has that either. */
    private static int saturated(long sum) {
        return (int) Math.min(sum, Integer.MAX_VALUE);
    }

    /** The override of one container; an empty one where there is none. */
    public static ContainerOverride override(TaskOverride overrides, String container) {
        return overrides.containerOverrides().stream()
                .filter(override -> container.equals(override.name()))
                .findFirst()
                .orElse(ContainerOverride.builder().build());
    }

    private static int first(Integer... values) {
        for (Integer value : values) {
            if (value != null) {
                return value;
            }
        }
        return 0;
    }
}
