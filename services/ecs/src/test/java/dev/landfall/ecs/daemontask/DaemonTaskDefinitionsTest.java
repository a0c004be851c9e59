package dev.landfall.ecs.daemontask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.World;
import dev.landfall.ecs.tag.ListTagsForResource;
import dev.landfall.ecs.tag.TagResource;
import dev.landfall.ecs.task.ForgetTasks;
import dev.landfall.ecs.taskdef.FamilyRow;
import dev.landfall.state.Decision;
import dev.landfall.state.Write;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.DaemonContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DaemonTaskDefinition;
import software.amazon.awssdk.services.ecs.model.DaemonTaskDefinitionStatus;
import software.amazon.awssdk.services.ecs.model.DaemonTaskDefinitionSummary;
import software.amazon.awssdk.services.ecs.model.DaemonVolume;
import software.amazon.awssdk.services.ecs.model.DeleteDaemonTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeDaemonTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LimitExceededException;
import software.amazon.awssdk.services.ecs.model.ListDaemonTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.ecs.model.MountPoint;
import software.amazon.awssdk.services.ecs.model.RegisterDaemonTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TagResourceRequest;

class DaemonTaskDefinitionsTest {
    private final World world = new World();

    private String register(Consumer<RegisterDaemonTaskDefinitionRequest.Builder> change) {
        var request = RegisterDaemonTaskDefinitionRequest.builder().family("agent").cpu("256").memory("512")
                .containerDefinitions(container().build());
        change.accept(request);
        return world.decide((image, scope, context) ->
                RegisterDaemonTaskDefinition.decide(image, request.build(), scope, context)).daemonTaskDefinitionArn();
    }

    private static DaemonContainerDefinition.Builder container() {
        return DaemonContainerDefinition.builder().name("collector").image("collector:1");
    }

    private String register(String family) {
        return register(request -> request.family(family));
    }

    private DaemonTaskDefinition describe(String name) {
        return DescribeDaemonTaskDefinition.read(world.image(), DescribeDaemonTaskDefinitionRequest.builder()
                .daemonTaskDefinition(name).build(), World.SCOPE).daemonTaskDefinition();
    }

    private void delete(String name) {
        var request = DeleteDaemonTaskDefinitionRequest.builder().daemonTaskDefinition(name).build();
        world.decide((image, scope, context) -> DeleteDaemonTaskDefinition.decide(image, request, scope, context));
    }

    private List<String> list(Consumer<ListDaemonTaskDefinitionsRequest.Builder> change) {
        var request = ListDaemonTaskDefinitionsRequest.builder();
        change.accept(request);
        return ListDaemonTaskDefinitions.read(world.image(), request.build(), World.SCOPE).daemonTaskDefinitions()
                .stream().map(DaemonTaskDefinitionSummary::arn)
                .map(arn -> arn.substring(arn.indexOf('/') + 1)).toList();
    }

