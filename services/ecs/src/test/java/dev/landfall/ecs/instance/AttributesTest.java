package dev.landfall.ecs.instance;

import static dev.landfall.ecs.World.attribute;
import static dev.landfall.ecs.World.instanceRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.AttributeLimitExceededException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.DeleteAttributesRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListAttributesRequest;
import software.amazon.awssdk.services.ecs.model.ListAttributesResponse;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.PutAttributesRequest;
import software.amazon.awssdk.services.ecs.model.TargetNotFoundException;
import software.amazon.awssdk.services.ecs.model.TargetType;

class AttributesTest {
    private final World world = new World();
    private String first;
    private String second;

    @BeforeEach
    void twoInstances() {
        first = world.instance(1024);
        second = world.instance(1024, "default", request -> request.versionInfo(info -> info.agentVersion("1.80.0")));
    }

    @Test
    void attributesAreSetReplacedAndTakenAway() {
        assertThat(put(of(first, "stack", "test"))).containsExactly(shown(first, "stack", "test"));
        assertThat(put(of(id(first), "stack", "prod").targetType(TargetType.CONTAINER_INSTANCE),
                of(second, "flag", null))).containsExactly(shown(first, "stack", "prod"), shown(second, "flag", null));

        assertThat(list(request -> request.attributeName("stack")).attributes())
                .containsExactly(shown(first, "stack", "prod"));
        assertThat(list(request -> request.attributeName("stack").attributeValue("test")).attributes()).isEmpty();
        assertThat(list(request -> request.attributeName("flag")).attributes())
                .containsExactly(shown(second, "flag", null));
        assertThat(list(request -> request.attributeName("ecs.availability-zone")).attributes())
                .extracting(Attribute::targetId).containsExactlyInAnyOrder(first, second);

        assertThat(delete(of(first, "stack", null), of(second, "stack", null)))
                .containsExactly(shown(first, "stack", "prod"));
        assertThat(list(request -> request.attributeName("stack")).attributes()).isEmpty();
        assertThat(delete(of(first, "stack", null))).isEmpty();
    }

    @Test
    void aRequestIsDoneAsAWholeOrNotAtAll() {
        assertThatThrownBy(() -> put(of(first, "stack", "prod"), of("ffff", "stack", "prod")
                .targetType(TargetType.CONTAINER_INSTANCE))).isInstanceOf(TargetNotFoundException.class);
        assertThat(list(request -> request.attributeName("stack")).attributes()).isEmpty();
    }

    @Test
    void aResourceHasTenAttributesOfItsOwn() {
        put(IntStream.range(0, 10).mapToObj(i -> of(first, "a" + i, "x")).toArray(Attribute.Builder[]::new));
        put(of(first, "a3", "y"));
        assertThatThrownBy(() -> put(of(first, "b", "x"))).isInstanceOf(AttributeLimitExceededException.class);
        put(of(second, "b", "x"));
        delete(of(first, "a0", null));
        put(of(first, "b", "x"));
    }

    @Test
    void attributesOutliveTheAgentsRegistration() {
        put(of(first, "stack", "prod"));
        var again = instanceRequest(1024, "default").containerInstanceArn(first);
        var sent = new ArrayList<>(again.build().attributes());
        sent.add(attribute("rack", "7"));
        ContainerInstance instance = world.decide((image, scope, context) -> RegisterContainerInstance.decide(
                image, again.attributes(sent).build(), scope, context)).containerInstance();

        assertThat(instance.attributes()).contains(attribute("stack", "prod"), attribute("rack", "7"));
        assertThat(instance.attributes().stream().map(Attribute::name)).doesNotHaveDuplicates();
    }

