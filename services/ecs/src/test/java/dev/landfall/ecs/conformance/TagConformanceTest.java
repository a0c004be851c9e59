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
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.ecs.model.Tag;

class TagConformanceTest {
    private static final String DEFAULT = World.ARN + "cluster/default";
    private static final String OTHER = World.ARN + "cluster/other";
    private static final Class<InvalidParameterException> INVALID = InvalidParameterException.class;

    static List<Row> rows() {
        return Row.all(List.of(tagResource(), tagRefusals(), resourceRefusals(), untagResource(),
                listTagsForResource()));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    /** Tags a resource, and answers its tags. */
    private static ListTagsForResourceResponse tagged(Stage on, String arn) {
        on.ecs().tagResource(request -> request.resourceArn(arn).tags(tag("a", "1")));
        return on.ecs().listTagsForResource(request -> request.resourceArn(arn));
    }

    private static List<Row> tagResource() {
        String action = "TagResource";
        return List.of(
                works(action, "answers nothing", on -> on.ecs().tagResource(request -> request
                        .resourceArn(DEFAULT).tags(tag("a", "1"))), answer -> { }),
                works(action, "repeated answers the same", on -> {
                    on.ecs().tagResource(request -> request.resourceArn(DEFAULT).tags(tag("a", "1")));
                    return on.ecs().tagResource(request -> request.resourceArn(DEFAULT).tags(tag("a", "1")));
                }, answer -> { }));
    }

    private static List<Row> tagRefusals() {
        String action = "TagResource";
        return List.of(
                refuses(action, "no tags", INVALID, "Tags can not be empty.",
                        on -> on.ecs().tagResource(request -> request.resourceArn(DEFAULT))),
                refuses(action, "a key twice", INVALID, "Duplicate tag keys found. Tag keys must be unique.",
                        on -> on.ecs().tagResource(request -> request.resourceArn(DEFAULT)
                                .tags(tag("a", "1"), tag("a", "2")))),
                refuses(action, "a key of 129 characters", INVALID, "Invalid tag key. Tag keys have 1 to 128 "
                        + "characters: letters, numbers, spaces, and _ . : / = + - @",
                        on -> on.ecs().tagResource(request -> request.resourceArn(DEFAULT)
                                .tags(tag("k".repeat(129), "v")))),
                refuses(action, "a value of 257 characters", INVALID, "Invalid tag value for key k. Tag values have up "
                        + "to 256 characters: letters, numbers, spaces, and _ . : / = + - @",
                        on -> on.ecs().tagResource(request -> request.resourceArn(DEFAULT)
                                .tags(tag("k", "v".repeat(257))))),
                refuses(action, "a key of AWS's own", INVALID,
                        "Tag keys that start with aws: are reserved and cannot be used.",
                        on -> on.ecs().tagResource(request -> request.resourceArn(DEFAULT)
                                .tags(tag("AWS:a", "v")))),
                refuses(action, "a 51st tag", INVALID, "A resource can have at most 50 tags.", on -> {
                    on.ecs().tagResource(request -> request.resourceArn(DEFAULT).tags(Stream
                            .iterate(1, i -> i + 1).limit(50).map(i -> tag("k" + i, "v")).toList()));
                    return on.ecs().tagResource(request -> request.resourceArn(DEFAULT).tags(tag("k51", "v")));
                }));
    }

    private static List<Row> resourceRefusals() {
        String action = "TagResource";
        return List.of(
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().tagResource(request -> request.resourceArn(OTHER).tags(tag("a", "1")))),
                refuses(action, "another account's cluster", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.as("999999999999", "eu-central-1", there -> there.ecs().tagResource(request ->
                                request.resourceArn(DEFAULT).tags(tag("a", "1"))))),
                refuses(action, "a deleted cluster", INVALID,
                        "The specified cluster is inactive. Specify an active cluster and try again.", on -> {
                            String arn = on.cluster("c");
                            on.ecs().deleteCluster(request -> request.cluster("c"));
                            return on.ecs().tagResource(request -> request.resourceArn(arn).tags(tag("a", "1")));
                        }),
                refuses(action, "a deleted service", INVALID,
                        "The specified service is inactive. Specify an active service and try again.", on -> {
                            String arn = on.service();
                            on.ecs().deleteService(request -> request.service("svc"));
                            on.gone(arn);
                            return on.ecs().tagResource(request -> request.resourceArn(arn).tags(tag("a", "1")));
                        }),
                refuses(action, "a stopped task", INVALID,
                        "The specified task is stopped. Specify a running task and try again.", on -> {
                            String arn = on.stopped(on.runningTask());
                            return on.ecs().tagResource(request -> request.resourceArn(arn).tags(tag("a", "1")));
                        }),
                refuses(action, "a service's short ARN", INVALID,
                        "Long arn format must be used for tagging operations",
                        on -> on.ecs().tagResource(request -> request.resourceArn(World.ARN + "service/svc")
                                .tags(tag("a", "1")))),
                refuses(action, "a task definition that is not there", ClientException.class,
                        "Unable to describe task definition.",
                        on -> on.ecs().tagResource(request -> request.tags(tag("a", "1"))
                                .resourceArn(World.ARN + "task-definition/web:1"))),
                refuses(action, "no ARN", INVALID, "resourceArn can not be blank.",
                        on -> on.ecs().tagResource(request -> request.tags(tag("a", "1")))),
                refuses(action, "something that is no ARN", INVALID, "Invalid resource ARN: x",
                        on -> on.ecs().tagResource(request -> request.resourceArn("x").tags(tag("a", "1")))));
    }

