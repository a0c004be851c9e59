package dev.landfall.ecs.express;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.service.DeleteService;
import dev.landfall.ecs.service.ListServices;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DeleteServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayServiceConfiguration;
import software.amazon.awssdk.services.ecs.model.ListServicesRequest;
import software.amazon.awssdk.services.ecs.model.ManagedResourceStatus;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/** The life of Express services, on virtual time. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class ExpressScenarioTest {
    private static final String ACTIVE = "ACTIVE";

    /** After so long a task is taken to stay up. */
    private static final Duration UP = Duration.ofSeconds(11);

    private final ExpressWorld on = new ExpressWorld();

    private void created(String name) {
        on.create(name, request -> { });
        on.finish();
        assertThat(on.deployment(name).statusAsString()).isEqualTo("SUCCESSFUL");
    }

    private TaskDefinition definition(String name) {
        String arn = on.service(name).taskDefinition();
        return on.world.image().all(EcsTables.TASK_DEFINITIONS).stream().filter(row -> row.arn().equals(arn))
                .findFirst().orElseThrow().definition();
    }

    // ---- creation ----

    @Test
    void answersWithAllDefaultsAtOnce() {
        var service = on.create("shop", request -> { });

        assertThat(service.status().statusCodeAsString()).isEqualTo(ACTIVE);
        assertThat(service.serviceArn()).isEqualTo(World.serviceArn("shop"));
        assertThat(service.cluster()).isEqualTo(World.ARN + "cluster/default");
        assertThat(service.infrastructureRoleArn()).isEqualTo(ExpressWorld.ROLE + "infra");
        assertThat(service.currentDeployment()).isEqualTo(on.service("shop").currentServiceDeployment());
        assertThat(service.activeConfigurations()).hasSize(1);
        ExpressGatewayServiceConfiguration configuration = service.activeConfigurations().getFirst();
        assertThat(configuration.cpu()).isEqualTo("256");
        assertThat(configuration.memory()).isEqualTo("512");
        assertThat(configuration.healthCheckPath()).isEqualTo("/ping");
        assertThat(configuration.executionRoleArn()).isEqualTo(ExpressWorld.ROLE + "exec");
        assertThat(configuration.taskRoleArn()).isNull();
        assertThat(configuration.networkConfiguration().subnets()).hasSize(2);
        assertThat(configuration.primaryContainer().image()).isEqualTo("shop:1");
        assertThat(configuration.primaryContainer().containerPort()).isEqualTo(80);
        assertThat(configuration.primaryContainer().awsLogsConfiguration().logGroup())
                .matches("/aws/ecs/default/shop-[0-9a-f]{4}");
        assertThat(configuration.primaryContainer().awsLogsConfiguration().logStreamPrefix()).isEqualTo("ecs");
        assertThat(configuration.scalingTarget()).isEqualTo(ExpressRules.SCALING_DEFAULT);
        assertThat(configuration.ingressPaths()).hasSize(1);
        assertThat(configuration.ingressPaths().getFirst().accessTypeAsString()).isEqualTo("PUBLIC");
        assertThat(configuration.ingressPaths().getFirst().endpoint())
                .matches("sh-[0-9a-f]{32}\\.ecs\\.eu-central-1\\.localhost").hasSizeLessThanOrEqualTo(64);
    }

    @Test
    void makesATaskDefinitionAndAServiceAsExpressModeDoes() {
        on.create("shop", request -> request.taskRoleArn(ExpressWorld.ROLE + "task").cpu("512").memory("1024")
                .primaryContainer(container -> container.image("shop:1").containerPort(8080).command("serve")
                        .environment(variable -> variable.name("A").value("b"))
                        .secrets(secret -> secret.name("S").valueFrom("arn:aws:ssm:eu-central-1:1:parameter/s"))));

        TaskDefinition definition = definition("shop");
        assertThat(definition.family()).isEqualTo("default-shop");
        assertThat(definition.revision()).isEqualTo(1);
        assertThat(List.of(definition.cpu(), definition.memory(), definition.networkModeAsString(),
                definition.requiresCompatibilitiesAsStrings().toString(), definition.taskRoleArn(),
                definition.runtimePlatform().operatingSystemFamilyAsString(),
                definition.runtimePlatform().cpuArchitectureAsString()))
                .containsExactly("512", "1024", "awsvpc", "[FARGATE]", ExpressWorld.ROLE + "task", "LINUX", "X86_64");
        assertThat(definition.containerDefinitions()).hasSize(1);
        ContainerDefinition main = definition.containerDefinitions().getFirst();
        assertThat(main.name()).isEqualTo("Main");
        assertThat(main.essential()).isTrue();
        assertThat(main.portMappings()).extracting(each -> each.containerPort(), each -> each.protocolAsString())
                .containsExactly(tuple(8080, "tcp"));
        assertThat(main.command()).containsExactly("serve");
        assertThat(main.stopTimeout()).isEqualTo(30);
        assertThat(main.versionConsistencyAsString()).isEqualTo("enabled");
        assertThat(main.linuxParameters().initProcessEnabled()).isTrue();
        assertThat(main.logConfiguration().options()).containsEntry("mode", "non-blocking")
                .containsEntry("max-buffer-size", "25m").containsEntry("awslogs-region", "eu-central-1");

        Service service = on.service("shop");
        assertThat(service.resourceManagementTypeAsString()).isEqualTo("ECS");
        assertThat(service.desiredCount()).isEqualTo(1);
        assertThat(service.launchType()).isNull();
        assertThat(service.capacityProviderStrategy()).extracting(each -> each.capacityProvider(),
                each -> each.base(), each -> each.weight()).containsExactly(tuple("FARGATE", 1, 1));
        DeploymentConfiguration deployment = service.deploymentConfiguration();
        assertThat(deployment.strategyAsString()).isEqualTo("CANARY");
        assertThat(deployment.canaryConfiguration().canaryPercent()).isEqualTo(5);
        assertThat(deployment.canaryConfiguration().canaryBakeTimeInMinutes()).isEqualTo(3);
        assertThat(deployment.bakeTimeInMinutes()).isEqualTo(3);
        assertThat(deployment.deploymentCircuitBreaker().enable()).isTrue();
        assertThat(deployment.deploymentCircuitBreaker().rollback()).isTrue();
        assertThat(service.healthCheckGracePeriodSeconds()).isEqualTo(300);
        assertThat(service.enableECSManagedTags()).isTrue();
        assertThat(service.propagateTagsAsString()).isEqualTo("SERVICE");
        assertThat(service.availabilityZoneRebalancingAsString()).isEqualTo("ENABLED");
        assertThat(service.networkConfiguration().awsvpcConfiguration().assignPublicIpAsString()).isEqualTo("ENABLED");
    }

    @Test
    void startsNoTaskBeforeItsInfrastructureIsThere() {
        on.create("shop", request -> { });
        on.world.reconcile("shop");

        assertThat(on.world.live("shop")).isEmpty();
        assertThat(on.ingress("shop").loadBalancer().status()).isEqualTo(ManagedResourceStatus.PROVISIONING);
        assertThat(on.ingress("shop").loadBalancer().arn()).isNull();
        on.look(); // the certificate is asked for
        on.world.reconcile("shop");
        assertThat(on.world.live("shop")).isEmpty();
        assertThat(on.ingress("shop").loadBalancer().status()).isEqualTo(ManagedResourceStatus.ACTIVE);
        assertThat(on.ingress("shop").certificate().status()).isEqualTo(ManagedResourceStatus.PROVISIONING);
        on.look();
        on.settle();
        assertThat(on.world.live("shop")).hasSize(1);
    }

    @Test
    void theFirstRevisionGetsAllTrafficAtOnce() {
        on.create("shop", request -> { });
        on.settle();
        on.pass(UP);

        assertThat(on.deployment("shop").statusAsString()).isEqualTo("SUCCESSFUL");
        String group = blue(on.ingress("shop").rule().arn());
        assertThat(on.elb.targets.states(group)).hasSize(1).containsValue("healthy");
        assertThat(on.service("shop").deploymentConfiguration().canaryConfiguration().canaryPercent()).isEqualTo(5);
    }

    @Test
    void aRevisionThatComesBeforeTheFirstWasServedGetsAllTrafficAtOnceToo() {
        on.failing.add("shop:1");
        on.create("shop", request -> { });
        on.settle();
        on.update("shop", request -> request.primaryContainer(container -> container.image("shop:2")));
        on.settle();
        on.pass(UP);

        assertThat(on.deployment("shop").statusAsString()).isEqualTo("SUCCESSFUL");
        assertThat(on.elb.targets.states(blue(on.ingress("shop").rule().arn()))).containsValue("healthy");
    }

    @Test
    void showsWhatItMade() {
        created("shop");

        var path = on.ingress("shop");
        String host = on.row("shop").host();
        assertThat(path.endpoint()).isEqualTo(host);
        assertThat(List.of(path.loadBalancer().status(), path.certificate().status(), path.listener().status(),
                path.rule().status(), path.targetGroups().get(0).status(), path.targetGroups().get(1).status()))
                .containsOnly(ManagedResourceStatus.ACTIVE);
        assertThat(path.loadBalancer().arn()).isEqualTo(on.elb.balancers.firstKey())
                .matches(".*/app/ecs-express-gateway-alb-[0-9a-f]{8}/[0-9a-f]{16}");
        assertThat(path.loadBalancer().scheme()).isEqualTo("internet-facing");
        assertThat(path.loadBalancer().subnetIds()).hasSize(2);
        assertThat(path.certificate().arn()).isEqualTo(on.acm.certificates.firstKey());
        assertThat(path.certificate().domainName()).isEqualTo(host);
        assertThat(path.listener().arn()).isEqualTo(on.elb.listeners.firstKey());
        assertThat(path.rule().arn()).isEqualTo(on.elb.rules.firstKey());
        assertThat(path.targetGroups()).allSatisfy(group -> {
            assertThat(group.arn()).matches(".*targetgroup/ecs-gateway-tg-[0-9a-f]{17}/.*");
            assertThat(group.healthCheckPath()).isEqualTo("/ping");
            assertThat(group.port()).isEqualTo(80);
            assertThat(group.healthCheckPort()).isEqualTo(80);
        });
        assertThat(on.elb.rules.get(on.elb.rules.firstKey()).conditions().getFirst().hostHeaderConfig().values())
                .containsExactly(host);
        var target = on.revision("shop").ecsManagedResources().autoScaling().scalableTarget();
        assertThat(List.of(target.minCapacity(), target.maxCapacity())).containsExactly(1, 20);
        assertThat(target.status()).isEqualTo(ManagedResourceStatus.FAILED);
        assertThat(target.statusReason()).contains("no Application Auto Scaling");
        assertThat(on.described("shop").currentDeployment()).isNull();
    }

    @Test
    void asksAgainForWhatIsRefusedAndSaysWhy() {
        on.create("shop", request -> { });
        on.look();
        on.elb.refused = "createTargetGroup";
        on.look();

        var path = on.ingress("shop");
        assertThat(path.certificate().status()).isEqualTo(ManagedResourceStatus.ACTIVE);
        assertThat(path.targetGroups().getFirst().status()).isEqualTo(ManagedResourceStatus.PROVISIONING);
        assertThat(path.targetGroups().getFirst().statusReason()).isEqualTo("There are too many of them");
        assertThat(path.certificate().statusReason()).isNull();
        on.elb.refused = "";
        on.finish();
        assertThat(on.ingress("shop").targetGroups().getFirst().statusReason()).isNull();
        assertThat(on.running("shop")).containsExactly("shop:1");
    }

    @Test
    void makesTheDefaultClusterWhereThereIsNone() {
        var request = software.amazon.awssdk.services.ecs.model.DeleteClusterRequest.builder().cluster("default")
                .build();
        on.world.decide((image, scope, context) ->
                dev.landfall.ecs.cluster.DeleteCluster.decide(image, request, scope, context));
        on.create("shop", create -> { });

        var cluster = on.world.image().get(EcsTables.CLUSTERS, World.ARN + "cluster/default").orElseThrow().cluster();
        assertThat(cluster.status()).isEqualTo(ACTIVE);
        assertThat(cluster.capacityProviders()).containsExactly("FARGATE");
    }

    @Test
    void hasTheNameOfItsImageWhereItIsGivenNone() {
        var service = on.create(null, request -> request.primaryContainer(container ->
                container.image("123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/my.shop:1.2")));

        assertThat(service.serviceName()).matches("my-shop-[0-9a-f]{4}");
    }

    @Test
    void takesATaskDefinitionOfTheCallers() {
        String arn = on.world.definition(request -> request.family("own").requiresCompatibilitiesWithStrings("FARGATE")
                .networkMode("awsvpc").cpu("1024").memory("2048").containerDefinitions(
                        World.container("Main").toBuilder().image("own:7").portMappings(port ->
                                port.containerPort(9000).name("web")).build(),
                        World.container("sidecar"))).taskDefinitionArn();
        on.create("own", request -> request.taskDefinitionArn(arn).executionRoleArn(null)
                .primaryContainer((software.amazon.awssdk.services.ecs.model.ExpressGatewayContainer) null));
        on.finish();

        var configuration = on.described("own").activeConfigurations().getFirst();
        assertThat(configuration.taskDefinitionArn()).isEqualTo(arn);
        assertThat(configuration.cpu()).isEqualTo("1024");
        assertThat(configuration.primaryContainer().containerPort()).isEqualTo(9000);
        assertThat(on.ingress("own").targetGroups().getFirst().healthCheckPort()).isEqualTo(9000);
        assertThat(on.service("own").loadBalancers().getFirst().containerPort()).isEqualTo(9000);
    }

    // ---- sharing ----

    @Test
    void sharesItsLoadBalancerAndListener() {
        created("one");
        created("two");

        assertThat(on.elb.balancers).hasSize(1);
        assertThat(on.elb.listeners).hasSize(1);
        assertThat(on.elb.rules).hasSize(2);
        assertThat(on.elb.groups).hasSize(4);
        assertThat(on.elb.certificates.firstEntry().getValue()).isEqualTo(on.acm.certificates.keySet());
        assertThat(on.elb.rules.values()).extracting(rule -> rule.priority()).containsExactly("1", "2");
        assertThat(on.ingress("one").loadBalancer().arn()).isEqualTo(on.ingress("two").loadBalancer().arn());
    }

    @Test
    void theTwentySixthServiceGetsAnotherLoadBalancer() {
        for (int i = 0; i <= Gateways.SERVICES_MAX; i++) {
            on.create("s" + i, request -> request.scalingTarget(target -> target.minTaskCount(0)));
        }
        on.look();
        on.look();

        assertThat(on.elb.balancers).hasSize(2);
        assertThat(on.gateways()).extracting(row -> Gateways.services(on.world.image(), row.key()).size())
                .containsExactlyInAnyOrder(25, 1);
    }

    @Test
    void theLastOfTheOldestLeavesItsCertificateToAnother() {
        created("one");
        created("two");
        String listener = on.elb.listeners.firstKey();
        on.delete("one");
        on.finish();

        assertThat(on.elb.listeners.keySet()).containsExactly(listener);
        assertThat(on.elb.certificates.get(listener)).containsExactly(on.ingress("two").certificate().arn());
        assertThat(on.acm.certificates).hasSize(1);
        assertThat(on.elb.groups).hasSize(2);
        assertThat(on.elb.rules.keySet()).containsExactly(on.ingress("two").rule().arn());
        on.delete("two");
        on.finish();
        assertNothingIsLeft();
    }

    @Test
    void twoThatAreRemovedAtOnceTakeTheLoadBalancerAway() {
        created("one");
        created("two");
        on.delete("one");
        on.delete("two");
        on.finish();

        assertNothingIsLeft();
    }

    @Test
    void aServiceThatComesAsTheLastLeavesGetsALoadBalancerOfItsOwn() {
        created("one");
        on.delete("one");
        while (on.row("one").phase() != Phase.DISMANTLING) {
            on.world.pass(ExpressWorld.DELAY);
            on.tasks();
        }
        on.create("two", request -> { });
        on.finish();

        assertThat(on.elb.balancers).hasSize(1);
        assertThat(on.gateways()).hasSize(1);
        assertThat(on.ingress("two").loadBalancer().arn()).isEqualTo(on.elb.balancers.firstKey());
        assertThat(on.service("one").status()).isEqualTo("INACTIVE");
        assertThat(on.running("two")).containsExactly("shop:1");
    }

    // ---- updates ----

    @Test
    void anUpdateIsDeployedAsACanary() {
        created("shop");
        String rule = on.ingress("shop").rule().arn();
        String blue = blue(rule);
        var updated = on.update("shop", request -> request.primaryContainer(container -> container.image("shop:2")));

        assertThat(updated.targetConfiguration().primaryContainer().image()).isEqualTo("shop:2");
        assertThat(updated.targetConfiguration().serviceRevisionArn()).isNotEqualTo(
                on.described("shop").activeConfigurations().getLast().serviceRevisionArn());
        assertThat(definition("shop").revision()).isEqualTo(2);
        on.settle();
        on.pass(UP);
        assertThat(on.running("shop")).containsExactly("shop:1", "shop:2");
        assertThat(on.described("shop").activeConfigurations()).hasSize(2);
        assertThat(on.described("shop").currentDeployment())
                .isEqualTo(on.service("shop").currentServiceDeployment());
        assertThat(on.elb.targets.weights(rule).get(blue)).isEqualTo(95);
        on.pass(Duration.ofMinutes(3));
        assertThat(on.elb.targets.weights(rule).get(blue)).isZero();
        assertThat(on.running("shop")).containsExactly("shop:1", "shop:2");
        on.pass(Duration.ofMinutes(3));
        on.finish();
        assertThat(on.running("shop")).containsExactly("shop:2");
        assertThat(on.deployment("shop").statusAsString()).isEqualTo("SUCCESSFUL");
        assertThat(on.described("shop").activeConfigurations()).hasSize(1);
    }

    private String blue(String rule) {
        return on.elb.targets.weights(rule).entrySet().stream().filter(each -> each.getValue() == 100)
                .map(Map.Entry::getKey).findFirst().orElseThrow();
    }

    @Test
    void theNewRevisionAloneIsAskedAnotherWay() {
        created("shop");
        TargetGroup blue = on.elb.groups.get(blue(on.ingress("shop").rule().arn()));
        on.update("shop", request -> request.healthCheckPath("/health").primaryContainer(container ->
                container.image("shop:1").containerPort(8080)));
        on.settle();

        assertThat(on.elb.groups.values()).containsOnlyOnce(blue);
        assertThat(on.elb.groups.values()).extracting(TargetGroup::healthCheckPath, TargetGroup::healthCheckPort)
                .containsExactlyInAnyOrder(tuple("/ping", "80"), tuple("/health", "8080"));
        assertThat(on.described("shop").activeConfigurations())
                .extracting(ExpressGatewayServiceConfiguration::healthCheckPath,
                        each -> each.primaryContainer().containerPort())
                .containsExactly(tuple("/health", 8080), tuple("/ping", 80));
        on.finish();
        on.update("shop", request -> request.primaryContainer(container -> container.image("shop:3")));
        on.settle();
        assertThat(on.elb.groups.values()).extracting(TargetGroup::healthCheckPath, TargetGroup::healthCheckPort)
                .containsOnly(tuple("/health", "8080"));
        assertThat(definition("shop").containerDefinitions().getFirst().portMappings().getFirst().containerPort())
                .isEqualTo(8080);
    }

    @Test
    void aRevisionThatFailsIsRolledBackAndItsHealthCheckForgotten() {
        created("shop");
        on.failing.add("shop:2");
        on.update("shop", request -> request.healthCheckPath("/broken")
                .primaryContainer(container -> container.image("shop:2")));
        on.finish();
        for (int i = 0; i < 20 && on.deployment("shop").finishedAt() == null; i++) {
            on.pass(Duration.ofMinutes(1));
        }

        assertThat(on.deployment("shop").statusAsString()).isEqualTo("ROLLBACK_SUCCESSFUL");
        assertThat(on.running("shop")).containsExactly("shop:1");
        assertThat(on.described("shop").activeConfigurations().getFirst().healthCheckPath()).isEqualTo("/ping");
        on.update("shop", request -> request.primaryContainer(container -> container.image("shop:3")));
        on.finish();
        assertThat(on.running("shop")).containsExactly("shop:3");
        assertThat(on.elb.groups.values()).extracting(TargetGroup::healthCheckPath).containsOnly("/ping");
    }

    @Test
    void whatAnUpdateLeavesOutStays() {
        on.create("shop", request -> request.taskRoleArn(ExpressWorld.ROLE + "task").cpu("512").memory("1024")
                .healthCheckPath("/up").primaryContainer(container -> container.image("shop:1").containerPort(81)
                        .environment(variable -> variable.name("A").value("b"))));
        on.finish();
        var before = on.described("shop").activeConfigurations().getFirst();
        on.update("shop", request -> request.memory("2048"));
        on.finish();

        var after = on.described("shop").activeConfigurations().getFirst();
        assertThat(after.memory()).isEqualTo("2048");
        assertThat(after.toBuilder().memory("1024").serviceRevisionArn(before.serviceRevisionArn())
                .taskDefinitionArn(before.taskDefinitionArn()).createdAt(before.createdAt()).build())
                .isEqualTo(before);
    }

    @Test
    void theNumberOfTasksIsNoDeployment() {
        created("shop");
        String deployment = on.service("shop").currentServiceDeployment();
        var updated = on.update("shop", request -> request.scalingTarget(target ->
                target.minTaskCount(3).autoScalingMetric("REQUEST_COUNT_PER_TARGET").autoScalingTargetValue(500)));
        on.finish();

        assertThat(updated.targetConfiguration().scalingTarget().maxTaskCount()).isEqualTo(20);
        assertThat(on.service("shop").currentServiceDeployment()).isEqualTo(deployment);
        assertThat(on.world.live("shop")).hasSize(3);
        assertThat(on.described("shop").activeConfigurations().getFirst().scalingTarget().autoScalingTargetValue())
                .isEqualTo(500);
    }

    @Test
    void anUpdateBeforeTheInfrastructureIsThereTakesThePlaceOfTheFirst() {
        on.create("shop", request -> { });
        on.look();
        on.update("shop", request -> request.healthCheckPath("/late")
                .primaryContainer(container -> container.image("shop:2").containerPort(8081)));
        on.finish();

        assertThat(on.running("shop")).containsExactly("shop:2");
        assertThat(on.elb.groups.values()).extracting(TargetGroup::healthCheckPath, TargetGroup::healthCheckPort)
                .containsOnly(tuple("/late", "8081"));
        assertThat(on.service("shop").loadBalancers().getFirst().containerPort()).isEqualTo(8081);
    }

    @Test
    void isUpdatedAsAServiceToo() {
        created("shop");
        on.update("shop", request -> request.healthCheckPath("/new"));
        on.finish();
        on.world.updateService(request -> request.service("shop").forceNewDeployment(true).deploymentConfiguration(
                each -> each.canaryConfiguration(canary -> canary.canaryBakeTimeInMinutes(0)).bakeTimeInMinutes(0)));
        on.finish();

        assertThat(on.elb.groups.values()).extracting(TargetGroup::healthCheckPath).containsOnly("/new");
        assertThatThrownBy(() -> on.world.updateService(request -> request.service("shop")
                .deploymentConfiguration(each -> each.strategy("ROLLING"))))
                .hasMessageContaining("Updating to ROLLING deployment strategy is not supported for "
                        + "ExpressGatewayServices.");
        assertThatThrownBy(() -> on.world.updateService(request -> request.service("shop").loadBalancers(List.of())))
                .hasMessageContaining("Updating loadBalancers is not supported for ExpressGatewayServices.");
    }

    // ---- the end ----

    private void assertNothingIsLeft() {
        assertThat(on.elb.balancers).isEmpty();
        assertThat(on.elb.listeners).isEmpty();
        assertThat(on.elb.rules).isEmpty();
        assertThat(on.elb.groups).isEmpty();
        assertThat(on.acm.certificates).isEmpty();
        assertThat(on.gateways()).isEmpty();
    }

    @Test
    void aServiceThatIsDeletedLeavesNothing() {
        created("shop");
        var deleted = on.delete("shop");

        assertThat(deleted.status().statusCodeAsString()).isEqualTo("DRAINING");
        on.settle();
        assertThat(on.described("shop").status().statusCodeAsString()).isEqualTo("DRAINING");
        assertThat(on.elb.balancers).hasSize(1);
        on.finish();
        assertThat(on.described("shop").status().statusCodeAsString()).isEqualTo("INACTIVE");
        assertThat(on.described("shop").activeConfigurations()).isEmpty();
        assertThat(on.service("shop").status()).isEqualTo("INACTIVE");
        assertNothingIsLeft();
        assertThatThrownBy(() -> on.delete("shop")).isInstanceOf(ServiceNotActiveException.class)
                .hasMessageContaining("Cannot perform this operation on a service in INACTIVE status");
        assertThat(on.world.image().all(EcsTables.TASK_DEFINITIONS)).hasSize(1);
        on.create("shop", request -> { });
        on.finish();
        assertThat(on.running("shop")).containsExactly("shop:1");
        assertThat(definition("shop").revision()).isEqualTo(2);
    }

    @Test
    void isDrainingAsLongAsItsInfrastructureIsRemoved() {
        created("shop");
        on.elb.refused = "deleteLoadBalancer";
        on.delete("shop");
        for (int i = 0; i < 5; i++) {
            on.pass(ExpressWorld.DELAY);
        }

        assertThat(on.world.live("shop")).isEmpty();
        assertThat(on.described("shop").status().statusCodeAsString()).isEqualTo("DRAINING");
        assertThat(on.row("shop").ingress().refusal()).isEqualTo("There are too many of them");
        assertThatThrownBy(() -> on.create("shop", request -> { }))
                .hasMessageContaining("Unable to Start a service that is still Draining.");
        on.elb.refused = "";
        on.finish();
        assertNothingIsLeft();
    }

    @Test
    void canBeDeletedBeforeItIsThere() {
        on.create("shop", request -> { });
        on.look();
        on.delete("shop");
        on.finish();

        assertNothingIsLeft();
        assertThat(on.described("shop").status().statusCodeAsString()).isEqualTo("INACTIVE");
    }

    @Test
    void isDeletedByItsOwnActionOnlyAndListedByItsType() {
        created("shop");
        on.world.definition("web");
        on.world.createService(request -> request.desiredCount(0));
        var delete = DeleteServiceRequest.builder().service("shop").force(true).build();

        assertThatThrownBy(() -> on.world.decide((image, scope, context) ->
                DeleteService.decide(image, delete, scope)))
                .hasMessageContaining("has ResourceManagementType=ECS use DeleteExpressGatewayService");
        assertThat(List.of("ECS", "CUSTOMER").stream().map(this::listed))
                .containsExactly(List.of(World.serviceArn("shop")), List.of(World.serviceArn("svc")));
    }

    private List<String> listed(String type) {
        return ListServices.read(on.world.image(),
                ListServicesRequest.builder().resourceManagementType(type).build(), World.SCOPE).serviceArns();
    }
}
