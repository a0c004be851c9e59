package dev.landfall.elb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.elb.target.FinishDraining;
import dev.landfall.elb.target.TargetRow;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import dev.landfall.state.Writer;
import dev.landfall.testkit.Await;
import dev.landfall.wire.SdkForms;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Targets drain for their time, and are forgotten then. */
class TargetsDrainTest {
    private static final Instant NOW = Stage.START;
    private static final String GROUP = Stage.ARN + "targetgroup/a/0123456789abcdef";

    private static Write<?> draining(int port, Instant until) {
        return Write.put(ElbTables.TARGETS, TargetRow.registered(GROUP, Stage.target("10.0.0.1", port), NOW)
                .draining(NOW, until));
    }

    private static Context at(Instant time) {
        return new Context(time, () -> "");
    }

    @Test
    void onlyThoseWhoseTimeHasComeAreForgotten() {
        Image image = Image.empty(ElbTables.ALL).apply(List.of(
                draining(1, NOW.plusSeconds(1)), draining(2, NOW.plusSeconds(2)), draining(3, NOW.plusSeconds(3)),
                Write.put(ElbTables.TARGETS, TargetRow.registered(GROUP, Stage.target("10.0.0.1", 4), NOW))));
        var decision = FinishDraining.decide(image, at(NOW.plusSeconds(2)));

        assertThat(decision.writes()).extracting(Write::key)
                .containsExactly(GROUP + "|10.0.0.1|1", GROUP + "|10.0.0.1|2");
        assertThat(decision.reply()).contains(NOW.plusSeconds(3));
        assertThat(FinishDraining.next(image)).contains(NOW.plusSeconds(1));
        assertThat(FinishDraining.next(Image.empty(ElbTables.ALL))).isEqualTo(Optional.empty());
    }

    @Test
    void oneDecisionIsBounded() {
        Image image = Image.empty(ElbTables.ALL).apply(
                IntStream.rangeClosed(1, 1_500).<Write<?>>mapToObj(port -> draining(port, NOW)).toList());
        var decision = FinishDraining.decide(image, at(NOW));

        assertThat(decision.writes()).hasSize(1_000);
        assertThat(decision.reply()).as("the rest is due").contains(NOW);
    }

    @Test
    void afterARestartDataPlanesHaveTimeToHearOfIt() {
        InstantSource clock = () -> NOW;
        try (var writer = new Writer(new MemoryJournal(), ElbTables.ALL, SdkForms.rows(),
                clock.withZone(ZoneOffset.UTC), () -> "")) {
            var targets = List.<Write<?>>of(draining(1, NOW.plusSeconds(1)), draining(2, NOW.plusSeconds(7)));
            try (var first = new DrainingTimer(writer, clock)) {
                assertThat(first.next(Image.empty(ElbTables.ALL).apply(targets))).contains(NOW.plusSeconds(1));
            }
            writer.submit((image, context) -> new Decision<>(true, targets, List.of()));
            try (var again = new DrainingTimer(writer, clock)) {
                assertThat(again.next(writer.image())).contains(NOW.plusSeconds(5));
                assertThat(again.next(Image.empty(ElbTables.ALL).apply(targets.subList(1, 2))))
                        .contains(NOW.plusSeconds(7));
            }
        }
    }

    @Test
    void theServiceForgetsThemByItself() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            on.listener();
            String group = on.group();
            on.elb().modifyTargetGroupAttributes(request -> request.targetGroupArn(group).attributes(
                    software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute.builder()
                            .key("deregistration_delay.timeout_seconds").value("3600").build()));
            on.register(group, "10.0.0.1", "10.0.0.2");
            on.elb().deregisterTargets(request -> request.targetGroupArn(group).targets(Stage.target("10.0.0.1")));
            on.later(Duration.ofHours(1));
            // The timer looks at the clock when something changes.
            on.elb().deregisterTargets(request -> request.targetGroupArn(group).targets(Stage.target("10.0.0.2")));
            Await.until("the drained target is forgotten", Duration.ofSeconds(20),
                    () -> on.image().size(ElbTables.TARGETS) == 1);
            return on;
        });
    }
}
