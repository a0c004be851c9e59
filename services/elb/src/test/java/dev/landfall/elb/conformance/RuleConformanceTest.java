package dev.landfall.elb.conformance;

import static dev.landfall.elb.conformance.Row.refuses;
import static dev.landfall.elb.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.elb.Quotas;
import dev.landfall.elb.Stage;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateRuleResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.QueryStringKeyValuePair;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RewriteConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RulePriorityPair;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleTransform;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;

class RuleConformanceTest {
    private static final String VALIDATION = "ValidationError";
    private static final String NO_LISTENER = Stage.ARN + "listener/app/gone/0123456789abcdef/0123456789abcdef";
    private static final String NO_RULE =
            Stage.ARN + "listener-rule/app/gone/0123456789abcdef/0123456789abcdef/0123456789abcdef";
    private static final String NO_GROUP = Stage.ARN + "targetgroup/gone/0123456789abcdef";
    private static final String LISTENER = "app/web/0000000000000001/0000000000000003";
    private static final String DEFAULT_RULE = Stage.ARN + "listener-rule/" + LISTENER + "/0000000000000004";
    private static final String INCOMPATIBLE = "The specified configuration is not valid with this protocol.";

    static List<Row> rows() {
        return Stream.of(createRule(), conditions(), createRuleRefusals(), createRuleConflicts(), describeRules(),
                modifyRule(), modifyRuleRefusals(), deleteRule(),
                setRulePriorities()).flatMap(List::stream).toList();
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static CreateRuleResponse create(Stage on, Consumer<CreateRuleRequest.Builder> change) {
        String listener = on.listener();
        return on.elb().createRule(request -> {
            request.listenerArn(listener).priority(1).conditions(Stage.path("/a")).actions(Stage.fixed("404"));
            change.accept(request);
        });
    }

    private static Row refused(String name, String code, String message, Consumer<CreateRuleRequest.Builder> change) {
        return refuses("CreateRule", name, code, message, on -> create(on, change));
    }

    private static RuleCondition condition(String field, Consumer<RuleCondition.Builder> fill) {
        var condition = RuleCondition.builder().field(field);
        fill.accept(condition);
        return condition.build();
    }

    private static RuleTransform rewrite(String type, String regex) {
        var rewrite = RewriteConfig.builder().regex(regex).replace("$1").build();
        var transform = RuleTransform.builder().type(type);
        return (type.startsWith("host") ? transform.hostHeaderRewriteConfig(it -> it.rewrites(rewrite))
                : transform.urlRewriteConfig(it -> it.rewrites(rewrite))).build();
    }

    private static List<Row> createRule() {
        String action = "CreateRule";
        return List.of(
                works(action, "shows a path in both places", on -> create(on, request -> { }), answer -> {
                    Rule made = answer.rules().getFirst();
                    assertThat(made.ruleArn()).isEqualTo(Stage.ARN + "listener-rule/" + LISTENER
                            + "/0000000000000005");
                    assertThat(made.priority()).isEqualTo("1");
                    assertThat(made.isDefault()).isFalse();
                    assertThat(made.conditions()).containsExactly(condition("path-pattern", it -> it.values("/a")
                            .pathPatternConfig(config -> config.values("/a"))));
                }),
                works(action, "keeps every kind of condition", on -> create(on, request -> request.conditions(
                        condition("host-header", it -> it.hostHeaderConfig(config -> config.values("*.example.com"))),
                        condition("http-header", it -> it.httpHeaderConfig(config -> config.httpHeaderName("User-Agent")
                                .values("*Mozilla*"))),
                        condition("http-request-method", it -> it.httpRequestMethodConfig(config ->
                                config.values("PURGE"))),
                        condition("query-string", it -> it.queryStringConfig(config -> config.values(
                                QueryStringKeyValuePair.builder().key("v").value("1*").build()))),
                        condition("source-ip", it -> it.sourceIpConfig(config -> config.values("10.0.0.0/8"))))),
                        answer -> assertThat(answer.rules().getFirst().conditions()).extracting(RuleCondition::field)
                                .containsExactly("host-header", "http-header", "http-request-method", "query-string",
                                        "source-ip")),
                works(action, "keeps regular expressions", on -> create(on, request -> request.conditions(
                        condition("path-pattern", it -> it.regexValues("^/v[0-9]+/.*$")))), answer ->
                        assertThat(answer.rules().getFirst().conditions().getFirst().pathPatternConfig().regexValues())
                                .containsExactly("^/v[0-9]+/.*$")),
                works(action, "keeps transforms", on -> create(on, request -> request.transforms(
                        rewrite("host-header-rewrite", "^(.*)$"), rewrite("url-rewrite", "^/api(/.*)$"))), answer ->
                        assertThat(answer.rules().getFirst().transforms()).extracting(RuleTransform::typeAsString)
                                .containsExactly("host-header-rewrite", "url-rewrite")));
    }

    private static List<Row> conditions() {
        return List.of(
                refused("no condition", VALIDATION, "A condition must be specified",
                        request -> request.conditions(List.of())),
                refused("a field that there is not", VALIDATION,
                        "Condition field 'cookie' must be one of 'http-header,http-request-method,host-header,"
                                + "query-string,source-ip,path-pattern'",
                        request -> request.conditions(condition("cookie", it -> it.values("a")))),
                refused("a path with a space", VALIDATION,
                        "Condition value '/a b' contains a character that is not valid",
                        request -> request.conditions(Stage.path("/a b"))),
                refused("a host of 129 characters", VALIDATION,
                        "Condition value for 'host-header' cannot contain more than 128 characters",
                        request -> request.conditions(condition("host-header", it -> it.values("a".repeat(129))))),
                refused("two plain values", VALIDATION, "The 'path-pattern' field contains too many values; the "
                        + "limit is '1'", request -> request.conditions(condition("path-pattern", it -> it.values("/a",
                                "/b")))),
                refused("values in both places", VALIDATION, "You cannot provide both Values and "
                        + "'PathPatternConfig' for "
                        + "a condition of type 'path-pattern'", request -> request.conditions(condition("path-pattern",
                                it -> it.values("/a").pathPatternConfig(config -> config.values("/b"))))),
                refused("no value", VALIDATION, "A condition value must be specified",
                        request -> request.conditions(condition("path-pattern", it -> { }))),
                refused("a header without its configuration", VALIDATION,
                        "A 'HttpHeaderConfig' must be specified with 'http-header'",
                        request -> request.conditions(condition("http-header", it -> { }))),
                refused("a method in small letters", VALIDATION,
                        "Condition value 'get' contains a character that is not valid",
                        request -> request.conditions(
                                condition("http-request-method", it -> it.httpRequestMethodConfig(config ->
                                        config.values("get"))))),
                refused("a query without a value", VALIDATION, "A 'Value' must be specified in "
                        + "'QueryStringKeyValuePair'",
                        request -> request.conditions(condition("query-string", it -> it.queryStringConfig(config ->
                                config.values(QueryStringKeyValuePair.builder().key("a").build()))))),
                refused("an address that is no block", VALIDATION,
                        "The specified value '10.0.0.1' is not a valid CIDR block",
                        request -> request.conditions(condition("source-ip", it -> it.sourceIpConfig(config ->
                                config.values("10.0.0.1"))))),
                refused("plain values of another kind", VALIDATION, "The 'Values' field is not compatible with "
                        + "'source-ip'", request -> request.conditions(condition("source-ip", it -> it
                                .values("10.0.0.0/8")))),
                refused("what is no regular expression", VALIDATION, "The regular expression '(' is not valid",
                        request -> request.conditions(condition("path-pattern", it -> it.regexValues("(")))),
                refused("two hosts", VALIDATION, "A rule can only have one 'host-header' condition", request -> request
                        .conditions(condition("host-header", it -> it.values("a.b")),
                                condition("host-header", it -> it.values("c.d")))),
                refused("six values", VALIDATION, "A rule can only have '5' condition values", request -> request
                        .conditions(condition("path-pattern", it -> it.pathPatternConfig(config ->
                                config.values("/1", "/2", "/3", "/4", "/5", "/6"))))),
                refused("seven wildcards", VALIDATION, "A rule can only have '6' condition wildcards",
                        request -> request.conditions(Stage.path("/*/*/*/*/*/*/*"))));
    }

    private static List<Row> createRuleRefusals() {
        return List.of(
                refused("a listener that is gone", "ListenerNotFound", "Listener '" + NO_LISTENER + "' not found",
                        request -> request.listenerArn(NO_LISTENER)),
                refused("priority 0", VALIDATION, "1 validation error detected: Value '0' at 'priority' failed to "
                        + "satisfy constraint: Member must have value greater than or equal to 1", request -> request
                                .priority(0)),
                refused("a status of 1xx", VALIDATION, "1 validation error detected: Value '100' at 'actions.1.member."
                        + "fixedResponseConfig.statusCode' failed to satisfy constraint: Member must satisfy regular "
                        + "expression pattern: ^(2|4|5)\\d\\d$", request -> request.actions(Stage.fixed("100"))),
                refused("a content type that ALBs do not send", "InvalidLoadBalancerAction", "The ContentType must "
                        + "be one of:'text/html', 'application/json', 'application/javascript', 'text/css', "
                        + "'text/plain'",
                        request -> request.actions(Action.builder().type(ActionTypeEnum.FIXED_RESPONSE)
                                .fixedResponseConfig(it -> it.statusCode("200").contentType("image/png")).build())),
                refused("a target group that is gone", "TargetGroupNotFound", "Target groups '" + NO_GROUP
                        + "' not found", request -> request.actions(Stage.forward(NO_GROUP))),
                refused("six actions", "TooManyActions", "You've reached the limit on the number of actions per rule.",
                        request -> request.actions(Stream.generate(() -> Stage.fixed("200")).limit(6).toList())),
                refused("51 tags", "TooManyTags", "You've reached the limit on the number of tags for this resource.",
                        request -> request.tags(Stream.iterate(0, i -> i + 1).limit(51).map(i -> Tag.builder()
                                .key("k" + i).value("").build()).toList())));
    }

    private static List<Row> createRuleConflicts() {
        String action = "CreateRule";
        return List.of(
                refuses(action, "a priority that is taken", "PriorityInUse", "Priority '1' is currently in use", on -> {
                    create(on, request -> { });
                    return create(on, request -> { });
                }),
                refuses(action, "one more than the quota", "TooManyRules",
                        "You've reached the limit on the number of rules per load balancer.", on -> {
                            String listener = on.listener();
                            for (int i = 0; i < Quotas.RULES_PER_APPLICATION_LOAD_BALANCER; i++) {
                                on.rule(listener, 2 + i, "/a");
                            }
                            return create(on, request -> { });
                        }),
                refuses(action, "it for an NLB", "UnsupportedProtocol", "The specified protocol is not supported.",
                        on -> {
                            String listener = on.tcpListener();
                            return on.elb().createRule(request -> request.listenerArn(listener).priority(1)
                                    .conditions(Stage.path("/a")).actions(Stage.fixed("404")));
                        }),
                refuses(action, "a group of TCP", "IncompatibleProtocols", INCOMPATIBLE, on -> {
                    String group = on.tcpGroup();
                    return create(on, request -> request.actions(Stage.forward(group)));
                }),
                refuses(action, "a gRPC group on HTTP", "InvalidConfigurationRequest", "Listener protocol 'HTTP' is "
                        + "not supported with a target group with the protocol-version 'GRPC'", on -> {
                            String group = on.group(request -> request.name("grpc").protocolVersion("GRPC"));
                            return create(on, request -> request.actions(Stage.forward(group)));
                        }),
                refuses(action, "a group of another load balancer", "TargetGroupAssociationLimit", "The following "
                        + "target groups cannot be associated with more than one load balancer: " + Stage.ARN
                        + "targetgroup/other/0000000000000002", on -> {
                            String group = on.group("other", on.alb("first").loadBalancerArn());
                            return create(on, request -> request.actions(Stage.forward(group)));
                        }),
                refuses(action, "a target 101 times", "TooManyRegistrationsForTargetId", "You've reached the limit "
                        + "on the number of times a target can be registered with a load balancer.", on -> {
                            String group = on.manifold();
                            return create(on, request -> request.actions(Stage.forward(group)));
                        }),
                refuses(action, "101 target groups", "TooManyUniqueTargetGroupsPerLoadBalancer", "You've reached the "
                        + "limit on the number of unique target groups per load balancer across all listeners. If a "
                        + "target group is used by multiple actions for a load balancer, it is counted as only one "
                        + "use.", on -> {
                            on.crowd(on.alb(), Quotas.TARGET_GROUPS_PER_APPLICATION_LOAD_BALANCER - 1);
                            String group = on.group("one-more");
                            return create(on, request -> request.actions(Stage.forward(group)));
                        }),
                refuses(action, "more targets than an ALB may have", "TooManyTargets",
                        "You've reached the limit on the number of targets.", on -> {
                            on.fill(on.group(), 600);
                            String more = on.fill(on.group("more"), 401);
                            return create(on, request -> request.actions(Stage.forward(more)));
                        }));
    }

    private static List<Row> describeRules() {
        String action = "DescribeRules";
        return List.of(
                works(action, "shows those of a listener by priority, the default one last, page by page", on -> {
                    String listener = on.listener();
                    on.rule(listener, 100, "/b");
                    on.rule(listener, 20, "/a");
                    var first = on.elb().describeRules(request -> request.listenerArn(listener).pageSize(2));
                    assertThat(first.rules()).extracting(Rule::priority).containsExactly("20", "100");
                    return on.elb().describeRules(request -> request.listenerArn(listener).pageSize(2)
                            .marker(first.nextMarker()));
                }, answer -> assertThat(answer.rules()).extracting(Rule::priority, Rule::isDefault)
                        .containsExactly(org.assertj.core.groups.Tuple.tuple("default", true))),
                works(action, "shows those that are named", on -> {
                    String rule = on.rule(on.listener(), 1, "/a");
                    return on.elb().describeRules(request -> request.ruleArns(rule));
                }, answer -> assertThat(answer.rules()).extracting(Rule::priority).containsExactly("1")),
                refuses(action, "nothing", VALIDATION, "You must specify either listener rule ARNs or a listener ARN",
                        on -> on.elb().describeRules(request -> { })),
                refuses(action, "both", VALIDATION, "Listener rule ARNs and a listener ARN cannot be specified at the "
                        + "same time", on -> on.elb().describeRules(request -> request.listenerArn(NO_LISTENER)
                                .ruleArns(NO_RULE))),
                refuses(action, "a rule that is gone", "RuleNotFound", "One or more rules not found",
                        on -> on.elb().describeRules(request -> request.ruleArns(NO_RULE))),
                refuses(action, "a listener that is gone", "ListenerNotFound", "One or more listeners not found",
                        on -> on.elb().describeRules(request -> request.listenerArn(NO_LISTENER))));
    }

    private static List<Row> modifyRule() {
        String action = "ModifyRule";
        return List.of(
                works(action, "replaces conditions, and leaves the rest", on -> {
                    String rule = on.rule(on.listener(), 7, "/a");
                    return on.elb().modifyRule(request -> request.ruleArn(rule).conditions(Stage.path("/b")));
                }, answer -> {
                    assertThat(answer.rules().getFirst().conditions().getFirst().values()).containsExactly("/b");
                    assertThat(answer.rules().getFirst().actions()).containsExactly(Stage.fixed("404"));
                    assertThat(answer.rules().getFirst().priority()).isEqualTo("7");
                }),
                works(action, "resets transforms", on -> {
                    String rule = create(on, request -> request.transforms(rewrite("url-rewrite", "(a)"))).rules()
                            .getFirst().ruleArn();
                    return on.elb().modifyRule(request -> request.ruleArn(rule).resetTransforms(true));
                }, answer -> assertThat(answer.rules().getFirst().transforms()).isEmpty()));
    }

    private static List<Row> modifyRuleRefusals() {
        String action = "ModifyRule";
        return List.of(
                modifyRefused("nothing", VALIDATION, "Either conditions or actions must be specified",
                        (on, rule) -> on.elb().modifyRule(request -> request.ruleArn(rule))),
                refuses(action, "the default one", "OperationNotPermitted", "Default rule '" + DEFAULT_RULE
                        + "' cannot be modified", on -> {
                            String rule = on.defaultRule(on.listener());
                            return on.elb().modifyRule(request -> request.ruleArn(rule)
                                    .conditions(Stage.path("/a")));
                        }),
                refuses(action, "one that is gone", "RuleNotFound", "Rule '" + NO_RULE + "' not found", on -> on.elb()
                        .modifyRule(request -> request.ruleArn(NO_RULE).conditions(Stage.path("/a")))),
                modifyRefused("a target group that is gone", "TargetGroupNotFound", "Target groups '" + NO_GROUP
                        + "' not found", (on, rule) -> on.elb().modifyRule(request -> request.ruleArn(rule)
                                .actions(Stage.forward(NO_GROUP)))),
                modifyRefused("a group of TCP", "IncompatibleProtocols", INCOMPATIBLE, (on, rule) -> {
                    String group = on.tcpGroup();
                    return on.elb().modifyRule(request -> request.ruleArn(rule).actions(Stage.forward(group)));
                }),
                modifyRefused("no last action", "InvalidLoadBalancerAction", "The actions must include exactly one of "
                        + "the types 'forward', 'redirect' and 'fixed-response', and it must be the last action to be "
                        + "performed", (on, rule) -> on.elb().modifyRule(request -> request.ruleArn(rule).actions(
                                Action.builder().type(ActionTypeEnum.JWT_VALIDATION).jwtValidationConfig(it -> it
                                        .issuer("me").jwksEndpoint("https://example.com/jwks")).build()))),
                modifyRefused("six actions", "TooManyActions", "You've reached the limit on the number of actions per "
                        + "rule.", (on, rule) -> on.elb().modifyRule(request -> request.ruleArn(rule).actions(
                                Stream.generate(() -> Stage.fixed("200")).limit(6).toList()))),
                modifyRefused("a group of another load balancer", "TargetGroupAssociationLimit", "The following target "
                        + "groups cannot be associated with more than one load balancer: " + Stage.ARN
                        + "targetgroup/other/0000000000000007", (on, rule) -> {
                            String group = on.group("other", on.alb("second").loadBalancerArn());
                            return on.elb().modifyRule(request -> request.ruleArn(rule)
                                    .actions(Stage.forward(group)));
                        }),
                modifyRefused("a target 101 times", "TooManyRegistrationsForTargetId", "You've reached the limit on "
                        + "the number of times a target can be registered with a load balancer.", (on, rule) -> {
                            String group = on.manifold();
                            return on.elb().modifyRule(request -> request.ruleArn(rule)
                                    .actions(Stage.forward(group)));
                        }),
                modifyRefused("101 target groups", "TooManyUniqueTargetGroupsPerLoadBalancer", "You've reached the "
                        + "limit on the number of unique target groups per load balancer across all listeners. If a "
                        + "target group is used by multiple actions for a load balancer, it is counted as only one "
                        + "use.", (on, rule) -> {
                            on.crowd(on.alb(), Quotas.TARGET_GROUPS_PER_APPLICATION_LOAD_BALANCER - 1);
                            String group = on.group("one-more");
                            return on.elb().modifyRule(request -> request.ruleArn(rule)
                                    .actions(Stage.forward(group)));
                        }),
                modifyRefused("more targets than an ALB may have", "TooManyTargets",
                        "You've reached the limit on the number of targets.", (on, rule) -> {
                            on.fill(on.group(), 600);
                            String more = on.fill(on.group("more"), 401);
                            return on.elb().modifyRule(request -> request.ruleArn(rule).actions(Stage.forward(more)));
                        }));
    }

    @FunctionalInterface
    private interface OnRule {
        software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyRuleResponse on(Stage on, String rule);
    }

    private static Row modifyRefused(String name, String code, String message, OnRule act) {
        return refuses("ModifyRule", name, code, message, on -> act.on(on, on.rule(on.listener(), 1, "/a")));
    }

    private static List<Row> deleteRule() {
        return List.of(
                works("DeleteRule", "deletes it", on -> {
                    String listener = on.listener();
                    String rule = on.rule(listener, 1, "/a");
                    var answer = on.elb().deleteRule(request -> request.ruleArn(rule));
                    assertThat(on.image().all(dev.landfall.elb.ElbTables.RULES)).hasSize(1);
                    return answer;
                }, answer -> { }),
                refuses("DeleteRule", "the default one", "OperationNotPermitted", "Default rule '" + DEFAULT_RULE
                        + "' cannot be deleted", on -> {
                            String rule = on.defaultRule(on.listener());
                            return on.elb().deleteRule(request -> request.ruleArn(rule));
                        }),
                refuses("DeleteRule", "one that is gone", "RuleNotFound", "Rule '" + NO_RULE + "' not found",
                        on -> on.elb().deleteRule(request -> request.ruleArn(NO_RULE))));
    }

    private static RulePriorityPair pair(String rule, int priority) {
        return RulePriorityPair.builder().ruleArn(rule).priority(priority).build();
    }

    private static List<Row> setRulePriorities() {
        String action = "SetRulePriorities";
        return List.of(
                works(action, "lets two change places", on -> {
                    String listener = on.listener();
                    String first = on.rule(listener, 1, "/a");
                    String second = on.rule(listener, 2, "/b");
                    var answer = on.elb().setRulePriorities(request -> request.rulePriorities(
                            pair(first, 2), pair(second, 1)));
                    assertThat(on.elb().describeRules(request -> request.listenerArn(listener)).rules())
                            .extracting(Rule::ruleArn).startsWith(second, first);
                    return on.elb().setRulePriorities(request -> request.rulePriorities(
                            answer.rules().stream().map(rule -> pair(rule.ruleArn(), Integer.parseInt(rule.priority())))
                                    .toList()));
                }, answer -> assertThat(answer.rules()).extracting(Rule::priority).containsExactly("2", "1")),
                refuses(action, "a priority that another one has", "PriorityInUse", "Priority '2' is currently in use",
                        on -> {
                            String listener = on.listener();
                            String first = on.rule(listener, 1, "/a");
                            on.rule(listener, 2, "/b");
                            return on.elb().setRulePriorities(request -> request.rulePriorities(pair(first, 2)));
                        }),
                refuses(action, "one priority twice", VALIDATION, "Priority '7' was provided multiple times", on -> {
                    String listener = on.listener();
                    String first = on.rule(listener, 1, "/a");
                    String second = on.rule(listener, 2, "/b");
                    return on.elb().setRulePriorities(request -> request.rulePriorities(
                            pair(first, 7), pair(second, 7)));
                }),
                refuses(action, "one for the default rule", "OperationNotPermitted", "Default rule '" + DEFAULT_RULE
                        + "' cannot be modified", on -> {
                            String rule = on.defaultRule(on.listener());
                            return on.elb().setRulePriorities(request -> request.rulePriorities(pair(rule, 7)));
                        }),
                refuses(action, "a rule that is gone", "RuleNotFound", "Rule '" + NO_RULE + "' not found",
                        on -> on.elb().setRulePriorities(request -> request.rulePriorities(pair(NO_RULE, 7)))));
    }
}