    @Test
    void pagesGoThroughAllAttributesOnce() {
        put(of(first, "z", "1"), of(second, "z", "2"));
        List<Attribute> all = list(request -> { }).attributes();
        var paged = new ArrayList<Attribute>();
        String token = null;
        do {
            String at = token;
            ListAttributesResponse page = list(request -> request.maxResults(3).nextToken(at));
            assertThat(page.attributes()).hasSizeBetween(1, 3);
            paged.addAll(page.attributes());
            token = page.nextToken();
        } while (token != null);
        assertThat(paged).isEqualTo(all).doesNotHaveDuplicates();
        assertThat(all).hasSize(2 * 8).contains(shown(second, "z", "2"));
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("no attributes", InvalidParameterException.class, List.of()),
                refusal("eleven attributes", InvalidParameterException.class,
                        Collections.nCopies(11, Attribute.builder().name("a").targetId("arn:x").build())),
                refusal("no name", InvalidParameterException.class, one(null, "x", "arn:x")),
                refusal("a blank in the name", InvalidParameterException.class, one("a b", "x", "arn:x")),
                refusal("a long name", InvalidParameterException.class, one("a".repeat(129), "x", "arn:x")),
                refusal("a space at the end", InvalidParameterException.class, one("a", "x ", "arn:x")),
                refusal("an empty value", InvalidParameterException.class, one("a", "", "arn:x")),
                refusal("a star in the value", InvalidParameterException.class, one("a", "*", "arn:x")),
                refusal("an attribute of ECS", InvalidParameterException.class, one("ecs.os-type", "x", "arn:x")),
                refusal("no target", InvalidParameterException.class, one("a", "x", null)),
                refusal("an id without a type", InvalidParameterException.class, one("a", "x", "ffff")),
                refusal("an unknown target", TargetNotFoundException.class, one("a", "x", "arn:x")));
    }

    private static List<Attribute> one(String name, String value, String target) {
        return List.of(Attribute.builder().name(name).value(value).targetId(target).build());
    }

    private static Arguments refusal(String name, Class<? extends Exception> type, List<Attribute> attributes) {
        return Arguments.argumentSet(name, type, attributes);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(Class<? extends Exception> type, List<Attribute> attributes) {
        assertThatThrownBy(() -> PutAttributes.decide(world.image(),
                PutAttributesRequest.builder().attributes(attributes).build(), World.SCOPE)).isInstanceOf(type);
        assertThatThrownBy(() -> DeleteAttributes.decide(world.image(),
                DeleteAttributesRequest.builder().attributes(attributes).build(), World.SCOPE)).isInstanceOf(type);
    }

    @Test
    void refusesWhatIsNotThere() {
        world.decide((image, scope, context) -> DeregisterContainerInstance.decide(image,
                DeregisterContainerInstanceRequest.builder().containerInstance(second).build(), scope, context));
        assertThatThrownBy(() -> put(of(second, "a", "b"))).isInstanceOf(TargetNotFoundException.class)
                .hasMessageContaining("The specified target wasn't found.");
        assertThatThrownBy(() -> list(request -> request.cluster("nowhere")))
                .isInstanceOf(ClusterNotFoundException.class);
        assertThatThrownBy(() -> list(request -> request.attributeValue("x")))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> list(request -> request.targetType((TargetType) null)))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> list(request -> request.maxResults(101)))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> list(request -> request.nextToken("?")))
                .isInstanceOf(InvalidParameterException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', textBlock = """
            attribute:stack == prod # 1
            attribute:stack exists # 1
            attribute:ecs.cpu-architecture == x86_64 # 2
            agentVersion >= 1.80 # 2
            agentVersion < 1.80 # 0
            runningTasksCount == 1 # 1
            task:group == family:web # 1
            not(task:group == family:web) # 2
            agentConnected == false # 0
            registeredAt < 2026-03-04T05:06:07Z # 0
            registeredAt == 2026-03-04T05:06:07 # 3
            ec2InstanceId =~ i-.* # 3
            """)
    void instancesAreListedByWhatAQuerySelects(String filter, int instances) {
        String third = world.instance(1024, "default", request -> request.versionInfo(
                info -> info.agentVersion("1.81.1")).attributes(List.of()));
        world.definition("web");
        world.running(world.runTask(request -> { }).tasks().getFirst().taskArn());
        put(of(third, "stack", "prod"));
        List<String> found = ListContainerInstances.read(world.image(),
                ListContainerInstancesRequest.builder().filter(filter).build(), World.SCOPE).containerInstanceArns();
        assertThat(found).hasSize(instances);
        assertThat(ListContainerInstances.read(world.image(), ListContainerInstancesRequest.builder().filter(filter)
                .status("DRAINING").build(), World.SCOPE).containerInstanceArns()).isEmpty();
    }

    @Test
    void aBadFilterIsRefused() {
        assertThatThrownBy(() -> ListContainerInstances.read(world.image(),
                ListContainerInstancesRequest.builder().filter("stack = prod").build(), World.SCOPE))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("Invalid filter expression: 'stack' is not a valid subject.");
    }

    private static Attribute.Builder of(String target, String name, String value) {
        return Attribute.builder().targetId(target).name(name).value(value);
    }

    private static Attribute shown(String arn, String name, String value) {
        return of(arn, name, value).build();
    }

    private static String id(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    private List<Attribute> put(Attribute.Builder... attributes) {
        var request = PutAttributesRequest.builder()
                .attributes(Stream.of(attributes).map(Attribute.Builder::build).toList()).build();
        return world.decide((image, scope, context) -> PutAttributes.decide(image, request, scope)).attributes();
    }

    private List<Attribute> delete(Attribute.Builder... attributes) {
        var request = DeleteAttributesRequest.builder()
                .attributes(Stream.of(attributes).map(Attribute.Builder::build).toList()).build();
        return world.decide((image, scope, context) -> DeleteAttributes.decide(image, request, scope)).attributes();
    }

    private ListAttributesResponse list(Consumer<ListAttributesRequest.Builder> change) {
        var request = ListAttributesRequest.builder().targetType(TargetType.CONTAINER_INSTANCE);
        change.accept(request);
        return ListAttributes.read(world.image(), request.build(), World.SCOPE);
    }
}
