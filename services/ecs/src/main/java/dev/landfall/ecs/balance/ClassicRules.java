package dev.landfall.ecs.balance;

import dev.landfall.ecs.EcsErrors;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.elasticloadbalancing.model.LoadBalancerDescription;

/**
 * What a Classic Load Balancer demands of tasks: it forwards to one port of all its instances, so that this has to be
 * the port of the instance that a definition maps to the container (ECS Developer Guide, Service load balancing:
 * "Classic Load Balancers currently require a fixed relationship between the load balancer port and the container
 * instance port").
 */
final class ClassicRules {
    private ClassicRules() {}

    /** @param container refuses a container and port that the definition does not have */
    static void check(LoadBalancer balancer, TaskDefinition definition, KnownTargetGroups known, Runnable container) {
        LoadBalancerDescription found = known.classic(balancer.loadBalancerName()).orElseThrow(() ->
                EcsErrors.invalidParameter("The load balancer " + balancer.loadBalancerName() + " does not exist."));
        container.run();
        checkPorts(balancer, definition);
        List<Integer> ports = hostPorts(balancer, definition);
        refuse(found.listenerDescriptions().stream().noneMatch(each ->
                        ports.contains(each.listener().instancePort())),
                "The load balancer " + balancer.loadBalancerName() + " has no listener with the instance port "
                        + ports.getFirst() + ", which is the host port of the container " + balancer.containerName()
                        + ".");
    }

    /** Refuses a definition whose tasks are not found at a port of their instance that is known before they run. */
    static void checkPorts(LoadBalancer balancer, TaskDefinition definition) {
        NetworkMode mode = mode(definition);
        refuse(mode != NetworkMode.BRIDGE && mode != NetworkMode.HOST, "Classic Load Balancers are not supported with "
                + "the " + mode + " network mode specified in the task definition.");
        refuse(hostPorts(balancer, definition).isEmpty(), "The container " + balancer.containerName()
                + " did not have a static host port for the container port " + balancer.containerPort()
                + ", which Classic Load Balancers require.");
    }

    private static NetworkMode mode(TaskDefinition definition) {
        return definition.networkMode() == null ? NetworkMode.BRIDGE : definition.networkMode();
    }

    private static List<Integer> hostPorts(LoadBalancer balancer, TaskDefinition definition) {
        boolean host = mode(definition) == NetworkMode.HOST;
        return definition.containerDefinitions().stream()
                .filter(each -> each.name().equals(balancer.containerName()))
                .map(ContainerDefinition::portMappings).flatMap(List::stream)
                .filter(port -> balancer.containerPort().equals(port.containerPort()))
                .map(port -> host ? port.containerPort() : hostPort(port)).filter(port -> port > 0).toList();
    }

    private static int hostPort(PortMapping port) {
        return Objects.requireNonNullElse(port.hostPort(), 0);
    }

    private static void refuse(boolean wrong, String message) {
        if (wrong) {
            throw EcsErrors.invalidParameter(message);
        }
    }
}
