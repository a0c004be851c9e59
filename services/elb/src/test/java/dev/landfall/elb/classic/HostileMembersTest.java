package dev.landfall.elb.classic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.elb.Images;
import dev.landfall.elb.Stage;
import dev.landfall.elb.edge.SnapshotCheck;
import dev.landfall.testkit.Completeness;
import dev.landfall.testkit.Mutations;
import dev.landfall.testkit.Mutations.Variant;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.elasticloadbalancing.ElasticLoadBalancingClient;
import software.amazon.awssdk.services.elasticloadbalancing.model.*;

/**
 * Every member of every request, one after the other, with what nobody should send: the answer is valid, or an error
 * that the action declares and that leaves the state as it was. Whatever was taken, data planes can be told.
 */
class HostileMembersTest {
    /** Over HTTP one of so many is sent: wire reads them all alike. */
    private static final int SENT_OF = 40;

    private static final Mutations MUTATIONS = new Mutations(List.of("WEB", "web/80", "HTTP", "ssl", "TCP:0",
            "TCP:65536", "HTTP:80", "HTTPS:443/", "SSL:1/", "i-1", "internal", "p", "elb.http.desyncmitigationmode",
            "aws:key", "MXxEZXNjcmliZUxvYWRCYWxhbmNlcnN8", "limits-1"));

    static Stream<Arguments> operations() {
        return Completeness.operations(ClassicElb.class).sorted(Comparator.comparing(Method::getName))
                .map(method -> Arguments.argumentSet(method.getName(), method));
    }

    private static void furnish(Stage on) {
        ClassicConformanceTest.made(on);
        on.classic().createLoadBalancerListeners(it -> it.loadBalancerName("web")
                .listeners(ClassicConformanceTest.https("a")));
        on.classic().registerInstancesWithLoadBalancer(it -> it.loadBalancerName("web")
                .instances(ClassicConformanceTest.instance("i-1"), ClassicConformanceTest.instance("i-2")));
        on.classic().createLBCookieStickinessPolicy(it -> it.loadBalancerName("web").policyName("p"));
        on.classic().addTags(it -> it.loadBalancerNames("web").tags(ClassicConformanceTest.tag("k", "v")));
        on.classic().modifyLoadBalancerAttributes(request -> request.loadBalancerName("web")
                .loadBalancerAttributes(it -> it.connectionDraining(each -> each.enabled(true))));
    }

    /** A request to each action that is answered. */
    private static SortedMap<String, SdkPojo> good() {
        Listener listener = ClassicConformanceTest.https("b").toBuilder().loadBalancerPort(8_443).build();
        Tag tag = ClassicConformanceTest.tag("k", "v");
        Instance instance = ClassicConformanceTest.instance("i-2");
        var good = new TreeMap<String, SdkPojo>(Map.ofEntries(
                Map.entry("createLoadBalancer", CreateLoadBalancerRequest.builder().loadBalancerName("new")
                        .listeners(listener).subnets("subnet-1").securityGroups("sg-1").scheme("internal").tags(tag)
                        .build()),
                Map.entry("describeLoadBalancers", DescribeLoadBalancersRequest.builder().loadBalancerNames("web")
                        .pageSize(2).build()),
                Map.entry("deleteLoadBalancer", DeleteLoadBalancerRequest.builder().loadBalancerName("web").build()),
                Map.entry("applySecurityGroupsToLoadBalancer", ApplySecurityGroupsToLoadBalancerRequest.builder()
                        .loadBalancerName("web").securityGroups("sg-2").build()),
                Map.entry("attachLoadBalancerToSubnets", AttachLoadBalancerToSubnetsRequest.builder()
                        .loadBalancerName("web").subnets("subnet-3").build()),
                Map.entry("detachLoadBalancerFromSubnets", DetachLoadBalancerFromSubnetsRequest.builder()
                        .loadBalancerName("web").subnets("subnet-1").build()),
                Map.entry("describeLoadBalancerAttributes", DescribeLoadBalancerAttributesRequest.builder()
                        .loadBalancerName("web").build()),
                Map.entry("modifyLoadBalancerAttributes", ModifyLoadBalancerAttributesRequest.builder()
                        .loadBalancerName("web").loadBalancerAttributes(it -> it
                                .connectionSettings(each -> each.idleTimeout(5))
                                .crossZoneLoadBalancing(each -> each.enabled(true))
                                .connectionDraining(each -> each.enabled(true).timeout(5))
                                .accessLog(each -> each.enabled(true).s3BucketName("b").emitInterval(5))
                                .additionalAttributes(AdditionalAttribute.builder().key(Attributes.DESYNC)
                                        .value("monitor").build())).build()),
                Map.entry("describeAccountLimits", DescribeAccountLimitsRequest.builder().pageSize(2).build()),
                Map.entry("describeTags", DescribeTagsRequest.builder().loadBalancerNames("web").build()),
                Map.entry("addTags", AddTagsRequest.builder().loadBalancerNames("web").tags(tag).build()),
                Map.entry("removeTags", RemoveTagsRequest.builder().loadBalancerNames("web")
                        .tags(TagKeyOnly.builder().key("k").build()).build())));
        good.putAll(Map.ofEntries(
                Map.entry("createLoadBalancerListeners", CreateLoadBalancerListenersRequest.builder()
                        .loadBalancerName("web").listeners(listener).build()),
                Map.entry("deleteLoadBalancerListeners", DeleteLoadBalancerListenersRequest.builder()
                        .loadBalancerName("web").loadBalancerPorts(80).build()),
                Map.entry("setLoadBalancerListenerSSLCertificate", SetLoadBalancerListenerSslCertificateRequest
                        .builder().loadBalancerName("web").loadBalancerPort(443)
                        .sslCertificateId(Stage.CERTIFICATE + "b").build()),
                Map.entry("registerInstancesWithLoadBalancer", RegisterInstancesWithLoadBalancerRequest.builder()
                        .loadBalancerName("web").instances(instance).build()),
                Map.entry("deregisterInstancesFromLoadBalancer", DeregisterInstancesFromLoadBalancerRequest.builder()
                        .loadBalancerName("web").instances(instance).build()),
                Map.entry("describeInstanceHealth", DescribeInstanceHealthRequest.builder().loadBalancerName("web")
                        .instances(instance).build()),
                Map.entry("configureHealthCheck", ConfigureHealthCheckRequest.builder().loadBalancerName("web")
                        .healthCheck(it -> it.target("HTTP:80/").interval(10).timeout(5).healthyThreshold(2)
                                .unhealthyThreshold(2)).build()),
                Map.entry("createAppCookieStickinessPolicy", CreateAppCookieStickinessPolicyRequest.builder()
                        .loadBalancerName("web").policyName("new").cookieName("session").build()),
                Map.entry("createLBCookieStickinessPolicy", CreateLbCookieStickinessPolicyRequest.builder()
                        .loadBalancerName("web").policyName("new").cookieExpirationPeriod(60L).build()),
                Map.entry("setLoadBalancerPoliciesOfListener", SetLoadBalancerPoliciesOfListenerRequest.builder()
                        .loadBalancerName("web").loadBalancerPort(80).policyNames("p").build()),
                Map.entry("deleteLoadBalancerPolicy", DeleteLoadBalancerPolicyRequest.builder()
                        .loadBalancerName("web").policyName("p").build()),
                Map.entry("describeLoadBalancerPolicies", DescribeLoadBalancerPoliciesRequest.builder()
                        .loadBalancerName("web").policyNames("p").build())));
        return good;
    }

