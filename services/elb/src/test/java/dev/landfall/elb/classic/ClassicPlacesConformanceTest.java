package dev.landfall.elb.classic;

import static dev.landfall.elb.classic.ClassicConformanceTest.instance;
import static dev.landfall.elb.classic.ClassicConformanceTest.made;
import static dev.landfall.elb.classic.ClassicConformanceTest.tag;
import static dev.landfall.elb.classic.ClassicConformanceTest.web;
import static dev.landfall.elb.classic.Row.refuses;
import static dev.landfall.elb.classic.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.elb.Stage;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.elasticloadbalancing.model.ElasticLoadBalancingResponse;
import software.amazon.awssdk.services.elasticloadbalancing.model.TagKeyOnly;

/** Where load balancers stand, what tags they carry, and what is said of those that are gone. */
class ClassicPlacesConformanceTest {
    private static final String CONFIGURATION = "InvalidConfigurationRequest";

    static List<Row> rows() {
        return Stream.of(places(), tags(), gone()).flatMap(List::stream).toList();
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static List<Row> places() {
        String attach = "AttachLoadBalancerToSubnets";
        String detach = "DetachLoadBalancerFromSubnets";
        String apply = "ApplySecurityGroupsToLoadBalancer";
        return List.of(
                works(attach, "answers all subnets", on -> {
                    made(on);
                    var answer = on.classic().attachLoadBalancerToSubnets(it -> it.loadBalancerName("web")
                            .subnets("subnet-2", "subnet-3"));
                    assertThat(web(on).availabilityZones()).hasSize(3);
                    on.classic().attachLoadBalancerToSubnets(it -> it.loadBalancerName("web").subnets("subnet-1"));
                    return answer;
                }, answer -> assertThat(answer.subnets()).containsExactly("subnet-1", "subnet-2", "subnet-3")),
                refuses(attach, "what is no subnet", "InvalidSubnet", "The specified VPC has no associated Internet "
                        + "gateway, or the subnet is not valid: net", on -> {
                            made(on);
                            return on.classic().attachLoadBalancerToSubnets(it -> it.loadBalancerName("web")
                                    .subnets("net"));
                        }),
                refuses(attach, "more subnets than there are zones", CONFIGURATION,
                        "A load balancer cannot be attached to multiple subnets in the same Availability Zone", on -> {
                            made(on);
                            return on.classic().attachLoadBalancerToSubnets(it -> it.loadBalancerName("web")
                                    .subnets(IntStream.range(0, 27).mapToObj(i -> "subnet-" + i).toList()));
                        }),
                works(detach, "answers the subnets that remain", on -> {
                    made(on);
                    return on.classic().detachLoadBalancerFromSubnets(it -> it.loadBalancerName("web")
                            .subnets("subnet-1", "subnet-9"));
                }, answer -> assertThat(answer.subnets()).containsExactly("subnet-2")),
                refuses(detach, "the last one", CONFIGURATION,
                        "A load balancer must be attached to at least one subnet", on -> {
                            made(on);
                            return on.classic().detachLoadBalancerFromSubnets(it -> it.loadBalancerName("web")
                                    .subnets("subnet-1", "subnet-2"));
                        }),
                works(apply, "answers the security groups", on -> {
                    made(on);
                    return on.classic().applySecurityGroupsToLoadBalancer(it -> it.loadBalancerName("web")
                            .securityGroups("sg-1", "sg-1"));
                }, answer -> assertThat(answer.securityGroups()).containsExactly("sg-1")),
                refuses(apply, "none", CONFIGURATION, "At least one security group must be specified", on -> {
                    made(on);
                    return on.classic().applySecurityGroupsToLoadBalancer(it -> it.loadBalancerName("web")
                            .securityGroups(List.of()));
                }),
                refuses(apply, "what is no security group", "InvalidSecurityGroup",
                        "One or more of the specified security groups do not exist: group", on -> {
                            made(on);
                            return on.classic().applySecurityGroupsToLoadBalancer(it -> it.loadBalancerName("web")
                                    .securityGroups("group"));
                        }));
    }

    private static List<Row> tags() {
        return List.of(
                works("AddTags", "adds tags, and replaces those of the same key", on -> {
                    made(on);
                    on.classic().addTags(it -> it.loadBalancerNames("web").tags(tag("a", "1")));
                    return on.classic().addTags(it -> it.loadBalancerNames("web").tags(tag("a", "2")));
                }, answer -> { }),
                works("DescribeTags", "describes them", on -> {
                    made(on);
                    on.classic().addTags(it -> it.loadBalancerNames("web").tags(tag("a", "1"), tag("b", null)));
                    on.classic().addTags(it -> it.loadBalancerNames("web").tags(tag("a", "2")));
                    return on.classic().describeTags(it -> it.loadBalancerNames("web"));
                }, answer -> assertThat(answer.tagDescriptions().getFirst().tags())
                        .containsExactly(tag("a", "2"), tag("b", ""))),
                works("RemoveTags", "takes them by their keys", on -> {
                    made(on);
                    on.classic().addTags(it -> it.loadBalancerNames("web").tags(tag("a", "1"), tag("b", "2")));
                    on.classic().removeTags(it -> it.loadBalancerNames("web")
                            .tags(TagKeyOnly.builder().key("a").build()));
                    assertThat(on.classic().describeTags(it -> it.loadBalancerNames("web")).tagDescriptions()
                            .getFirst().tags()).containsExactly(tag("b", "2"));
                    return on.classic().removeTags(it -> it.loadBalancerNames("web")
                            .tags(TagKeyOnly.builder().key("a").build()));
                }, answer -> { }),
                refuses("AddTags", "an 11th tag", "TooManyTags",
                        "The quota for the number of tags that can be assigned to a load balancer has been reached.",
                        on -> {
                            made(on);
                            on.classic().addTags(it -> it.loadBalancerNames("web").tags(IntStream.range(0, 10)
                                    .mapToObj(i -> tag("k" + i, "")).toList()));
                            return on.classic().addTags(it -> it.loadBalancerNames("web").tags(tag("k", "")));
                        }),
                refuses("AddTags", "a key twice", "DuplicateTagKeys", "A tag key was specified more than once.", on -> {
                    made(on);
                    return on.classic().addTags(it -> it.loadBalancerNames("web").tags(tag("a", "1"), tag("a", "2")));
                }),
                refuses("AddTags", "two load balancers", "ValidationError",
                        "Exactly one load balancer name must be specified",
                        on -> on.classic().addTags(it -> it.loadBalancerNames("a", "b").tags(tag("a", "1")))));
    }

    private static Row gone(String action, Stage.Act<? extends ElasticLoadBalancingResponse> when) {
        return refuses(action, "one that is gone", "LoadBalancerNotFound",
                "There is no ACTIVE Load Balancer named 'gone'", when);
    }

    private static List<Row> gone() {
        return List.of(
                gone("DescribeLoadBalancers", on -> on.classic().describeLoadBalancers(it ->
                        it.loadBalancerNames("gone"))),
                gone("CreateLoadBalancerListeners", on -> on.classic().createLoadBalancerListeners(it ->
                        it.loadBalancerName("gone").listeners(ClassicConformanceTest.listener("HTTP", 80, 80)))),
                gone("DeleteLoadBalancerListeners", on -> on.classic().deleteLoadBalancerListeners(it ->
                        it.loadBalancerName("gone").loadBalancerPorts(80))),
                gone("SetLoadBalancerListenerSSLCertificate", on -> on.classic()
                        .setLoadBalancerListenerSSLCertificate(it -> it.loadBalancerName("gone").loadBalancerPort(80)
                                .sslCertificateId(Stage.CERTIFICATE + "a"))),
                gone("RegisterInstancesWithLoadBalancer", on -> on.classic().registerInstancesWithLoadBalancer(it ->
                        it.loadBalancerName("gone").instances(instance("i-1")))),
                gone("DeregisterInstancesFromLoadBalancer", on -> on.classic()
                        .deregisterInstancesFromLoadBalancer(it -> it.loadBalancerName("gone")
                                .instances(instance("i-1")))),
                gone("DescribeInstanceHealth", on -> on.classic().describeInstanceHealth(it ->
                        it.loadBalancerName("gone"))),
                gone("ConfigureHealthCheck", on -> on.classic().configureHealthCheck(request -> request
                        .loadBalancerName("gone").healthCheck(it -> it.target("TCP:80").interval(10).timeout(5)
                                .healthyThreshold(2).unhealthyThreshold(2)))),
                gone("DescribeLoadBalancerAttributes", on -> on.classic().describeLoadBalancerAttributes(it ->
                        it.loadBalancerName("gone"))),
                gone("ModifyLoadBalancerAttributes", on -> on.classic().modifyLoadBalancerAttributes(request ->
                        request.loadBalancerName("gone").loadBalancerAttributes(it -> it
                                .connectionSettings(each -> each.idleTimeout(5))))),
                gone("CreateAppCookieStickinessPolicy", on -> on.classic().createAppCookieStickinessPolicy(it ->
                        it.loadBalancerName("gone").policyName("p").cookieName("c"))),
                gone("CreateLBCookieStickinessPolicy", on -> on.classic().createLBCookieStickinessPolicy(it ->
                        it.loadBalancerName("gone").policyName("p"))),
                gone("SetLoadBalancerPoliciesOfListener", on -> on.classic().setLoadBalancerPoliciesOfListener(it ->
                        it.loadBalancerName("gone").loadBalancerPort(80).policyNames(List.of()))),
                gone("DeleteLoadBalancerPolicy", on -> on.classic().deleteLoadBalancerPolicy(it ->
                        it.loadBalancerName("gone").policyName("p"))),
                gone("DescribeLoadBalancerPolicies", on -> on.classic().describeLoadBalancerPolicies(it ->
                        it.loadBalancerName("gone"))),
                gone("ApplySecurityGroupsToLoadBalancer", on -> on.classic().applySecurityGroupsToLoadBalancer(it ->
                        it.loadBalancerName("gone").securityGroups("sg-1"))),
                gone("AttachLoadBalancerToSubnets", on -> on.classic().attachLoadBalancerToSubnets(it ->
                        it.loadBalancerName("gone").subnets("subnet-1"))),
                gone("DetachLoadBalancerFromSubnets", on -> on.classic().detachLoadBalancerFromSubnets(it ->
                        it.loadBalancerName("gone").subnets("subnet-1"))),
                gone("AddTags", on -> on.classic().addTags(it -> it.loadBalancerNames("gone").tags(tag("a", "")))),
                gone("RemoveTags", on -> on.classic().removeTags(it -> it.loadBalancerNames("gone")
                        .tags(TagKeyOnly.builder().key("a").build()))),
                gone("DescribeTags", on -> on.classic().describeTags(it -> it.loadBalancerNames("gone"))));
    }
}
