package dev.landfall.ecs.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.World;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;

/** Which load balancers a service may have, and what becomes of it when they change. */
class LoadBalancerRulesTest {
    private final BalancedWorld on = new BalancedWorld();

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("no group and no name", it -> it.targetGroupArn(null), "Load Balancer Name can not be blank."),
                refusal("both", it -> it.loadBalancerName("classic"), "loadBalancerName and targetGroupArn cannot "
                        + "both be specified. You can specify either a loadBalancerName or a targetGroupArn."),
                refusal("a classic one", it -> it.targetGroupArn(null).loadBalancerName("classic"),
                        "The load balancer classic does not exist."),
                refusal("an unknown group", it -> it.targetGroupArn("arn:x"),
                        "The target group arn:x does not exist."),
                refusal("no container", it -> it.containerName(null), "Container Name can not be blank."),
                refusal("no port", it -> it.containerPort(null), "Container Port can not be blank."),
                refusal("an unknown container", it -> it.containerName("x"),
                        "The container x does not exist in the task definition."),
                refusal("an unknown port", it -> it.containerPort(81),
                        "The container app did not have a container port 81 defined."),
                refusal("settings of another strategy", it -> it.advancedConfiguration(each ->
                        each.roleArn("arn:r")),
                        "Advanced configuration is not supported with the ROLLING deployment strategy."));
    }

    private static Arguments refusal(String name, Consumer<LoadBalancer.Builder> change, String message) {
        return Arguments.of(name, change, message);
    }

    private LoadBalancer balancer(Consumer<LoadBalancer.Builder> change) {
        var balancer = LoadBalancer.builder().targetGroupArn(on.group).containerName("app").containerPort(80);
        change.accept(balancer);
        return balancer.build();
    }

    private void create(LoadBalancer... balancers) {
        on.service(1, request -> request.loadBalancers(balancers));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void refuses(String name, Consumer<LoadBalancer.Builder> change, String message) {
        assertThatThrownBy(() -> create(balancer(change))).isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith(message);
        create();
        assertThatThrownBy(() -> on.world.updateService(request -> request.loadBalancers(balancer(change))))
                .hasMessageStartingWith(message);
    }

    @Test
    void refusesGroupsThatCannotHaveTheTasks() {
        String unused = on.elb.group("unused", "ip");
        String ports = on.elb.group("ports", "instance", "arn:lb");
        on.world.targetGroups(on.elb.known());
        assertThatThrownBy(() -> create(balancer(it -> it.targetGroupArn(unused)))).hasMessageStartingWith(
                "The target group with targetGroupArn " + unused + " does not have an associated load balancer.");
        assertThatThrownBy(() -> create(balancer(it -> it.targetGroupArn(ports)))).hasMessageStartingWith(
                "The provided target group " + ports + " has target type instance, which is incompatible with the "
                        + "awsvpc network mode specified in the task definition.");
        var six = Collections.nCopies(6, balancer(it -> { })).toArray(LoadBalancer[]::new);
        assertThatThrownBy(() -> create(six)).hasMessageStartingWith("load balancers can have at most 5 items.");
    }

    @Test
    void aChangeOfLoadBalancersIsADeploymentOfItsOwn() {
        String other = on.elb.group("other", "ip", "arn:lb");
        on.world.targetGroups(on.elb.known());
        create(balancer(it -> { }));
        var same = on.world.updateService(request -> request.loadBalancers(balancer(it -> { })));
        assertThat(same.deployments()).hasSize(1);
        on.run();
        var two = List.of(balancer(it -> { }), balancer(it -> it.targetGroupArn(other)));
        var updated = on.world.updateService(request -> request.loadBalancers(two));
        assertThat(updated.loadBalancers()).isEqualTo(two);
        assertThat(updated.deployments()).hasSize(2);
        on.run();
        on.looks.look(other);
        assertThat(on.elb.states(other)).hasSize(1);
        assertThat(on.elb.states(on.group)).hasSize(2);
    }

    @Test
    void aNewDefinitionMustHaveThePortsThatAreBalanced() {
        create(balancer(it -> { }));
        on.world.definition("plain");
        assertThatThrownBy(() -> on.world.updateService(request -> request.taskDefinition("plain")))
                .hasMessageStartingWith("The container app did not have a container port 80 defined.");
    }
}
