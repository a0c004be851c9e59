package dev.landfall.elb.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Images;
import dev.landfall.elb.Stage;
import dev.landfall.elb.edge.SnapshotCheck;
import dev.landfall.state.Image;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/**
 * Every member of every request, one after the other, with what nobody should send: the answer is valid, or an error
 * that the action declares and that leaves the state as it was. Whatever was taken, data planes can be told.
 */
class HostileMembersTest {
    /** Over HTTP one of so many is sent: wire reads them all alike. */
    private static final int SENT_OF = 40;

    private static final Mutations MUTATIONS = new Mutations(List.of("arn:aws:elasticloadbalancing",
            Stage.ARN, Stage.ARN + "loadbalancer/app/web", Stage.ARN + "loadbalancer/app/web/0123456789abcdef",
            Stage.ARN + "loadbalancer/net/web/0123456789abcdef/x", Stage.ARN + "targetgroup/a/0123456789abcdef",
            Stage.ARN + "targetgroup//0123456789abcdef", Stage.ARN + "listener/app/web/0123456789abcdef/",
            Stage.ARN + "listener-rule/app/web/0123456789abcdef/0123456789abcdef/0123456789abcdef",
            Stage.ARN + "truststore/a/0123456789abcdef",
            "arn:aws:elasticloadbalancing:us-east-1:999999999999:targetgroup/a/0123456789abcdef"));

    private record Furnished(String alb, String group, String listener, String https, String rule) {}

    static Stream<Arguments> operations() {
        return CompletenessTest.operations().sorted(Comparator.comparing(Method::getName))
                .map(method -> Arguments.argumentSet(method.getName(), method));
    }

    /** The same wherever it is played, as ids are counted. */
    private static Furnished furnished(Stage on) {
        String alb = on.alb();
        String group = on.group();
        String listener = on.listener(alb, 80, group);
        String rule = on.rule(listener, 5, "/x");
        String https = on.elb().createListener(request -> request.loadBalancerArn(alb).port(443).protocol("HTTPS")
                .certificates(Stage.certificate("a")).defaultActions(Stage.forward(group))).listeners().getFirst()
                .listenerArn();
        on.register(group, "10.0.0.1", "10.0.0.2");
        on.elb().addTags(request -> request.resourceArns(alb).tags(tag()));
        return new Furnished(alb, group, listener, https, rule);
    }

    private static Tag tag() {
        return Tag.builder().key("k").value("v").build();
    }

    /** A request to each action that is answered. */
    private static SortedMap<String, SdkPojo> good(Furnished at) {
        var good = new TreeMap<String, SdkPojo>();
        good.putAll(Map.ofEntries(
                Map.entry("createLoadBalancer", CreateLoadBalancerRequest.builder().name("new")
                        .subnets("subnet-1", "subnet-2").securityGroups("sg-1").scheme("internal").ipAddressType("ipv4")
                        .type("application").tags(tag()).build()),
                Map.entry("describeLoadBalancers", DescribeLoadBalancersRequest.builder().names("web").pageSize(5)
                        .build()),
                Map.entry("deleteLoadBalancer", DeleteLoadBalancerRequest.builder().loadBalancerArn(at.alb).build()),
                Map.entry("setSecurityGroups", SetSecurityGroupsRequest.builder().loadBalancerArn(at.alb)
                        .securityGroups("sg-2").build()),
                Map.entry("setSubnets", SetSubnetsRequest.builder().loadBalancerArn(at.alb)
                        .subnets("subnet-3", "subnet-4").build()),
                Map.entry("setIpAddressType", SetIpAddressTypeRequest.builder().loadBalancerArn(at.alb)
                        .ipAddressType("dualstack").build()),
                Map.entry("describeLoadBalancerAttributes", DescribeLoadBalancerAttributesRequest.builder()
                        .loadBalancerArn(at.alb).build()),
                Map.entry("modifyLoadBalancerAttributes", ModifyLoadBalancerAttributesRequest.builder()
                        .loadBalancerArn(at.alb)
                        .attributes(Stage.balancerAttribute("idle_timeout.timeout_seconds", "61")).build()),
                Map.entry("describeCapacityReservation", DescribeCapacityReservationRequest.builder()
                        .loadBalancerArn(at.alb).build()),
                Map.entry("modifyCapacityReservation", ModifyCapacityReservationRequest.builder()
                        .loadBalancerArn(at.alb).minimumLoadBalancerCapacity(it -> it.capacityUnits(100)).build()),
                Map.entry("describeTags", DescribeTagsRequest.builder().resourceArns(at.alb).build()),
                Map.entry("addTags", AddTagsRequest.builder().resourceArns(at.group).tags(tag()).build()),
                Map.entry("removeTags", RemoveTagsRequest.builder().resourceArns(at.alb).tagKeys("k").build()),
                Map.entry("describeAccountLimits", DescribeAccountLimitsRequest.builder().pageSize(5).build())));
        listenersAndRules(at, good);
        targets(at, good);
        return good;
    }

