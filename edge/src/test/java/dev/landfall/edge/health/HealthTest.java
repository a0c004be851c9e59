package dev.landfall.edge.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Ground;
import dev.landfall.edge.Wire;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeReport.State;
import dev.landfall.protocol.edge.EdgeReport.TargetHealth;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.protocol.edge.TargetGroup.HealthCheck;
import dev.landfall.protocol.edge.TargetGroup.Target;
import dev.landfall.testkit.Await;
import dev.landfall.testkit.FreePorts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checks of real targets, and what is reported of them and done with them. */
class HealthTest {
    private final Ground ground = new Ground();

    @AfterEach
    void close() {
        ground.close();
    }

    private static HealthCheck check(TargetGroup.Protocol protocol, String matcher) {
        return new HealthCheck(true, protocol, "traffic-port", "/health", 1, 1, 2, 2, matcher);
    }

    private void serve(HealthCheck check, Map<String, String> attributes, Target... targets) {
        ground.group(new TargetGroup("tg", "tg", TargetGroup.Protocol.HTTP, TargetGroup.ProtocolVersion.HTTP1,
                TargetGroup.TargetType.IP, check, attributes, List.of(targets))).apply();
    }

    private Stream<TargetHealth> reported(int port) {
        return ground.reports.stream().filter(EdgeReport.Health.class::isInstance)
                .flatMap(report -> ((EdgeReport.Health) report).targets().stream())
                .filter(health -> health.port() == port);
    }

    private void await(int port, State state) {
        Await.until(state + " is reported", Duration.ofSeconds(15), () -> reported(port).toList().stream()
                .reduce((first, last) -> last).filter(last -> last.state() == state).isPresent());
    }

