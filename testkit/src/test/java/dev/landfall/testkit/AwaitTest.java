package dev.landfall.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void asksUntilTheConditionHolds() {
        var asked = new AtomicInteger();

        Await.until("third time", LONG, () -> asked.incrementAndGet() == 3);

        assertThat(asked).hasValue(3);
    }

    @Test
    void namesWhatDidNotHappen() {
        assertThatThrownBy(() -> Await.until("the moon is made of cheese", Duration.ZERO, () -> false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the moon is made of cheese");
    }

    @Test
    void keepsTheLastFailedAssertionAsTheCause() {
        assertThatThrownBy(() -> Await.untilPasses("one is two", Duration.ZERO, () -> assertThat(1).isEqualTo(2)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("one is two")
                .cause().hasMessageContaining("expected: 2");
    }

    @Test
    void returnsTheValueThatWasAwaited() {
        var count = new AtomicInteger();

        assertThat(Await.value("five", LONG, count::incrementAndGet, n -> n >= 5)).isEqualTo(5);
    }
}
