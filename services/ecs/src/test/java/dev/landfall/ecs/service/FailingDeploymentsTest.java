package dev.landfall.ecs.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.deployment.DescribeServiceDeployments;
import dev.landfall.ecs.deployment.StopServiceDeployment;
import dev.landfall.ecs.task.TaskRow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.AvailabilityZoneRebalancing;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.DescribeServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentRollbackMonitorsStatus;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;
import software.amazon.awssdk.services.ecs.model.StopServiceDeploymentRequest;
import software.amazon.awssdk.services.ecs.model.StopServiceDeploymentStopType;
import software.amazon.awssdk.services.ecs.model.ThresholdType;

/** Deployments whose tasks fail, with the circuit breaker and without, and such as are stopped by hand. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class FailingDeploymentsTest {
    private World world = new World();

    @BeforeEach
    void definitions() {
        world.definition("web");
        world.definition("web");
        world.definition("web");
    }

    /** A service of revision 1 in its steady state, with the circuit breaker. */
    private Service running(int desired, boolean rollback) {
        world.instance(100_000);
        world.createService(request -> request.taskDefinition("web:1").desiredCount(desired)
                .availabilityZoneRebalancing(AvailabilityZoneRebalancing.DISABLED).deploymentConfiguration(each ->
                        each.deploymentCircuitBreaker(breaker -> breaker.enable(true).rollback(rollback))));
        return proven();
    }

    /** Lets the tasks that run show that they stay up. */
    private Service proven() {
        world.settle("svc");
        world.pass(Steadiness.RAN);
        return world.settle("svc");
    }

    private ServiceDeployment deployment() {
        var request = DescribeServiceDeploymentsRequest.builder()
                .serviceDeploymentArns(world.service("svc").currentServiceDeployment()).build();
        return DescribeServiceDeployments.read(world.image(), request, World.SCOPE).serviceDeployments().getFirst();
    }

    private List<TaskRow> live(String revision) {
        return world.live("svc").stream().filter(task -> task.task().taskDefinitionArn().endsWith(revision)).toList();
    }

    /** Has every task of that revision end as soon as it runs, until nothing of it is started any more. */
    private int crash(String revision, int rounds) {
        int crashed = 0;
        for (int i = 0; i < rounds; i++) {
            Optional<Duration> again = world.reconcile("svc");
            for (TaskRow task : live(revision)) {
                world.running(task.arn());
                world.exited(task.arn(), 1);
                crashed++;
            }
            again.filter(each -> each.compareTo(Duration.ofMinutes(1)) < 0).ifPresent(world::pass);
        }
        world.reconcile("svc");
        return crashed;
    }

    @Test
    void aRevisionThatCrashesIsRolledBack() {
        Service before = running(3, true);
        String good = before.deployments().getFirst().id();
        List<String> tasks = world.live("svc").stream().map(TaskRow::arn).toList();
        Service updated = world.updateService(request -> request.taskDefinition("web:2"));
        String bad = updated.deployments().getFirst().id();
        assertThat(crash("web:2", 10)).isBetween(3, 6); // three at a time, and the third of all is one too many

        Service service = world.settle("svc");
        assertThat(service.taskDefinition()).endsWith("web:1");
        assertThat(service.runningCount()).isEqualTo(3);
        assertThat(world.live("svc")).extracting(TaskRow::arn).containsExactlyInAnyOrderElementsOf(tasks);
        assertThat(service.deployments()).singleElement().satisfies(deployment -> {
            assertThat(deployment.id()).isEqualTo(good);
            assertThat(deployment.rolloutState()).isEqualTo(DeploymentRolloutState.COMPLETED);
            assertThat(deployment.rolloutStateReason()).isEqualTo("ECS deployment " + good + " completed.");
        });
        List<String> events = world.events("svc");
        assertThat(events).startsWith("has reached a steady state.",
                "(deployment " + good + ") deployment completed.",
                "rolling back to deployment " + good + ".",
                "(deployment " + bad + ") deployment failed: tasks failed to start.");
        ServiceDeployment deployment = deployment();
        assertThat(deployment.status()).isEqualTo(ServiceDeploymentStatus.ROLLBACK_SUCCESSFUL);
        assertThat(deployment.statusReason())
                .isEqualTo("Service deployment rolled back because the circuit breaker threshold was exceeded.");
        assertThat(deployment.rollback().reason()).isEqualTo(deployment.statusReason());
        assertThat(deployment.rollback().serviceRevisionArn())
                .isEqualTo(deployment.sourceServiceRevisions().getFirst().arn())
                .endsWith("/" + good.substring("ecs-svc/".length()));
        assertThat(deployment.targetServiceRevision().arn()).endsWith("/" + bad.substring("ecs-svc/".length()));
        assertThat(deployment.deploymentCircuitBreaker().status())
                .isEqualTo(ServiceDeploymentRollbackMonitorsStatus.TRIGGERED);
        assertThat(deployment.deploymentCircuitBreaker().threshold()).isEqualTo(3);
        assertThat(deployment.deploymentCircuitBreaker().failureCount()).isGreaterThanOrEqualTo(3);
        assertThat(deployment.finishedAt()).isEqualTo(world.now());
        assertThat(deployment.stoppedAt()).isNull();
    }

    @Test
    void whileItRollsBackBothDeploymentsAreShown() {
        String good = running(1, true).deployments().getFirst().id();
        world.updateService(request -> request.taskDefinition("web:2")
                .deploymentConfiguration(each -> each.minimumHealthyPercent(0).maximumPercent(100)));
        crash("web:2", 5);

        List<Deployment> deployments = world.service("svc").deployments();
        assertThat(deployments).extracting(Deployment::status).containsExactly("PRIMARY", "ACTIVE");
        assertThat(deployments.get(0).id()).isEqualTo(good);
        assertThat(deployments.get(0).rolloutState()).isEqualTo(DeploymentRolloutState.IN_PROGRESS);
        assertThat(deployments.get(0).rolloutStateReason())
                .isEqualTo("ECS deployment circuit breaker: rolling back to deploymentId " + good + ".");
        assertThat(deployments.get(1).rolloutState()).isEqualTo(DeploymentRolloutState.FAILED);
        assertThat(deployments.get(1).rolloutStateReason())
                .isEqualTo("ECS deployment circuit breaker: tasks failed to start.");
        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.ROLLBACK_IN_PROGRESS);
        assertThat(live("web:1")).hasSize(1); // its task had made room, and is started again

        assertThat(proven().runningCount()).isEqualTo(1);
        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.ROLLBACK_SUCCESSFUL);
    }

    @Test
    void withoutRollbackTheDeploymentStaysAsItIsAndStartsNothing() {
        running(3, false);
        world.updateService(request -> request.taskDefinition("web:2"));
        crash("web:2", 10);
        world.pass(Duration.ofHours(1));
        world.reconcile("svc");

        Service service = world.service("svc");
        assertThat(service.taskDefinition()).endsWith("web:2");
        assertThat(live("web:1")).hasSize(3);
        assertThat(live("web:2")).isEmpty();
        assertThat(service.deployments()).hasSize(2);
        assertThat(service.deployments().getFirst().rolloutState()).isEqualTo(DeploymentRolloutState.FAILED);
        ServiceDeployment deployment = deployment();
        assertThat(deployment.status()).isEqualTo(ServiceDeploymentStatus.STOPPED);
        assertThat(deployment.stoppedAt()).isNotNull();
        assertThat(deployment.rollback()).isNull();

        world.exited(live("web:1").getFirst().arn(), 1);
        world.pass(Duration.ofHours(1));
        world.reconcile("svc");
        assertThat(live("web:1")).as("nothing at all is started").hasSize(2);
        world.updateService(request -> request.desiredCount(1));
        world.reconcile("svc");
        assertThat(live("web:1")).as("but tasks too many are stopped").hasSize(1);

        world.updateService(request -> request.taskDefinition("web:3").desiredCount(2));
        assertThat(proven().deployments()).hasSize(1);
        assertThat(live("web:3")).hasSize(2);
    }

    @Test
    void theFirstDeploymentOfAllHasNothingToGoBackTo() {
        world.instance(100_000);
        world.createService(request -> request.taskDefinition("web:1").desiredCount(1).deploymentConfiguration(
                each -> each.deploymentCircuitBreaker(breaker -> breaker.enable(true).rollback(true))));
        crash("web:1", 10);

        assertThat(world.live("svc")).isEmpty();
        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.ROLLBACK_FAILED);
        assertThat(deployment().statusReason()).isEqualTo("No rollback candidate was found to run the rollback.");
        assertThat(world.service("svc").deployments().getFirst().rolloutState())
                .isEqualTo(DeploymentRolloutState.FAILED);
    }

    /** ECS Developer Guide: Deployment 3 of the example has no deployment in the COMPLETED state to go back to. */
    @Test
    void aRollbackThatIsUnderWayIsNoCandidate() {
        running(1, true);
        world.updateService(request -> request.taskDefinition("web:2")
                .deploymentConfiguration(each -> each.minimumHealthyPercent(0).maximumPercent(100)));
        crash("web:2", 5);
        world.updateService(request -> request.taskDefinition("web:3"));
        crash("web:3", 10);

        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.ROLLBACK_FAILED);
        assertThat(world.service("svc").taskDefinition()).endsWith("web:3");
        assertThat(live("web:3")).isEmpty();
    }

    @Test
    void withoutTheBreakerADeploymentNeverFails() {
        world.instance(100_000);
        world.createService(request -> request.taskDefinition("web:1").desiredCount(1));
        crash("web:1", 20);
        assertThat(world.service("svc").deployments().getFirst().rolloutState())
                .isEqualTo(DeploymentRolloutState.IN_PROGRESS);
        assertThat(deployment().deploymentCircuitBreaker().status())
                .isEqualTo(ServiceDeploymentRollbackMonitorsStatus.DISABLED);
    }

    @Test
    void aTaskThatStaysUpMakesUpForThoseBefore() {
        running(2, true);
        world.updateService(request -> request.taskDefinition("web:2"));
        world.reconcile("svc");
        for (int i = 0; i < 2; i++) {
            world.exited(live("web:2").getFirst().arn(), 1);
            world.pass(Duration.ofSeconds(2));
            world.reconcile("svc");
        }
        assertThat(world.service("svc").deployments().getFirst().failedTasks()).isEqualTo(2);
        assertThat(deployment().deploymentCircuitBreaker().failureCount()).isEqualTo(2);
        assertThat(deployment().deploymentCircuitBreaker().status())
                .isEqualTo(ServiceDeploymentRollbackMonitorsStatus.MONITORING);

        world.running(live("web:2").getFirst().arn());
        assertThat(world.reconcile("svc")).hasValue(Steadiness.RAN);
        assertThat(world.service("svc").deployments().getFirst().failedTasks()).isEqualTo(2);
        world.pass(Steadiness.RAN);
        world.reconcile("svc");
        assertThat(world.service("svc").deployments().getFirst().failedTasks()).isZero();

        String other = live("web:2").stream().filter(task -> !task.running()).findFirst().orElseThrow().arn();
        world.exited(other, 1);
        assertThat(world.service("svc").deployments().getFirst().failedTasks())
                .as("in the second stage only health checks count").isZero();
        proven(); // its replacement is held back for a moment
        proven();
        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.SUCCESSFUL);
        assertThat(deployment().deploymentCircuitBreaker().status())
                .isEqualTo(ServiceDeploymentRollbackMonitorsStatus.MONITORING_COMPLETE);
    }

    @Test
    void withoutResetEveryFailureCounts() {
        world.instance(100_000);
        world.createService(request -> request.taskDefinition("web:1").desiredCount(2).deploymentConfiguration(
                each -> each.deploymentCircuitBreaker(breaker -> breaker.enable(true).rollback(false)
                        .resetOnHealthyTask(false)
                        .thresholdConfiguration(by -> by.type(ThresholdType.COUNT).value(2)))));
        world.reconcile("svc");
        world.exited(world.live("svc").getFirst().arn(), 1);
        world.running(world.live("svc").getFirst().arn());
        world.pass(Steadiness.RAN);
        world.reconcile("svc");
        assertThat(world.service("svc").deployments().getFirst().failedTasks()).isEqualTo(1);
        world.exited(world.live("svc").stream().filter(task -> !task.running()).findFirst().orElseThrow().arn(), 1);
        world.reconcile("svc");

        assertThat(world.service("svc").deployments().getFirst().rolloutState())
                .isEqualTo(DeploymentRolloutState.FAILED);
    }

    @Test
    void anOldTaskGoesOnlyForANewOneThatStaysUp() {
        running(2, true);
        world.updateService(request -> request.taskDefinition("web:2"));
        world.reconcile("svc");
        live("web:2").forEach(task -> world.running(task.arn()));
        assertThat(world.reconcile("svc")).hasValue(Steadiness.RAN);
        assertThat(live("web:1")).hasSize(2);
        world.pass(Steadiness.RAN.minusMillis(1));
        world.reconcile("svc");
        assertThat(live("web:1")).hasSize(2);
        world.pass(Duration.ofMillis(1));
        world.reconcile("svc");
        assertThat(live("web:1")).isEmpty();
        assertThat(world.service("svc").deployments().getFirst().rolloutState())
                .isEqualTo(DeploymentRolloutState.COMPLETED);
    }

    @Test
    void tasksThatFindNoPlaceForLongFailTheDeployment() {
        world.createService(request -> request.taskDefinition("web:1").desiredCount(1).deploymentConfiguration(
                each -> each.deploymentCircuitBreaker(breaker -> breaker.enable(true).rollback(true))));
        for (int seconds = 0; seconds < 6 * 60; seconds += 15) {
            assertThat(world.reconcile("svc")).isPresent();
            world.pass(Duration.ofSeconds(15));
        }
        assertThat(world.service("svc").deployments().getFirst().failedTasks()).isEqualTo(2);
        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.IN_PROGRESS);
        world.pass(Duration.ofMinutes(1));
        world.reconcile("svc");
        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.ROLLBACK_FAILED);
    }

    @Test
    void aPlaceThatIsFoundInTimeIsNoFailure() {
        world.createService(request -> request.taskDefinition("web:1").desiredCount(1).deploymentConfiguration(
                each -> each.deploymentCircuitBreaker(breaker -> breaker.enable(true).rollback(true))));
        world.reconcile("svc");
        world.pass(Duration.ofSeconds(59));
        world.reconcile("svc");
        world.instance(100_000);
        proven();
        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.SUCCESSFUL);
        assertThat(world.service("svc").deployments().getFirst().failedTasks()).isZero();
    }

    private String stop(StopServiceDeploymentStopType type) {
        var request = StopServiceDeploymentRequest.builder().stopType(type)
                .serviceDeploymentArn(world.service("svc").currentServiceDeployment()).build();
        return world.decide((at, scope, context) -> StopServiceDeployment.decide(at, request, scope, context))
                .serviceDeploymentArn();
    }

    @Test
    void aDeploymentIsRolledBackByHand() {
        world.instance(100_000);
        world.createService(request -> request.taskDefinition("web:1").desiredCount(2));
        world.settle("svc");
        world.updateService(request -> request.taskDefinition("web:2"));
        world.reconcile("svc");
        assertThat(stop(StopServiceDeploymentStopType.ROLLBACK)).isEqualTo(deployment().serviceDeploymentArn());
        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.ROLLBACK_REQUESTED);
        stop(StopServiceDeploymentStopType.ROLLBACK);

        Service service = world.settle("svc");
        assertThat(service.taskDefinition()).endsWith("web:1");
        assertThat(service.deployments()).hasSize(1);
        assertThat(live("web:2")).isEmpty();
        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.ROLLBACK_SUCCESSFUL);
        assertThat(world.events("svc")).anyMatch(event -> event.startsWith("rolling back to deployment ecs-svc/"));
    }

    @Test
    void aDeploymentIsAborted() {
        world.instance(100_000);
        world.createService(request -> request.taskDefinition("web:1").desiredCount(2));
        world.settle("svc");
        world.updateService(request -> request.taskDefinition("web:2"));
        stop(StopServiceDeploymentStopType.ABORT);
        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.STOP_REQUESTED);
        world.reconcile("svc");

        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.STOPPED);
        assertThat(live("web:1")).hasSize(2);
        assertThat(live("web:2")).isEmpty();
    }

    @Test
    void failedHealthChecksFailADeploymentOfWhichTasksRun() {
        world.definition(request -> request.family("checked").containerDefinitions(World.container("app").toBuilder()
                .healthCheck(check -> check.command("CMD", "true")).build()));
        running(2, true);
        world.updateService(request -> request.taskDefinition("checked"));
        world.reconcile("svc");
        for (int i = 0; i < 12 && deployment().status() == ServiceDeploymentStatus.IN_PROGRESS; i++) {
            world.reconcile("svc");
            live("checked:1").forEach(task -> world.running(task.arn()));
            world.pass(Duration.ofSeconds(30));
            world.reconcile("svc");
            live("checked:1").stream().filter(TaskRow::running)
                    .forEach(task -> world.health(task.arn(), HealthStatus.UNHEALTHY));
            world.reconcile("svc");
        }
        Service service = proven();

        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.ROLLBACK_SUCCESSFUL);
        assertThat(service.taskDefinition()).endsWith("web:1");
        assertThat(live("web:1")).hasSize(2);
        assertThat(world.events("svc")).anyMatch(event ->
                event.matches("\\(task [0-9a-f]{32}\\) failed container health checks\\."));
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("a threshold of nothing", each -> each.deploymentCircuitBreaker(breaker -> breaker.enable(true)
                        .rollback(true).thresholdConfiguration(by -> by.type(ThresholdType.COUNT).value(0)))),
                refusal("a threshold without a type", each -> each.deploymentCircuitBreaker(breaker ->
                        breaker.enable(true).rollback(true).thresholdConfiguration(by -> by.value(5)))),
                refusal("lifecycle hooks", each -> each.lifecycleHooks(hook -> hook.hookTargetArn("arn:aws:lambda:x"))),
                refusal("a bake time that never was", each -> each.bakeTimeInMinutes(-1)));
    }

    private static Arguments refusal(String name, Consumer<DeploymentConfiguration.Builder> change) {
        return Arguments.argumentSet(name, change);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatMakesNoSenseIsRefused(Consumer<DeploymentConfiguration.Builder> change) {
        world.createService(request -> request.taskDefinition("web:1"));
        var image = world.image();
        assertThatThrownBy(() -> world.updateService(request -> request.deploymentConfiguration(change)))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> world.createService(request -> request.serviceName("other").taskDefinition("web:1")
                .deploymentConfiguration(change))).isInstanceOf(InvalidParameterException.class);
        assertThat(world.image()).isSameAs(image);
    }

    @Test
    void anotherCapacityProviderNeedsANewDeployment() {
        world.capacityProviders("FARGATE", "FARGATE_SPOT");
        world.fargateDefinition("net");
        world.createService(request -> request.taskDefinition("net")
                .capacityProviderStrategy(item -> item.capacityProvider("FARGATE").weight(1)));
        assertThatThrownBy(() -> world.updateService(request ->
                request.capacityProviderStrategy(item -> item.capacityProvider("FARGATE_SPOT").weight(1))))
                .isInstanceOf(InvalidParameterException.class).hasMessageContaining("you must force a new deployment");
        String before = world.service("svc").currentServiceDeployment();
        world.updateService(request -> request.forceNewDeployment(true)
                .capacityProviderStrategy(item -> item.capacityProvider("FARGATE_SPOT").weight(1)));
        assertThat(world.service("svc").currentServiceDeployment()).isNotEqualTo(before);
    }

    /** A service is updated, rolled back, aborted, and its tasks die; in the end what is deployed last comes up. */
    @Property(tries = 60)
    void comesToRestAfterAnyStorm(@ForAll long seed) {
        world = new World();
        definitions();
        var random = new Random(seed);
        running(1 + random.nextInt(5), random.nextBoolean());
        for (int i = 0; i < 60; i++) {
            happen(random);
            assertThat(world.service("svc").deployments()).as("seed %d", seed).hasSizeLessThan(20);
        }
        int desired = random.nextInt(6);
        world.updateService(request -> request.taskDefinition("web:3").desiredCount(desired).forceNewDeployment(true));
        world.pass(Duration.ofHours(1));
        for (int i = 0; i < 3; i++) {
            proven();
        }
        assertThat(deployment().status()).as("seed %d", seed).isEqualTo(ServiceDeploymentStatus.SUCCESSFUL);
        assertThat(world.service("svc").deployments()).as("seed %d", seed).hasSize(1);
        assertThat(world.live("svc")).as("seed %d", seed).hasSize(desired).hasSameSizeAs(live("web:3"));
    }

    private void happen(Random random) {
        var tasks = world.live("svc");
        Optional<TaskRow> any = tasks.isEmpty() ? Optional.empty()
                : Optional.of(tasks.get(random.nextInt(tasks.size())));
        world.pass(Duration.ofSeconds(random.nextInt(15)));
        switch (random.nextInt(10)) {
            case 0 -> world.updateService(request -> request.taskDefinition("web:" + (1 + random.nextInt(3))));
            case 1 -> world.updateService(request -> request.desiredCount(random.nextInt(6)));
            case 2 -> {
                if (deployment().finishedAt() == null) {
                    stop(random.nextBoolean()
                            ? StopServiceDeploymentStopType.ROLLBACK : StopServiceDeploymentStopType.ABORT);
                }
            }
            case 3, 4 -> any.ifPresent(task -> world.running(task.arn()));
            case 5, 6 -> any.ifPresent(task -> world.exited(task.arn(), 1));
            default -> world.reconcile("svc");
        }
    }

    /** Whatever happens, the old tasks are not fewer than those that are wanted healthy, and it comes to an end. */
    @Property(tries = 60)
    void aBadRevisionNeverCostsTheGoodOnes(@ForAll long seed) {
        world = new World();
        definitions();
        var random = new Random(seed);
        int desired = 1 + random.nextInt(8);
        running(desired, random.nextBoolean());
        world.updateService(request -> request.taskDefinition("web:2"));
        for (int i = 0; i < 400; i++) {
            world.reconcile("svc").ifPresent(again -> world.pass(again));
            for (TaskRow task : live("web:2")) {
                if (task.healthy() && Steadiness.missing(task, world.now()).isZero()) {
                    continue;
                }
                if (random.nextInt(3) == 0) {
                    world.running(task.arn());
                    world.pass(Duration.ofMillis(random.nextInt(1000)));
                } else if (random.nextInt(3) == 0) {
                    world.exited(task.arn(), 1);
                }
            }
            assertThat(live("web:1").stream().filter(TaskRow::healthy).count()
                    + live("web:2").stream().filter(TaskRow::healthy)
                            .filter(task -> Steadiness.missing(task, world.now()).isZero()).count())
                    .as("seed %d", seed).isGreaterThanOrEqualTo(desired);
            if (deployment().finishedAt() != null) {
                break;
            }
        }
        assertThat(deployment().finishedAt()).as("seed %d", seed).isNotNull();
        assertThat(world.image().all(EcsTables.SERVICE_DEPLOYMENTS)).hasSize(2);
    }
}
