package dev.landfall.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.landfall.ecs.express.VirtualAcm;
import dev.landfall.ecs.express.VirtualGateway;
import dev.landfall.state.Writer;
import dev.landfall.wire.SdkForms;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskSet;

/**
 * Whatever a caller sends, the answer is one that the operation declares, and the image stays whole, and as it was if
 * the request was refused. Requests here are wrong in many ways at once; in {@code HostileMembersTest} one member is.
 */
class HostileRequestsTest {
    private static final int REQUESTS = 300;

    private Writer writer;
    private Ecs ecs;
    private Map<String, List<String>> known;

    @BeforeEach
    void aClusterInUse() {
        writer = new Writer(new MemoryJournal(), EcsTables.ALL, SdkForms.rows(), Clock.systemUTC(),
                () -> UUID.randomUUID().toString().replace("-", ""));
        ecs = new Ecs(writer, () -> URI.create("http://localhost:4566"), Surroundings.NONE
                .with(new VirtualGateway(Clock.systemUTC(), Duration.ZERO)).with(new VirtualAcm(TreeSet::new)));
        ecs.createCluster(request -> request.clusterName("default"));
        ecs.registerTaskDefinition(request -> request.family("web").containerDefinitions(World.container("app")));
        ecs.registerTaskDefinition(request -> request.family("net").networkMode("awsvpc").cpu("256").memory("512")
                .requiresCompatibilitiesWithStrings("FARGATE", "EC2").containerDefinitions(World.container("app")));
        String instance = ecs.registerContainerInstance(World.instanceRequest(100_000, "default").build())
                .containerInstance().containerInstanceArn();
        Service service = ecs.createService(request -> request.serviceName("svc").taskDefinition("web")
                .desiredCount(0)).service();
        ecs.createService(request -> request.serviceName("ext").desiredCount(1)
                .deploymentController(controller -> controller.type("EXTERNAL")));
        TaskSet taskSet = ecs.createTaskSet(request -> request.cluster("default").service("ext")
                .taskDefinition("web")).taskSet();
        String task = ecs.runTask(request -> request.taskDefinition("web")).tasks().stream().findFirst()
                .map(Task::taskArn).orElse("none");
        ecs.createCapacityProvider(request -> request.name("group").autoScalingGroupProvider(group ->
                group.autoScalingGroupArn("group")));
        ecs.close(); // what works by itself ends, so that only requests change anything
        String role = "arn:aws:iam::000000000000:role/a";
        String express = ecs.createExpressGatewayService(request -> request.serviceName("shop").executionRoleArn(role)
                .infrastructureRoleArn(role).primaryContainer(container -> container.image("shop"))).service()
                .serviceArn();
        known = Map.ofEntries(
                Map.entry("cluster", List.of("default", service.clusterArn())),
                Map.entry("taskDefinition", List.of("web", "net", "web:1")),
                Map.entry("family", List.of("web", "fam")),
                Map.entry("service", List.of("svc", "ext", service.serviceArn())),
                Map.entry("services", List.of("svc", "ext", "other")),
                Map.entry("taskSet", List.of(taskSet.id(), taskSet.taskSetArn())),
                Map.entry("taskSets", List.of(taskSet.id(), taskSet.taskSetArn())),
                Map.entry("primaryTaskSet", List.of(taskSet.id(), taskSet.taskSetArn())),
                Map.entry("serviceName", List.of("svc", "one", "two")),
                Map.entry("task", List.of(task)),
                Map.entry("tasks", List.of(task)),
                Map.entry("containerInstance", List.of(instance)),
                Map.entry("containerInstances", List.of(instance)),
                Map.entry("containerInstanceArn", List.of(instance)),
                Map.entry("targetId", List.of(instance)),
                Map.entry("attributeName", List.of("ecs.availability-zone", "stack")),
                Map.entry("filter", List.of("agentConnected == true", "attribute:stack == b1")),
                Map.entry("expression", List.of("agentConnected == false or not(task:group == x)",
                        "attribute:stack =~ '(b|a)+1*'")),
                Map.entry("field", List.of("instanceId", "cpu", "memory", "attribute:ecs.availability-zone")),
                Map.entry("resourceArn", List.of(task, instance, service.serviceArn(), service.clusterArn(),
                        taskSet.taskSetArn())),
                Map.entry("capacityProvider", List.of("FARGATE", "FARGATE_SPOT", "group")),
                Map.entry("capacityProviders", List.of("FARGATE", "FARGATE_SPOT", "group")),
                Map.entry("status", List.of("RUNNING", "STOPPED", "ACTIVE", "DRAINING", "PENDING")),
                Map.entry("cpu", List.of("256", "512")),
                Map.entry("memory", List.of("512", "1024")),
                Map.entry("name", List.of("app", "group", "CPU", "MEMORY", "landfall.awsvpc-cidr",
                        "landfall.capacity")),
                Map.entry("platformVersion", List.of("LATEST")),
                Map.entry("serviceDeploymentArn", List.of(service.currentServiceDeployment())),
                Map.entry("hookId", List.of("ecs-pause-x")),
                Map.entry("serviceDeploymentArns", List.of(service.currentServiceDeployment())),
                Map.entry("serviceRevisionArns", List.of(service.currentServiceRevisions().getFirst().arn())),
                Map.entry("serviceArn", List.of(express, service.serviceArn())),
                Map.entry("executionRoleArn", List.of(role)),
                Map.entry("infrastructureRoleArn", List.of(role)),
                Map.entry("healthCheckPath", List.of("/", "/health?deep=1")),
                Map.entry("subnets", List.of("subnet-1", "subnet-2")),
                Map.entry("securityGroups", List.of("sg-1")),
                Map.entry("containerName", List.of("app")));
    }

    @AfterEach
    void close() {
        writer.close();
    }

    static Stream<Arguments> operations() {
        return Arrays.stream(Ecs.class.getDeclaredMethods())
                .filter(method -> method.getParameterCount() == 1
                        && EcsRequest.class.isAssignableFrom(method.getParameterTypes()[0])
                        && !method.isBridge() && !method.isSynthetic())
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> Arguments.argumentSet(method.getName(), method));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void answersAsItsOperationDeclares(Method operation) throws ReflectiveOperationException {
        List<Class<?>> declared = Arrays.stream(EcsClient.class
                        .getMethod(operation.getName(), operation.getParameterTypes()[0]).getExceptionTypes())
                .filter(type -> EcsException.class.isAssignableFrom(type) && type != EcsException.class)
                .<Class<?>>map(type -> type).toList();
        for (long seed = 0; seed < REQUESTS; seed++) {
            SdkPojo builder = (SdkPojo) operation.getParameterTypes()[0].getMethod("builder").invoke(null);
            Object request = new HostileShapes(seed, known).filled(builder);
            var before = writer.image();
            try {
                operation.invoke(ecs, request);
            } catch (InvocationTargetException e) {
                if (!(e.getCause() instanceof AwsServiceException refusal)) {
                    fail("seed " + seed + ": " + request, e.getCause());
                    return;
                }
                assertThat(refusal.statusCode()).isBetween(400, 499);
                assertThat(declared).as("seed %d: %s", seed, refusal).anyMatch(type -> type.isInstance(refusal));
                assertThat(refusal.awsErrorDetails().errorMessage()).as("seed %d", seed).isNotBlank();
                assertThat(Images.changed(before, writer.image())).as("seed %d: %s", seed, request).isEmpty();
            }
            Invariants.hold(before, writer.image());
        }
    }
}
