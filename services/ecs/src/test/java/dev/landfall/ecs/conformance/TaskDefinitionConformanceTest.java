package dev.landfall.ecs.conformance;

import static dev.landfall.ecs.conformance.Row.refuses;
import static dev.landfall.ecs.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

class TaskDefinitionConformanceTest {
    private static final String UNKNOWN =
            "The specified task definition does not exist. Specify a valid account, family, revision and try again.";

    static List<Row> rows() {
        return Row.all(List.of(registerTaskDefinition(), registerTaskDefinitionRefusals(), fargateRefusals(),
                describeTaskDefinition(), listTaskDefinitions(), listTaskDefinitionFamilies(),
                deregisterTaskDefinition(), deleteTaskDefinitions(), deleteTaskDefinitionsRefusals()));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static String arn(String name) {
        return World.ARN + "task-definition/" + name;
    }

    private static List<Row> registerTaskDefinition() {
        String action = "RegisterTaskDefinition";
        return List.of(
                works(action, "shows the defaults", on -> on.ecs().registerTaskDefinition(request -> request
                        .family("web").containerDefinitions(World.container("app"))), answer -> {
                            TaskDefinition definition = answer.taskDefinition();
                            assertThat(definition.taskDefinitionArn()).isEqualTo(arn("web:1"));
                            assertThat(definition.revision()).isEqualTo(1);
                            assertThat(definition.status()).isEqualTo(TaskDefinitionStatus.ACTIVE);
                            assertThat(definition.compatibilitiesAsStrings()).containsExactly("EXTERNAL", "EC2");
                            assertThat(definition.registeredAt()).isNotNull();
                            assertThat(definition.registeredBy()).isEqualTo("arn:aws:iam::123456789012:root");
                            assertThat(definition.cpu()).isNull();
                            ContainerDefinition container = definition.containerDefinitions().getFirst();
                            assertThat(container.essential()).isTrue();
                            assertThat(container.hasPortMappings()).isTrue();
                            assertThat(container.hasEnvironment()).isTrue();
                            assertThat(container.hasMountPoints()).isTrue();
                            assertThat(container.hasVolumesFrom()).isTrue();
                            assertThat(answer.tags()).isEmpty();
                        }),
                works(action, "repeated makes the next revision", on -> {
                    on.definition();
                    return on.ecs().registerTaskDefinition(request -> request
                            .family("web").containerDefinitions(World.container("app")));
                }, answer -> assertThat(answer.taskDefinition().taskDefinitionArn()).isEqualTo(arn("web:2"))),
                works(action, "never gives a number twice", on -> {
                    on.ecs().deregisterTaskDefinition(request -> request.taskDefinition(on.definition()));
                    on.ecs().deleteTaskDefinitions(request -> request.taskDefinitions("web:1"));
                    return on.ecs().registerTaskDefinition(request -> request
                            .family("web").containerDefinitions(World.container("app")));
                }, answer -> assertThat(answer.taskDefinition().revision()).isEqualTo(2)),
                works(action, "reads sizes with units", on -> on.ecs().registerTaskDefinition(request -> request
                        .family("net").networkMode("awsvpc").cpu(".25 vCPU").memory("0.5GB")
                        .requiresCompatibilitiesWithStrings("FARGATE").containerDefinitions(World.container("app"))),
                        answer -> {
                            assertThat(answer.taskDefinition().cpu()).isEqualTo("256");
                            assertThat(answer.taskDefinition().memory()).isEqualTo("512");
                            assertThat(answer.taskDefinition().compatibilitiesAsStrings())
                                    .containsExactly("EC2", "FARGATE");
                        }),
                works(action, "gives ports the host's number in awsvpc", on -> on.ecs().registerTaskDefinition(
                        request -> request.family("net").networkMode("awsvpc").containerDefinitions(
                                World.container("app").toBuilder()
                                        .portMappings(PortMapping.builder().containerPort(80).build()).build())),
                        answer -> {
                            PortMapping port = answer.taskDefinition().containerDefinitions().getFirst()
                                    .portMappings().getFirst();
                            assertThat(port.hostPort()).isEqualTo(80);
                            assertThat(port.protocolAsString()).isEqualTo("tcp");
                        }),
                works(action, "answers the tags it was given", on -> on.ecs().registerTaskDefinition(request -> request
                        .family("web").containerDefinitions(World.container("app"))
                        .tags(Tag.builder().key("team").value("a").build())),
                        answer -> assertThat(answer.tags()).containsExactly(
                                Tag.builder().key("team").value("a").build())));
    }

    private static Row refusesToRegister(
            String name, String message, Consumer<RegisterTaskDefinitionRequest.Builder> change) {
        return refuses("RegisterTaskDefinition", name, ClientException.class, message, on ->
                on.ecs().registerTaskDefinition(request -> {
                    request.family("web").containerDefinitions(World.container("app"));
                    change.accept(request);
                }));
    }

    private static Consumer<RegisterTaskDefinitionRequest.Builder> container(
            Consumer<ContainerDefinition.Builder> change) {
        return request -> request.containerDefinitions(World.container("app").copy(change));
    }

    private static List<Row> registerTaskDefinitionRefusals() {
        return List.of(
                refusesToRegister("no family", "Family can not be blank.", request -> request.family(null)),
                refusesToRegister("a family with a blank", "Family contains invalid characters.",
                        request -> request.family("a b")),
                refusesToRegister("no containers", "Container list cannot be empty.",
                        request -> request.containerDefinitions(List.of())),
                refusesToRegister("eleven containers", "Too many containers.", request -> request.containerDefinitions(
                        Collections.nCopies(11, World.container("app")))),
                refusesToRegister("a container without a name", "Container.name should not be null or empty.",
                        container(it -> it.name(null))),
                refusesToRegister("a container without an image", "Container.image should not be null or empty.",
                        container(it -> it.image(null))),
                refusesToRegister("a container without memory", "Invalid setting for container 'app'. At least one of "
                        + "'memory' or 'memoryReservation' must be specified.", container(it -> it.memory(null))),
                refusesToRegister("no essential container", "Task definition doesn't have any essential container.",
                        container(it -> it.essential(false))),
                refusesToRegister("an unknown link", "Unknown container 'db'.", container(it -> it.links("db"))),
                refusesToRegister("an unknown network mode",
                        "Invalid value for networkMode. The valid values are: bridge, host, awsvpc, none",
                        request -> request.networkMode("wire")),
                refusesToRegister("too little CPU", "Invalid 'cpu' setting for task.", request -> request.cpu("127")),
                refusesToRegister("an unknown compatibility", "Invalid value for requiresCompatibilities. The valid "
                        + "values are: EC2, FARGATE, EXTERNAL, MANAGED_INSTANCES",
                        request -> request.requiresCompatibilitiesWithStrings("MOON")),
                refuses("RegisterTaskDefinition", "a tag of AWS's own", InvalidParameterException.class,
                        "Tag keys that start with aws: are reserved and cannot be used.",
                        on -> on.ecs().registerTaskDefinition(request -> request.family("web")
                                .containerDefinitions(World.container("app"))
                                .tags(Tag.builder().key("aws:a").value("v").build()))));
    }

    private static Consumer<RegisterTaskDefinitionRequest.Builder> fargate(
            Consumer<RegisterTaskDefinitionRequest.Builder> change) {
        return request -> {
            request.networkMode("awsvpc").cpu("256").memory("512").requiresCompatibilitiesWithStrings("FARGATE");
            change.accept(request);
        };
    }

    private static List<Row> fargateRefusals() {
        return List.of(
                refusesToRegister("FARGATE in bridge mode", "Fargate only supports network mode ‘awsvpc’.",
                        fargate(request -> request.networkMode("bridge"))),
                refusesToRegister("FARGATE without a size",
                        "Fargate requires that 'cpu' be defined at the task level.",
                        fargate(request -> request.cpu(null))),
                refusesToRegister("FARGATE of a size there is not", "No Fargate configuration exists for given values: "
                        + "256 CPU, 8192 memory. See the Amazon ECS documentation for the valid values.",
                        fargate(request -> request.memory("8192"))));
    }

    private static List<Row> describeTaskDefinition() {
        String action = "DescribeTaskDefinition";
        return List.of(
                works(action, "of a family shows its newest ACTIVE revision", on -> {
                    on.definition();
                    on.definition();
                    on.ecs().deregisterTaskDefinition(request -> request.taskDefinition(on.definition()));
                    return on.ecs().describeTaskDefinition(request -> request.taskDefinition("web"));
                }, answer -> assertThat(answer.taskDefinition().revision()).isEqualTo(2)),
                works(action, "of an ARN shows it in whatever status", on -> {
                    String arn = on.definition();
                    on.ecs().deregisterTaskDefinition(request -> request.taskDefinition(arn));
                    return on.ecs().describeTaskDefinition(request -> request.taskDefinition(arn));
                }, answer -> {
                    assertThat(answer.taskDefinition().status()).isEqualTo(TaskDefinitionStatus.INACTIVE);
                    assertThat(answer.taskDefinition().deregisteredAt()).isNotNull();
                }),
                works(action, "shows tags where asked for", on -> {
                    on.definition(request -> request.tags(Tag.builder().key("a").value("1").build()));
                    return on.ecs().describeTaskDefinition(request -> request.taskDefinition("web:1")
                            .include(TaskDefinitionField.TAGS));
                }, answer -> assertThat(answer.tags()).hasSize(1)),
                refuses(action, "an unknown family", ClientException.class, "Unable to describe task definition.",
                        on -> on.ecs().describeTaskDefinition(request -> request.taskDefinition("web"))),
                refuses(action, "an unknown revision", ClientException.class, "Unable to describe task definition.",
                        on -> {
                            on.definition();
                            return on.ecs().describeTaskDefinition(request -> request.taskDefinition("web:2"));
                        }),
                refuses(action, "another account's", ClientException.class, "Unable to describe task definition.",
                        on -> {
                            String arn = on.definition();
                            return on.as("999999999999", "eu-central-1", there ->
                                    there.ecs().describeTaskDefinition(request -> request.taskDefinition(arn)));
                        }),
                refuses(action, "a revision that is no number", ClientException.class,
                        "Invalid revision number. Number: latest",
                        on -> on.ecs().describeTaskDefinition(request -> request.taskDefinition("web:latest"))),
                refuses(action, "no name", ClientException.class, "TaskDefinition can not be blank.",
                        on -> on.ecs().describeTaskDefinition(request -> { })),
                refuses(action, "the ARN of something else", InvalidParameterException.class, "Invalid identifier: "
                        + "Identifier is not for a task definition: " + World.ARN + "cluster/default",
                        on -> on.ecs().describeTaskDefinition(request ->
                                request.taskDefinition(World.ARN + "cluster/default"))));
    }

    private static List<Row> listTaskDefinitions() {
        String action = "ListTaskDefinitions";
        return List.of(
                works(action, "lists ACTIVE ones by family and number", on -> {
                    on.definition("web");
                    on.definition("api");
                    on.ecs().deregisterTaskDefinition(request -> request.taskDefinition(on.definition("web")));
                    return on.ecs().listTaskDefinitions(request -> { });
                }, answer -> assertThat(answer.taskDefinitionArns()).containsExactly(arn("api:1"), arn("web:1"))),
                works(action, "lists those of a family, newest first", on -> {
                    on.definition("web");
                    on.definition("web");
                    on.definition("website");
                    return on.ecs().listTaskDefinitions(request -> request.familyPrefix("web").sort("DESC"));
                }, answer -> assertThat(answer.taskDefinitionArns()).containsExactly(arn("web:2"), arn("web:1"))),
                works(action, "lists those of a status", on -> {
                    on.definition("web");
                    on.ecs().deregisterTaskDefinition(request -> request.taskDefinition(on.definition("web")));
                    return on.ecs().listTaskDefinitions(request -> request.status("INACTIVE"));
                }, answer -> assertThat(answer.taskDefinitionArns()).containsExactly(arn("web:2"))),
                refuses(action, "an unknown status", InvalidParameterException.class,
                        "Invalid status. The valid values are: ACTIVE, INACTIVE, DELETE_IN_PROGRESS",
                        on -> on.ecs().listTaskDefinitions(request -> request.status("GONE"))));
    }

    private static List<Row> listTaskDefinitionFamilies() {
        String action = "ListTaskDefinitionFamilies";
        return List.of(
                works(action, "lists those with ACTIVE revisions", on -> {
                    on.definition("web");
                    on.ecs().deregisterTaskDefinition(request -> request.taskDefinition(on.definition("old")));
                    return on.ecs().listTaskDefinitionFamilies(request -> { });
                }, answer -> assertThat(answer.families()).containsExactly("web")),
                works(action, "lists all of a prefix", on -> {
                    on.definition("web");
                    on.definition("website");
                    on.definition("api");
                    on.ecs().deregisterTaskDefinition(request -> request.taskDefinition("website:1"));
                    return on.ecs().listTaskDefinitionFamilies(request -> request.familyPrefix("we").status("ALL"));
                }, answer -> assertThat(answer.families()).containsExactly("web", "website")),
                refuses(action, "an unknown status", InvalidParameterException.class,
                        "status should be one of [ACTIVE,INACTIVE,ALL]",
                        on -> on.ecs().listTaskDefinitionFamilies(request -> request.status("GONE"))));
    }

    private static List<Row> deregisterTaskDefinition() {
        String action = "DeregisterTaskDefinition";
        return List.of(
                works(action, "makes it INACTIVE", on -> on.ecs().deregisterTaskDefinition(request -> request
                        .taskDefinition(on.definition())), answer -> {
                            assertThat(answer.taskDefinition().status()).isEqualTo(TaskDefinitionStatus.INACTIVE);
                            assertThat(answer.taskDefinition().deregisteredAt()).isNotNull();
                        }),
                works(action, "repeated answers the same", on -> {
                    on.definition();
                    on.ecs().deregisterTaskDefinition(request -> request.taskDefinition("web:1"));
                    return on.ecs().deregisterTaskDefinition(request -> request.taskDefinition("web:1"));
                }, answer -> assertThat(answer.taskDefinition().status()).isEqualTo(TaskDefinitionStatus.INACTIVE)),
                refuses(action, "a family alone", ClientException.class, "Revision is missing.",
                        on -> on.ecs().deregisterTaskDefinition(request -> request.taskDefinition("web"))),
                refuses(action, "an unknown revision", ClientException.class, UNKNOWN,
                        on -> on.ecs().deregisterTaskDefinition(request -> request.taskDefinition("web:1"))),
                refuses(action, "the ARN of something else", InvalidParameterException.class, "Invalid identifier: "
                        + "Identifier is not for a task definition: " + World.ARN + "cluster/default",
                        on -> on.ecs().deregisterTaskDefinition(request ->
                                request.taskDefinition(World.ARN + "cluster/default"))));
    }

    private static List<Row> deleteTaskDefinitions() {
        return List.of(works("DeleteTaskDefinitions", "takes INACTIVE ones, and says what it did not take", on -> {
            on.ecs().deregisterTaskDefinition(request -> request.taskDefinition(on.definition("old")));
            on.definition("web");
            return on.ecs().deleteTaskDefinitions(request -> request.taskDefinitions("old:1", "web:1", "api:7"));
        }, answer -> {
            assertThat(answer.taskDefinitions().getFirst().status())
                    .isEqualTo(TaskDefinitionStatus.DELETE_IN_PROGRESS);
            assertThat(answer.failures()).containsExactly(
                    Failure.builder().arn(arn("web:1")).reason("The specified task definition is still in ACTIVE "
                            + "status. Please deregister the target and try again.").build(),
                    Failure.builder().arn(arn("api:7")).reason(UNKNOWN).build());
        }));
    }

    private static List<Row> deleteTaskDefinitionsRefusals() {
        String action = "DeleteTaskDefinitions";
        return List.of(
                refuses(action, "none", InvalidParameterException.class, "Specify between 1 and 10 task definitions.",
                        on -> on.ecs().deleteTaskDefinitions(request -> { })),
                refuses(action, "eleven", InvalidParameterException.class, "Specify between 1 and 10 task definitions.",
                        on -> on.ecs().deleteTaskDefinitions(request -> request.taskDefinitions(
                                Collections.nCopies(11, "web:1")))),
                refuses(action, "a family alone", ClientException.class, "Revision is missing.",
                        on -> on.ecs().deleteTaskDefinitions(request -> request.taskDefinitions("web"))));
    }
}
