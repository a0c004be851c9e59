package dev.landfall.elb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.elb.target.FinishDraining;
import dev.landfall.elb.target.TargetRow;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import dev.landfall.testkit.Await;
import java.time.Duration;
import java.time.Instant;
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
                .deregistered(NOW).drainingUntil(until));
    }

    private static Write<?> deregistered(int port) {
        return Write.put(ElbTables.TARGETS, TargetRow.registered(GROUP, Stage.target("10.0.0.1", port), NOW)
                .deregistered(NOW));
    }

    private static TargetRow row(Image image, int port) {
        return image.get(ElbTables.TARGETS, GROUP + "|10.0.0.1|" + port).orElseThrow();
    }

    @Test
    void onlyThoseWhoseTimeHasComeAreForgotten() {
        Image image = Image.empty(ElbTables.ALL).apply(List.of(
                draining(1, NOW.plusSeconds(1)), draining(2, NOW.plusSeconds(2)), draining(3, NOW.plusSeconds(3)),
                Write.put(ElbTables.TARGETS, TargetRow.registered(GROUP, Stage.target("10.0.0.1", 4), NOW))));
        var drained = FinishDraining.due(image, NOW.plusSeconds(2), key -> true);

        assertThat(drained.targets()).containsExactly(row(image, 1), row(image, 2));
        assertThat(FinishDraining.decide(image, drained).writes()).extracting(Write::key)
                .containsExactly(GROUP + "|10.0.0.1|1", GROUP + "|10.0.0.1|2");
        assertThat(FinishDraining.next(image, NOW)).contains(NOW.plusSeconds(1));
        assertThat(FinishDraining.next(image, NOW.plusSeconds(2))).contains(NOW.plusSeconds(3));
        assertThat(FinishDraining.next(Image.empty(ElbTables.ALL), NOW)).isEqualTo(Optional.empty());
    }

    @Test
    void oneThatNotAllDataPlanesKnowOfIsKept() {
        Image image = Image.empty(ElbTables.ALL).apply(List.of(deregistered(1), deregistered(2)));

        var due = FinishDraining.due(image, NOW, key -> !key.endsWith("|1"));
        assertThat(due.targets()).containsExactly(row(image, 2));
        assertThat(FinishDraining.due(image, NOW, key -> false).isNothing()).isTrue();
    }

    /** As the control plane may have been down in between: who was sent there until then has the whole delay, too. */
    @Test
    void theDelayBeginsWhenAllDataPlanesKnow() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            on.listener();
            String group = on.group();
            on.register(group, "10.0.0.1");
            on.service().close();       // its own timer would be first
            on.elb().deregisterTargets(request -> request.targetGroupArn(group).targets(Stage.target("10.0.0.1")));
            on.later(Duration.ofHours(1));
            Instant known = NOW.plus(Duration.ofHours(1));

            settle(on, known);
            TargetRow draining = on.image().all(ElbTables.TARGETS).iterator().next();
            assertThat(draining.drainingSince()).isEqualTo(NOW);
            assertThat(draining.drainingUntil()).isEqualTo(known.plusSeconds(300));
            settle(on, known.plusSeconds(299));
            assertThat(on.image().all(ElbTables.TARGETS)).containsExactly(draining);
            settle(on, known.plusSeconds(300));
            assertThat(on.image().all(ElbTables.TARGETS)).isEmpty();
            return on;
        });
    }

    /** As the timer does when all data planes know everything. */
    private static void settle(Stage on, Instant now) {
        on.writer().submit((image, context) ->
                FinishDraining.decide(image, FinishDraining.due(image, now, key -> true)));
    }

    @Test
    void oneThatIsRegisteredAgainMeanwhileIsKept() {
        Image image = Image.empty(ElbTables.ALL).apply(List.of(draining(1, NOW), draining(2, NOW)));
        var drained = FinishDraining.due(image, NOW, key -> true);
        Image later = image.apply(List.of(
                Write.put(ElbTables.TARGETS, TargetRow.registered(GROUP, Stage.target("10.0.0.1", 1), NOW)),
                Write.delete(ElbTables.TARGETS, GROUP + "|10.0.0.1|2")));

        assertThat(FinishDraining.decide(later, drained).writes()).isEmpty();
    }

    @Test
    void oneDecisionIsBounded() {
        Image image = Image.empty(ElbTables.ALL).apply(
                IntStream.rangeClosed(1, 1_500).<Write<?>>mapToObj(port -> draining(port, NOW)).toList());

        var drained = FinishDraining.due(image, NOW, key -> true);
        assertThat(drained.targets()).hasSize(1_000);
        Image after = image.apply(FinishDraining.decide(image, drained).writes());
        assertThat(FinishDraining.due(after, NOW, key -> true).targets()).as("the rest is due").hasSize(500);
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
            Await.until("its delay begins", Duration.ofSeconds(20), () -> on.image().all(ElbTables.TARGETS).stream()
                    .anyMatch(row -> row.drainingUntil().equals(NOW.plusSeconds(3600))));
            on.later(Duration.ofHours(1));
            // The timer looks at the clock when something changes.
            on.elb().deregisterTargets(request -> request.targetGroupArn(group).targets(Stage.target("10.0.0.2")));
            Await.until("the drained target is forgotten", Duration.ofSeconds(20),
                    () -> on.image().size(ElbTables.TARGETS) == 1);
            return on;
        });
    }
}
