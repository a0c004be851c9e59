package dev.landfall.ecs.conformance;

import static dev.landfall.ecs.conformance.Row.refuses;
import static dev.landfall.ecs.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.AttributeLimitExceededException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.TargetNotFoundException;

class AttributeConformanceTest {
    private static final Class<InvalidParameterException> INVALID = InvalidParameterException.class;
    private static final String NOT_FOUND = "The specified target wasn't found. You can view your available container "
            + "instances with ListContainerInstances. Amazon ECS container instances are cluster-specific and "
            + "Region-specific.";

    static List<Row> rows() {
        return Row.all(List.of(putAttributes(), deleteAttributes(), listAttributes()));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static Attribute stack(String value, String instanceArn) {
        return Attribute.builder().name("stack").value(value).targetId(instanceArn).build();
    }

    private static Attribute nowhere() {
        return stack("prod", World.ARN + "container-instance/default/" + "0".repeat(32));
    }

    private static List<Row> putAttributes() {
        String action = "PutAttributes";
        return List.of(
                works(action, "sets one", on -> on.ecs().putAttributes(request -> request
                        .attributes(stack("prod", on.instance()))), answer -> {
                            Attribute attribute = answer.attributes().getFirst();
                            assertThat(attribute.name()).isEqualTo("stack");
                            assertThat(attribute.value()).isEqualTo("prod");
                            assertThat(attribute.targetId()).startsWith(World.ARN + "container-instance/default/");
                        }),
                works(action, "repeated replaces the value", on -> {
                    String arn = on.instance();
                    on.ecs().putAttributes(request -> request.attributes(stack("prod", arn)));
                    on.ecs().putAttributes(request -> request.attributes(stack("test", arn)));
                    assertThat(on.ecs().listAttributes(request -> request.targetType("container-instance")
                            .attributeName("stack")).attributes()).extracting(Attribute::value).containsExactly("test");
                    return on.ecs().putAttributes(request -> request.attributes(stack("test", arn)));
                }, answer -> assertThat(answer.attributes()).hasSize(1)),
                refuses(action, "an instance that is not there", TargetNotFoundException.class, NOT_FOUND,
                        on -> on.ecs().putAttributes(request -> request.attributes(nowhere()))),
                refuses(action, "an eleventh of one's own", AttributeLimitExceededException.class,
                        "You can apply up to 10 custom attributes for each resource. You can view the attributes of a "
                                + "resource with ListAttributes. You can remove existing attributes on a resource with "
                                + "DeleteAttributes.", on -> {
                                    String arn = on.instance();
                                    on.ecs().putAttributes(request -> request.attributes(IntStream.range(0, 10)
                                            .mapToObj(i -> Attribute.builder().name("a" + i).targetId(arn).build())
                                            .toList()));
                                    return on.ecs().putAttributes(request -> request.attributes(stack("prod", arn)));
                                }),
                refuses(action, "none", INVALID, "Attributes cannot be empty.",
                        on -> on.ecs().putAttributes(request -> { })),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().putAttributes(request -> request.cluster("other").attributes(nowhere()))));
    }

    private static List<Row> deleteAttributes() {
        String action = "DeleteAttributes";
        return List.of(
                works(action, "takes one away", on -> {
                    String arn = on.instance();
                    on.ecs().putAttributes(request -> request.attributes(stack("prod", arn)));
                    return on.ecs().deleteAttributes(request -> request.attributes(stack(null, arn)));
                }, answer -> assertThat(answer.attributes()).hasSize(1)),
                works(action, "repeated answers none", on -> on.ecs().deleteAttributes(request ->
                        request.attributes(stack(null, on.instance()))),
                        answer -> assertThat(answer.attributes()).isEmpty()),
                refuses(action, "an instance that is not there", TargetNotFoundException.class, NOT_FOUND,
                        on -> on.ecs().deleteAttributes(request -> request.attributes(nowhere()))),
                refuses(action, "eleven", INVALID, "Attributes can have at most 10 items.",
                        on -> on.ecs().deleteAttributes(request ->
                                request.attributes(Collections.nCopies(11, nowhere())))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().deleteAttributes(request -> request.cluster("other").attributes(nowhere()))));
    }

    private static List<Row> listAttributes() {
        String action = "ListAttributes";
        return List.of(
                works(action, "lists those of a name and a value", on -> {
                    on.ecs().putAttributes(request -> request.attributes(stack("prod", on.instance())));
                    on.ecs().putAttributes(request -> request.attributes(stack("test", on.instance())));
                    return on.ecs().listAttributes(request -> request.targetType("container-instance")
                            .attributeName("stack").attributeValue("test"));
                }, answer -> assertThat(answer.attributes()).extracting(Attribute::value).containsExactly("test")),
                works(action, "lists those that agents set", on -> {
                    on.instance();
                    return on.ecs().listAttributes(request -> request.targetType("container-instance"));
                }, answer -> assertThat(answer.attributes()).extracting(Attribute::name)
                        .contains("ecs.availability-zone", "ecs.cpu-architecture")),
                refuses(action, "an unknown kind of target", INVALID, "targetType should be one of "
                        + "[container-instance]", on -> on.ecs().listAttributes(r -> r.targetType("pod"))),
                refuses(action, "a value without a name", INVALID,
                        "attributeName must be specified when attributeValue is specified.",
                        on -> on.ecs().listAttributes(request -> request.targetType("container-instance")
                                .attributeValue("prod"))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().listAttributes(request -> request.cluster("other")
                                .targetType("container-instance"))));
    }
}
