package dev.landfall.ecs.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The whole transition relation, written out; a row is a status, a column the next one. */
class TaskStatusTest {
    @Test
    void everyPair() {
        String actual = Stream.of(TaskStatus.values())
                .map(from -> "%-15s".formatted(from) + Stream.of(TaskStatus.values())
                        .map(to -> from.canBecome(to) ? "x" : ".").collect(Collectors.joining()) + "\n")
                .collect(Collectors.joining());
        assertThat(actual).isEqualTo("""
                PROVISIONING   .xxx.xxx
                PENDING        ..xxxx.x
                ACTIVATING     ...xxx.x
                RUNNING        ....xx.x
                DEACTIVATING   .....x.x
                STOPPING       ......xx
                DEPROVISIONING .......x
                STOPPED        ........
                """);
    }
}
