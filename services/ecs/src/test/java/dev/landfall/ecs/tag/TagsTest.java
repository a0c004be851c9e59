package dev.landfall.ecs.tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TagResourceRequest;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;
import software.amazon.awssdk.services.ecs.model.UntagResourceRequest;

class TagsTest {
    private static final Scope SCOPE = new Scope("123456789012", "eu-central-1");
    private static final Context CONTEXT = new Context(Instant.EPOCH, () -> {
        throw new IllegalStateException("tags need no ids");
    });

    private Image image = Image.empty(EcsTables.ALL).apply(rows("ACTIVE", "RUNNING"));

    @ParameterizedTest
    @ValueSource(strings = {"cluster/a", "task-definition/web:1", "task/a/1", "service/a/s", "container-instance/a/1"})
    void everyResourceIsTaggedAndUntagged(String resource) {
        String arn = SCOPE.arn(resource);
        assertThat(list(arn)).isEmpty();
        addTags(arn, tag("b", "1"), tag("a", "2"));
        addTags(arn, tag("b", "3"), tag("c", null));

        assertThat(list(arn)).containsExactly(tag("b", "3"), tag("a", "2"), tag("c", ""));
        removeTags(arn, "b", "unknown");
        assertThat(list(arn)).containsExactly(tag("a", "2"), tag("c", ""));
        removeTags(arn, "a", "c");
        assertThat(list(arn)).isEmpty();
    }

    @Test
    void aRowKeepsEverythingButItsTags() {
        var before = image.get(EcsTables.SERVICES, SCOPE.arn("service/a/s")).orElseThrow();
        addTags(SCOPE.arn("service/a/s"), tag("a", "1"));
        var after = image.get(EcsTables.SERVICES, SCOPE.arn("service/a/s")).orElseThrow();

        assertThat(after).isEqualTo(new ServiceRow(before.service().toBuilder().tags(tag("a", "1")).build(),
                before.events(), before.failedStarts(), before.notBefore(), before.steady(), before.createToken()));
    }

    @Test
    void whatIsGoneIsNotTagged() {
        image = image.apply(rows("INACTIVE", "STOPPED"));

        assertRefused("cluster/a", "The specified cluster is inactive. Specify an active cluster and try again.");
        assertRefused("task/a/1", "The specified task is stopped. Specify a running task and try again.");
        assertRefused("service/a/s", "The specified service is inactive. Specify an active service and try again.");
        assertRefused("container-instance/a/1",
                "The specified container instance is inactive. Specify an active container instance and try again.");
        assertThat(list(SCOPE.arn("task-definition/web:1"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "task/1                 | Long arn format must be used for tagging operations",
        "service/s              | Long arn format must be used for tagging operations",
        "container-instance/1   | Long arn format must be used for tagging operations",
        "task/a/2               | The specified task was not found. Specify a valid ARN and try again.",
        "service/a/t            | The specified service was not found. Specify a valid ARN and try again.",
        "task-definition/web:2  | Unable to describe task definition.",
        "task-definition/web    | Unable to describe task definition.",
        "container-instance/a/2 | The specified container instance was not found. Specify a valid ARN and try again.",
        "bucket/a               | Invalid resource ARN: arn:aws:ecs:eu-central-1:123456789012:bucket/a"})
    void whatIsNotThereIsRefused(String resource, String message) {
        assertRefused(resource, message);
    }

    @Test
    void arnsOfOthersAreRefused() {
        assertThatThrownBy(() -> list(SCOPE.arn("cluster/b"))).isInstanceOf(ClusterNotFoundException.class);
        assertThatThrownBy(() -> list("arn:aws:ecs:eu-central-1:999999999999:cluster/a"))
                .isInstanceOf(ClusterNotFoundException.class);
        assertThatThrownBy(() -> list("arn:aws:ecs:us-west-2:123456789012:task/a/1"))
                .isInstanceOf(InvalidParameterException.class).hasMessageContaining("was not found");
        assertThatThrownBy(() -> list("arn:aws:s3:::bucket")).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> list("cluster/a")).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> list(null)).isInstanceOf(InvalidParameterException.class);
    }

    record Refused(String message, List<Tag> tags) {}

