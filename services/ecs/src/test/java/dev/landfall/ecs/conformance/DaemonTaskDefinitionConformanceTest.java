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
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.DaemonContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DaemonTaskDefinitionStatus;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.Tag;

class DaemonTaskDefinitionConformanceTest {
    private static final String ARN = World.ARN + "daemon-task-definition/agent:1";
    private static final String OTHER_KIND = World.ARN + "task-definition/agent:1";
    private static final String NOT_ONE = "Invalid identifier: Identifier is not for a daemon task definition: ";

    static List<Row> rows() {
        return Row.all(List.of(register(), describe(), list(), delete()));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static DaemonContainerDefinition container() {
        return DaemonContainerDefinition.builder().name("collector").image("collector:1").memory(64).build();
    }

    private static String registered(Stage on) {
        return on.ecs().registerDaemonTaskDefinition(request -> request.family("agent")
                .containerDefinitions(container())).daemonTaskDefinitionArn();
    }

    private static List<Row> register() {
        String action = "RegisterDaemonTaskDefinition";
        return List.of(
                works(action, "answers the revision's ARN", on -> on.ecs().registerDaemonTaskDefinition(request ->
                        request.family("agent").containerDefinitions(container())),
                        answer -> assertThat(answer.daemonTaskDefinitionArn()).isEqualTo(ARN)),
                works(action, "counts revisions up", on -> {
                    registered(on);
                    return on.ecs().registerDaemonTaskDefinition(request ->
                            request.family("agent").containerDefinitions(container()));
                }, answer -> assertThat(answer.daemonTaskDefinitionArn()).endsWith("agent:2")),
                refuses(action, "a reserved tag", InvalidParameterException.class,
                        "Tag keys that start with aws: are reserved and cannot be used.",
                        on -> on.ecs().registerDaemonTaskDefinition(request -> request.family("agent")
                                .containerDefinitions(container()).tags(Tag.builder().key("aws:a").build()))),
                refuses(action, "a container without an image", ClientException.class,
                        "Container.image should not be null or empty.",
                        on -> on.ecs().registerDaemonTaskDefinition(request -> request.family("agent")
                                .containerDefinitions(container().copy(it -> it.image(null))))));
    }

    private static List<Row> describe() {
        String action = "DescribeDaemonTaskDefinition";
        return List.of(
                works(action, "shows a family's newest revision", on -> {
                    registered(on);
                    return on.ecs().describeDaemonTaskDefinition(request -> request.daemonTaskDefinition("agent"));
                }, answer -> {
                    assertThat(answer.daemonTaskDefinition().daemonTaskDefinitionArn()).isEqualTo(ARN);
                    assertThat(answer.daemonTaskDefinition().containerDefinitions()).hasSize(1);
                    assertThat(answer.daemonTaskDefinition().registeredBy()).endsWith(":root");
                }),
                refuses(action, "what was never registered", ClientException.class,
                        "Daemon task definition not found.", on -> on.ecs().describeDaemonTaskDefinition(request ->
                                request.daemonTaskDefinition("agent:1"))),
                refuses(action, "an ARN of another kind", InvalidParameterException.class, NOT_ONE + OTHER_KIND,
                        on -> on.ecs().describeDaemonTaskDefinition(request ->
                                request.daemonTaskDefinition(OTHER_KIND))));
    }

    private static List<Row> list() {
        String action = "ListDaemonTaskDefinitions";
        return List.of(
                works(action, "lists those that are ACTIVE", on -> {
                    registered(on);
                    registered(on);
                    on.ecs().deleteDaemonTaskDefinition(request -> request.daemonTaskDefinition("agent:1"));
                    return on.ecs().listDaemonTaskDefinitions(request -> { });
                }, answer -> assertThat(answer.daemonTaskDefinitions()).singleElement().satisfies(found -> {
                    assertThat(found.arn()).endsWith("agent:2");
                    assertThat(found.status()).isEqualTo(DaemonTaskDefinitionStatus.ACTIVE);
                })),
                refuses(action, "a family and a prefix", InvalidParameterException.class,
                        "Cannot specify both family and familyPrefix.", on -> on.ecs().listDaemonTaskDefinitions(
                                request -> request.family("agent").familyPrefix("a"))));
    }

    private static List<Row> delete() {
        String action = "DeleteDaemonTaskDefinition";
        return List.of(
                works(action, "answers the ARN", on -> {
                    registered(on);
                    return on.ecs().deleteDaemonTaskDefinition(request -> request.daemonTaskDefinition("agent:1"));
                }, answer -> assertThat(answer.daemonTaskDefinitionArn()).isEqualTo(ARN)),
                refuses(action, "what is deleted already", ClientException.class,
                        "A daemon task definition must be in an ACTIVE state to be deleted.", on -> {
                    registered(on);
                    on.ecs().deleteDaemonTaskDefinition(request -> request.daemonTaskDefinition("agent:1"));
                    return on.ecs().deleteDaemonTaskDefinition(request -> request.daemonTaskDefinition("agent:1"));
                }),
                refuses(action, "a family alone", ClientException.class, "Revision is missing.",
                        on -> on.ecs().deleteDaemonTaskDefinition(request -> request.daemonTaskDefinition("agent"))),
                refuses(action, "an ARN of another kind", InvalidParameterException.class, NOT_ONE + OTHER_KIND,
                        on -> on.ecs().deleteDaemonTaskDefinition(request ->
                                request.daemonTaskDefinition(OTHER_KIND))));
    }
}
