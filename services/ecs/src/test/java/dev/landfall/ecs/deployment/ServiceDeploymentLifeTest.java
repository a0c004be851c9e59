package dev.landfall.ecs.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;

class ServiceDeploymentLifeTest {
    /** Columns: PENDING SUCCESSFUL STOPPED STOP_REQUESTED IN_PROGRESS, then ROLLBACK_ REQUESTED IN_PROGRESS … */
    private static final List<String> MATRIX = List.of(
            "PENDING              ..xxxx...",
            "SUCCESSFUL           .........",
            "STOPPED              .........",
            "STOP_REQUESTED       ..x......",
            "IN_PROGRESS          .xxx.xx..",
            "ROLLBACK_REQUESTED   .xx...x..",
            "ROLLBACK_IN_PROGRESS .......xx",
            "ROLLBACK_SUCCESSFUL  .........",
            "ROLLBACK_FAILED      .........");

    @Test
    void everyPair() {
        var statuses = new ArrayList<>(List.of(ServiceDeploymentStatus.values()));
        statuses.remove(ServiceDeploymentStatus.UNKNOWN_TO_SDK_VERSION);
        var matrix = new ArrayList<String>();
        for (ServiceDeploymentStatus from : statuses) {
            var row = new StringBuilder("%-21s".formatted(from));
            statuses.forEach(to -> row.append(ServiceDeploymentLife.next(from).contains(to) ? 'x' : '.'));
            matrix.add(row.toString());
        }
        assertThat(matrix).containsExactlyElementsOf(MATRIX);
    }
}
