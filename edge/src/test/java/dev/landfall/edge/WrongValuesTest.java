package dev.landfall.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.Condition;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeReport.State;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.Rule;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.protocol.edge.TargetGroup.Target;
import dev.landfall.testkit.FreePorts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What cannot be carried out concerns the listener or target that it belongs to, and nobody else. */
class WrongValuesTest {
    private final Ground ground = new Ground(1);

    @AfterEach
    void close() {
        ground.close();
    }

    private String answer(int port) {
        try (Wire client = Wire.to(port)) {
            return client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").message().body();
        }
    }

    private static Rule rule(Condition condition) {
        return new Rule("rule", 1, List.of(condition), List.of(), new Action.FixedResponse("200", "", "matched"));
    }

    private List<EdgeReport.Listeners.Failure> failures() {
        return ground.reports.stream().filter(EdgeReport.Listeners.class::isInstance)
                .map(EdgeReport.Listeners.class::cast).toList().getLast().failures();
    }

    private static final List<Condition> WRONG = List.of(
            new Condition.SourceIp(List.of("10.0.0.0/99")),
            new Condition.HostHeader(List.of(), List.of("(")));

    @Test
    void aListenerGoesOnAsItWasAndTheFaultIsReported() {
        ground.standard = new Action.FixedResponse("200", "", "as before");
        ground.apply();
        for (Condition wrong : WRONG) {
            ground.standard = new Action.FixedResponse("200", "", "as after");
            ground.rules = List.of(rule(wrong));
            ground.apply();
            assertThat(answer(ground.port)).isEqualTo("as before");
            assertThat(failures()).singleElement().satisfies(failure -> {
                assertThat(failure.listenerArn()).isEqualTo("listener");
                assertThat(failure.port()).isEqualTo(ground.port);
                assertThat(failure.reason()).isNotEmpty();
            });
        }
        ground.rules = List.of();
        ground.apply();
        assertThat(failures()).isEmpty();
        assertThat(answer(ground.port)).isEqualTo("as after");
    }

    @Test
    void otherListenersAreServed() {
        int fine = FreePorts.one();
        ground.rules = List.of(rule(WRONG.getFirst()));
        EdgeSnapshot snapshot = ground.snapshot();
        Balancer balancer = snapshot.balancers().getFirst();
        var listeners = new ArrayList<>(balancer.listeners());
        listeners.add(new Listener("fine", fine, Listener.Protocol.HTTP, List.of(), "", "", Map.of(),
                List.of(new Rule("default", List.of(), List.of(), new Action.FixedResponse("200", "", "fine")))));
        // Without a certificate there is no TLS; that is found out when it is to be opened.
        listeners.add(new Listener("bare", FreePorts.one(), Listener.Protocol.HTTPS, List.of(), "", "", Map.of(),
                List.of(new Rule("default", List.of(), List.of(), new Action.FixedResponse("200", "", "bare")))));
        ground.edge.accept(new EdgeSnapshot(snapshot.version(), List.of(new Balancer(balancer.arn(), balancer.name(),
                "", balancer.type(), balancer.addresses(), Map.of(), listeners)), snapshot.targetGroups()));
        assertThat(answer(fine)).isEqualTo("fine");
        assertThat(failures()).extracting(EdgeReport.Listeners.Failure::listenerArn)
                .containsExactlyInAnyOrder("listener", "bare");
    }

    @Test
    void aListenerThatCannotBeUnderstoodGoesOnAsItWas() {
        ground.standard = new Action.FixedResponse("200", "", "as before");
        ground.apply();
        Balancer balancer = ground.snapshot().balancers().getFirst();
        ground.edge.accept(new EdgeSnapshot(100, List.of(new Balancer(balancer.arn(), balancer.name(), "",
                balancer.type(), balancer.addresses(), Map.of(), List.of(),
                List.of(new Balancer.Unread("listener", ground.port, "newer than this"),
                        new Balancer.Unread("never seen", 1, "newer than this")))), List.of()));
        assertThat(answer(ground.port)).isEqualTo("as before");
        assertThat(failures()).extracting(EdgeReport.Listeners.Failure::listenerArn)
                .containsExactly("listener", "never seen");
    }

    @Test
    void aPortThatIsNoneIsTheGroupsFault() {
        try (Backend target = Backend.answering("served")) {
            ground.group("tg", Map.of(), target).apply();
            ground.group(new TargetGroup("odd", "odd", TargetGroup.Protocol.HTTP, null, TargetGroup.TargetType.IP,
                    new TargetGroup.HealthCheck(true, TargetGroup.Protocol.HTTP, "99999", "/", 5, 2, 2, 2, "200"),
                    Map.of(), List.of(target.target())));
            ground.rules = List.of(new Rule("rule", 1, List.of(new Condition.PathPattern(List.of("/odd"), List.of())),
                    List.of(), Ground.forward("odd")));
            ground.standard = Ground.forward("tg");
            ground.apply();
            assertThat(answer(ground.port)).isEqualTo("served");
            assertThat(ground.edge.health().targets()).filteredOn(health -> health.targetGroupArn().equals("odd"))
                    .extracting(EdgeReport.TargetHealth::state).containsExactly(State.UNHEALTHY);
        }
    }

    @Test
    void aTargetWithoutAnAddressIsUnhealthyAndOthersServe() {
        try (Backend target = Backend.answering("served")) {
            ground.group("tg", Map.of(), target);
            ground.targets("tg", List.of(new Target("odd", "999.1.1.1", 80, ""), target.target())).apply();
            for (int i = 0; i < 4; i++) {
                assertThat(answer(ground.port)).isEqualTo("served");
            }
            assertThat(ground.edge.health().targets()).filteredOn(health -> health.id().equals("odd"))
                    .singleElement().satisfies(health -> {
                        assertThat(health.state()).isEqualTo(State.UNHEALTHY);
                        assertThat(health.reason()).isEqualTo("Elb.InternalError");
                    });
        }
    }
}