    @Test
    void revisionsCountUpAndAFamilyAloneIsItsNewest() {
        assertThat(register("agent")).isEqualTo(World.ARN + "daemon-task-definition/agent:1");
        String second = register(request -> request.taskRoleArn("reader")
                .volumes(DaemonVolume.builder().name("logs").host(host -> host.sourcePath("/var/log")).build())
                .containerDefinitions(container()
                        .mountPoints(MountPoint.builder().sourceVolume("logs").containerPath("/logs").build())
                        .linuxParameters(linux -> linux.initProcessEnabled(true))
                        .privileged(true).build()));

        DaemonTaskDefinition shown = describe("agent");
        assertThat(shown.daemonTaskDefinitionArn()).isEqualTo(second);
        assertThat(shown).isEqualTo(describe("agent:2")).isEqualTo(describe(second));
        assertThat(shown.revision()).isEqualTo(2);
        assertThat(shown.status()).isEqualTo(DaemonTaskDefinitionStatus.ACTIVE);
        assertThat(shown.taskRoleArn()).isEqualTo("arn:aws:iam::123456789012:role/reader");
        assertThat(shown.registeredAt()).isEqualTo(world.now());
        assertThat(shown.volumes()).singleElement().satisfies(volume ->
                assertThat(volume.host().sourcePath()).isEqualTo("/var/log"));
        assertThat(shown.containerDefinitions()).singleElement().satisfies(container -> {
            assertThat(container.essential()).isTrue();
            assertThat(container.privileged()).isTrue();
            assertThat(container.linuxParameters().initProcessEnabled()).isTrue();
            assertThat(container.mountPoints()).hasSize(1);
        });
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.argumentSet("no family", refused(request -> request.family(null))),
                Arguments.argumentSet("a bad family", refused(request -> request.family("a b"))),
                Arguments.argumentSet("no container", refused(request -> request.containerDefinitions(List.of()))),
                Arguments.argumentSet("no image", refused(request -> request.containerDefinitions(
                        container().image(null).build()))),
                Arguments.argumentSet("two of a name", refused(request -> request.containerDefinitions(
                        container().build(), container().build()))),
                Arguments.argumentSet("an unknown volume", refused(request -> request.containerDefinitions(container()
                        .mountPoints(MountPoint.builder().sourceVolume("x").containerPath("/x").build()).build()))),
                Arguments.argumentSet("no size", refused(request -> request.cpu("lots"))),
                Arguments.argumentSet("a reserved tag", refused(request ->
                        request.tags(Tag.builder().key("aws:x").value("y").build()))));
    }

    private static Consumer<RegisterDaemonTaskDefinitionRequest.Builder> refused(
            Consumer<RegisterDaemonTaskDefinitionRequest.Builder> change) {
        return change;
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void whatATaskDefinitionMayNotADaemonsMayNotEither(Consumer<RegisterDaemonTaskDefinitionRequest.Builder> change) {
        assertThatThrownBy(() -> register(change))
                .isInstanceOfAny(ClientException.class, InvalidParameterException.class)
                .extracting(error -> ((EcsException) error).awsErrorDetails().errorMessage()).asString().isNotBlank();
        assertThat(world.image().size(EcsTables.DAEMON_TASK_DEFINITIONS)).isZero();
    }

    @Test
    void listsByFamilyStatusAndOrder() {
        register("agent");
        register("agent");
        register("agent-b");
        register("zip");
        delete("agent:1");

        assertThat(list(request -> { })).containsExactly("agent:2", "agent-b:1", "zip:1");
        assertThat(list(request -> request.sort("DESC"))).containsExactly("zip:1", "agent-b:1", "agent:2");
        assertThat(list(request -> request.familyPrefix("age"))).containsExactly("agent:2", "agent-b:1");
        assertThat(list(request -> request.family("agent").status("ALL"))).containsExactly("agent:1", "agent:2");
        assertThat(list(request -> request.status("DELETE_IN_PROGRESS"))).containsExactly("agent:1");
        assertThat(list(request -> request.status("ALL").revision("LAST_REGISTERED")))
                .containsExactly("agent:2", "agent-b:1", "zip:1");
        var page = ListDaemonTaskDefinitions.read(world.image(),
                ListDaemonTaskDefinitionsRequest.builder().maxResults(2).build(), World.SCOPE);
        assertThat(page.daemonTaskDefinitions()).hasSize(2);
        assertThat(list(request -> request.nextToken(page.nextToken()))).containsExactly("zip:1");
        assertThatThrownBy(() -> list(request -> request.family("a").familyPrefix("a")))
                .isInstanceOf(InvalidParameterException.class);
        assertThat(ListDaemonTaskDefinitions.read(world.image(), ListDaemonTaskDefinitionsRequest.builder().build(),
                new Scope("000000000000", "us-east-1")).daemonTaskDefinitions()).isEmpty();
    }

    @Test
    void aDeletedRevisionIsShownForAWhileAndItsNumberIsNotGivenAgain() {
        String arn = register("agent");
        delete(arn);
        assertThat(describe("agent:1").status()).isEqualTo(DaemonTaskDefinitionStatus.DELETE_IN_PROGRESS);
        assertThat(describe("agent:1").deleteRequestedAt()).isEqualTo(world.now());
        assertThatThrownBy(() -> describe("agent")).isInstanceOf(ClientException.class);
        assertThatThrownBy(() -> delete("agent:1")).isInstanceOf(ClientException.class);

        world.pass(Duration.ofMinutes(61));
        world.apply(ForgetTasks.decide(world.image(), world.context()));
        assertThatThrownBy(() -> describe("agent:1")).isInstanceOf(ClientException.class);
        assertThat(register("agent")).endsWith("agent:2");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"-", "a b", "agent:0", "agent:9", "arn:aws:ecs:x", "other",
        "arn:aws:ecs:eu-central-1:123456789012:task-definition/agent:1",
        "arn:aws:ecs:us-east-1:123456789012:daemon-task-definition/agent:1"})
    void whatIsNotThereIsRefused(String name) {
        register("agent");
        assertThatThrownBy(() -> describe(name))
                .isInstanceOfAny(ClientException.class, InvalidParameterException.class);
        assertThatThrownBy(() -> delete(name == null ? "agent" : name))
                .isInstanceOfAny(ClientException.class, InvalidParameterException.class);
    }

    @Test
    void carriesTags() {
        String arn = register(request -> request.tags(Tag.builder().key("a").value("1").build()));
        var more = TagResourceRequest.builder().resourceArn(arn)
                .tags(Tag.builder().key("b").value("2").build()).build();
        world.decide((image, scope, context) -> TagResource.decide(image, more, scope, context));
        var listed = ListTagsForResource.read(world.image(),
                ListTagsForResourceRequest.builder().resourceArn(arn).build(), World.SCOPE).tags();
        assertThat(listed).extracting(Tag::key).containsExactly("a", "b");
    }

    @Test
    void aFamilyHasAMillionRevisionsAtMost() {
        String key = EcsTables.familyKey(World.SCOPE, "agent");
        world.apply(Decision.of("", Write.put(EcsTables.DAEMON_FAMILIES,
                new FamilyRow(key, "agent", FamilyRow.REVISIONS_MAX - 1))));
        assertThat(register("agent")).endsWith("agent:1000000");
        assertThatThrownBy(() -> register("agent")).isInstanceOf(LimitExceededException.class);
        world.apply(Decision.of("", Write.put(EcsTables.FAMILIES,
                new FamilyRow(key, "agent", FamilyRow.REVISIONS_MAX))));
        assertThatThrownBy(() -> world.definition("agent")).isInstanceOf(LimitExceededException.class);
    }
}
