package dev.landfall.elb.conformance;

import static dev.landfall.elb.conformance.Row.refuses;
import static dev.landfall.elb.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.elb.Stage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Limit;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ListenerAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;

/** Attributes, tags and quotas. */
class AttributeConformanceTest {
    private static final String VALIDATION = "ValidationError";
    private static final String CONFIGURATION = "InvalidConfigurationRequest";
    private static final String NO_BALANCER = Stage.ARN + "loadbalancer/app/gone/0123456789abcdef";
    private static final String NO_LISTENER = Stage.ARN + "listener/app/gone/0123456789abcdef/0123456789abcdef";
    private static final String NO_RULE =
            Stage.ARN + "listener-rule/app/gone/0123456789abcdef/0123456789abcdef/0123456789abcdef";
    private static final String NO_GROUP = Stage.ARN + "targetgroup/gone/0123456789abcdef";

    static List<Row> rows() {
        return Stream.of(loadBalancers(), groups(), groupRefusals(), listeners(), tags(), tagRefusals(), limits())
                .flatMap(List::stream).toList();
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static List<Row> loadBalancers() {
        String describe = "DescribeLoadBalancerAttributes";
        String modify = "ModifyLoadBalancerAttributes";
        return List.of(
                works(describe, "shows AWS's defaults of an ALB", on -> {
                    String balancer = on.alb();
                    return on.elb().describeLoadBalancerAttributes(request -> request.loadBalancerArn(balancer));
                }, answer -> assertThat(answer.attributes()).hasSize(23).contains(
                        Stage.balancerAttribute("deletion_protection.enabled", "false"),
                        Stage.balancerAttribute("load_balancing.cross_zone.enabled", "true"),
                        Stage.balancerAttribute("idle_timeout.timeout_seconds", "60"),
                        Stage.balancerAttribute("client_keep_alive.seconds", "3600"),
                        Stage.balancerAttribute("routing.http2.enabled", "true"),
                        Stage.balancerAttribute("routing.http.xff_header_processing.mode", "append"),
                        Stage.balancerAttribute("routing.http.desync_mitigation_mode", "defensive"))),
                works(describe, "shows AWS's defaults of an NLB", on -> {
                    String balancer = on.nlb();
                    return on.elb().describeLoadBalancerAttributes(request -> request.loadBalancerArn(balancer));
                }, answer -> assertThat(answer.attributes()).hasSize(9).contains(
                        Stage.balancerAttribute("load_balancing.cross_zone.enabled", "false"),
                        Stage.balancerAttribute("dns_record.client_routing_policy", "any_availability_zone"))),
                refuses(describe, "a load balancer that is gone", "LoadBalancerNotFound", "Load balancer '"
                        + NO_BALANCER + "' not found", on -> on.elb().describeLoadBalancerAttributes(request ->
                                request.loadBalancerArn(NO_BALANCER))),
                works(modify, "sets some, and leaves the others", on -> {
                    String balancer = on.alb();
                    on.elb().modifyLoadBalancerAttributes(request -> request.loadBalancerArn(balancer).attributes(
                            Stage.balancerAttribute("idle_timeout.timeout_seconds", "4000")));
                    return on.elb().modifyLoadBalancerAttributes(request -> request.loadBalancerArn(balancer)
                            .attributes(Stage.balancerAttribute("routing.http2.enabled", "false")));
                }, answer -> assertThat(answer.attributes()).contains(
                        Stage.balancerAttribute("idle_timeout.timeout_seconds", "4000"),
                        Stage.balancerAttribute("routing.http2.enabled", "false"))),
                balancerRefused("a key that there is not", VALIDATION,
                        "Load balancer attribute key 'x' is not recognized", "x", "1"),
                balancerRefused("a number out of range", VALIDATION, "'idle_timeout.timeout_seconds' value '4001' "
                        + "must be between '1-4000' inclusive", "idle_timeout.timeout_seconds", "4001"),
                balancerRefused("what is no number", VALIDATION, "'idle_timeout.timeout_seconds' value 'x' must be "
                        + "between '1-4000' inclusive", "idle_timeout.timeout_seconds", "x"),
                balancerRefused("a word that is none of them", VALIDATION, "'routing.http.desync_mitigation_mode' "
                        + "value 'off' must be one of [monitor, defensive, strictest]",
                        "routing.http.desync_mitigation_mode", "off"),
                balancerRefused("logs without a bucket", CONFIGURATION,
                        "The key 'access_logs.s3.bucket' must set in order to enable access "
                                + "logs", "access_logs.s3.enabled", "true"),
                refuses(modify, "one of ALBs for an NLB", CONFIGURATION, "Load balancer attribute key "
                        + "'idle_timeout.timeout_seconds' is not supported on load balancers with type 'network'",
                                on -> {
                            String balancer = on.nlb();
                            return on.elb().modifyLoadBalancerAttributes(request -> request.loadBalancerArn(balancer)
                                    .attributes(Stage.balancerAttribute("idle_timeout.timeout_seconds", "60")));
                        }),
                refuses(modify, "a load balancer that is gone", "LoadBalancerNotFound", "Load balancer '" + NO_BALANCER
                        + "' not found", on -> on.elb().modifyLoadBalancerAttributes(request -> request
                                .loadBalancerArn(NO_BALANCER)
                                .attributes(Stage.balancerAttribute("routing.http2.enabled", "true")))));
    }

    private static Row balancerRefused(String name, String code, String message, String key, String value) {
        return refuses("ModifyLoadBalancerAttributes", name, code, message, on -> {
            String balancer = on.alb();
            return on.elb().modifyLoadBalancerAttributes(request -> request.loadBalancerArn(balancer)
                    .attributes(Stage.balancerAttribute(key, value)));
        });
    }

    private static TargetGroupAttribute groupAttribute(String key, String value) {
        return TargetGroupAttribute.builder().key(key).value(value).build();
    }

    private static List<Row> groups() {
        String describe = "DescribeTargetGroupAttributes";
        String modify = "ModifyTargetGroupAttributes";
        return List.of(
                works(describe, "shows AWS's defaults of HTTP groups", on -> {
                    String group = on.group();
                    return on.elb().describeTargetGroupAttributes(request -> request.targetGroupArn(group));
                }, answer -> assertThat(answer.attributes()).hasSize(14).contains(
                        groupAttribute("deregistration_delay.timeout_seconds", "300"),
                        groupAttribute("stickiness.type", "lb_cookie"),
                        groupAttribute("stickiness.lb_cookie.duration_seconds", "86400"),
                        groupAttribute("slow_start.duration_seconds", "0"),
                        groupAttribute("load_balancing.algorithm.type", "round_robin"),
                        groupAttribute("load_balancing.cross_zone.enabled", "use_load_balancer_configuration"),
                        groupAttribute("target_group_health.dns_failover.minimum_healthy_targets.count", "1"))),
                works(describe, "shows AWS's defaults of TCP groups of addresses", on -> {
                    String group = on.tcpGroup();
                    return on.elb().describeTargetGroupAttributes(request -> request.targetGroupArn(group));
                }, answer -> assertThat(answer.attributes()).contains(
                        groupAttribute("stickiness.type", "source_ip"),
                        groupAttribute("preserve_client_ip.enabled", "false"),
                        groupAttribute("proxy_protocol_v2.enabled", "false"),
                        groupAttribute("deregistration_delay.connection_termination.enabled", "false"))),
                works(describe, "shows AWS's defaults of UDP groups", on -> {
                    String group = on.group(request -> request.protocol("UDP"));
                    return on.elb().describeTargetGroupAttributes(request -> request.targetGroupArn(group));
                }, answer -> assertThat(answer.attributes()).contains(
                        groupAttribute("preserve_client_ip.enabled", "true"),
                        groupAttribute("deregistration_delay.connection_termination.enabled", "true"))),
                works(describe, "shows AWS's defaults of TCP groups of instances", on -> {
                    String group = on.group(request -> request.protocol("TCP").targetType("instance"));
                    return on.elb().describeTargetGroupAttributes(request -> request.targetGroupArn(group));
                }, answer -> assertThat(answer.attributes()).contains(
                        groupAttribute("preserve_client_ip.enabled", "true"))),
                refuses(describe, "one that is gone", "TargetGroupNotFound", "Target group '" + NO_GROUP
                        + "' not found", on -> on.elb().describeTargetGroupAttributes(request ->
                                request.targetGroupArn(NO_GROUP))),
                works(modify, "lets targets of TCP see their clients", on -> {
                    String group = on.tcpGroup();
                    return on.elb().modifyTargetGroupAttributes(request -> request.targetGroupArn(group).attributes(
                            groupAttribute("preserve_client_ip.enabled", "true")));
                }, answer -> assertThat(answer.attributes()).contains(
                        groupAttribute("preserve_client_ip.enabled", "true"))),
                works(modify, "sets some together", on -> {
                    String group = on.group();
                    return on.elb().modifyTargetGroupAttributes(request -> request.targetGroupArn(group).attributes(
                            groupAttribute("stickiness.enabled", "true"),
                            groupAttribute("stickiness.type", "app_cookie"),
                            groupAttribute("stickiness.app_cookie.cookie_name", "session"),
                            groupAttribute("deregistration_delay.timeout_seconds", "0")));
                }, answer -> assertThat(answer.attributes()).contains(
                        groupAttribute("stickiness.app_cookie.cookie_name", "session"),
                        groupAttribute("deregistration_delay.timeout_seconds", "0"))));
    }

    private static Row groupRefused(String name, String code, String message, TargetGroupAttribute... attributes) {
        return refuses("ModifyTargetGroupAttributes", name, code, message, on -> {
            String group = on.group();
            return on.elb().modifyTargetGroupAttributes(request -> request.targetGroupArn(group)
                    .attributes(attributes));
        });
    }

    private static List<Row> groupRefusals() {
        return List.of(
                groupRefused("a key that there is not", VALIDATION, "Target group attribute key 'x' is not recognized",
                        groupAttribute("x", "1")),
                groupRefused("a delay out of range", VALIDATION, "'deregistration_delay.timeout_seconds' value "
                        + "'3601' must be between '0-3600' "
                        + "inclusive", groupAttribute("deregistration_delay.timeout_seconds", "3601")),
                groupRefused("one of NLBs", VALIDATION,
                        "Target group attribute key 'proxy_protocol_v2.enabled' is not recognized",
                        groupAttribute("proxy_protocol_v2.enabled", "true")),
                refuses("ModifyTargetGroupAttributes", "UDP without the client's address", VALIDATION,
                        "'preserve_client_ip.enabled' value 'false' must be one of [true]", on -> {
                            String group = on.group(request -> request.protocol("UDP"));
                            return on.elb().modifyTargetGroupAttributes(request -> request.targetGroupArn(group)
                                    .attributes(groupAttribute("preserve_client_ip.enabled", "false")));
                        }),
                groupRefused("stickiness by address", CONFIGURATION, "Stickiness type 'source_ip' is not supported for "
                        + "target groups with the HTTP protocol", groupAttribute("stickiness.type", "source_ip")),
                groupRefused("stickiness by a cookie without a name", CONFIGURATION, "You must set an application "
                        + "cookie name to enable stickiness of type "
                        + "'app_cookie'", groupAttribute("stickiness.enabled", "true"),
                        groupAttribute("stickiness.type", "app_cookie")),
                groupRefused("a key twice", VALIDATION, "Attribute key 'stickiness.enabled' has been specified more "
                        + "than once", groupAttribute("stickiness.enabled", "true"),
                        groupAttribute("stickiness.enabled", "false")),
                groupRefused("slow start with another algorithm", CONFIGURATION, "Slow start can be enabled only if "
                        + "the load balancing algorithm is 'round_robin'", groupAttribute("slow_start.duration_seconds",
                                "30"),
                        groupAttribute("load_balancing.algorithm.type", "least_outstanding_requests")),
                refuses("ModifyTargetGroupAttributes", "one that is gone", "TargetGroupNotFound", "Target group '"
                        + NO_GROUP + "' not found", on -> on.elb().modifyTargetGroupAttributes(request -> request
                                .targetGroupArn(NO_GROUP).attributes(groupAttribute("stickiness.enabled", "true")))));
    }

    private static ListenerAttribute listenerAttribute(String key, String value) {
        return ListenerAttribute.builder().key(key).value(value).build();
    }

    private static List<Row> listeners() {
        String describe = "DescribeListenerAttributes";
        String modify = "ModifyListenerAttributes";
        return List.of(
                works(describe, "shows the timeout of TCP", on -> {
                    String listener = on.tcpListener();
                    return on.elb().describeListenerAttributes(request -> request.listenerArn(listener));
                }, answer -> assertThat(answer.attributes())
                        .containsExactly(listenerAttribute("tcp.idle_timeout.seconds", "350"))),
                works(describe, "shows the headers of HTTP", on -> {
                    String listener = on.listener();
                    return on.elb().describeListenerAttributes(request -> request.listenerArn(listener));
                }, answer -> assertThat(answer.attributes()).hasSize(11)
                        .contains(listenerAttribute("routing.http.response.server.enabled", "true"))),
                refuses(describe, "one that is gone", "ListenerNotFound", "Listener '" + NO_LISTENER + "' not found",
                        on -> on.elb().describeListenerAttributes(request -> request.listenerArn(NO_LISTENER))),
                works(modify, "sets one", on -> {
                    String listener = on.listener();
                    return on.elb().modifyListenerAttributes(request -> request.listenerArn(listener).attributes(
                            listenerAttribute("routing.http.response.x_content_type_options.header_value", "nosniff")));
                }, answer -> assertThat(answer.attributes()).contains(
                        listenerAttribute("routing.http.response.x_content_type_options.header_value", "nosniff"))),
                refuses(modify, "one of another protocol", CONFIGURATION, "Listener attribute key "
                        + "'tcp.idle_timeout.seconds' is not supported on listeners with protocol 'HTTP'", on -> {
                            String listener = on.listener();
                            return on.elb().modifyListenerAttributes(request -> request.listenerArn(listener)
                                    .attributes(listenerAttribute("tcp.idle_timeout.seconds", "60")));
                        }),
                refuses(modify, "one that is gone", "ListenerNotFound", "Listener '" + NO_LISTENER + "' not found",
                        on -> on.elb().modifyListenerAttributes(request -> request.listenerArn(NO_LISTENER)
                                .attributes(listenerAttribute("tcp.idle_timeout.seconds", "60")))));
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private static List<Row> tags() {
        return List.of(
                works("AddTags", "adds to every kind of resource", on -> {
                    String listener = on.listener();
                    String rule = on.rule(listener, 1, "/a");
                    return on.elb().addTags(request -> request.resourceArns(on.alb(), on.group(), listener, rule)
                            .tags(tag("a", "1")));
                }, answer -> { }),
                works("DescribeTags", "shows them in the order of their first giving", on -> {
                    String balancer = on.elb().createLoadBalancer(request -> request.name("web")
                            .subnets("subnet-1", "subnet-2").tags(tag("b", "1"))).loadBalancers().getFirst()
                            .loadBalancerArn();
                    on.elb().addTags(request -> request.resourceArns(balancer).tags(tag("a", "1")));
                    on.elb().addTags(request -> request.resourceArns(balancer).tags(tag("b", "2")));
                    return on.elb().describeTags(request -> request.resourceArns(balancer));
                }, answer -> assertThat(answer.tagDescriptions()).singleElement().satisfies(described ->
                        assertThat(described.tags()).containsExactly(tag("b", "2"), tag("a", "1")))),
                works("RemoveTags", "removes those that are there", on -> {
                    String group = on.group();
                    on.elb().addTags(request -> request.resourceArns(group).tags(tag("a", "1"), tag("b", "1")));
                    var answer = on.elb().removeTags(request -> request.resourceArns(group).tagKeys("a", "x"));
                    assertThat(on.elb().describeTags(request -> request.resourceArns(group)).tagDescriptions()
                            .getFirst()
                            .tags()).containsExactly(tag("b", "1"));
                    return on.elb().removeTags(request -> request.resourceArns(group).tagKeys("x"));
                }, answer -> { }));
    }

    private static List<Row> tagRefusals() {
        var rows = new java.util.ArrayList<Row>(List.of(
                refuses("AddTags", "a key twice", "DuplicateTagKeys", "A tag key was specified more than once.", on -> {
                    String group = on.group();
                    return on.elb().addTags(request -> request.resourceArns(group).tags(tag("a", "1"), tag("a", "2")));
                }),
                refuses("AddTags", "the 51st", "TooManyTags",
                        "You've reached the limit on the number of tags for this resource.", on -> {
                            String group = on.group();
                            on.elb().addTags(request -> request.resourceArns(group).tags(Stream.iterate(0, i -> i + 1)
                                    .limit(50).map(i -> tag("k" + i, "")).toList()));
                            return on.elb().addTags(request -> request.resourceArns(group).tags(tag("a", "1")));
                        }),
                refuses("AddTags", "AWS's own", VALIDATION,
                        "Tag keys that start with 'aws:' are reserved and cannot be used", on -> {
                            String group = on.group();
                            return on.elb().addTags(request -> request.resourceArns(group).tags(tag("aws:a", "1")));
                        })));
        record Gone(String arn, String code, String message) {}
        for (Gone gone : List.of(new Gone(NO_BALANCER, "LoadBalancerNotFound", "Load balancer '"),
                new Gone(NO_GROUP, "TargetGroupNotFound", "Target group '"),
                new Gone(NO_LISTENER, "ListenerNotFound", "Listener '"), new Gone(NO_RULE, "RuleNotFound", "Rule '"))) {
            String message = gone.message + gone.arn + "' not found";
            String name = "what is gone: " + gone.code;
            rows.add(refuses("AddTags", name, gone.code, message, on -> on.elb().addTags(request ->
                    request.resourceArns(gone.arn).tags(tag("a", "1")))));
            rows.add(refuses("RemoveTags", name, gone.code, message, on -> on.elb().removeTags(request ->
                    request.resourceArns(gone.arn).tagKeys("a"))));
            rows.add(refuses("DescribeTags", name, gone.code, message, on -> on.elb().describeTags(request ->
                    request.resourceArns(gone.arn))));
        }
        return rows;
    }

    private static List<Row> limits() {
        return List.of(works("DescribeAccountLimits", "shows the quotas, page by page", on -> {
            String marker = on.elb().describeAccountLimits(request -> request.pageSize(10)).nextMarker();
            return on.elb().describeAccountLimits(request -> request.marker(marker));
        }, answer -> assertThat(answer.limits())
                .contains(Limit.builder().name("target-groups").max("3000").build())
                .doesNotContain(Limit.builder().name("application-load-balancers").max("50").build())));
    }
}
