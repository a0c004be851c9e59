package dev.landfall.elb.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.elb.Stage;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.Condition;
import dev.landfall.protocol.edge.EdgeJson;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.Rule;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.protocol.edge.Transform;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.QueryStringKeyValuePair;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RewriteConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleTransform;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;

/** What data planes are told of what the API was told. */
class SnapshotsTest {
    private static EdgeSnapshot after(Stage.Act<?> act) throws Exception {
        return Stage.play(Stage.Way.IN_PROCESS, on -> {
            act.on(on);
            EdgeSnapshot snapshot = SnapshotCheck.of(on.image());
            assertThat(EdgeJson.read(EdgeJson.write(snapshot), EdgeSnapshot.class)).isEqualTo(snapshot);
            return snapshot;
        });
    }

    @Test
    void aLoadBalancerIsTheSumOfItsParts() throws Exception {
        EdgeSnapshot snapshot = after(on -> {
            String listener = on.listener();
            on.elb().createRule(request -> request.listenerArn(listener).priority(20).actions(Stage.fixed("404"))
                    .conditions(Stage.path("/a*")));
            on.elb().modifyLoadBalancerAttributes(request -> request.loadBalancerArn(on.alb())
                    .attributes(Stage.balancerAttribute("idle_timeout.timeout_seconds", "7")));
            on.register(on.group(), "10.0.0.1");
            return on;
        });

        String group = Stage.ARN + "targetgroup/targets/0000000000000002";
        String rules = Stage.ARN + "listener-rule/app/web/0000000000000001/0000000000000003/";
        assertThat(snapshot.balancers()).containsExactly(new Balancer(
                Stage.ARN + "loadbalancer/app/web/0000000000000001", "web",
                "web-0000000001.eu-central-1.elb.localhost", Balancer.Type.APPLICATION,
                List.of(new Balancer.BindAddress("127.66.0.2", "eu-central-1a")),
                Map.of("idle_timeout.timeout_seconds", "7"),
                List.of(new Listener(Stage.ARN + "listener/app/web/0000000000000001/0000000000000003", 80,
                        Listener.Protocol.HTTP, List.of(), "", "", Map.of(), List.of(
                                new Rule(rules + "0000000000000005", 20,
                                        List.of(new Condition.PathPattern(List.of("/a*"), List.of())), List.of(),
                                        new Action.FixedResponse("404", null, null)),
                                new Rule(rules + "0000000000000004", 0, List.of(), List.of(), new Action.Forward(
                                        List.of(new Action.WeightedGroup(group, 1)), 0)))))));
        assertThat(snapshot.targetGroups()).containsExactly(new TargetGroup(group, "targets", TargetGroup.Protocol.HTTP,
                TargetGroup.ProtocolVersion.HTTP1, TargetGroup.TargetType.IP, new TargetGroup.HealthCheck(true,
                        TargetGroup.Protocol.HTTP, "traffic-port", "/", 30, 5, 5, 2, "200"), Map.of(),
                List.of(target("10.0.0.1", "10.0.0.1", null))));
    }

    @Test
    void everyConditionAndTransformIsTold() throws Exception {
        EdgeSnapshot snapshot = after(on -> {
            String listener = on.listener();
            return on.elb().createRule(request -> request.listenerArn(listener).priority(1).actions(Stage.fixed("200"))
                    .conditions(
                            RuleCondition.builder().field("host-header").regexValues("^a\\.b$").build(),
                            RuleCondition.builder().field("http-header").httpHeaderConfig(it -> it
                                    .httpHeaderName("X-A").values("1", "2")).build(),
                            RuleCondition.builder().field("http-request-method").httpRequestMethodConfig(it -> it
                                    .values("PUT")).build(),
                            RuleCondition.builder().field("query-string").queryStringConfig(it -> it.values(
                                    QueryStringKeyValuePair.builder().value("v").build())).build())
                    .transforms(RuleTransform.builder().type("url-rewrite").urlRewriteConfig(it -> it.rewrites(
                            RewriteConfig.builder().regex("^/a(.*)").replace("$1").build())).build()));
        });

        Rule rule = snapshot.balancers().getFirst().listeners().getFirst().rules().getFirst();
        assertThat(rule.conditions()).containsExactly(
                new Condition.HostHeader(List.of(), List.of("^a\\.b$")),
                new Condition.HttpHeader("X-A", List.of("1", "2"), List.of()),
                new Condition.HttpRequestMethod(List.of("PUT")),
                new Condition.QueryString(List.of(new Condition.KeyValue("", "v"))));
        assertThat(rule.transforms()).containsExactly(
                new Transform.UrlRewrite(List.of(new Transform.Rewrite("^/a(.*)", "$1"))));
    }

