package dev.landfall.ecs.balance;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.shift.ShiftRules;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/** What load balancers of a service or a task set have to keep to (ECS API Reference, LoadBalancer). */
public final class LoadBalancerRules {
    /** Service quota "Target groups per service" (ECS Developer Guide, Amazon ECS service quotas). */
    public static final int MAX = 5;

    private LoadBalancerRules() {}

    /** Refuses load balancers that cannot serve tasks of the definition. */
    public static void check(List<LoadBalancer> balancers, TaskDefinition definition, KnownTargetGroups groups) {
        check(DeploymentStrategy.ROLLING, balancers, definition, groups);
    }

    /** As the other, for deployments of that strategy. */
    public static void check(DeploymentStrategy strategy, List<LoadBalancer> balancers, TaskDefinition definition,
            KnownTargetGroups groups) {
        shape(balancers);
        if (strategy == DeploymentStrategy.ROLLING) {
            refuse(balancers.stream().anyMatch(each -> each.advancedConfiguration() != null),
                    "Advanced configuration is not supported with the ROLLING deployment strategy.");
        } else {
            ShiftRules.balancers(strategy, balancers);
        }
        for (LoadBalancer balancer : balancers) {
            if (classic(balancer)) {
                ClassicRules.check(balancer, definition, groups, () -> container(balancer, definition));
                continue;
            }
            TargetGroup group = group(balancer.targetGroupArn(), groups);
            container(balancer, definition);
            usable(group, definition);
            if (balancer.advancedConfiguration() != null) {
                usable(group(balancer.advancedConfiguration().alternateTargetGroupArn(), groups), definition);
            }
        }
    }

    private static TargetGroup group(String arn, KnownTargetGroups groups) {
        return groups.get(arn).orElseThrow(() -> EcsErrors.invalidParameter(
                "The target group " + arn + " does not exist."));
    }

    private static void usable(TargetGroup group, TaskDefinition definition) {
        type(group, definition);
        if (group.loadBalancerArns().isEmpty()) {
            throw EcsErrors.invalidParameter("The target group with targetGroupArn " + group.targetGroupArn()
                    + " does not have an associated load balancer.");
        }
    }

    /** Refuses a definition whose tasks those load balancers, which a service has already, cannot serve. */
    public static void checkContainers(List<LoadBalancer> balancers, TaskDefinition definition) {
        balancers.forEach(balancer -> {
            container(balancer, definition);
            if (classic(balancer)) {
                ClassicRules.checkPorts(balancer, definition);
            }
        });
    }

    /** "either an Application Load Balancer or a Network Load Balancer" (CreateTaskSet; CreateService, CODE_DEPLOY). */
    public static void noClassic(List<LoadBalancer> balancers) {
        refuse(balancers.stream().anyMatch(each -> classic(each) && each.targetGroupArn() == null),
                "Classic Load Balancers are not supported with task sets.");
    }

    /** Whether it names a Classic Load Balancer. */
    public static boolean classic(LoadBalancer balancer) {
        return balancer.loadBalancerName() != null && !balancer.loadBalancerName().isEmpty();
    }

    private static void shape(List<LoadBalancer> balancers) {
        refuse(balancers.size() > MAX, "load balancers can have at most " + MAX + " items.");
        for (LoadBalancer balancer : balancers) {
            boolean group = balancer.targetGroupArn() != null && !balancer.targetGroupArn().isEmpty();
            boolean classic = classic(balancer);
            refuse(group && classic, "loadBalancerName and targetGroupArn cannot both be specified. You can specify "
                    + "either a loadBalancerName or a targetGroupArn.");
            refuse(!group && !classic, "Load Balancer Name can not be blank.");
            refuse(balancer.containerName() == null || balancer.containerName().isBlank(),
                    "Container Name can not be blank.");
            refuse(balancer.containerPort() == null, "Container Port can not be blank.");
            refuse(classic && balancer.advancedConfiguration() != null,
                    "advancedConfiguration field is not allowed with ELBv1 loadBalancers");
        }
        refuse(balancers.size() > 1 && balancers.stream().anyMatch(LoadBalancerRules::classic),
                "load balancers can have at most 1 items.");
    }

    private static void container(LoadBalancer balancer, TaskDefinition definition) {
        ContainerDefinition container = definition.containerDefinitions().stream()
                .filter(each -> each.name().equals(balancer.containerName())).findFirst()
                .orElseThrow(() -> EcsErrors.invalidParameter(
                        "The container " + balancer.containerName() + " does not exist in the task definition."));
        refuse(container.portMappings().stream()
                        .noneMatch(port -> balancer.containerPort().equals(port.containerPort())),
                "The container " + balancer.containerName() + " did not have a container port "
                        + balancer.containerPort() + " defined.");
    }

    /** A task with an address of its own is found there; others are a port of their instance. */
    private static void type(TargetGroup group, TaskDefinition definition) {
        NetworkMode mode = definition.networkMode() == null ? NetworkMode.BRIDGE : definition.networkMode();
        TargetTypeEnum wanted = mode == NetworkMode.AWSVPC ? TargetTypeEnum.IP : TargetTypeEnum.INSTANCE;
        refuse(group.targetType() != wanted || mode == NetworkMode.NONE, "The provided target group "
                + group.targetGroupArn() + " has target type " + group.targetTypeAsString()
                + ", which is incompatible with the " + mode + " network mode specified in the task definition.");
    }

    private static void refuse(boolean wrong, String message) {
        if (wrong) {
            throw EcsErrors.invalidParameter(message);
        }
    }
}
