package dev.landfall.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.Ecs;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Surroundings;
import dev.landfall.ecs.instance.AgentConnection;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.elb.Elb;
import dev.landfall.elb.ElbTables;
import dev.landfall.protocol.Capabilities;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.state.RandomIds;
import dev.landfall.state.SqliteJournal;
import dev.landfall.state.Writer;
import dev.landfall.testkit.Await;
import dev.landfall.wire.SdkForms;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;

/**
 * ECS and Elastic Load Balancing together, as they are wired, with the threads and the journal that serve; the agent
 * and the data plane are the test.
 */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class ServiceTargetsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private Writer writer;
    private Elb elb;
    private Ecs ecs;
    private String group;

    @BeforeEach
    void aServiceBehindALoadBalancer() {
        open();
        String balancer = elb.createLoadBalancer(request -> request.name("web").subnets("subnet-1", "subnet-2"))
                .loadBalancers().getFirst().loadBalancerArn();
        group = elb.createTargetGroup(request -> request.name("web").protocol("HTTP").port(80).vpcId("vpc-1")
                .targetType("ip")).targetGroups().getFirst().targetGroupArn();
        elb.createListener(request -> request.loadBalancerArn(balancer).port(80).protocol("HTTP")
                .defaultActions(Action.builder().type("forward").targetGroupArn(group).build()));
        elb.modifyTargetGroupAttributes(request -> request.targetGroupArn(group).attributes(TargetGroupAttribute
                .builder().key("deregistration_delay.timeout_seconds").value("2").build()));
        ecs.createCluster(request -> request.clusterName("default"));
        agent();
        for (int revision = 0; revision < 2; revision++) {
            ecs.registerTaskDefinition(request -> request.family("web").requiresCompatibilitiesWithStrings("FARGATE")
                    .networkMode(NetworkMode.AWSVPC).cpu("256").memory("512").containerDefinitions(container ->
                            container.name("app").image("busybox").portMappings(port -> port.containerPort(80))));
        }
        ecs.createService(request -> request.serviceName("svc").taskDefinition("web:1").desiredCount(2)
                .launchType(LaunchType.FARGATE)
                .networkConfiguration(network -> network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1")))
                .loadBalancers(it -> it.targetGroupArn(group).containerName("app").containerPort(80)));
    }

    private void open() {
        writer = new Writer(new SqliteJournal(directory.resolve("state.db")),
                Stream.concat(EcsTables.ALL.stream(), ElbTables.ALL.stream()).toList(), SdkForms.rows(),
                Clock.systemUTC(), new RandomIds());
        elb = new Elb(writer, Clock.systemUTC(), dev.landfall.elb.Surroundings.NONE);
        ecs = new Ecs(writer, () -> URI.create("http://landfall.invalid"), Surroundings.NONE.with(elb));
    }

    @AfterEach
    void close() {
        ecs.close();
        elb.close();
        writer.close();
    }

    /** A machine that offers managed capacity, and whose agent is there. */
    private void agent() {
        String arn = ecs.registerContainerInstance(request -> request.cluster("default").totalResources(
                        Resource.builder().name("CPU").type("INTEGER").integerValue(4096).build(),
                        Resource.builder().name("MEMORY").type("INTEGER").integerValue(32_768).build())
                .attributes(attribute("ecs.cpu-architecture", "x86_64"),
                        attribute(Capabilities.AWSVPC_CIDR, "10.9.0.0/24"),
                        attribute("com.amazonaws.ecs.capability.docker-remote-api.1.18", null),
                        attribute("ecs.capability.task-eni", null),
                        attribute(Capabilities.CAPACITY, Capabilities.CAPACITY_MANAGED)))
                .containerInstance().containerInstanceArn();
        writer.submit((image, context) -> AgentConnection.decide(image, arn, true, context));
    }

    private static Attribute attribute(String name, String value) {
        return Attribute.builder().name(name).value(value).build();
    }

    private List<TaskRow> tasks(Predicate<TaskRow> which) {
        return writer.image().all(EcsTables.TASKS).stream().filter(which).toList();
    }

    /** What agents do: tasks that are to run run, and those that they may stop stop. */
    private void obey() {
        for (TaskRow task : tasks(row -> !row.stopped() && !row.held())) {
            if (task.wanted() && !task.running()) {
                report(task, "RUNNING");
            } else if (!task.wanted()) {
                report(task, "STOPPED");
            }
        }
    }

    private void report(TaskRow task, String status) {
        ecs.submitTaskStateChange(request -> request.cluster("default").task(task.arn()).status(status)
                .containers(change -> change.containerName("app").status(status)
                        .exitCode(status.equals("STOPPED") ? 0 : null)));
    }

    /** The data plane finds all targets to be so. */
    private void observe(EdgeReport.State state, String reason) {
        observe(state, reason, id -> true);
    }

    private void observe(EdgeReport.State state, String reason, Predicate<String> ids) {
        var told = new CompletableFuture<EdgeSnapshot>();
        try (var edge = elb.edges().connect(message -> told.complete(message.after(EdgeSnapshot.EMPTY)))) {
            edge.report(new EdgeReport.Health(told.join().version(), states().keySet().stream().filter(ids).map(id ->
                    new EdgeReport.TargetHealth(group, id, 80, state, reason, reason)).toList()));
        }
    }

    private SortedMap<String, String> states() {
        var states = new TreeMap<String, String>();
        elb.describeTargetHealth(request -> request.targetGroupArn(group)).targetHealthDescriptions()
                .forEach(each -> states.put(each.target().id(), each.targetHealth().stateAsString()));
        return states;
    }

    private long count(String state) {
        return states().values().stream().filter(state::equals).count();
    }

    private List<String> events() {
        return ecs.describeServices(request -> request.services("svc")).services().getFirst().events().stream()
                .map(ServiceEvent::message).toList();
    }

    private void steady() {
        Await.until("both tasks are registered", DEADLINE, () -> {
            obey();
            return states().size() == 2;
        });
        Await.until("the service is steady", DEADLINE, () -> {
            observe(EdgeReport.State.HEALTHY, "");
            return events().contains("(service svc) has reached a steady state.");
        });
    }

    @Test
    void tasksAreRegisteredAndDrainedBeforeTheyStop() {
        steady();
        assertThat(events()).anyMatch(event -> event.startsWith("(service svc) registered ")
                && event.endsWith(" targets in (target-group " + group + ")"));
        ecs.updateService(request -> request.service("svc").desiredCount(0));
        Await.until("both drain", DEADLINE, () -> count("draining") == 2);
        assertThat(tasks(TaskRow::held)).hasSize(2);
        Await.until("both may stop", DEADLINE, () -> tasks(TaskRow::held).isEmpty());
        assertThat(states()).isEmpty();
        assertThat(tasks(row -> row.task().lastStatus().equals("STOPPING"))).hasSize(2);
    }

    @Test
    void aRollingUpdateKeepsBothTargetsHealthy() {
        steady();
        ecs.updateService(request -> request.service("svc").taskDefinition("web:2"));
        Await.until("the update is complete", DEADLINE, () -> {
            assertThat(count("healthy")).isGreaterThanOrEqualTo(2);
            obey();
            observe(EdgeReport.State.HEALTHY, "");
            return tasks(row -> row.wanted() && row.healthy()
                    && row.task().taskDefinitionArn().endsWith("web:2")).size() == 2
                    && tasks(row -> row.stopped()).size() == 2;
        });
        assertThat(states()).hasSize(2);
    }

    @Test
    void aTaskWhoseTargetIsUnhealthyIsReplaced() {
        steady();
        List<TaskRow> sick = tasks(TaskRow::wanted);
        List<String> sickAddresses = sick.stream().map(TaskRow::address).toList();
        observe(EdgeReport.State.UNHEALTHY, "Target.Timeout");
        Await.until("two more are registered", DEADLINE, () -> {
            obey();
            return states().size() == 4;
        });
        Await.until("the sick ones have stopped", DEADLINE, () -> {
            observe(EdgeReport.State.HEALTHY, "", id -> !sickAddresses.contains(id));
            obey();
            return tasks(TaskRow::stopped).size() == 2;
        });
        assertThat(states()).hasSize(2).doesNotContainKeys(sickAddresses.toArray(String[]::new));
        assertThat(tasks(TaskRow::stopped)).extracting(TaskRow::arn)
                .containsExactlyInAnyOrderElementsOf(sick.stream().map(TaskRow::arn).toList());
        assertThat(tasks(TaskRow::stopped)).extracting(row -> row.task().stoppedReason())
                .containsOnly("Task failed ELB health checks in (target-group " + group + ")");
    }

    @Test
    void aRestartInTheMiddleOfDrainingLeavesNothingBehind() {
        steady();
        ecs.updateService(request -> request.service("svc").desiredCount(0));
        Await.until("they are to stop", DEADLINE, () -> tasks(TaskRow::held).size() == 2);
        close();
        open();
        Await.until("all may stop, and no target is left", DEADLINE, () ->
                tasks(TaskRow::held).isEmpty() && states().isEmpty());
        assertThat(tasks(TaskRow::targeted)).isEmpty();
    }
}
