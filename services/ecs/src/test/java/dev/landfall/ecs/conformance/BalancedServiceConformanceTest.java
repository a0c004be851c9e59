package dev.landfall.ecs.conformance;

import static dev.landfall.ecs.conformance.Row.refuses;
import static dev.landfall.ecs.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.AdvancedConfiguration;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;

/** Services with load balancers. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class BalancedServiceConformanceTest {
    private static final Class<InvalidParameterException> INVALID = InvalidParameterException.class;
    private static final String ELB = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:";
    private static final String RULE = ELB + "listener-rule/app/web/1/2/3";
    private static final String TEST_RULE = ELB + "listener-rule/app/web/1/2/4";
    private static final String LISTENER = ELB + "listener/net/web/1/2";
    private static final String ONE = ELB + "targetgroup/one/0123456789abcdef";
    private static final String TWO = ELB + "targetgroup/two/0123456789abcdef";
    private static final String UNUSED = ELB + "targetgroup/unused/0123456789abcdef";
    private static final String PORTS = ELB + "targetgroup/ports/0123456789abcdef";

    static List<Row> rows() {
        return Row.all(List.of(
                creations(), updates(), classic(), refusals(), shiftRefusals(), updateRefusals()));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    /** Two target groups, one that no load balancer has, one of instances; and definitions that serve port 80. */
    private static Stage furnished(Stage on) {
        on.elb().group("one", "ip", "arn:lb");
        on.elb().group("two", "ip", "arn:lb");
        on.elb().group("unused", "ip");
        on.elb().group("ports", "instance", "arn:lb");
        on.classic().balancer("front", 8080);
        on.elb().rule(RULE, Map.of(ONE, 1, TWO, 0));
        on.elb().rule(TEST_RULE, Map.of(TWO, 1));
        on.elb().rule(LISTENER, Map.of(ONE, 1, TWO, 0));
        for (int revision = 1; revision <= 2; revision++) {
            on.definition(request -> request.family("web").networkMode("awsvpc").cpu("256").memory("512")
                    .requiresCompatibilitiesWithStrings("FARGATE", "EC2")
                    .containerDefinitions(container -> container.name("app").image("app").portMappings(
                            mapping -> mapping.containerPort(80))));
        }
        return on;
    }

    /** A definition whose container's port 80 is that port of its instance; 0 for one that is chosen later. */
    private static Stage mapped(Stage on, int hostPort) {
        on.definition(request -> request.family("mapped").networkMode("bridge").containerDefinitions(container ->
                container.name("app").image("app").memory(64).portMappings(
                        mapping -> mapping.containerPort(80).hostPort(hostPort))));
        return on;
    }

    private static Consumer<CreateServiceRequest.Builder> behindClassic() {
        return request -> request.serviceName("svc").taskDefinition("mapped").desiredCount(0).launchType("EC2")
                .loadBalancers(balancer(it -> it.targetGroupArn(null).loadBalancerName("front")));
    }

    private static List<Row> classic() {
        return List.of(
                works("CreateService", "with a Classic Load Balancer shows it",
                        on -> mapped(furnished(on), 8080).ecs().createService(behindClassic()),
                        answer -> assertThat(answer.service().loadBalancers()).containsExactly(
                                balancer(it -> it.targetGroupArn(null).loadBalancerName("front")))),
                works("UpdateService", "to a Classic Load Balancer deploys", on -> {
                    on.steady(mapped(furnished(on), 8080).ecs().createService(request -> request.serviceName("svc")
                            .taskDefinition("mapped").desiredCount(0).launchType("EC2")).service().serviceArn());
                    return on.ecs().updateService(request -> request.service("svc").loadBalancers(
                            balancer(it -> it.targetGroupArn(null).loadBalancerName("front"))));
                }, answer -> assertThat(answer.service().loadBalancers()).extracting(LoadBalancer::loadBalancerName)
                        .containsExactly("front")),
                refuses("CreateService", "a Classic Load Balancer for ports that are chosen later", INVALID,
                        "The container app did not have a static host port for the container port 80, which Classic "
                                + "Load Balancers require.",
                        on -> mapped(furnished(on), 0).ecs().createService(behindClassic())),
                refuses("CreateService", "a Classic Load Balancer that forwards to another port", INVALID,
                        "The load balancer front has no listener with the instance port 9090, which is the host port "
                                + "of the container app.",
                        on -> mapped(furnished(on), 9090).ecs().createService(behindClassic())),
                refuses("UpdateService", "a definition that its Classic Load Balancer cannot serve", INVALID,
                        "The container app did not have a static host port for the container port 80, which Classic "
                                + "Load Balancers require.", on -> {
                            mapped(furnished(on), 8080).ecs().createService(behindClassic());
                            mapped(on, 0);
                            return on.ecs().updateService(request -> request.service("svc").taskDefinition("mapped"));
                        }),
                refuses("CreateTaskSet", "a Classic Load Balancer", INVALID,
                        "Classic Load Balancers are not supported with task sets.", on -> {
                            mapped(furnished(on), 8080).ecs().createService(request -> request.serviceName("svc")
                                    .deploymentController(it -> it.type("EXTERNAL")).desiredCount(0));
                            return on.ecs().createTaskSet(request -> request.cluster("default").service("svc")
                                    .taskDefinition("mapped").loadBalancers(balancer(it ->
                                            it.targetGroupArn(null).loadBalancerName("front"))));
                        }),
                refuses("CreateService", "a Classic Load Balancer with CODE_DEPLOY", INVALID,
                        "Classic Load Balancers are not supported with task sets.",
                        on -> mapped(furnished(on), 8080).ecs().createService(behindClassic().andThen(request ->
                                request.deploymentController(it -> it.type("CODE_DEPLOY"))))));
    }

    private static LoadBalancer balancer(Consumer<LoadBalancer.Builder> change) {
        var balancer = LoadBalancer.builder().targetGroupArn(ONE).containerName("app").containerPort(80);
        change.accept(balancer);
        return balancer.build();
    }

    private static LoadBalancer shifting(String rule, Consumer<AdvancedConfiguration.Builder> change) {
        return balancer(it -> it.advancedConfiguration(advanced -> {
            advanced.alternateTargetGroupArn(TWO).productionListenerRule(rule)
                    .roleArn("arn:aws:iam::123456789012:role/ecs");
            change.accept(advanced);
        }));
    }

    private static Consumer<CreateServiceRequest.Builder> service(LoadBalancer... balancers) {
        return request -> request.serviceName("svc").taskDefinition("web").desiredCount(0).launchType("FARGATE")
                .networkConfiguration(network -> network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1")))
                .loadBalancers(balancers);
    }

    private static List<Row> creations() {
        String action = "CreateService";
        return List.of(
                works(action, "with a target group shows it", on -> furnished(on).ecs().createService(
                        service(balancer(it -> { })).andThen(request -> request.healthCheckGracePeriodSeconds(30))),
                        answer -> {
                            assertThat(answer.service().loadBalancers()).containsExactly(balancer(it -> { }));
                            assertThat(answer.service().healthCheckGracePeriodSeconds()).isEqualTo(30);
                        }),
                works(action, "of blue/green deployments shows both target groups and the rules",
                        on -> furnished(on).ecs().createService(service(
                                shifting(RULE, it -> it.testListenerRule(TEST_RULE))).andThen(request ->
                                request.deploymentConfiguration(it -> it.strategy("BLUE_GREEN")
                                        .bakeTimeInMinutes(5)))),
                        answer -> {
                            assertThat(answer.service().loadBalancers()).containsExactly(
                                    shifting(RULE, it -> it.testListenerRule(TEST_RULE)));
                            assertThat(answer.service().deploymentConfiguration().bakeTimeInMinutes()).isEqualTo(5);
                        }),
                works(action, "of canaries behind a Network Load Balancer takes its listener", on -> furnished(on)
                        .ecs().createService(service(shifting(LISTENER, it -> { })).andThen(request ->
                                request.deploymentConfiguration(it -> it.strategy("CANARY")))),
                        answer -> {
                            DeploymentConfiguration shown = answer.service().deploymentConfiguration();
                            assertThat(shown.strategy()).isEqualTo(DeploymentStrategy.CANARY);
                            assertThat(shown.canaryConfiguration().canaryPercent()).isEqualTo(5.0);
                            assertThat(shown.canaryConfiguration().canaryBakeTimeInMinutes()).isEqualTo(10);
                        }),
                works(action, "of linear deployments behind a Network Load Balancer takes its listener",
                        on -> furnished(on).ecs().createService(service(shifting(LISTENER, it -> { })).andThen(
                                request -> request.deploymentConfiguration(it -> it.strategy("LINEAR")))),
                        answer -> {
                            DeploymentConfiguration shown = answer.service().deploymentConfiguration();
                            assertThat(shown.linearConfiguration().stepPercent()).isEqualTo(10.0);
                            assertThat(shown.linearConfiguration().stepBakeTimeInMinutes()).isEqualTo(6);
                        }));
    }

    private static List<Row> updates() {
        String action = "UpdateService";
        return List.of(
                works(action, "with another target group deploys", on -> {
                    made(on, balancer(it -> { }));
                    return on.ecs().updateService(request -> request.service("svc")
                            .loadBalancers(balancer(it -> { }), balancer(it -> it.targetGroupArn(TWO))));
                }, answer -> {
                    assertThat(answer.service().loadBalancers()).extracting(LoadBalancer::targetGroupArn)
                            .containsExactly(ONE, TWO);
                    assertThat(answer.service().deployments()).hasSize(2);
                }),
                works(action, "without any load balancer takes them away", on -> {
                    made(on, balancer(it -> { }));
                    return on.ecs().updateService(request -> request.service("svc").loadBalancers(List.of()));
                }, answer -> assertThat(answer.service().loadBalancers()).isEmpty()),
                works(action, "changes to blue/green with the settings that needs", on -> {
                    made(on, balancer(it -> { }));
                    return on.ecs().updateService(request -> request.service("svc").taskDefinition("web:2")
                            .loadBalancers(shifting(RULE, it -> { }))
                            .deploymentConfiguration(it -> it.strategy("BLUE_GREEN").bakeTimeInMinutes(0)));
                }, answer -> assertThat(answer.service().deploymentConfiguration().strategy())
                        .isEqualTo(DeploymentStrategy.BLUE_GREEN)));
    }

    /** A service with that load balancer, which has come to rest. */
    private static void made(Stage on, LoadBalancer... balancers) {
        on.steady(furnished(on).ecs().createService(service(balancers)).service().serviceArn());
    }

    private record Refusal(String name, String message, List<LoadBalancer> balancers) {
        Refusal(String name, String message, Consumer<LoadBalancer.Builder> change) {
            this(name, message, List.of(balancer(change)));
        }
    }

    private static List<Refusal> wrong() {
        return List.of(
                new Refusal("neither a group nor a name", "Load Balancer Name can not be blank.",
                        it -> it.targetGroupArn(null)),
                new Refusal("a group and a name", "loadBalancerName and targetGroupArn cannot both be specified. You "
                        + "can specify either a loadBalancerName or a targetGroupArn.",
                        it -> it.loadBalancerName("classic")),
                new Refusal("a Classic Load Balancer that there is not", "The load balancer classic does not exist.",
                        it -> it.targetGroupArn(null).loadBalancerName("classic")),
                new Refusal("a Classic Load Balancer for tasks with addresses", "Classic Load Balancers are not "
                        + "supported with the awsvpc network mode specified in the task definition.",
                        it -> it.targetGroupArn(null).loadBalancerName("front")),
                new Refusal("a Classic Load Balancer among others", "load balancers can have at most 1 items.",
                        List.of(balancer(it -> { }), balancer(it -> it.targetGroupArn(null)
                                .loadBalancerName("front")))),
                new Refusal("a group that there is not", "The target group arn:x does not exist.",
                        it -> it.targetGroupArn("arn:x")),
                new Refusal("no container", "Container Name can not be blank.", it -> it.containerName(null)),
                new Refusal("no port", "Container Port can not be blank.", it -> it.containerPort(null)),
                new Refusal("a container that there is not", "The container x does not exist in the task definition.",
                        it -> it.containerName("x")),
                new Refusal("a port that there is not",
                        "The container app did not have a container port 81 defined.", it -> it.containerPort(81)),
                new Refusal("a group that no load balancer has", "The target group with targetGroupArn " + UNUSED
                        + " does not have an associated load balancer.", it -> it.targetGroupArn(UNUSED)),
                new Refusal("a group of instances for tasks with addresses", "The provided target group " + PORTS
                        + " has target type instance, which is incompatible with the awsvpc network mode specified in "
                        + "the task definition.", it -> it.targetGroupArn(PORTS)),
                new Refusal("settings of another strategy",
                        "Advanced configuration is not supported with the ROLLING deployment strategy.",
                        it -> it.advancedConfiguration(advanced -> advanced.roleArn("r"))),
                new Refusal("more than five", "load balancers can have at most 5 items.",
                        Collections.nCopies(6, balancer(it -> { }))));
    }

    private static List<Row> refusals() {
        return wrong().stream().map(wrong -> refuses("CreateService", wrong.name, INVALID, wrong.message,
                on -> furnished(on).ecs().createService(
                        service(wrong.balancers.toArray(LoadBalancer[]::new))))).toList();
    }

    private static List<Row> updateRefusals() {
        return Stream.concat(
                wrong().stream().map(wrong -> refuses("UpdateService", wrong.name, INVALID, wrong.message, on -> {
                    made(on, balancer(it -> it.targetGroupArn(TWO)));
                    return on.ecs().updateService(request -> request.service("svc").loadBalancers(wrong.balancers));
                })),
                Stream.of(
                        refuses("UpdateService", "a definition without the port that is balanced", INVALID,
                                "The container app did not have a container port 80 defined.", on -> {
                                    made(on, balancer(it -> { }));
                                    on.fargateDefinition();
                                    return on.ecs().updateService(request -> request.service("svc")
                                            .taskDefinition("net"));
                                }),
                        refuses("UpdateService", "a strategy that its load balancers have no settings for",
                                ClientException.class, required("Blue/green"), on -> {
                                    made(on, balancer(it -> { }));
                                    return on.ecs().updateService(request -> request.service("svc")
                                            .deploymentConfiguration(it -> it.strategy("BLUE_GREEN")));
                                }))).toList();
    }

    private static String required(String strategy) {
        return "advancedConfiguration field is required for all loadBalancers when using the " + strategy
                + " deployment strategy";
    }

    private static Row shiftRefused(String name, String strategy, Class<? extends EcsException> error,
            String message, LoadBalancer... balancers) {
        return configurationRefused(name, error, message, it -> it.strategy(strategy), balancers);
    }

    private static Row configurationRefused(String name, Class<? extends EcsException> error, String message,
            Consumer<DeploymentConfiguration.Builder> deployment, LoadBalancer... balancers) {
        return refuses("CreateService", name, error, message, on -> furnished(on).ecs().createService(
                service(balancers).andThen(request -> request.deploymentConfiguration(deployment))));
    }

    private static List<Row> shiftRefusals() {
        String form = " has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: ";
        String application = LISTENER.replace("/net/", "/app/");
        Function<Consumer<AdvancedConfiguration.Builder>, LoadBalancer> with = change -> shifting(RULE, change);
        return List.of(
                shiftRefused("blue/green without settings", "BLUE_GREEN", ClientException.class,
                        required("Blue/green"), balancer(it -> { })),
                shiftRefused("a canary without settings", "CANARY", ClientException.class, required("canary"),
                        balancer(it -> { })),
                shiftRefused("settings for some only", "LINEAR", INVALID, "Either all or none of the provided "
                        + "loadBalancers must have advancedConfiguration defined", with.apply(it -> { }),
                        balancer(it -> { })),
                shiftRefused("one group twice", "BLUE_GREEN", INVALID, "Duplicate targetGroupArn found: " + ONE,
                        with.apply(it -> it.alternateTargetGroupArn(ONE))),
                shiftRefused("no other group", "BLUE_GREEN", INVALID, "alternateTargetGroupArn can not be blank.",
                        with.apply(it -> it.alternateTargetGroupArn(null))),
                shiftRefused("another group that no load balancer has", "BLUE_GREEN", INVALID, "The target group with "
                        + "targetGroupArn " + UNUSED + " does not have an associated load balancer.",
                        with.apply(it -> it.alternateTargetGroupArn(UNUSED))),
                shiftRefused("no production rule", "BLUE_GREEN", INVALID, "productionListenerRule" + form,
                        with.apply(it -> it.productionListenerRule(null))),
                shiftRefused("an Application Load Balancer's listener", "BLUE_GREEN", INVALID,
                        "productionListenerRule" + form + application,
                        with.apply(it -> it.productionListenerRule(application))),
                shiftRefused("no rule for tests", "BLUE_GREEN", INVALID, "testListenerRule" + form + "arn:x",
                        with.apply(it -> it.testListenerRule("arn:x"))),
                shiftRefused("one rule for both", "BLUE_GREEN", INVALID, "The following rules cannot be used as both "
                        + "production and test listener rules: " + RULE,
                        with.apply(it -> it.testListenerRule(RULE))),
                shiftRefused("settings for a Classic Load Balancer", "BLUE_GREEN", INVALID,
                        "advancedConfiguration field is not allowed with ELBv1 loadBalancers",
                        with.apply(it -> { }).toBuilder().targetGroupArn(null).loadBalancerName("old").build()),
                configurationRefused("steps of a canary", INVALID, "linearConfiguration is only valid when the "
                        + "deployment strategy is LINEAR.", it -> it.strategy("CANARY").linearConfiguration(linear ->
                        linear.stepPercent(10.0)), with.apply(it -> { })),
                configurationRefused("a canary of nothing", INVALID,
                        "canaryPercent must be a multiple of 0.1 from 0.1 to 100.0.", it -> it.strategy("CANARY")
                                .canaryConfiguration(canary -> canary.canaryPercent(0.0)), with.apply(it -> { })),
                configurationRefused("a pause where traffic is shifted", INVALID,
                        "Invalid lifecycle stage provided for Pause Hook",
                        it -> it.strategy("ROLLING").lifecycleHooks(hook -> hook.targetType("PAUSE")
                                .lifecycleStagesWithStrings("TEST_TRAFFIC_SHIFT")), balancer(it -> { })));
    }
}
