package dev.landfall.ecs.shift;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** That a control plane may die before and after any of its decisions: what was begun comes to the same end. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class ShiftCrashTest {
    /** A canary that is seen through, and one that is stopped as it has a little of the traffic. */
    private static void play(ShiftWorld on, String end) {
        boolean back = end.equals("back");
        on.created(each -> each.strategy("CANARY").bakeTimeInMinutes(1).lifecycleHooks(hook ->
                hook.hookTargetArn("http://hook").lifecycleStagesWithStrings("POST_SCALE_UP",
                        "PRODUCTION_TRAFFIC_SHIFT")));
        on.decisions.countAnew();
        on.deploy("web:2");
        on.settle();
        if (back) {
            on.stop("ROLLBACK");
        } else {
            on.pass(Duration.ofMinutes(10));
        }
        on.finish();
        assertThat(on.running()).containsExactly(back ? "web:1" : "web:2");
        assertThat(on.deployment().statusAsString()).isEqualTo(back ? "ROLLBACK_SUCCESSFUL" : "SUCCESSFUL");
        assertThat(on.elb.weights(ShiftWorld.PRODUCTION))
                .isEqualTo(back ? Map.of(on.one, 0, on.two, 100) : Map.of(on.one, 100, on.two, 0));
        assertThat(on.elb.states(back ? on.one : on.two)).isEmpty();
        assertThat(on.elb.states(back ? on.two : on.one)).hasSize(2);
        assertThat(on.world.live("svc")).hasSize(2);
    }

    /** How many decisions the undisturbed play takes. */
    private static int decisions(String end) {
        var on = new ShiftWorld();
        play(on, end);
        return on.decisions.decided();
    }

    static Stream<Arguments> crashes() {
        return Stream.of("back", "on").flatMap(end -> IntStream.range(0, decisions(end)).boxed()
                .flatMap(at -> Stream.of(true, false).map(afterwards -> Arguments.of(end, at, afterwards))));
    }

    @ParameterizedTest(name = "{0}, at decision {1}, after it {2}")
    @MethodSource("crashes")
    void comesToTheSameEnd(String end, int at, boolean afterwards) {
        var on = new ShiftWorld();
        on.decisions.crashes(at, afterwards);
        play(on, end);
    }

    @Test
    void diesOften() {
        assertThat(decisions("on")).isGreaterThan(100);
    }
}
