package dev.landfall.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.efs.EfsClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.route53.Route53Client;

/** What the SDK's client sends is what the service gets, and what the service answers is what the client returns. */
class RoundTripTest {
    private static final int SEEDS = 6;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Every one takes several seconds to call; these use every form that EC2's shapes have. */
    private static final List<String> EC2_OPERATIONS = List.of(
            "authorizeSecurityGroupIngress", "createNetworkInterface", "createTags", "createVpc", "describeInstances",
            "describeSecurityGroups", "describeSubnets", "describeVpcs", "modifyVpcAttribute", "runInstances",
            "createFleet", "createLaunchTemplate");

    @TestFactory
    List<DynamicTest> awsJson() {
        return tests(EcsClient.class, uri -> Clients.of(EcsClient.builder(), uri), false, List.of());
    }

    @TestFactory
    List<DynamicTest> query() {
        return tests(ElasticLoadBalancingV2Client.class,
                uri -> Clients.of(ElasticLoadBalancingV2Client.builder(), uri), true, List.of());
    }

    @TestFactory
    List<DynamicTest> queryWithCompressionAndMaps() {
        return tests(CloudWatchClient.class, uri -> Clients.of(CloudWatchClient.builder(), uri), true, List.of());
    }

    @TestFactory
    List<DynamicTest> ec2Query() {
        return tests(Ec2Client.class, uri -> Clients.of(Ec2Client.builder(), uri), true, EC2_OPERATIONS);
    }

    @TestFactory
    List<DynamicTest> restJson() {
        // A GET with a body, which the JDK's client that the tests use would turn into a POST.
        return tests(EfsClient.class, uri -> Clients.of(EfsClient.builder(), uri), false, List.of()).stream()
                .filter(test -> !test.getDisplayName().equals("describeAccountPreferences"))
                .toList();
    }

    @TestFactory
    List<DynamicTest> restXml() {
        return tests(Route53Client.class, uri -> Clients.of(Route53Client.builder(), uri), true, List.of());
    }

    private static <C> List<DynamicTest> tests(
            Class<C> type, Function<URI, C> client, boolean xml, List<String> only) {
        return Recorder.operations(type).stream()
                .filter(method -> only.isEmpty() || only.contains(method.getName()))
                .map(method -> DynamicTest.dynamicTest(
                        method.getName(), () -> carriesBothWays(type, Servers.shared(type, client), method, xml)))
                .toList();
    }

    private static <C> void carriesBothWays(Class<C> type, Servers.Served<C> served, Method method, boolean xml)
            throws Throwable {
        for (int seed = 0; seed < SEEDS; seed++) {
            var shapes = new RandomShapes(seed * 31L + method.getName().hashCode(), xml, !xml);
            SdkPojo request = (SdkPojo) shapes.next(method.getParameterTypes()[0]);
            SdkPojo response = (SdkPojo) shapes.next(method.getReturnType());
            served.recorder().answers(ignored -> response);
            SdkPojo returned = Recorder.call(served.client(), method, request);
            assertSame(served.recorder().received(), request, type, seed, xml);
            assertSame(returned, response, type, seed, xml);
        }
        assertThat(served.server().faults()).isZero();
    }

    private static void assertSame(SdkPojo actual, SdkPojo expected, Class<?> type, int seed, boolean xml) {
        JsonNode was = tree(actual);
        JsonNode sent = tree(expected);
        if (xml) {
            // Only JSON tells absent from empty; and some clients put empty lists in themselves.
            dropEmpty(was);
            dropEmpty(sent);
        }
        assertThat(was).as("%s seed %d", type.getSimpleName(), seed).isEqualTo(sent);
    }

    private static JsonNode tree(SdkPojo value) {
        try {
            return JSON.readTree(SdkJson.write(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void dropEmpty(JsonNode node) {
        node.forEach(RoundTripTest::dropEmpty);
        if (node instanceof ObjectNode structure) {
            structure.removeIf(member -> member.isContainerNode() && member.isEmpty());
        }
    }
}