    private static void call(Method operation, ElasticLoadBalancingClient elb, SdkPojo request) {
        try {
            ElasticLoadBalancingClient.class.getMethod(operation.getName(), operation.getParameterTypes())
                    .invoke(elb, request);
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case RuntimeException wrong -> throw wrong;
                case Error wrong -> throw wrong;
                default -> throw new IllegalStateException(e);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void isAnsweredOrRefusedAsDeclared(Method operation) throws Exception {
        List<Variant> variants = MUTATIONS.of(good().get(operation.getName()));
        int next = 0;
        while (next < variants.size()) {
            int from = next;
            next = Stage.play(Stage.Way.IN_PROCESS, on -> {
                furnish(on);
                int i = from;
                var before = on.image();
                while (i < variants.size() && Images.changed(before, on.image()).isEmpty()) {
                    check(operation, variants.get(i++), on);
                }
                SnapshotCheck.of(on.image());
                return i;
            });
        }
    }

    private static void check(Method operation, Variant variant, Stage on) {
        String name = Completeness.name(operation);
        try {
            call(operation, on.classic(), variant.request());
        } catch (ElasticLoadBalancingException refusal) {
            String code = refusal.awsErrorDetails().errorCode();
            assertThat(refusal.statusCode()).isEqualTo(400);
            assertThat(ClassicConformanceTest.SUITE.declares(name, code))
                    .as("%s %s = %s: %s", name, variant.path(), variant.what(), refusal).isTrue();
            assertThat(refusal.awsErrorDetails().errorMessage()).isNotBlank().hasSizeLessThan(5_000);
        } catch (RuntimeException | Error fault) {
            throw new AssertionError(variant.path() + " = " + variant.what() + ": " + fault, fault);
        }
    }

    /** The stage's end fails if the server counted a fault of its own. */
    @ParameterizedTest
    @MethodSource("operations")
    void isReadOverHttp(Method operation) throws Exception {
        List<Variant> variants = MUTATIONS.of(good().get(operation.getName()));
        Stage.play(Stage.Way.OVER_HTTP, on -> {
            furnish(on);
            for (int i = 0; i < variants.size(); i += SENT_OF) {
                try {
                    call(operation, on.classic(), variants.get(i).request());
                } catch (ElasticLoadBalancingException refusal) {
                    assertThat(refusal.statusCode()).as(variants.get(i).path()).isEqualTo(400);
                } catch (SdkClientException | NullPointerException | IllegalArgumentException e) {
                    // the client does not send it
                }
            }
            return on;
        });
    }
}