    @Test
    void oneSuccessMakesANewTargetHealthy() {
        try (Backend target = Backend.answering("")) {
            serve(check(TargetGroup.Protocol.HTTP, "200"), Map.of(), target.target());
            await(target.port(), State.HEALTHY);
            assertThat(reported(target.port())).extracting(TargetHealth::state, TargetHealth::reason)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple(State.INITIAL, "Elb.InitialHealthChecking"),
                            org.assertj.core.groups.Tuple.tuple(State.HEALTHY, ""));
            Wire.Message request = target.requests.getFirst();
            assertThat(request.firstLine()).isEqualTo("GET /health HTTP/1.1");
            assertThat(request.field("user-agent")).contains("ELB-HealthChecker/2.0");
            assertThat(request.field("host")).contains("127.0.0.1:" + target.port());
        }
    }

    @Test
    void reasonsAreAwss() {
        try (Backend wrong = Backend.raw("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                Backend silent = Backend.scripted(Wire::rest);
                Backend nonsense = Backend.raw("SSH-2.0 nonsense\r\n\r\n")) {
            int refused = FreePorts.one();
            serve(check(TargetGroup.Protocol.HTTP, "200"), Map.of(), wrong.target(), silent.target(),
                    nonsense.target(), new Target("127.0.0.1", "127.0.0.1", refused, ""));
            Map<Integer, String> expected = Map.of(
                    wrong.port(), "Target.ResponseCodeMismatch Health checks failed with these codes: [404]",
                    silent.port(), "Target.Timeout Request timed out",
                    nonsense.port(), "Target.FailedHealthChecks Health checks failed",
                    refused, "Target.FailedHealthChecks Health checks failed");
            expected.forEach((port, text) -> {
                await(port, State.UNHEALTHY);
                TargetHealth last = reported(port).reduce((first, second) -> second).orElseThrow();
                assertThat(last.reason() + " " + last.description()).isEqualTo(text);
            });
        }
    }

    @Test
    void unhealthyTargetsGetNothingUntilAllAreUnhealthy() {
        var answer = new AtomicReference<>("HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\nbad");
        try (Backend good = Backend.answering("good"); Backend bad = Backend.scripted(wire -> {
            while (true) {
                wire.message();
                wire.send(answer.get());
            }
        })) {
            serve(check(TargetGroup.Protocol.HTTP, "200"), Map.of(), good.target(), bad.target());
            await(bad.port(), State.UNHEALTHY);
            await(good.port(), State.HEALTHY);
            for (int i = 0; i < 10; i++) {
                assertThat(ask()).isEqualTo("good");
            }
            good.die();
            await(good.port(), State.UNHEALTHY);
            Await.until("fail open", Duration.ofSeconds(10), () -> ask().equals("bad"));
            answer.set("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nbetter");
            await(bad.port(), State.HEALTHY);
            assertThat(ask()).isEqualTo("better");
        }
    }

    private String ask() {
        try (Wire client = ground.connect()) {
            return client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").message().body();
        }
    }

    @Test
    void tcpChecksOnlyConnect() {
        try (Backend target = Backend.scripted(Wire::rest)) {
            serve(check(TargetGroup.Protocol.TCP, ""), Map.of(), target.target());
            await(target.port(), State.HEALTHY);
        }
    }

    @Test
    void unusedDisabledAndDraining() {
        try (Backend target = Backend.answering("")) {
            ground.group(new TargetGroup("other", "other", TargetGroup.Protocol.HTTP, null, TargetGroup.TargetType.IP,
                    check(TargetGroup.Protocol.HTTP, "200"), Map.of(), List.of(target.target())));
            serve(Ground.UNCHECKED, Map.of(), new Target("127.0.0.1", "127.0.0.1", 1, ""));
            assertThat(ground.edge.health().targets()).extracting(TargetHealth::targetGroupArn, TargetHealth::state,
                    TargetHealth::reason, TargetHealth::description).containsExactlyInAnyOrder(
                    org.assertj.core.groups.Tuple.tuple("other", State.UNUSED, "Target.NotInUse",
                            "Target group is not configured to receive traffic from the load balancer"),
                    org.assertj.core.groups.Tuple.tuple("tg", State.UNAVAILABLE, "Target.HealthCheckDisabled",
                            "Health checks are disabled"));
            ground.targets("tg", List.of(new Target("127.0.0.1", "127.0.0.1", 1, "", 1L))).apply();
            assertThat(ground.edge.health().targets()).anySatisfy(health -> assertThat(health).isEqualTo(
                    new TargetHealth("tg", "127.0.0.1", 1, State.DRAINING, "Target.DeregistrationInProgress",
                            "Target deregistration is in progress")));
        }
    }

    /** Its address and port may be another task's by now. */
    @Test
    void aTargetThatIsRegisteredAnewBetweenTwoSnapshotsIsNew() {
        try (Backend target = Backend.answering("")) {
            serve(check(TargetGroup.Protocol.HTTP, "200"), Map.of(), target.target());
            await(target.port(), State.HEALTHY);
            ground.reports.clear();
            Target old = target.target();
            var anew = new Target(old.id(), old.address(), old.port(), old.zone(), null, 1L);
            ground.targets("tg", List.of(anew)).apply();
            await(target.port(), State.HEALTHY);
            assertThat(reported(target.port())).extracting(TargetHealth::state)
                    .endsWith(State.INITIAL, State.HEALTHY);
        }
    }

    @Test
    void standingsFollowTheThresholds() {
        Standing standing = Standing.INITIAL;
        assertThat(standing.after(Outcome.FAILED, 3, 2).state()).isEqualTo(State.INITIAL);
        standing = standing.after(Outcome.FAILED, 3, 2).after(Outcome.TIMEOUT, 3, 2);
        assertThat(standing.state()).isEqualTo(State.UNHEALTHY);
        assertThat(standing.reason()).isEqualTo("Target.Timeout");
        standing = standing.after(Outcome.PASSED, 3, 2).after(Outcome.PASSED, 3, 2);
        assertThat(standing.state()).isEqualTo(State.UNHEALTHY);
        assertThat(standing.after(Outcome.FAILED, 3, 2).after(Outcome.PASSED, 3, 2).state())
                .as("a failure begins the count anew").isEqualTo(State.UNHEALTHY);
        assertThat(standing.after(Outcome.PASSED, 3, 2).state()).isEqualTo(State.HEALTHY);
        Standing healthy = standing.after(Outcome.PASSED, 3, 2);
        assertThat(healthy.after(Outcome.FAILED, 3, 2).after(Outcome.PASSED, 3, 2).after(Outcome.FAILED, 3, 2).state())
                .isEqualTo(State.HEALTHY);
        assertThat(Standing.DRAINING.after(Outcome.PASSED, 1, 1)).isEqualTo(Standing.DRAINING);
    }

    @Test
    void matchersTakeListsAndRanges() {
        CodeMatcher matcher = CodeMatcher.of("200, 202,300-399", "");
        assertThat(List.of(200, 202, 300, 350, 399)).allMatch(matcher::matches);
        assertThat(List.of(199, 201, 299, 400)).noneMatch(matcher::matches);
        assertThat(CodeMatcher.of("", "12").matches(12)).isTrue();
    }
}
