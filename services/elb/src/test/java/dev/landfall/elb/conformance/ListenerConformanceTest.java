package dev.landfall.elb.conformance;

import static dev.landfall.elb.conformance.Row.refuses;
import static dev.landfall.elb.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.elb.Quotas;
import dev.landfall.elb.Stage;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Certificate;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateListenerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SslPolicy;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

class ListenerConformanceTest {
    private static final String VALIDATION = "ValidationError";
    private static final String WEB = Stage.ARN + "loadbalancer/app/web/0000000000000001";
    private static final String NO_BALANCER = Stage.ARN + "loadbalancer/app/gone/0123456789abcdef";
    private static final String NO_LISTENER = Stage.ARN + "listener/app/gone/0123456789abcdef/0123456789abcdef";
    private static final String NO_GROUP = Stage.ARN + "targetgroup/gone/0123456789abcdef";
    private static final String INCOMPATIBLE = "The specified configuration is not valid with this protocol.";

    static List<Row> rows() {
        return Stream.of(createListener(), createListenerRefusals(), createListenerConflicts(), network(),
                describeListeners(), modifyListener(),
                modifyListenerRefusals(), modifyListenerSettings(), deleteListener(), certificates(),
                        removedCertificates(), policies())
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

    /** On port 80 of a new ALB, forwarding to a new group. */
    private static CreateListenerResponse create(Stage on, Consumer<CreateListenerRequest.Builder> change) {
        String balancer = on.alb();
        String group = on.group();
        return on.elb().createListener(request -> {
            request.loadBalancerArn(balancer).port(80).protocol("HTTP").defaultActions(Stage.forward(group));
            change.accept(request);
        });
    }

    private static Row refused(String name, String code, String message,
            Consumer<CreateListenerRequest.Builder> change) {
        return refuses("CreateListener", name, code, message, on -> create(on, change));
    }

    private static Action twoGroups(String first, String second) {
        return Action.builder().type(ActionTypeEnum.FORWARD).forwardConfig(it -> it.targetGroups(
                TargetGroupTuple.builder().targetGroupArn(first).weight(90).build(),
                TargetGroupTuple.builder().targetGroupArn(second).weight(10).build())
                .targetGroupStickinessConfig(sticky -> sticky.enabled(true).durationSeconds(60))).build();
    }

    private static List<Row> createListener() {
        String action = "CreateListener";
        return List.of(
                works(action, "shows a forward with its weights", on -> create(on, request -> { }), answer -> {
                    Listener made = answer.listeners().getFirst();
                    assertThat(made.listenerArn())
                            .isEqualTo(Stage.ARN + "listener/app/web/0000000000000001/0000000000000003");
                    assertThat(made.loadBalancerArn()).isEqualTo(WEB);
                    assertThat(made.port()).isEqualTo(80);
                    assertThat(made.protocolAsString()).isEqualTo("HTTP");
                    String group = Stage.ARN + "targetgroup/targets/0000000000000002";
                    assertThat(made.defaultActions()).singleElement().satisfies(forward -> {
                        assertThat(forward.targetGroupArn()).isEqualTo(group);
                        assertThat(forward.forwardConfig().targetGroups()).containsExactly(
                                TargetGroupTuple.builder().targetGroupArn(group).weight(1).build());
                        assertThat(forward.forwardConfig().targetGroupStickinessConfig().enabled()).isFalse();
                    });
                }),
                works(action, "repeated with the same settings answers the one that is there", on -> {
                    create(on, request -> { });
                    return create(on, request -> { });
                }, answer -> assertThat(answer.listeners().getFirst().listenerArn()).endsWith("0000000000000003")),
                works(action, "of HTTPS has AWS's default policy", on -> create(on, request -> request.port(443)
                        .protocol("HTTPS").certificates(Stage.certificate("a"))), answer -> {
                            Listener made = answer.listeners().getFirst();
                            assertThat(made.sslPolicy()).isEqualTo("ELBSecurityPolicy-2016-08");
                            assertThat(made.certificates()).containsExactly(Stage.certificate("a"));
                            assertThat(made.mutualAuthentication().mode()).isEqualTo("off");
                        }),
                works(action, "forwards to several groups", on -> {
                    String other = on.group("other");
                    return create(on, request -> request.defaultActions(
                            twoGroups(request.build().defaultActions().getFirst().targetGroupArn(), other)));
                }, answer -> {
                    Action forward = answer.listeners().getFirst().defaultActions().getFirst();
                    assertThat(forward.targetGroupArn()).isNull();
                    assertThat(forward.forwardConfig().targetGroups()).extracting(TargetGroupTuple::weight)
                            .containsExactly(90, 10);
                    assertThat(forward.forwardConfig().targetGroupStickinessConfig().durationSeconds()).isEqualTo(60);
                }),
                works(action, "completes a redirect", on -> create(on, request -> request.defaultActions(
                        Action.builder().type(ActionTypeEnum.REDIRECT).redirectConfig(it -> it.protocol("HTTPS")
                                .port("443").statusCode("HTTP_301")).build())), answer -> {
                                    var redirect = answer.listeners().getFirst().defaultActions().getFirst()
                                            .redirectConfig();
                                    assertThat(List.of(redirect.host(), redirect.path(), redirect.query()))
                                            .containsExactly("#{host}", "/#{path}", "#{query}");
                                }),
                works(action, "stores an authentication without its secret", on -> create(on, request -> request
                        .port(443).protocol("HTTPS").certificates(Stage.certificate("a")).defaultActions(
                                oidc().toBuilder().order(1).build(),
                                request.build().defaultActions().getFirst().toBuilder().order(2).build())),
                        answer -> {
                            var actions = answer.listeners().getFirst().defaultActions();
                            assertThat(actions).extracting(Action::typeAsString)
                                    .containsExactly("authenticate-oidc", "forward");
                            assertThat(actions.getFirst().authenticateOidcConfig().clientSecret()).isNull();
                            assertThat(actions.getFirst().authenticateOidcConfig().sessionTimeout())
                                    .isEqualTo(604_800L);
                        }),
                works(action, "of a gateway has neither port nor protocol", on -> {
                    String balancer = on.gateway();
                    String group = on.group(request -> request.name("gen").protocol("GENEVE").port(6081));
                    return on.elb().createListener(request -> request.loadBalancerArn(balancer)
                            .defaultActions(Stage.forward(group)));
                }, answer -> assertThat(answer.listeners().getFirst().port()).isNull()));
    }

    private static Action oidc() {
        return Action.builder().type(ActionTypeEnum.AUTHENTICATE_OIDC).authenticateOidcConfig(it -> it
                .issuer("https://id.example.com").authorizationEndpoint("https://id.example.com/auth")
                .tokenEndpoint("https://id.example.com/token").userInfoEndpoint("https://id.example.com/user")
                .clientId("me").clientSecret("secret")).build();
    }

    private static List<Row> createListenerRefusals() {
        return List.of(
                refused("a load balancer that is gone", "LoadBalancerNotFound",
                        "Load balancer '" + NO_BALANCER + "' not found", request -> request
                                .loadBalancerArn(NO_BALANCER)),
                refused("no port", VALIDATION, "A listener port must be specified", request -> request.port(null)),
                refused("no protocol", VALIDATION, "A listener protocol must be specified",
                        request -> request.protocol((String) null)),
                refused("a port that there is not", VALIDATION, "1 validation error detected: Value '65536' at 'port' "
                        + "failed to satisfy constraint: Member must have value less than or equal to 65535",
                        request -> request.port(65_536)),
                refused("a protocol of NLBs", VALIDATION, "Listener protocol 'TCP' must be one of 'HTTP, HTTPS'",
                        request -> request.protocol("TCP")),
                refused("no certificate for HTTPS", VALIDATION, "A certificate must be specified for HTTPS listeners",
                        request -> request.protocol("HTTPS")),
                refused("two certificates", VALIDATION,
                        "Up to '1' certificate ARNs can be specified, but '2' were specified", request -> request
                                .protocol("HTTPS").certificates(Stage.certificate("a"), Stage.certificate("b"))),
                refused("a certificate that is not there", "CertificateNotFound",
                        "Certificate 'arn:aws:acm:eu-central-1:1:certificate/x' not found", request -> request
                                .protocol("HTTPS").certificates(Certificate.builder()
                                        .certificateArn("arn:aws:acm:eu-central-1:1:certificate/x").build())),
                refused("a certificate that is not issued yet", "UnsupportedCertificate", "The certificate '"
                        + Stage.PENDING + "' must have a fully-qualified domain name, a supported signature, and a "
                        + "supported key size.", request -> request.protocol("HTTPS").certificates(Certificate.builder()
                                .certificateArn(Stage.PENDING).build())),
                refused("a policy that AWS has not", "SSLPolicyNotFound", "SSL policy 'x' not found", request ->
                        request.protocol("HTTPS").sslPolicy("x").certificates(Stage.certificate("a"))),
                refused("verified clients without a trust store", "TrustStoreNotFound",
                        "The specified trust store does not exist.", request -> request.protocol("HTTPS")
                                .certificates(Stage.certificate("a")).mutualAuthentication(it -> it.mode("verify")
                                        .trustStoreArn(Stage.ARN + "truststore/a/0123456789abcdef"))),
                refused("a target group that is gone", "TargetGroupNotFound", "Target groups '" + NO_GROUP
                        + "' not found", request -> request.defaultActions(Stage.forward(NO_GROUP))),
                refused("a redirect to itself", "InvalidLoadBalancerAction",
                        "The redirect configuration is not valid because it creates a loop.", request -> request
                                .defaultActions(Action.builder().type(ActionTypeEnum.REDIRECT)
                                        .redirectConfig(it -> it.statusCode("HTTP_302")).build())),
                refused("a redirect without its configuration", "InvalidLoadBalancerAction", "For actions of type "
                        + "'redirect', you must specify the following fields: 'RedirectConfig'", request -> request
                                .defaultActions(Action.builder().type(ActionTypeEnum.REDIRECT).build())),
                refused("authentication on HTTP", "InvalidLoadBalancerAction",
                        "Actions of type 'authenticate-oidc' are supported only on HTTPS listeners", request -> request
                                .defaultActions(oidc().toBuilder().order(1).build(), request.build().defaultActions()
                                        .getFirst().toBuilder().order(2).build())),
                refused("six actions", "TooManyActions", "You've reached the limit on the number of actions per rule.",
                        request -> request.defaultActions(Stream.generate(() -> Stage.fixed("200")).limit(6).toList())),
                refused("51 tags", "TooManyTags", "You've reached the limit on the number of tags for this resource.",
                        request -> request.tags(Stream.iterate(0, i -> i + 1).limit(51).map(i ->
                                software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag.builder()
                                        .key("k" + i).value("").build()).toList())));
    }

    private static List<Row> createListenerConflicts() {
        String action = "CreateListener";
        return List.of(
                refuses(action, "a port that is taken", "DuplicateListener", "A listener already exists on this port "
                        + "for this load balancer '" + WEB + "'", on -> {
                            create(on, request -> { });
                            return create(on, request -> request.defaultActions(Stage.fixed("200")));
                        }),
                refuses(action, "a group of TCP", "IncompatibleProtocols", INCOMPATIBLE, on -> {
                    String group = on.tcpGroup();
                    return create(on, request -> request.defaultActions(Stage.forward(group)));
                }),
                refuses(action, "a gRPC group on HTTP", "InvalidConfigurationRequest", "Listener protocol 'HTTP' is "
                        + "not supported with a target group with the protocol-version 'GRPC'", on -> {
                            String group = on.group(request -> request.name("grpc").protocolVersion("GRPC"));
                            return create(on, request -> request.defaultActions(Stage.forward(group)));
                        }),
                refuses(action, "a group of another load balancer", "TargetGroupAssociationLimit", "The following "
                        + "target groups cannot be associated with more than one load balancer: " + Stage.ARN
                        + "targetgroup/other/0000000000000002", on -> {
                            String group = on.group("other", on.alb("first").loadBalancerArn());
                            return create(on, request -> request.defaultActions(Stage.forward(group)));
                        }),
                refuses(action, "one more than the quota", "TooManyListeners",
                        "You've reached the limit on the number of listeners per load balancer.", on -> {
                            String balancer = on.alb();
                            for (int i = 0; i < Quotas.LISTENERS_PER_LOAD_BALANCER; i++) {
                                int port = 1_000 + i;
                                on.elb().createListener(request -> request.loadBalancerArn(balancer).port(port)
                                        .protocol("HTTP").defaultActions(Stage.fixed("200")));
                            }
                            return create(on, request -> { });
                        }),
                refuses(action, "a target 101 times", "TooManyRegistrationsForTargetId", "You've reached the limit "
                        + "on the number of times a target can be registered with a load balancer.", on -> {
                            String group = on.manifold();
                            return create(on, request -> request.defaultActions(Stage.forward(group)));
                        }),
                refuses(action, "101 target groups", "TooManyUniqueTargetGroupsPerLoadBalancer", "You've reached the "
                        + "limit on the number of unique target groups per load balancer across all listeners. If a "
                        + "target group is used by multiple actions for a load balancer, it is counted as only one "
                        + "use.", on -> {
                            String balancer = on.alb();
                            on.crowd(balancer, Quotas.TARGET_GROUPS_PER_APPLICATION_LOAD_BALANCER);
                            return create(on, request -> { });
                        }),
                refuses(action, "more targets than an ALB may have", "TooManyTargets",
                        "You've reached the limit on the number of targets.", on -> {
                            on.listener();
                            on.fill(on.group(), 600);
                            String more = on.fill(on.group("more"), 401);
                            return create(on, request -> request.port(81).defaultActions(Stage.forward(more)));
                        }));
    }

    private static List<Row> network() {
        String action = "CreateListener";
        return List.of(
                works(action, "of TLS keeps its ALPN policy", on -> {
                    String balancer = on.nlb();
                    String group = on.tcpGroup();
                    return on.elb().createListener(request -> request.loadBalancerArn(balancer).port(443)
                            .protocol("TLS").alpnPolicy("HTTP2Preferred").certificates(Stage.certificate("a"))
                            .sslPolicy("ELBSecurityPolicy-TLS13-1-2-2021-06").defaultActions(Stage.forward(group)));
                }, answer -> {
                    assertThat(answer.listeners().getFirst().alpnPolicy()).containsExactly("HTTP2Preferred");
                    assertThat(answer.listeners().getFirst().sslPolicy())
                            .isEqualTo("ELBSecurityPolicy-TLS13-1-2-2021-06");
                }),
                refuses(action, "an ALPN policy that there is not", "ALPNPolicyNotFound",
                        "The specified ALPN policy is not supported.", on -> {
                            String balancer = on.nlb();
                            String group = on.tcpGroup();
                            return on.elb().createListener(request -> request.loadBalancerArn(balancer).port(443)
                                    .protocol("TLS").alpnPolicy("h2").certificates(Stage.certificate("a"))
                                    .defaultActions(Stage.forward(group)));
                        }),
                refuses(action, "QUIC", "UnsupportedProtocol", "The specified protocol is not supported.", on -> {
                    String balancer = on.nlb();
                    String group = on.tcpGroup();
                    return on.elb().createListener(request -> request.loadBalancerArn(balancer).port(443)
                            .protocol("QUIC").defaultActions(Stage.forward(group)));
                }),
                works(action, "of TCP forwards to several groups by weight", on -> {
                    String balancer = on.nlb();
                    var groups = List.of(on.tcpGroup("one"), on.tcpGroup("two"), on.tcpGroup("three"));
                    return on.elb().createListener(request -> request.loadBalancerArn(balancer).port(80)
                            .protocol("TCP").defaultActions(weighted(groups, 999, 0, null)));
                }, answer -> assertThat(answer.listeners().getFirst().defaultActions().getFirst().forwardConfig()
                        .targetGroups()).extracting(TargetGroupTuple::weight).containsExactly(999, 0, 1)),
                works("ModifyListener", "of TCP shifts the weights of groups", on -> {
                    String balancer = on.nlb();
                    var groups = List.of(on.tcpGroup("one"), on.tcpGroup("two"));
                    String listener = on.elb().createListener(request -> request.loadBalancerArn(balancer).port(80)
                            .protocol("TCP").defaultActions(Stage.forward(groups.getFirst())))
                            .listeners().getFirst().listenerArn();
                    return on.elb().modifyListener(request -> request.listenerArn(listener)
                            .defaultActions(weighted(groups, 1, 2)));
                }, answer -> assertThat(answer.listeners().getFirst().defaultActions().getFirst().forwardConfig()
                        .targetGroups()).extracting(TargetGroupTuple::weight).containsExactly(1, 2)),
                refuses(action, "six groups of an NLB", "InvalidLoadBalancerAction",
                        "Up to '5' target groups can be specified for actions of type 'forward'", on -> {
                            String balancer = on.nlb();
                            var groups = IntStream.range(0, 6).mapToObj(i -> on.tcpGroup("group" + i)).toList();
                            return on.elb().createListener(request -> request.loadBalancerArn(balancer).port(80)
                                    .protocol("TCP").defaultActions(weighted(groups, 1, 1, 1, 1, 1, 1)));
                        }),
                refuses(action, "too large a weight of an NLB", VALIDATION,
                        "Target group weight '1000' must be between '0-999' inclusive", on -> {
                            String balancer = on.nlb();
                            var groups = List.of(on.tcpGroup("one"), on.tcpGroup("two"));
                            return on.elb().createListener(request -> request.loadBalancerArn(balancer).port(80)
                                    .protocol("TCP").defaultActions(weighted(groups, 1, 1_000)));
                        }),
                refuses(action, "a fixed response of an NLB", "InvalidLoadBalancerAction",
                        "Actions of type 'fixed-response' are supported only on HTTP and HTTPS listeners", on -> {
                            String balancer = on.nlb();
                            return on.elb().createListener(request -> request.loadBalancerArn(balancer).port(443)
                                    .protocol("TCP").defaultActions(Stage.fixed("200")));
                        }));
    }

    private static Action weighted(List<String> groups, Integer... weights) {
        return Action.builder().type("forward").forwardConfig(forward -> forward.targetGroups(
                IntStream.range(0, groups.size()).mapToObj(i -> TargetGroupTuple.builder()
                        .targetGroupArn(groups.get(i)).weight(weights[i]).build()).toList())).build();
    }

    private static List<Row> describeListeners() {
        String action = "DescribeListeners";
        return List.of(
                works(action, "shows those of a load balancer, page by page", on -> {
                    on.listener();
                    on.listener(on.alb(), 81, on.group());
                    String marker = on.elb().describeListeners(request -> request.loadBalancerArn(WEB).pageSize(1))
                            .nextMarker();
                    return on.elb().describeListeners(request -> request.loadBalancerArn(WEB).pageSize(1)
                            .marker(marker));
                }, answer -> {
                    assertThat(answer.listeners()).extracting(Listener::port).containsExactly(81);
                    assertThat(answer.nextMarker()).isNull();
                }),
                works(action, "shows those that are named", on -> {
                    String listener = on.listener();
                    return on.elb().describeListeners(request -> request.listenerArns(listener));
                }, answer -> assertThat(answer.listeners()).extracting(Listener::port).containsExactly(80)),
                refuses(action, "nothing", VALIDATION, "You must specify either listener ARNs or a load balancer ARN",
                        on -> on.elb().describeListeners(request -> { })),
                refuses(action, "a listener that is gone", "ListenerNotFound", "One or more listeners not found",
                        on -> on.elb().describeListeners(request -> request.listenerArns(NO_LISTENER))),
                refuses(action, "a load balancer that is gone", "LoadBalancerNotFound",
                        "Load balancer '" + NO_BALANCER + "' not found",
                        on -> on.elb().describeListeners(request -> request.loadBalancerArn(NO_BALANCER))));
    }

    private static ModifyListenerResponse modify(Stage on, String listener,
            Consumer<ModifyListenerRequest.Builder> change) {
        return on.elb().modifyListener(request -> {
            request.listenerArn(listener);
            change.accept(request);
        });
    }

    private static List<Row> modifyListener() {
        String action = "ModifyListener";
        return List.of(
                works(action, "changes the port, and leaves the rest", on -> modify(on, on.listener(),
                        request -> request.port(8080)), answer -> {
                            assertThat(answer.listeners().getFirst().port()).isEqualTo(8080);
                            assertThat(answer.listeners().getFirst().defaultActions()).hasSize(1);
                        }),
                works(action, "changes the default actions, which its default rule shows", on -> {
                    String listener = on.listener();
                    var answer = modify(on, listener, request -> request.defaultActions(Stage.fixed("503")));
                    assertThat(on.elb().describeRules(request -> request.listenerArn(listener)).rules().getLast()
                            .actions()).isEqualTo(answer.listeners().getFirst().defaultActions());
                    return modify(on, listener, request -> request.port(81));
                }, answer -> assertThat(answer.listeners().getFirst().defaultActions().getFirst()
                        .fixedResponseConfig().statusCode()).isEqualTo("503")),
                works(action, "to HTTP drops what only HTTPS has", on -> modify(on, on.httpsListener(),
                        request -> request.port(80).protocol("HTTP")), answer -> {
                            assertThat(answer.listeners().getFirst().certificates()).isEmpty();
                            assertThat(answer.listeners().getFirst().sslPolicy()).isNull();
                        }),
                works(action, "changes the policy and the certificate", on -> modify(on, on.httpsListener(),
                        request -> request.sslPolicy("ELBSecurityPolicy-FS-1-2-Res-2020-10")
                                .certificates(Stage.certificate("b"))), answer -> {
                                    assertThat(answer.listeners().getFirst().sslPolicy())
                                            .isEqualTo("ELBSecurityPolicy-FS-1-2-Res-2020-10");
                                    assertThat(answer.listeners().getFirst().certificates())
                                            .containsExactly(Stage.certificate("b"));
                                }));
    }

    private static List<Row> modifyListenerRefusals() {
        String action = "ModifyListener";
        return List.of(
                refuses(action, "a listener that is gone", "ListenerNotFound", "Listener '" + NO_LISTENER
                        + "' not found", on -> modify(on, NO_LISTENER, request -> request.port(81))),
                refuses(action, "a port that is taken", "DuplicateListener", "A listener already exists on this port "
                        + "for this load balancer '" + WEB + "'", on -> {
                            String listener = on.listener();
                            on.listener(on.alb(), 81, on.group());
                            return modify(on, listener, request -> request.port(81));
                        }),
                refuses(action, "HTTP while it asks who clients are", "IncompatibleProtocols", INCOMPATIBLE, on -> {
                    String listener = on.httpsListener();
                    String group = on.group();
                    modify(on, listener, request -> request.defaultActions(oidc().toBuilder().order(1).build(),
                            Stage.forward(group).toBuilder().order(2).build()));
                    return modify(on, listener, request -> request.protocol("HTTP"));
                }),
                refuses(action, "a gRPC group on HTTP", "InvalidConfigurationRequest", "Listener protocol 'HTTP' is "
                        + "not supported with a target group with the protocol-version 'GRPC'", on -> {
                            String group = on.group(request -> request.name("grpc").protocolVersion("GRPC"));
                            return modify(on, on.listener(), request -> request.defaultActions(Stage.forward(group)));
                        }),
                refuses(action, "QUIC", "UnsupportedProtocol", "The specified protocol is not supported.",
                        on -> modify(on, on.tcpListener(), request -> request.protocol("QUIC"))),
                refuses(action, "a target group that is gone", "TargetGroupNotFound", "Target groups '" + NO_GROUP
                        + "' not found", on -> modify(on, on.listener(), request ->
                                request.defaultActions(Stage.forward(NO_GROUP)))),
                refuses(action, "a group of another load balancer", "TargetGroupAssociationLimit", "The following "
                        + "target groups cannot be associated with more than one load balancer: " + Stage.ARN
                        + "targetgroup/other/0000000000000002", on -> {
                            String group = on.group("other", on.alb("first").loadBalancerArn());
                            return modify(on, on.listener(), request -> request.defaultActions(Stage.forward(group)));
                        }));
    }

    private static List<Row> modifyListenerSettings() {
        String action = "ModifyListener";
        return List.of(
                refuses(action, "a policy that AWS has not", "SSLPolicyNotFound", "SSL policy 'x' not found",
                        on -> modify(on, on.httpsListener(), request -> request.sslPolicy("x"))),
                refuses(action, "a certificate that is not there", "CertificateNotFound",
                        "Certificate 'arn:aws:acm:eu-central-1:1:certificate/x' not found",
                        on -> modify(on, on.httpsListener(), request -> request.certificates(Certificate.builder()
                                .certificateArn("arn:aws:acm:eu-central-1:1:certificate/x").build()))),
                refuses(action, "an ALPN policy that there is not", "ALPNPolicyNotFound",
                        "The specified ALPN policy is not supported.", on -> modify(on, on.tcpListener(), request ->
                                request.protocol("TLS").certificates(Stage.certificate("a")).alpnPolicy("h2"))),
                refuses(action, "verified clients without a trust store", "TrustStoreNotFound",
                        "The specified trust store does not exist.", on -> modify(on, on.httpsListener(), request ->
                                request.mutualAuthentication(it -> it.mode("verify").trustStoreArn("x")))),
                refuses(action, "six actions", "TooManyActions", "You've reached the limit on the number of actions "
                        + "per rule.", on -> modify(on, on.listener(), request -> request.defaultActions(
                                Stream.generate(() -> Stage.fixed("200")).limit(6).toList()))),
                refuses(action, "two last actions", "InvalidLoadBalancerAction", "The actions must include exactly one "
                        + "of the types 'forward', 'redirect' and 'fixed-response', and it must be the last action to "
                        + "be performed", on -> modify(on, on.listener(), request -> request.defaultActions(
                                Stage.fixed("200").toBuilder().order(1).build(),
                                Stage.fixed("201").toBuilder().order(2).build()))),
                refuses(action, "a target 101 times", "TooManyRegistrationsForTargetId", "You've reached the limit "
                        + "on the number of times a target can be registered with a load balancer.", on -> {
                            String group = on.manifold();
                            return modify(on, on.listener(), request -> request.defaultActions(Stage.forward(group)));
                        }),
                refuses(action, "101 target groups", "TooManyUniqueTargetGroupsPerLoadBalancer", "You've reached the "
                        + "limit on the number of unique target groups per load balancer across all listeners. If a "
                        + "target group is used by multiple actions for a load balancer, it is counted as only one "
                        + "use.", on -> {
                            String listener = on.listener();
                            on.crowd(WEB, Quotas.TARGET_GROUPS_PER_APPLICATION_LOAD_BALANCER - 1);
                            String group = on.group("one-more");
                            return modify(on, listener, request -> request.defaultActions(Stage.forward(group)));
                        }),
                refuses(action, "more targets than an ALB may have", "TooManyTargets",
                        "You've reached the limit on the number of targets.", on -> {
                            String listener = on.listener();
                            on.fill(on.group(), 600);
                            String more = on.fill(on.group("more"), 401);
                            return modify(on, listener, request -> request.defaultActions(Stage.forward(more)));
                        }));
    }

    private static List<Row> deleteListener() {
        return List.of(
                works("DeleteListener", "takes its rules with it", on -> {
                    String listener = on.listener();
                    on.rule(listener, 1, "/a");
                    var answer = on.elb().deleteListener(request -> request.listenerArn(listener));
                    assertThat(on.image().all(dev.landfall.elb.ElbTables.RULES)).isEmpty();
                    return answer;
                }, answer -> { }),
                refuses("DeleteListener", "one that is gone", "ListenerNotFound", "Listener '" + NO_LISTENER
                        + "' not found", on -> on.elb().deleteListener(request -> request.listenerArn(NO_LISTENER))));
    }

    private static List<Row> certificates() {
        String add = "AddListenerCertificates";
        return List.of(
                works(add, "adds one, and again", on -> {
                    String listener = on.httpsListener();
                    on.elb().addListenerCertificates(request -> request.listenerArn(listener)
                            .certificates(Stage.certificate("b")));
                    var answer = on.elb().addListenerCertificates(request -> request.listenerArn(listener)
                            .certificates(Stage.certificate("b")));
                    assertThat(on.elb().describeListenerCertificates(request -> request.listenerArn(listener))
                            .certificates()).hasSize(2);
                    return on.elb().addListenerCertificates(request -> request.listenerArn(listener)
                            .certificates(answer.certificates().getFirst().toBuilder().isDefault(null).build()));
                }, answer -> assertThat(answer.certificates()).singleElement().satisfies(certificate ->
                        assertThat(certificate.isDefault()).isFalse())),
                refuses(add, "one that is not there", "CertificateNotFound",
                        "Certificate 'arn:aws:iam::1:server-certificate/x' not found", on -> {
                            String listener = on.httpsListener();
                            return on.elb().addListenerCertificates(request -> request.listenerArn(listener)
                                    .certificates(Certificate.builder()
                                            .certificateArn("arn:aws:iam::1:server-certificate/x").build()));
                        }),
                refuses(add, "one more than the quota", "TooManyCertificates",
                        "You've reached the limit on the number of certificates per load balancer.", on -> {
                            String listener = on.httpsListener();
                            for (int i = 0; i < Quotas.CERTIFICATES_PER_LOAD_BALANCER; i++) {
                                Certificate more = Stage.certificate("more" + i);
                                on.elb().addListenerCertificates(request -> request.listenerArn(listener)
                                        .certificates(more));
                            }
                            return on.elb().addListenerCertificates(request -> request.listenerArn(listener)
                                    .certificates(Stage.certificate("one-more")));
                        }),
                refuses(add, "one for HTTP", VALIDATION, "Certificates cannot be specified for HTTP listeners", on -> {
                    String listener = on.listener();
                    return on.elb().addListenerCertificates(request -> request.listenerArn(listener)
                            .certificates(Stage.certificate("b")));
                }),
                refuses(add, "a listener that is gone", "ListenerNotFound", "Listener '" + NO_LISTENER + "' not found",
                        on -> on.elb().addListenerCertificates(request -> request.listenerArn(NO_LISTENER)
                                .certificates(Stage.certificate("b")))));
    }

    private static List<Row> removedCertificates() {
        String remove = "RemoveListenerCertificates";
        return List.of(
                works(remove, "takes one away, and one that is not there", on -> {
                    String listener = on.httpsListener();
                    on.elb().addListenerCertificates(request -> request.listenerArn(listener)
                            .certificates(Stage.certificate("b")));
                    on.elb().removeListenerCertificates(request -> request.listenerArn(listener)
                            .certificates(Stage.certificate("b")));
                    assertThat(on.elb().describeListenerCertificates(request -> request.listenerArn(listener))
                            .certificates()).hasSize(1);
                    return on.elb().removeListenerCertificates(request -> request.listenerArn(listener)
                            .certificates(Stage.certificate("b")));
                }, answer -> { }),
                refuses(remove, "the default one", "OperationNotPermitted",
                        "The default certificate of a listener cannot be removed", on -> {
                            String listener = on.httpsListener();
                            return on.elb().removeListenerCertificates(request -> request.listenerArn(listener)
                                    .certificates(Stage.certificate("a")));
                        }),
                refuses(remove, "a listener that is gone", "ListenerNotFound", "Listener '" + NO_LISTENER
                        + "' not found", on -> on.elb().removeListenerCertificates(request -> request
                                .listenerArn(NO_LISTENER).certificates(Stage.certificate("b")))),
                works("DescribeListenerCertificates", "shows the default one first", on -> {
                    String listener = on.httpsListener();
                    on.elb().addListenerCertificates(request -> request.listenerArn(listener)
                            .certificates(Stage.certificate("B")));
                    return on.elb().describeListenerCertificates(request -> request.listenerArn(listener));
                }, answer -> assertThat(answer.certificates()).containsExactly(
                        Stage.certificate("a").toBuilder().isDefault(true).build(),
                        Stage.certificate("B").toBuilder().isDefault(false).build())),
                refuses("DescribeListenerCertificates", "a listener that is gone", "ListenerNotFound",
                        "One or more listeners not found", on -> on.elb().describeListenerCertificates(request ->
                                request.listenerArn(NO_LISTENER))));
    }

    private static List<Row> policies() {
        String action = "DescribeSSLPolicies";
        return List.of(
                works(action, "shows what AWS has, page by page", on -> {
                    String marker = on.elb().describeSSLPolicies(request -> request.pageSize(20)).nextMarker();
                    return on.elb().describeSSLPolicies(request -> request.pageSize(400).marker(marker));
                }, answer -> assertThat(answer.sslPolicies()).extracting(SslPolicy::name)
                        .contains("ELBSecurityPolicy-TLS-1-0-2015-04", "ELBSecurityPolicy-FS-1-2-Res-2020-10")
                        .doesNotContain("ELBSecurityPolicy-2016-08")),
                works(action, "shows those that are named with their ciphers in order", on -> on.elb()
                        .describeSSLPolicies(request -> request.names("ELBSecurityPolicy-TLS13-1-2-Res-2021-06")),
                        answer -> assertThat(answer.sslPolicies()).singleElement().satisfies(policy -> {
                            assertThat(policy.sslProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
                            assertThat(policy.ciphers()).extracting(cipher -> cipher.priority() + cipher.name())
                                    .containsExactly("1TLS_AES_128_GCM_SHA256", "2TLS_AES_256_GCM_SHA384",
                                            "3TLS_CHACHA20_POLY1305_SHA256", "4ECDHE-ECDSA-AES128-GCM-SHA256",
                                            "5ECDHE-RSA-AES128-GCM-SHA256", "6ECDHE-ECDSA-AES256-GCM-SHA384",
                                            "7ECDHE-RSA-AES256-GCM-SHA384");
                        })),
                refuses(action, "one that there is not", "SSLPolicyNotFound", "SSL policy 'x' not found",
                        on -> on.elb().describeSSLPolicies(request -> request.names("x"))));
    }
}
