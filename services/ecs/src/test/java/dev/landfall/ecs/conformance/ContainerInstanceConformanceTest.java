package dev.landfall.ecs.conformance;

import static dev.landfall.ecs.conformance.Row.refuses;
import static dev.landfall.ecs.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import dev.landfall.wire.Call;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceField;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.Tag;

class ContainerInstanceConformanceTest {
    private static final String NO_ID = "0".repeat(32);
    private static final Class<InvalidParameterException> INVALID = InvalidParameterException.class;

    static List<Row> rows() {
        return Row.all(List.of(registerContainerInstance(), registerContainerInstanceRefusals(),
                describeContainerInstances(), listContainerInstances(), updateContainerInstancesState(),
                deregisterContainerInstance()));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    /** As Amazon's agent registers: the token is none of the SDK's members, which its own model has. */
    @Test
    void aClientTokenIsOneInstances() throws Exception {
        Stage.play(Target.IN_PROCESS, on -> {
            List<String> arns = Stream.of("one", "other", "one").map(token -> registered(on, token)).toList();
            assertThat(arns.get(2)).isEqualTo(arns.get(0)).isNotEqualTo(arns.get(1));
            return assertThat(on.ecs().listContainerInstances(request -> { }).containerInstanceArns()).hasSize(2);
        });
    }

    private static String registered(Stage on, String token) {
        byte[] body = ("{\"clientToken\": \"" + token + "\"}").getBytes(StandardCharsets.UTF_8);
        try {
            return Call.as(Stage.CALL, body, () -> on.ecs().registerContainerInstance(
                    World.instanceRequest(1_024, "default").build()).containerInstance().containerInstanceArn());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static int amount(List<Resource> resources, String name) {
        return resources.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow().integerValue();
    }

    private static List<Row> registerContainerInstance() {
        String action = "RegisterContainerInstance";
        return List.of(
                works(action, "shows the new instance", on -> on.ecs().registerContainerInstance(
                        World.instanceRequest(4_096, "default").build()), answer -> {
                            ContainerInstance instance = answer.containerInstance();
                            assertThat(instance.containerInstanceArn())
                                    .matches(World.ARN + "container-instance/default/[0-9a-f]{32}");
                            assertThat(instance.status()).isEqualTo("ACTIVE");
                            assertThat(instance.agentConnected()).isFalse();
                            assertThat(instance.version()).isEqualTo(1);
                            assertThat(instance.runningTasksCount()).isZero();
                            assertThat(instance.pendingTasksCount()).isZero();
                            assertThat(instance.attachments()).isEmpty();
                            assertThat(amount(instance.registeredResources(), "CPU")).isEqualTo(2_048);
                            assertThat(amount(instance.remainingResources(), "MEMORY")).isEqualTo(4_096);
                            assertThat(instance.attributes()).anyMatch(each ->
                                    each.name().equals("ecs.availability-zone"));
                        }),
                works(action, "repeated with its ARN takes its place again", on -> {
                    String arn = on.instance();
                    var again = on.ecs().registerContainerInstance(World.instanceRequest(2_048, "default")
                            .containerInstanceArn(arn).build());
                    assertThat(again.containerInstance().containerInstanceArn()).isEqualTo(arn);
                    return again;
                }, answer -> {
                    assertThat(answer.containerInstance().version()).as("registered, connected, registered")
                            .isEqualTo(3);
                    assertThat(amount(answer.containerInstance().registeredResources(), "MEMORY")).isEqualTo(2_048);
                }));
    }

    private static List<Row> registerContainerInstanceRefusals() {
        String action = "RegisterContainerInstance";
        return List.of(
                refuses(action, "a cluster that is not there", ClientException.class, "Cluster not found.",
                        on -> on.ecs().registerContainerInstance(World.instanceRequest(64, "other").build())),
                refuses(action, "an ARN that is not registered", INVALID, "The container instance " + World.ARN
                        + "container-instance/default/ID is not registered.",
                        on -> on.ecs().registerContainerInstance(World.instanceRequest(64, "default")
                                .containerInstanceArn(World.ARN + "container-instance/default/" + NO_ID).build())),
                refuses(action, "less than no memory", INVALID, "Invalid value for resource MEMORY.",
                        on -> on.ecs().registerContainerInstance(World.instanceRequest(-1, "default").build())));
    }

    private static List<Row> describeContainerInstances() {
        String action = "DescribeContainerInstances";
        return List.of(
                works(action, "counts tasks and what is left", on -> {
                    on.runningTask();
                    on.ecs().runTask(request -> request.taskDefinition("web"));
                    return on.ecs().describeContainerInstances(request -> request.containerInstances(
                            on.ecs().listContainerInstances(r -> { }).containerInstanceArns()));
                }, answer -> {
                    ContainerInstance instance = answer.containerInstances().getFirst();
                    assertThat(instance.runningTasksCount()).isEqualTo(1);
                    assertThat(instance.pendingTasksCount()).isEqualTo(1);
                    assertThat(amount(instance.remainingResources(), "CPU")).isEqualTo(2_048 - 200);
                    assertThat(amount(instance.remainingResources(), "MEMORY")).isEqualTo(10_000 - 128);
                    assertThat(instance.agentConnected()).isTrue();
                    assertThat(instance.tags()).isEmpty();
                }),
                works(action, "finds it by its id, with tags where asked for", on -> {
                    String arn = on.instance();
                    on.ecs().tagResource(request -> request.resourceArn(arn)
                            .tags(Tag.builder().key("a").value("1").build()));
                    return on.ecs().describeContainerInstances(request -> request
                            .containerInstances(arn.substring(arn.lastIndexOf('/') + 1))
                            .include(ContainerInstanceField.TAGS));
                }, answer -> assertThat(answer.containerInstances().getFirst().tags()).hasSize(1)),
                works(action, "misses what is not there", on -> on.ecs().describeContainerInstances(request ->
                        request.containerInstances(NO_ID)), answer -> {
                            assertThat(answer.containerInstances()).isEmpty();
                            assertThat(answer.failures().getFirst().arn())
                                    .isEqualTo(World.ARN + "container-instance/default/" + NO_ID);
                            assertThat(answer.failures().getFirst().reason()).isEqualTo("MISSING");
                        }),
                refuses(action, "none", INVALID, "Container Instances cannot be empty.",
                        on -> on.ecs().describeContainerInstances(request -> { })),
                refuses(action, "101", INVALID, "instanceIds can have at most 100 items.",
                        on -> on.ecs().describeContainerInstances(request ->
                                request.containerInstances(Collections.nCopies(101, NO_ID)))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().describeContainerInstances(request ->
                                request.cluster("other").containerInstances(NO_ID))));
    }

    private static List<Row> listContainerInstances() {
        String action = "ListContainerInstances";
        return List.of(
                works(action, "lists those of a cluster that are registered", on -> {
                    on.instance();
                    on.cluster("other");
                    on.instance("other");
                    on.managedCapacity();
                    on.ecs().deregisterContainerInstance(request -> request.containerInstance(on.instance()));
                    return on.ecs().listContainerInstances(request -> { });
                }, answer -> assertThat(answer.containerInstanceArns()).hasSize(1)),
                works(action, "lists those of a status", on -> {
                    on.instance();
                    on.ecs().updateContainerInstancesState(request -> request.containerInstances(on.instance())
                            .status("DRAINING"));
                    return on.ecs().listContainerInstances(request -> request.status("DRAINING"));
                }, answer -> assertThat(answer.containerInstanceArns()).hasSize(1)),
                refuses(action, "an unknown status", INVALID, "status should be one of "
                        + "[ACTIVE,DRAINING,REGISTERING,DEREGISTERING,REGISTRATION_FAILED]",
                        on -> on.ecs().listContainerInstances(request -> request.status("GONE"))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().listContainerInstances(request -> request.cluster("other"))));
    }

    private static List<Row> updateContainerInstancesState() {
        String action = "UpdateContainerInstancesState";
        return List.of(
                works(action, "drains, and says what it did not find", on -> on.ecs().updateContainerInstancesState(
                        request -> request.containerInstances(on.instance(), NO_ID).status("DRAINING")), answer -> {
                            assertThat(answer.containerInstances().getFirst().status()).isEqualTo("DRAINING");
                            assertThat(answer.failures().getFirst().reason()).isEqualTo("MISSING");
                        }),
                works(action, "back to ACTIVE lets tasks come again", on -> {
                    String arn = on.instance();
                    on.ecs().updateContainerInstancesState(request -> request.containerInstances(arn)
                            .status("DRAINING"));
                    return on.ecs().updateContainerInstancesState(request -> request.containerInstances(arn)
                            .status("ACTIVE"));
                }, answer -> assertThat(answer.containerInstances().getFirst().status()).isEqualTo("ACTIVE")),
                works(action, "repeated answers the same", on -> {
                    String arn = on.instance();
                    on.ecs().updateContainerInstancesState(request -> request.containerInstances(arn)
                            .status("DRAINING"));
                    return on.ecs().updateContainerInstancesState(request -> request.containerInstances(arn)
                            .status("DRAINING"));
                }, answer -> assertThat(answer.containerInstances().getFirst().status()).isEqualTo("DRAINING")),
                refuses(action, "another status", INVALID,
                        "Container instance status should be one of [ACTIVE, DRAINING].",
                        on -> on.ecs().updateContainerInstancesState(request ->
                                request.containerInstances(on.instance()).status("REGISTERING"))),
                refuses(action, "none", INVALID, "Container instances should have between 1 and 10 items.",
                        on -> on.ecs().updateContainerInstancesState(request -> request.status("ACTIVE"))),
                refuses(action, "eleven", INVALID, "Container instances should have between 1 and 10 items.",
                        on -> on.ecs().updateContainerInstancesState(request -> request
                                .containerInstances(Collections.nCopies(11, NO_ID)).status("ACTIVE"))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().updateContainerInstancesState(request -> request.cluster("other")
                                .containerInstances(NO_ID).status("ACTIVE"))));
    }

    private static List<Row> deregisterContainerInstance() {
        String action = "DeregisterContainerInstance";
        return List.of(
                works(action, "makes an empty one INACTIVE", on -> on.ecs().deregisterContainerInstance(request ->
                        request.containerInstance(on.instance())), answer -> {
                            assertThat(answer.containerInstance().status()).isEqualTo("INACTIVE");
                            assertThat(answer.containerInstance().agentConnected()).isFalse();
                        }),
                works(action, "by force takes one with tasks", on -> {
                    on.runningTask();
                    String arn = on.ecs().listContainerInstances(r -> { }).containerInstanceArns().getFirst();
                    return on.ecs().deregisterContainerInstance(request -> request.containerInstance(arn).force(true));
                }, answer -> assertThat(answer.containerInstance().runningTasksCount()).isZero()),
                refuses(action, "one with tasks", INVALID, "Found running tasks on the instance.", on -> {
                    on.runningTask();
                    String arn = on.ecs().listContainerInstances(r -> { }).containerInstanceArns().getFirst();
                    return on.ecs().deregisterContainerInstance(request -> request.containerInstance(arn));
                }),
                refuses(action, "one that is not there", INVALID, "The container instance ID was not found.",
                        on -> on.ecs().deregisterContainerInstance(request -> request.containerInstance(NO_ID))),
                refuses(action, "none", INVALID, "Container instance can not be blank.",
                        on -> on.ecs().deregisterContainerInstance(request -> { })),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().deregisterContainerInstance(request -> request.cluster("other")
                                .containerInstance(NO_ID))));
    }
}
