package dev.landfall.ecs.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.DescribeServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentRollbackMonitorsStatus;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;

/** Deployments that are failed by alarms, and such as are not. */
class DeploymentAlarmsTest {
    private static final AlarmState QUIET = new AlarmState("errors", false, 120);
    private static final AlarmState LOUD = new AlarmState("errors", true, 120);

    private final World world = new World();

    @BeforeEach
    void aServiceWithAlarms() {
        world.instance(100_000);
        world.definition("web");
        world.definition("web");
        world.createService(request -> request.taskDefinition("web:1").deploymentConfiguration(each ->
                each.alarms(alarms -> alarms.alarmNames("errors", "none").enable(true).rollback(true))));
    }

    private void observe(AlarmState... states) {
        world.apply(ObserveAlarms.decide(world.image(), world.service("svc").currentServiceDeployment(),
                List.of(states), world.context()));
    }

    private ServiceDeployment deployment() {
        var request = DescribeServiceDeploymentsRequest.builder()
                .serviceDeploymentArns(world.service("svc").currentServiceDeployment()).build();
        return DescribeServiceDeployments.read(world.image(), request, World.SCOPE).serviceDeployments().getFirst();
    }

    private Service deployed() {
        observe(QUIET);
        world.settle("svc");
        world.pass(Duration.ofSeconds(120));
        return world.settle("svc");
    }

    @Test
    void aDeploymentIsCompleteOnceItsAlarmsHaveStayedQuiet() {
        world.settle("svc");
        world.pass(Duration.ofHours(1));
        world.settle("svc");
        assertThat(deployment().status()).as("nobody has asked the alarms yet")
                .isEqualTo(ServiceDeploymentStatus.IN_PROGRESS);
        observe(QUIET);
        assertThat(deployment().alarms().status()).isEqualTo(ServiceDeploymentRollbackMonitorsStatus.MONITORING);
        assertThat(deployment().alarms().alarmNames()).containsExactly("errors", "none");
        world.settle("svc");
        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.SUCCESSFUL);
        assertThat(deployment().alarms().status())
                .isEqualTo(ServiceDeploymentRollbackMonitorsStatus.MONITORING_COMPLETE);
    }

    @Test
    void theBakeTimeIsWhatTheAlarmsNeed() {
        observe(QUIET, new AlarmState("other", false, 60));
        world.settle("svc");
        assertThat(world.reconcile("svc")).hasValue(Duration.ofSeconds(120));
        world.pass(Duration.ofSeconds(119));
        world.settle("svc");
        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.IN_PROGRESS);
        world.pass(Duration.ofSeconds(1));
        world.settle("svc");
        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.SUCCESSFUL);
        assertThat(world.service("svc").deployments().getFirst().rolloutState())
                .isEqualTo(DeploymentRolloutState.COMPLETED);
    }

    @Test
    void anAlarmRollsBackAlsoWhileItBakes() {
        String good = deployed().deployments().getFirst().id();
        String bad = world.updateService(request -> request.taskDefinition("web:2")).deployments().getFirst().id();
        observe(QUIET);
        world.settle("svc");
        assertThat(world.live("svc")).hasSize(2).allMatch(task -> task.deploymentId().equals(bad));
        world.pass(Duration.ofSeconds(60));
        observe(LOUD);
        Service service = world.settle("svc");

        assertThat(service.taskDefinition()).endsWith("web:1");
        assertThat(world.live("svc")).hasSize(2).allMatch(task -> task.deploymentId().equals(good));
        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.ROLLBACK_SUCCESSFUL);
        assertThat(deployment().alarms().status()).isEqualTo(ServiceDeploymentRollbackMonitorsStatus.TRIGGERED);
        assertThat(deployment().alarms().triggeredAlarmNames()).containsExactly("errors");
        assertThat(world.events("svc")).contains("(deployment " + bad + ") deployment failed: alarm detected.",
                "rolling back to deployment " + good + ".");
    }

    @Test
    void withoutRollbackTheDeploymentFails() {
        deployed();
        world.updateService(request -> request.taskDefinition("web:2").deploymentConfiguration(each ->
                each.alarms(alarms -> alarms.alarmNames("errors").enable(true).rollback(false))));
        observe(QUIET);
        world.settle("svc");
        observe(LOUD);
        world.settle("svc");

        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.STOPPED);
        assertThat(world.service("svc").deployments().getFirst().rolloutState())
                .isEqualTo(DeploymentRolloutState.FAILED);
        assertThat(world.service("svc").taskDefinition()).endsWith("web:2");
    }

    @Test
    void anAlarmThatWasOnBeforehandDoesNotCount() {
        deployed();
        world.updateService(request -> request.taskDefinition("web:2"));
        observe(LOUD);
        world.settle("svc");
        observe(LOUD);
        world.settle("svc");

        assertThat(deployment().alarms().status()).isEqualTo(ServiceDeploymentRollbackMonitorsStatus.DISABLED);
        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.SUCCESSFUL);
    }

    @Test
    void alarmsCountOnlyOnceATaskRuns() {
        deployed();
        world.updateService(request -> request.taskDefinition("web:2"));
        observe(QUIET);
        world.reconcile("svc");
        observe(LOUD);
        world.reconcile("svc");
        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.IN_PROGRESS);
        world.live("svc").stream().filter(task -> !task.running()).forEach(task -> world.running(task.arn()));
        observe(LOUD);
        world.reconcile("svc");
        assertThat(deployment().status()).isEqualTo(ServiceDeploymentStatus.ROLLBACK_SUCCESSFUL);
    }

    @Test
    void aBakeTimeOfTheServicesOwn() {
        world.createService(request -> request.serviceName("baked").taskDefinition("web:1")
                .deploymentConfiguration(each -> each.bakeTimeInMinutes(5)));
        world.settle("baked");
        assertThat(world.reconcile("baked")).hasValue(Duration.ofMinutes(5));
        world.pass(Duration.ofMinutes(5));
        assertThat(world.settle("baked").deployments().getFirst().rolloutState())
                .isEqualTo(DeploymentRolloutState.COMPLETED);
    }

    @Test
    void badAlarmsAreRefused() {
        assertThatThrownBy(() -> world.updateService(request -> request.deploymentConfiguration(each ->
                each.alarms(alarms -> alarms.alarmNames(List.of()).enable(true).rollback(true)))))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> world.updateService(request -> request.deploymentConfiguration(each ->
                each.alarms(alarms -> alarms.alarmNames(" ").enable(true).rollback(true)))))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> world.updateService(request -> request.deploymentConfiguration(each ->
                each.bakeTimeInMinutes(1_441)))).isInstanceOf(InvalidParameterException.class);
    }
}
