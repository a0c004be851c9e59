package dev.landfall.ecs.taskset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every pair of statuses: those that may follow each other, and no other. */
class TaskSetStatusTest {
    private static final List<String> ALLOWED =
            List.of("ACTIVE PRIMARY", "ACTIVE DRAINING", "PRIMARY ACTIVE", "PRIMARY DRAINING");

    @Test
    void onlyTheseFollowEachOther() {
        var allowed = new ArrayList<String>();
        for (TaskSetStatus from : TaskSetStatus.values()) {
            for (TaskSetStatus to : TaskSetStatus.values()) {
                if (from.canBecome(to)) {
                    allowed.add(from + " " + to);
                }
            }
        }
        assertThat(allowed).containsExactlyElementsOf(ALLOWED);
    }
}
