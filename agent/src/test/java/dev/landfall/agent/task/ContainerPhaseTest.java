package dev.landfall.agent.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The whole transition relation, written out: a row is a phase, a column the next one. */
class ContainerPhaseTest {
    private static final String EXPECTED = """
            WAITING  .x......x
            PULLING  ..x.....x
            PULLED   ...x....x
            CREATING ....x...x
            CREATED  .....x..x
            STARTING ......x.x
            RUNNING  ....x..xx
            STOPPING ........x
            STOPPED  .........
            """;

    @Test
    void everyPairIsAsDrawn() {
        String actual = Stream.of(ContainerPhase.values())
                .map(from -> "%-9s".formatted(from) + Stream.of(ContainerPhase.values())
                        .map(to -> from.canBecome(to) ? "x" : ".").collect(Collectors.joining()) + "\n")
                .collect(Collectors.joining());
        assertThat(actual).isEqualTo(EXPECTED);
    }
}
