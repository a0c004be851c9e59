package dev.landfall.sim.random;

import dev.landfall.ecs.EcsTables;
import dev.landfall.sim.Dice;
import dev.landfall.sim.Simulation;
import dev.landfall.sim.outside.Balancers;
import java.util.List;
import java.util.function.Function;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.AwsVpcConfiguration;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHook;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/** What users do with a service behind a load balancer, of which every deployment may have another strategy. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
final class Balanced {
    /** The name of the service. */
    static final String SERVICE = "balanced";

    private static final List<String> PROGRAMS =
            List.of("ok", "ok", "ok", "slow", "exit:1:300", "exit:1:20000", "nopull");
    private static final int MOST_WANTED = 4;

    private final Simulation simulation;
    private final Dice dice;

    Balanced(Simulation simulation, Dice dice) {
        this.simulation = simulation;
        this.dice = dice;
    }

    private Balancers balancers() {
        return simulation.outside().balancers();
    }

    /** A request by which there is such a service, or it is changed. */
    Function<EcsClient, Object> act(String token) {
        String definition = definition(dice.one(PROGRAMS));
        int desired = dice.between(1, MOST_WANTED);
        DeploymentConfiguration configuration = configuration();
        boolean there = simulation.image().all(EcsTables.SERVICES).stream().anyMatch(row ->
                row.service().serviceName().equals(SERVICE) && row.active());
        if (there) {
            boolean scales = dice.chance(0.3);
            return ecs -> ecs.updateService(request -> {
                request.service(SERVICE).taskDefinition(definition).deploymentConfiguration(configuration);
                if (scales) {
                    request.desiredCount(desired);
                }
            });
        }
        LoadBalancer balancer = balancer();
        return ecs -> ecs.createService(request -> request.serviceName(SERVICE).taskDefinition(definition)
                .desiredCount(desired).loadBalancers(balancer).deploymentConfiguration(configuration)
                .availabilityZoneRebalancing("DISABLED").networkConfiguration(network()).clientToken(token));
    }

    /** Of a service that was deleted as its traffic was shifted, a part may go either way: ECS refuses such a rule. */
    private LoadBalancer balancer() {
        String first = balancers().group("first");
        String second = balancers().group("second");
        String rule = balancers().rule("production", first, second);
        balancers().reset(rule, first, second);
        return LoadBalancer.builder().targetGroupArn(first).containerName("app").containerPort(80)
                .advancedConfiguration(advanced -> advanced.alternateTargetGroupArn(second)
                        .productionListenerRule(rule).roleArn("arn:aws:iam::000000000000:role/shift")).build();
    }

    /**
     * Has the rule forward to one group again: a deployment that was stopped as it shifted traffic leaves both, and
     * once no task is left in either, ECS refuses to guess which of them is blue.
     */
    void repair() {
        String first = balancers().group("first");
        String second = balancers().group("second");
        String rule = balancers().rule("production", first, second);
        if (balancers().weights(rule).values().stream().filter(weight -> weight > 0).count() > 1) {
            boolean firstServes = balancers().states(first).containsValue(TargetHealthStateEnum.HEALTHY);
            balancers().reset(rule, firstServes ? first : second, firstServes ? second : first);
        }
    }

    private static NetworkConfiguration network() {
        return NetworkConfiguration.builder().awsvpcConfiguration(
                AwsVpcConfiguration.builder().subnets("subnet-1").build()).build();
    }

    private DeploymentConfiguration configuration() {
        var strategy = dice.one(List.of(DeploymentStrategy.BLUE_GREEN, DeploymentStrategy.BLUE_GREEN,
                DeploymentStrategy.CANARY, DeploymentStrategy.LINEAR, DeploymentStrategy.ROLLING));
        var configuration = DeploymentConfiguration.builder().strategy(strategy)
                .minimumHealthyPercent(100).maximumPercent(200);
        if (strategy != DeploymentStrategy.ROLLING) {
            configuration.bakeTimeInMinutes(dice.between(0, 1));
        }
        switch (strategy) {
            case CANARY -> configuration.canaryConfiguration(canary ->
                    canary.canaryPercent(20.0).canaryBakeTimeInMinutes(1));
            case LINEAR -> configuration.linearConfiguration(linear ->
                    linear.stepPercent(40.0).stepBakeTimeInMinutes(1));
            default -> { }
        }
        if (dice.chance(0.3)) {
            configuration.lifecycleHooks(pause());
        }
        if (dice.chance(0.5)) {
            boolean rollback = dice.chance(0.7);
            configuration.deploymentCircuitBreaker(breaker -> breaker.enable(true).rollback(rollback));
        }
        return configuration.build();
    }

    /** Nobody ends it but time. */
    private DeploymentLifecycleHook pause() {
        String stage = dice.one(List.of("RECONCILE_SERVICE", "PRE_SCALE_UP", "POST_SCALE_UP", "POST_SCALE_UP",
                "POST_PRODUCTION_TRAFFIC_SHIFT"));
        String action = dice.one(List.of("CONTINUE", "CONTINUE", "ROLLBACK"));
        return DeploymentLifecycleHook.builder().targetType("PAUSE").lifecycleStagesWithStrings(stage)
                .timeoutConfiguration(timeout -> timeout.timeoutInMinutes(1).action(action)).build();
    }

    /** A definition of which every task has an address of its own; its ARN. */
    String definition(String program) {
        return simulation.user(ecs -> ecs.registerTaskDefinition(request -> request.family("addressed")
                .networkMode(NetworkMode.AWSVPC).containerDefinitions(ContainerDefinition.builder().name("app")
                        .image(program).cpu(32).memory(64).portMappings(port -> port.containerPort(80)).build())))
                .taskDefinition().taskDefinitionArn();
    }
}
