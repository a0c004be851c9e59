package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Task;

/** A DAEMON service with real containers follows instances, each an agent process, that come, drain, return and go. */
class DaemonServiceTest {
    private static final String CLUSTER = "daemons";

    @BeforeAll
    static void image() {
        WebImage.ensure();
    }

    @Test
    void followsInstancesThatComeAndGo() {
        try (var server = Landfall.server("daemon-server")) {
            var ecs = server.ecs();
            ecs.createCluster(r -> r.clusterName(CLUSTER));
            var document = Documents.taskDefinition("my-task.json");
            var container = document.containerDefinitions().getFirst().toBuilder().cpu(10).memory(32)
                    .portMappings(List.of()).build();
            ecs.registerTaskDefinition(document.toBuilder().family("watch").networkMode(NetworkMode.BRIDGE)
                    .containerDefinitions(container).build());
            ecs.createService(r -> r.cluster(CLUSTER).serviceName("watch").taskDefinition("watch")
                    .schedulingStrategy(SchedulingStrategy.DAEMON));
            var services = new Services(ecs, CLUSTER);
            server.await("there is nothing to do", () -> assertThat(services.service("watch").events())
                    .anyMatch(event -> event.message().endsWith("has reached a steady state.")));
            assertThat(services.service("watch").desiredCount()).isZero();
            try (var one = Landfall.agent("daemon-one", server, "--cluster", CLUSTER)) {
                server.await("the first instance has it", () -> steady(services, 1));
                String first = instances(services).getFirst();
                try (var two = Landfall.agent("daemon-two", server, "--cluster", CLUSTER)) {
                    server.await("the second too", () -> steady(services, 2));
                    services.assertSameAs(one.footprint(), two.footprint());
                    assertThat(one.footprint().running()).hasSize(1);
                    assertThat(two.footprint().running()).hasSize(1);

                    ecs.updateContainerInstancesState(r -> r.cluster(CLUSTER).containerInstances(first)
                            .status(ContainerInstanceStatus.DRAINING));
                    server.await("it has left the first", () -> {
                        steady(services, 1);
                        assertThat(one.footprint().running()).isEmpty();
                    });
                    ecs.updateContainerInstancesState(r -> r.cluster(CLUSTER).containerInstances(first)
                            .status(ContainerInstanceStatus.ACTIVE));
                    server.await("it has come back", () -> steady(services, 2));

                    ecs.updateService(r -> r.cluster(CLUSTER).service("watch").forceNewDeployment(true));
                    server.await("all are replaced", () -> steady(services, 2));
                    two.down("--stop-tasks");
                }
                String second = instances(services).stream().filter(arn -> !arn.equals(first)).findFirst()
                        .orElseThrow();
                ecs.deregisterContainerInstance(r -> r.cluster(CLUSTER).containerInstance(second).force(true));
                server.await("the first has it alone", () -> {
                    steady(services, 1);
                    services.assertSameAs(one.footprint());
                });
                ecs.deleteService(r -> r.cluster(CLUSTER).service("watch"));
                server.await("it is gone", () -> {
                    assertThat(services.service("watch").status()).isEqualTo("INACTIVE");
                    assertThat(one.footprint().running()).isEmpty();
                });
            }
        }
    }

    private static List<String> instances(Services services) {
        return services.ecs().listContainerInstances(r -> r.cluster(CLUSTER)).containerInstanceArns();
    }

    /** As many are desired and run, each on an instance of its own. */
    private static void steady(Services services, int count) {
        assertThat(services.service("watch").desiredCount()).isEqualTo(count);
        services.assertSteady("watch");
        var instances = new TreeSet<>(services.tasks(DesiredStatus.RUNNING).stream()
                .map(Task::containerInstanceArn).toList());
        assertThat(instances).hasSize(count);
    }
}