    static Stream<Refused> refused() {
        String key = "Invalid tag key. "
                + "Tag keys have 1 to 128 characters: letters, numbers, spaces, and _ . : / = + - @";
        return Stream.of(
                new Refused(key, List.of(tag("", "v"))),
                new Refused(key, List.of(tag(null, "v"))),
                new Refused(key, List.of(tag("k".repeat(129), "v"))),
                new Refused(key, List.of(tag("a*b", "v"))),
                new Refused("Tag keys that start with aws: are reserved and cannot be used.",
                        List.of(tag("AWS:x", "v"))),
                new Refused("Invalid tag value for key k. Tag values have up to 256 characters: letters, numbers, "
                        + "spaces, and _ . : / = + - @", List.of(tag("k", "v".repeat(257)))),
                new Refused("Duplicate tag keys found. Tag keys must be unique.",
                        List.of(tag("k", "1"), tag("k", "2"))),
                new Refused("A resource can have at most 50 tags.", numbered(51)),
                new Refused("Tags can not be empty.", List.of()));
    }

    @ParameterizedTest
    @MethodSource
    void refused(Refused refused) {
        assertThatThrownBy(() -> addTags(SCOPE.arn("cluster/a"), refused.tags.toArray(Tag[]::new)))
                .isInstanceOf(InvalidParameterException.class)
                .extracting(error -> ((InvalidParameterException) error).awsErrorDetails().errorMessage())
                .isEqualTo(refused.message);
    }

    @Test
    void theLimitCountsTheTagsAlreadyThere() {
        String arn = SCOPE.arn("cluster/a");
        addTags(arn, numbered(50).toArray(Tag[]::new));

        addTags(arn, tag("k0", "other"));
        assertThat(list(arn)).hasSize(50).contains(tag("k0", "other"));
        assertThatThrownBy(() -> addTags(arn, tag("one more", ""))).isInstanceOf(InvalidParameterException.class);
        assertThat(Tags.validated(List.of(tag("k".repeat(128), "ü".repeat(256))))).hasSize(1);
    }

    private void assertRefused(String resource, String message) {
        Class<? extends EcsException> error = resource.startsWith("task-definition/")
                ? ClientException.class : InvalidParameterException.class;
        assertThatThrownBy(() -> list(SCOPE.arn(resource))).isInstanceOf(error)
                .extracting(refusal -> ((EcsException) refusal).awsErrorDetails().errorMessage())
                .isEqualTo(message);
        assertThatThrownBy(() -> addTags(SCOPE.arn(resource), tag("a", "b"))).isInstanceOf(error);
        assertThatThrownBy(() -> removeTags(SCOPE.arn(resource), "a")).isInstanceOf(error);
    }

    private static List<Write<?>> rows(String status, String lastStatus) {
        String cluster = SCOPE.arn("cluster/a");
        var task = Task.builder().taskArn(SCOPE.arn("task/a/1")).clusterArn(cluster).lastStatus(lastStatus)
                .desiredStatus("RUNNING").stoppedAt(Instant.EPOCH).build();
        var service = Service.builder().serviceArn(SCOPE.arn("service/a/s")).clusterArn(cluster).status(status).build();
        var instance = ContainerInstance.builder().containerInstanceArn(SCOPE.arn("container-instance/a/1"))
                .status(status).build();
        var definition = TaskDefinition.builder().taskDefinitionArn(SCOPE.arn("task-definition/web:1"))
                .family("web").revision(1).status(TaskDefinitionStatus.fromValue(status)).build();
        return List.of(
                Write.put(EcsTables.CLUSTERS,
                        new ClusterRow(Cluster.builder().clusterArn(cluster).status(status).build())),
                Write.put(EcsTables.TASKS, new TaskRow(task, "i", "s", "d", "1.2.3.4", false)),
                Write.put(EcsTables.SERVICES, new ServiceRow(service, List.of(), 3, Instant.MAX, true, "token")),
                Write.put(EcsTables.INSTANCES, new InstanceRow(instance, cluster, false, "", "")),
                Write.put(EcsTables.TASK_DEFINITIONS, new TaskDefinitionRow(definition, List.of())));
    }

    private static List<Tag> numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> tag("k" + i, "v")).toList();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private void addTags(String arn, Tag... tags) {
        var request = TagResourceRequest.builder().resourceArn(arn).tags(tags).build();
        apply(TagResource.decide(image, request, SCOPE, CONTEXT));
    }

    private void removeTags(String arn, String... keys) {
        var request = UntagResourceRequest.builder().resourceArn(arn).tagKeys(keys).build();
        apply(UntagResource.decide(image, request, SCOPE, CONTEXT));
    }

    private List<Tag> list(String arn) {
        var request = ListTagsForResourceRequest.builder().resourceArn(arn).build();
        return ListTagsForResource.read(image, request, SCOPE).tags();
    }

    private void apply(Decision<?> decision) {
        image = image.apply(decision.writes());
    }
}