    private static List<Row> untagResource() {
        String action = "UntagResource";
        return List.of(
                works(action, "takes tags away, and does not mind those that are not there", on -> {
                    on.ecs().tagResource(request -> request.resourceArn(DEFAULT).tags(tag("a", "1"), tag("b", "2")));
                    var answer = on.ecs().untagResource(request -> request.resourceArn(DEFAULT).tagKeys("a", "c"));
                    assertThat(on.ecs().describeClusters(request -> request.includeWithStrings("TAGS"))
                            .clusters().getFirst().tags()).containsExactly(tag("b", "2"));
                    on.ecs().untagResource(request -> request.resourceArn(DEFAULT).tagKeys("a"));
                    return answer;
                }, answer -> { }),
                refuses(action, "no keys", INVALID, "Tag keys can not be empty.",
                        on -> on.ecs().untagResource(request -> request.resourceArn(DEFAULT))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().untagResource(request -> request.resourceArn(OTHER).tagKeys("a"))));
    }

    private static List<Row> listTagsForResource() {
        String action = "ListTagsForResource";
        return List.of(
                works(action, "lists none where there are none", on -> on.ecs().listTagsForResource(request ->
                        request.resourceArn(DEFAULT)), answer -> assertThat(answer.tags()).isEmpty()),
                works(action, "lists those of a cluster", on -> tagged(on, DEFAULT),
                        answer -> assertThat(answer.tags()).containsExactly(tag("a", "1"))),
                works(action, "lists those of a task definition", on -> tagged(on, on.definition()),
                        answer -> assertThat(answer.tags()).containsExactly(tag("a", "1"))),
                works(action, "lists those of a task", on -> tagged(on, on.task()),
                        answer -> assertThat(answer.tags()).containsExactly(tag("a", "1"))),
                works(action, "lists those of a service", on -> tagged(on, on.service()),
                        answer -> assertThat(answer.tags()).containsExactly(tag("a", "1"))),
                works(action, "lists those of a container instance", on -> tagged(on, on.instance()),
                        answer -> assertThat(answer.tags()).containsExactly(tag("a", "1"))),
                works(action, "shows the newest value of a key", on -> {
                    on.ecs().tagResource(request -> request.resourceArn(DEFAULT).tags(tag("a", "0"), tag("b", "")));
                    return tagged(on, DEFAULT);
                }, answer -> assertThat(answer.tags()).containsExactly(tag("a", "1"), tag("b", ""))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().listTagsForResource(request -> request.resourceArn(OTHER))),
                refuses(action, "something that is no ARN", INVALID, "Invalid resource ARN: x",
                        on -> on.ecs().listTagsForResource(request -> request.resourceArn("x"))),
                refuses(action, "a service that is not there", INVALID,
                        "The specified service was not found. Specify a valid ARN and try again.",
                        on -> on.ecs().listTagsForResource(request ->
                                request.resourceArn(World.ARN + "service/default/svc"))));
    }
}
