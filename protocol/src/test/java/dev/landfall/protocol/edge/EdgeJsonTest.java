package dev.landfall.protocol.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.protocol.edge.EdgeReport.State;
import dev.landfall.protocol.edge.EdgeReport.TargetHealth;
import dev.landfall.protocol.edge.TargetGroup.HealthCheck;
import dev.landfall.protocol.edge.TargetGroup.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeJsonTest {
    private static final HealthCheck CHECK =
            new HealthCheck(true, TargetGroup.Protocol.HTTP, "traffic-port", "/", 30, 5, 5, 2, "200");
    private static final EdgeSnapshot SNAPSHOT = new EdgeSnapshot(7,
            List.of(new Balancer("lb", "one", "one.localhost", Balancer.Type.APPLICATION,
                    List.of(new Balancer.BindAddress("127.1.2.3", "us-east-1a")),
                    Map.of("idle_timeout.timeout_seconds", "60"),
                    List.of(new Listener("listener", 443, Listener.Protocol.HTTPS,
                            List.of(new Listener.Certificate("arn", "chain", "secret")),
                            "ELBSecurityPolicy-2016-08", "None", Map.of(), rules())))),
            List.of(new TargetGroup("tg", "web", TargetGroup.Protocol.HTTP, TargetGroup.ProtocolVersion.GRPC,
                    TargetGroup.TargetType.IP, CHECK, Map.of("stickiness.enabled", "true"),
                    List.of(new Target("10.0.0.1", "10.0.0.1", 80, "us-east-1a"),
                            new Target("10.0.0.2", "10.0.0.2", 80, "all", 17L)))));

    private static List<Rule> rules() {
        return List.of(
                new Rule("r1", List.of(
                        new Condition.HostHeader(List.of("*.example.com"), List.of("a+")),
                        new Condition.PathPattern(List.of("/a/*"), List.of()),
                        new Condition.HttpHeader("X-A", List.of("b"), List.of()),
                        new Condition.HttpRequestMethod(List.of("GET")),
                        new Condition.QueryString(List.of(new Condition.KeyValue(null, "v"))),
                        new Condition.SourceIp(List.of("10.0.0.0/8"))),
                        List.of(new Transform.UrlRewrite(List.of(new Transform.Rewrite("^/a/(.*)", "/$1"))),
                                new Transform.HostHeaderRewrite(List.of())),
                        new Action.Forward(List.of(new Action.WeightedGroup("tg", 3)), 60)),
                new Rule("r2", List.of(new Condition.HostHeader(List.of("b"), List.of())), List.of(),
                        new Action.Redirect("HTTPS", null, "443", null, null, "HTTP_301")),
                new Rule("default", List.of(), List.of(), new Action.FixedResponse("404", "text/plain", "no")));
    }

    @Test
    void everyRecordIsReadAsItWasWritten() {
        var update = new EdgeUpdate(8, SNAPSHOT.balancers(), List.of("gone"), SNAPSHOT.targetGroups(), List.of());
        var health = new EdgeReport.Health(7, List.of(
                new TargetHealth("tg", "10.0.0.1", 80, State.UNHEALTHY, "Target.Timeout", "Request timed out")));
        var metrics = new EdgeReport.Metrics(1, 2, List.of(new EdgeReport.Measurement("AWS/ApplicationELB",
                "RequestCount", "Count", Map.of("LoadBalancer", "app/one/1"), List.of(3.0), List.of(1.0))));
        var listeners = new EdgeReport.Listeners(7,
                List.of(new EdgeReport.Listeners.Failure("listener", "127.1.2.3", 443, "Permission denied")));

        assertThat(EdgeJson.read(EdgeJson.write(SNAPSHOT), EdgeSnapshot.class)).isEqualTo(SNAPSHOT);
        assertThat(EdgeJson.read(EdgeJson.write(update), EdgeUpdate.class)).isEqualTo(update);
        for (EdgeReport report : List.of(health, metrics, listeners, new EdgeReport.InEffect(7),
                new EdgeReport.Ended())) {
            assertThat(EdgeJson.read(EdgeJson.write(report), EdgeReport.class)).isEqualTo(report);
        }
    }

    @Test
    void saysWhatAwsSays() {
        assertThat(new String(EdgeJson.write(SNAPSHOT), StandardCharsets.UTF_8)).contains(
                "\"type\":\"application\"", "\"field\":\"host-header\"", "\"type\":\"url-rewrite\"",
                "\"type\":\"fixed-response\"", "\"targetType\":\"ip\"", "\"protocolVersion\":\"GRPC\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "null", "[]", "{\"version\":-1}", "{\"version\":\"7\"}", "{\"version\":1.5}", "{\"version\":1} x",
        "{\"version\":1,\"balancers\":{}}",
        "{\"version\":1,\"balancers\":[{\"arn\":\"a\",\"name\":\"a\",\"type\":\"network\"},"
                + "{\"arn\":\"a\",\"name\":\"b\",\"type\":\"network\"}]}",
    })
    void refusesWhatDoesNotFit(String json) {
        assertThatThrownBy(() -> EdgeJson.read(json.getBytes(StandardCharsets.UTF_8), EdgeSnapshot.class))
                .isInstanceOf(EdgeJson.Malformed.class);
    }

    private static final String FINE =
            "{\"arn\":\"fine\",\"port\":80,\"protocol\":\"TCP\",\"rules\":[{\"arn\":\"r\",\"priority\":0,\"action\":"
            + "{\"type\":\"forward\",\"stickinessSeconds\":0,"
            + "\"targetGroups\":[{\"targetGroupArn\":\"tg\",\"weight\":1}]}}]}";

    /** What a newer control plane, or a broken one, may say of one listener. */
    @ParameterizedTest
    @ValueSource(strings = {
        "{\"arn\":\"l\",\"port\":0,\"protocol\":\"TCP\"}",
        "{\"arn\":\"l\",\"port\":80,\"protocol\":\"TCP\",\"rules\":[]}",
        "{\"arn\":\"l\",\"port\":80,\"protocol\":\"QUIC\",\"rules\":[]}",
        "{\"arn\":\"l\",\"port\":80,\"protocol\":\"HTTP\",\"rules\":[{\"arn\":\"r\",\"priority\":0,\"action\":"
                + "{\"type\":\"jwt\"}}]}",
        "{\"arn\":\"l\",\"port\":80,\"protocol\":\"HTTP\",\"rules\":[{\"arn\":\"r\",\"priority\":0,\"action\":"
                + "{\"type\":\"fixed-response\",\"statusCode\":\"999\"}}]}",
        "{\"arn\":\"l\",\"port\":80,\"protocol\":\"HTTP\",\"rules\":[{\"arn\":\"r\",\"priority\":1,"
                + "\"conditions\":[{\"field\":\"moon-phase\"}],"
                + "\"action\":{\"type\":\"fixed-response\",\"statusCode\":\"200\"}}]}",
        "{\"arn\":\"l\",\"port\":\"eighty\",\"protocol\":\"TCP\"}", "null", "7", "[]"})
    void aListenerThatCannotBeUnderstoodIsLeftOutAndToldAlone(String listener) {
        String snapshot = "{\"version\":1,\"balancers\":[{\"arn\":\"a\",\"name\":\"a\",\"type\":\"network\","
                + "\"listeners\":[" + listener + "," + FINE + "]}]}";
        var read = EdgeJson.read(snapshot.getBytes(StandardCharsets.UTF_8), EdgeSnapshot.class);
        var told = EdgeJson.read(("{\"type\":\"Everything\",\"snapshot\":" + snapshot + "}")
                .getBytes(StandardCharsets.UTF_8), EdgeMessage.class);
        var changed = EdgeJson.read(("{\"type\":\"Changed\",\"update\":" + snapshot + "}")
                .getBytes(StandardCharsets.UTF_8), EdgeMessage.class);
        assertThat(told).isEqualTo(new EdgeMessage.Everything(read));
        assertThat(changed.after(EdgeSnapshot.EMPTY)).isEqualTo(read);
        Balancer balancer = read.balancers().getFirst();
        assertThat(balancer.listeners()).extracting(Listener::arn).containsExactly("fine");
        assertThat(balancer.unread()).singleElement().satisfies(unread -> {
            assertThat(unread.listenerArn()).isEqualTo(listener.startsWith("{") ? "l" : "");
            assertThat(unread.reason()).isNotEmpty();
        });
        assertThat(EdgeJson.read(EdgeJson.write(read), EdgeSnapshot.class)).as("also in its file").isEqualTo(read);
    }

    @Test
    void whatElseCannotBeUnderstoodIsLeftOutAlone() {
        String json = new String(EdgeJson.write(SNAPSHOT), StandardCharsets.UTF_8);
        String balancers = "\"balancers\":[null,{\"arn\":\"a\",\"name\":\"a\",\"type\":\"gateway\"},"
                + "{\"arn\":\"b\",\"name\":\"b\",\"type\":\"network\",\"addresses\":[{\"address\":\"example.com\"}]},";
        String groups = "\"targetGroups\":[{\"arn\":\"x\",\"name\":\"x\",\"protocol\":\"GENEVE\"},";
        String targets = "\"targets\":[{\"id\":\"y\",\"address\":\"example.com\",\"port\":80},";
        String odd = json.replace("\"balancers\":[", balancers).replace("\"targetGroups\":[{\"arn\":\"tg\"",
                groups + "{\"arn\":\"tg\"").replace("\"targets\":[", targets);
        assertThat(odd).contains("gateway", "GENEVE", "\"y\"");
        assertThat(EdgeJson.read(odd.getBytes(StandardCharsets.UTF_8), EdgeSnapshot.class)).isEqualTo(SNAPSHOT);
    }

    @Property(tries = 300)
    void bytesThatWereChangedAreReadOrRefused(@ForAll @IntRange(min = 0, max = 4_000) int at, @ForAll byte value) {
        byte[] json = EdgeJson.write(SNAPSHOT);
        json[at % json.length] = value;
        try {
            EdgeJson.read(json, EdgeSnapshot.class);
        } catch (EdgeJson.Malformed e) {
            assertThat(e).hasMessage("no EdgeSnapshot");
        }
    }

    @Test
    void anUpdateReplacesAddsAndRemoves() {
        TargetGroup first = SNAPSHOT.targetGroups().getFirst();
        var second = new TargetGroup("tg2", "two", TargetGroup.Protocol.TCP, null, TargetGroup.TargetType.INSTANCE,
                CHECK, null, null);
        var changed = first.withTargets(List.of());

        EdgeSnapshot after = SNAPSHOT.with(
                new EdgeUpdate(8, List.of(), List.of("lb"), List.of(second, changed), List.of("unknown")));

        assertThat(after.version()).isEqualTo(8);
        assertThat(after.balancers()).isEmpty();
        assertThat(after.targetGroups()).containsExactly(changed, second);
    }

    @Test
    void aKeyIsNotPrinted() {
        assertThat(SNAPSHOT.toString()).doesNotContain("secret");
    }
}