    private static void listenersAndRules(Furnished at, SortedMap<String, SdkPojo> good) {
        var oidc = Action.builder().type("authenticate-oidc").order(1).authenticateOidcConfig(it -> it
                .issuer("https://i.example.com").authorizationEndpoint("https://i.example.com/a")
                .tokenEndpoint("https://i.example.com/t").userInfoEndpoint("https://i.example.com/u").clientId("c")
                .clientSecret("s")).build();
        var forward = Action.builder().type("forward").order(2).forwardConfig(it -> it.targetGroups(
                TargetGroupTuple.builder().targetGroupArn(at.group).weight(1).build())).build();
        good.putAll(Map.ofEntries(
                Map.entry("createListener", CreateListenerRequest.builder().loadBalancerArn(at.alb).port(8443)
                        .protocol("HTTPS").sslPolicy("ELBSecurityPolicy-2016-08").certificates(Stage.certificate("a"))
                        .defaultActions(forward, oidc).tags(tag()).build()),
                Map.entry("describeListeners", DescribeListenersRequest.builder().loadBalancerArn(at.alb).build()),
                Map.entry("modifyListener", ModifyListenerRequest.builder().listenerArn(at.https).port(444)
                        .defaultActions(Action.builder().type("redirect").redirectConfig(it -> it.port("443")
                                .statusCode("HTTP_301")).build()).build()),
                Map.entry("deleteListener", DeleteListenerRequest.builder().listenerArn(at.listener).build()),
                Map.entry("describeListenerAttributes", DescribeListenerAttributesRequest.builder()
                        .listenerArn(at.listener).build()),
                Map.entry("modifyListenerAttributes", ModifyListenerAttributesRequest.builder().listenerArn(at.listener)
                        .attributes(ListenerAttribute.builder().key("routing.http.response.server.enabled")
                                .value("false")
                                .build()).build()),
                Map.entry("addListenerCertificates", AddListenerCertificatesRequest.builder().listenerArn(at.https)
                        .certificates(Stage.certificate("b")).build()),
                Map.entry("removeListenerCertificates", RemoveListenerCertificatesRequest.builder()
                        .listenerArn(at.https)
                        .certificates(Stage.certificate("b")).build()),
                Map.entry("describeListenerCertificates", DescribeListenerCertificatesRequest.builder()
                        .listenerArn(at.https).build()),
                Map.entry("describeSSLPolicies", DescribeSslPoliciesRequest.builder()
                        .names("ELBSecurityPolicy-2016-08").loadBalancerType("network").build()),
                Map.entry("createRule", CreateRuleRequest.builder().listenerArn(at.listener).priority(7)
                        .conditions(Stage.path("/a")).actions(Stage.fixed("404")).tags(tag())
                        .transforms(RuleTransform.builder().type("url-rewrite").urlRewriteConfig(it -> it.rewrites(
                                RewriteConfig.builder().regex("^/a(.*)").replace("$1").build())).build()).build()),
                Map.entry("describeRules", DescribeRulesRequest.builder().listenerArn(at.listener).build()),
                Map.entry("modifyRule", ModifyRuleRequest.builder().ruleArn(at.rule).actions(forward)
                        .conditions(RuleCondition.builder().field("http-header").httpHeaderConfig(it -> it
                                .httpHeaderName("X-A").values("b*")).build()).build()),
                Map.entry("deleteRule", DeleteRuleRequest.builder().ruleArn(at.rule).build()),
                Map.entry("setRulePriorities", SetRulePrioritiesRequest.builder().rulePriorities(RulePriorityPair
                        .builder()
                        .ruleArn(at.rule).priority(9).build()).build())));
    }

