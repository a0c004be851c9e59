package dev.landfall.ecs.express;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.MortalDecisions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/** That a control plane may die before and after any of its decisions: nothing is made twice, and nothing is left. */
class ExpressCrashTest {
    private static void play(ExpressWorld on) {
        on.create("one", request -> { });
        on.create("two", request -> request.healthCheckPath("/two"));
        on.finish();
        assertThat(on.elb.balancers).hasSize(1);
        assertThat(on.elb.listeners).hasSize(1);
        assertThat(on.elb.rules).hasSize(2);
        assertThat(on.elb.groups).hasSize(4);
        assertThat(on.acm.certificates).hasSize(2);

        on.update("one", request -> request.healthCheckPath("/one")
                .primaryContainer(container -> container.image("shop:2")));
        on.delete("two");
        on.finish();
        assertThat(on.running("one")).containsExactly("shop:2");
        assertThat(on.deployment("one").statusAsString()).isEqualTo("SUCCESSFUL");
        assertThat(on.elb.groups.values()).extracting(TargetGroup::healthCheckPath)
                .containsExactlyInAnyOrder("/ping", "/one");
        assertThat(on.acm.certificates).hasSize(1);
        assertThat(on.elb.certificates.firstEntry().getValue()).isEqualTo(on.acm.certificates.keySet());

        on.delete("one");
        on.finish();
        assertThat(List.of(on.elb.balancers, on.elb.listeners, on.elb.rules, on.elb.groups, on.acm.certificates))
                .allMatch(left -> left.isEmpty());
        assertThat(on.gateways()).isEmpty();
        assertThat(on.world.image().all(EcsTables.EXPRESS_SERVICES)).allMatch(ExpressRow::gone);
        assertThat(on.service("one").status()).isEqualTo("INACTIVE");
    }

    /** How many decisions the undisturbed play takes. */
    private static int decisions() {
        var on = new ExpressWorld();
        play(on);
        return on.decisions.decided();
    }

    static Stream<Arguments> crashes() {
        return MortalDecisions.places(decisions());
    }

    @ParameterizedTest(name = "at decision {0}, after it {1}")
    @MethodSource("crashes")
    void comesToTheSameEnd(int at, boolean afterwards) {
        var on = new ExpressWorld();
        on.decisions.crashes(at, afterwards);
        play(on);
    }

    @Test
    void diesOften() {
        assertThat(decisions()).isGreaterThan(100);
    }
}