    @Test
    void certificatesComeWithTheirKeysAndTheDefaultOneFirst() throws Exception {
        EdgeSnapshot snapshot = after(on -> {
            String listener = on.httpsListener();
            return on.elb().addListenerCertificates(request -> request.listenerArn(listener)
                    .certificates(Stage.certificate("0")));
        });

        Listener listener = snapshot.balancers().getFirst().listeners().getFirst();
        assertThat(listener.certificates()).extracting(Listener.Certificate::privateKeyPem)
                .containsExactly("key of " + Stage.CERTIFICATE + "a", "key of " + Stage.CERTIFICATE + "0");
        assertThat(listener.sslPolicy()).isEqualTo("ELBSecurityPolicy-2016-08");
    }

    @Test
    void aRuleThatAsksWhoClientsAreRefusesThem() throws Exception {
        EdgeSnapshot snapshot = after(on -> {
            String listener = on.httpsListener();
            return on.elb().modifyListener(request -> request.listenerArn(listener).defaultActions(
                    software.amazon.awssdk.services.elasticloadbalancingv2.model.Action.builder()
                            .type("jwt-validation").order(1).jwtValidationConfig(it -> it.issuer("me")
                                    .jwksEndpoint("https://example.com/keys")).build(),
                    Stage.fixed("200").toBuilder().order(2).build()));
        });

        assertThat(snapshot.balancers().getFirst().listeners().getFirst().rules().getLast().action()).isEqualTo(
                new Action.FixedResponse("501", "text/plain",
                        "This rule's action jwt-validation is not supported by Landfall."));
    }

    @Test
    void targetsAreWhereTheirKindIsAndDrainAsLongAsItWasSaid() throws Exception {
        EdgeSnapshot snapshot = after(on -> {
            String balancer = on.alb();
            String instances = on.group(request -> request.name("instances").targetType("instance"));
            on.listener(balancer, 80, instances);
            on.register(instances, "i-12345678", "i-87654321");
            String albs = on.group(request -> request.name("albs").protocol("TCP").targetType("alb"));
            on.register(albs, balancer);
            on.elb().createListener(request -> request.loadBalancerArn(on.nlb()).port(80).protocol("TCP")
                    .defaultActions(Stage.forward(albs)));
            on.elb().deregisterTargets(request -> request.targetGroupArn(instances)
                    .targets(Stage.target("i-87654321")));
            return on.later(Duration.ofSeconds(1)).elb().modifyTargetGroupAttributes(request -> request
                    .targetGroupArn(instances).attributes(TargetGroupAttribute.builder()
                            .key("deregistration_delay.timeout_seconds").value("10").build()));
        });

        assertThat(snapshot.targetGroups()).extracting(TargetGroup::targets).containsExactly(
                List.of(target(Stage.ARN + "loadbalancer/app/web/0000000000000001", "127.66.0.2", null)),
                List.of(target("i-12345678", "127.0.0.1", null),
                        target("i-87654321", "127.0.0.1", Stage.START.toEpochMilli())));
    }

    private static TargetGroup.Target target(String id, String address, Long drainingSinceMillis) {
        return new TargetGroup.Target(id, address, 80, null, drainingSinceMillis, Stage.START.toEpochMilli());
    }

    @Test
    void whatNobodyRoutesToAndGatewaysAreNoPartOfIt() throws Exception {
        EdgeSnapshot snapshot = after(on -> {
            on.group();
            on.gateway();
            return on.group(request -> request.name("gen").protocol("GENEVE").port(6081));
        });

        assertThat(snapshot).isEqualTo(new EdgeSnapshot(1, List.of(), List.of()));
    }
}
