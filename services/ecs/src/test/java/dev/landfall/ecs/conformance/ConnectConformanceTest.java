package dev.landfall.ecs.conformance;

import static dev.landfall.ecs.conformance.Row.refuses;
import static dev.landfall.ecs.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.MissingVersionException;
import software.amazon.awssdk.services.ecs.model.NamespaceNotFoundException;
import software.amazon.awssdk.services.ecs.model.NoUpdateAvailableException;
import software.amazon.awssdk.services.ecs.model.TargetNotConnectedException;

/** Namespaces of Service Connect, and what connects to containers and agents. */
class ConnectConformanceTest {
    private static final Class<InvalidParameterException> INVALID = InvalidParameterException.class;

    static List<Row> rows() {
        return Row.all(List.of(namespaces(), executeCommand(), updateContainerAgent()));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static List<Row> namespaces() {
        String action = "ListServicesByNamespace";
        return List.of(
                works(action, "lists the services of all clusters", on -> {
                    on.ecs().createCluster(request -> request.clusterName("c")
                            .serviceConnectDefaults(defaults -> defaults.namespace("shop")));
                    on.definition();
                    on.ecs().createService(request -> request.serviceName("svc").taskDefinition("web").desiredCount(0)
                            .serviceConnectConfiguration(connect -> connect.enabled(true).namespace("shop")));
                    return on.ecs().listServicesByNamespace(request -> request.namespace("shop"));
                }, answer -> assertThat(answer.serviceArns()).containsExactly(World.ARN + "service/default/svc")),
                refuses(action, "a namespace that does not exist", NamespaceNotFoundException.class,
                        "Failed to retrieve namespace for shop",
                        on -> on.ecs().listServicesByNamespace(request -> request.namespace("shop"))),
                refuses(action, "nothing", INVALID, "Namespace cannot be empty.",
                        on -> on.ecs().listServicesByNamespace(request -> request.namespace(""))),
                refuses("CreateService", "a namespace that does not exist", NamespaceNotFoundException.class,
                        "Failed to retrieve namespace for shop", on -> {
                    on.definition();
                    return on.ecs().createService(request -> request.serviceName("svc").taskDefinition("web").desiredCount(0)
                            .serviceConnectConfiguration(connect -> connect.enabled(true).namespace("shop")));
                }),
                refuses("UpdateService", "a namespace that does not exist", NamespaceNotFoundException.class,
                        "Failed to retrieve namespace for shop", on -> {
                    on.service();
                    return on.ecs().updateService(request -> request.service("svc")
                            .serviceConnectConfiguration(connect -> connect.enabled(true).namespace("shop")));
                }));
    }

    private static List<Row> executeCommand() {
        String action = "ExecuteCommand";
        return List.of(
                refuses(action, "a session, as there is no agent for it", TargetNotConnectedException.class,
                        "The execute command failed due to an internal error. Try again later.", on -> {
                    String task = on.running(on.task(request -> request.enableExecuteCommand(true)));
                    return on.ecs().executeCommand(request -> request.task(task).command("sh").interactive(true));
                }),
                refuses(action, "what is not interactive", INVALID, "Interactive is the only mode supported currently.",
                        on -> {
                            String task = on.runningTask();
                            return on.ecs().executeCommand(request ->
                                    request.task(task).command("sh").interactive(false));
                        }),
                refuses(action, "an unknown task", INVALID, "The referenced task was not found.",
                        on -> on.ecs().executeCommand(request ->
                                request.task("0".repeat(32)).command("sh").interactive(true))),
                refuses(action, "an unknown cluster", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().executeCommand(request ->
                                request.cluster("none").task("0".repeat(32)).command("sh").interactive(true))));
    }

    private static List<Row> updateContainerAgent() {
        String action = "UpdateContainerAgent";
        return List.of(
                refuses(action, "an agent that is as new as it can be", NoUpdateAvailableException.class,
                        "There is no update available for your container agent.", on -> {
                    String arn = on.ecs().registerContainerInstance(World.instanceRequest(1_000, "default")
                            .versionInfo(version -> version.agentVersion("1.80.0")).build())
                            .containerInstance().containerInstanceArn();
                    return on.ecs().updateContainerAgent(request -> request.containerInstance(arn));
                }),
                refuses(action, "an agent without a version", MissingVersionException.class,
                        "Amazon ECS is unable to determine the current version of the Amazon ECS container agent on the "
                                + "container instance and does not have enough information to proceed with an update.",
                        on -> {
                            String arn = on.instance();
                            return on.ecs().updateContainerAgent(request -> request.containerInstance(arn));
                        }),
                refuses(action, "nothing", INVALID, "Container instance can not be blank.",
                        on -> on.ecs().updateContainerAgent(request -> { })),
                refuses(action, "an unknown cluster", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().updateContainerAgent(request ->
                                request.cluster("none").containerInstance("x"))));
    }
}
