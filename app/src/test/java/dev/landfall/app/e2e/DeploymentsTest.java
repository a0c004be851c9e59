package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;

/** Revisions with real containers: a good one takes over without a gap, a bad one is taken back. */
class DeploymentsTest {
    private static final String CLUSTER = "deployments";

    @BeforeAll
    static void image() {
        WebImage.ensure();
    }

    @Test
    void goodRevisionsTakeOverAndBadOnesAreTakenBack() {
        try (var up = Landfall.up("deployments")) {
            up.ecs().createCluster(r -> r.clusterName(CLUSTER));
            var services = new Services(up.ecs(), CLUSTER);
            up.ecs().registerTaskDefinition(web());
            up.ecs().registerTaskDefinition(web());
            up.ecs().registerTaskDefinition(crashing());
            up.ecs().createService(r -> r.cluster(CLUSTER).serviceName("web").taskDefinition("web-app:1")
                    .desiredCount(3).launchType(LaunchType.FARGATE)
                    .deploymentConfiguration(d -> d.minimumHealthyPercent(100).maximumPercent(150)));
            up.await("three tasks run", () -> services.assertSteadyAtOnce("web"));

            aRollingUpdateIsNeverBelowItsMinimum(up, services);
            aCrashLoopIsRolledBack(up, services);
        }
    }

    private static RegisterTaskDefinitionRequest web() {
        return Documents.taskDefinition("web-app.json");
    }

    private static RegisterTaskDefinitionRequest crashing() {
        var request = web();
        return request.toBuilder().containerDefinitions(request.containerDefinitions().getFirst().toBuilder()
                .entryPoint("/bin/sh", "-c").command("echo no database; exit 3").build()).build();
    }

    private static void aRollingUpdateIsNeverBelowItsMinimum(Landfall up, Services services) {
        var containers = new IntSummaryStatistics();
        var tasks = new IntSummaryStatistics();
        up.ecs().updateService(r -> r.cluster(CLUSTER).service("web").taskDefinition("web-app:2"));
        up.await("the second revision has taken over", () -> {
            containers.accept(up.footprint().running().size());
            tasks.accept(services.service("web").runningCount());
            services.assertSteadyAtOnce("web");
        });
        assertThat(services.running()).allMatch(task -> task.taskDefinitionArn().endsWith(":2"));
        assertThat(containers.getMin()).as("the fewest of %d looks", containers.getCount()).isEqualTo(3);
        assertThat(tasks.getMin()).as("the fewest of %d looks", tasks.getCount()).isEqualTo(3);
        assertThat(tasks.getMax()).as("150 %% of three, rounded down").isLessThanOrEqualTo(4);
    }

    private static void aCrashLoopIsRolledBack(Landfall up, Services services) {
        Map<String, String> before = services.runtimeIds();
        Service good = services.service("web");
        up.ecs().updateService(r -> r.cluster(CLUSTER).service("web").taskDefinition("web-app:3")
                .deploymentConfiguration(d -> d.deploymentCircuitBreaker(b -> b.enable(true).rollback(true))));
        up.await("it is rolled back", () -> assertThat(deployment(services).status())
                .isEqualTo(ServiceDeploymentStatus.ROLLBACK_SUCCESSFUL));

        services.assertSteady("web");
        assertThat(services.runtimeIds()).as("the good containers were left alone").isEqualTo(before);
        services.assertSameAs(up.footprint());
        Service after = services.service("web");
        assertThat(after.taskDefinition()).isEqualTo(good.taskDefinition());
        Deployment primary = after.deployments().getFirst();
        assertThat(primary.id()).isEqualTo(good.deployments().getFirst().id());
        assertThat(primary.rolloutState()).isEqualTo(DeploymentRolloutState.COMPLETED);
        assertThat(after.events()).extracting(ServiceEvent::message).contains(
                "(service web) rolling back to deployment " + primary.id() + ".",
                "(service web) (deployment " + primary.id() + ") deployment completed.");
        assertThat(services.tasks(DesiredStatus.STOPPED)).filteredOn(task ->
                task.taskDefinitionArn().endsWith(":3")).hasSizeBetween(3, 8);
    }

    private static ServiceDeployment deployment(Services services) {
        String arn = services.service("web").currentServiceDeployment();
        List<ServiceDeployment> found = services.ecs().describeServiceDeployments(r -> r.serviceDeploymentArns(arn))
                .serviceDeployments();
        return found.getFirst();
    }
}