    private static void targets(Furnished at, SortedMap<String, SdkPojo> good) {
        good.putAll(Map.ofEntries(
                Map.entry("createTargetGroup", CreateTargetGroupRequest.builder().name("new").protocol("HTTP").port(80)
                        .vpcId("vpc-1").targetType("ip").healthCheckProtocol("HTTP").healthCheckPath("/h")
                        .healthCheckPort("81").matcher(it -> it.httpCode("200-299")).tags(tag()).build()),
                Map.entry("describeTargetGroups", DescribeTargetGroupsRequest.builder().names("targets").build()),
                Map.entry("modifyTargetGroup", ModifyTargetGroupRequest.builder().targetGroupArn(at.group)
                        .healthCheckPath("/up").build()),
                Map.entry("deleteTargetGroup", DeleteTargetGroupRequest.builder()
                        .targetGroupArn(Stage.ARN + "targetgroup/gone/0123456789abcdef").build()),
                Map.entry("describeTargetGroupAttributes", DescribeTargetGroupAttributesRequest.builder()
                        .targetGroupArn(at.group).build()),
                Map.entry("modifyTargetGroupAttributes", ModifyTargetGroupAttributesRequest.builder()
                        .targetGroupArn(at.group).attributes(TargetGroupAttribute.builder().key("stickiness.enabled")
                                .value("true").build()).build()),
                Map.entry("registerTargets", RegisterTargetsRequest.builder().targetGroupArn(at.group)
                        .targets(Stage.target("10.0.0.3", 8080)).build()),
                Map.entry("deregisterTargets", DeregisterTargetsRequest.builder().targetGroupArn(at.group)
                        .targets(Stage.target("10.0.0.1")).build()),
                Map.entry("describeTargetHealth", DescribeTargetHealthRequest.builder().targetGroupArn(at.group)
                        .targets(Stage.target("10.0.0.1")).build())));
    }

    private static void call(Method operation, ElasticLoadBalancingV2Client elb, SdkPojo request) {
        try {
            ElasticLoadBalancingV2Client.class.getMethod(operation.getName(), operation.getParameterTypes())
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

    private static List<Variant> variants(Method operation) throws Exception {
        return Stage.play(Stage.Way.IN_PROCESS, on ->
                MUTATIONS.of(good(furnished(on)).get(operation.getName())));
    }

    @Test
    void everyGoodRequestIsAnswered() throws Exception {
        for (Method operation : CompletenessTest.operations().toList()) {
            Stage.play(Stage.Way.IN_PROCESS, on -> {
                call(operation, on.elb(), good(furnished(on)).get(operation.getName()));
                return on;
            });
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void isAnsweredOrRefusedAsDeclared(Method operation) throws Exception {
        List<Variant> variants = variants(operation);
        int next = 0;
        while (next < variants.size()) {
            int from = next;
            next = Stage.play(Stage.Way.IN_PROCESS, on -> {
                furnished(on);
                return playOn(on, operation, variants, from);
            });
        }
    }

    /** Plays variants until one changes something; the number of the next is answered. */
    private static int playOn(Stage on, Method operation, List<Variant> variants, int from) {
        for (int i = from; i < variants.size(); i++) {
            Image before = on.image();
            check(operation, variants.get(i), on);
            if (!Images.changed(before, on.image()).isEmpty()) {
                SnapshotCheck.of(on.image());
                assertThat(on.image().size(ElbTables.LOAD_BALANCERS)).isLessThan(3);
                return i + 1;
            }
        }
        return variants.size();
    }

    private static void check(Method operation, Variant variant, Stage on) {
        String name = Character.toUpperCase(operation.getName().charAt(0)) + operation.getName().substring(1);
        try {
            call(operation, on.elb(), variant.request());
        } catch (ElasticLoadBalancingV2Exception refusal) {
            String code = refusal.awsErrorDetails().errorCode();
            assertThat(refusal.statusCode()).isEqualTo(400);
            assertThat(code.equals("ValidationError") || CompletenessTest.modelled().contains(name + ' ' + code))
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
        List<Variant> variants = variants(operation);
        Stage.play(Stage.Way.OVER_HTTP, on -> {
            furnished(on);
            for (int i = 0; i < variants.size(); i += SENT_OF) {
                try {
                    call(operation, on.elb(), variants.get(i).request());
                } catch (ElasticLoadBalancingV2Exception refusal) {
                    assertThat(refusal.statusCode()).as(variants.get(i).path()).isEqualTo(400);
                } catch (SdkClientException | NullPointerException | IllegalArgumentException e) {
                    // the client does not send it
                }
            }
            return on;
        });
    }
}
