package dev.landfall.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.task.TaskStatus;
import dev.landfall.ecs.taskset.TaskSetStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Keeps the drawings of lifecycles in docs/states the same as the code. */
class StatesTest {
    private static final Path GENERATED = Path.of("target", "task-status.md");

    @Test
    void theTasksLifeIsDrawnAsItIs() throws IOException {
        var drawing = new StringBuilder("""
                # A task's lastStatus

                Drawn from `TaskStatus` by StatesTest. Every state may also become STOPPED at once.

                ```mermaid
                stateDiagram-v2
                    [*] --> PROVISIONING
                    [*] --> PENDING
                """);
        for (TaskStatus from : TaskStatus.values()) {
            for (TaskStatus to : from.next()) {
                if (to != TaskStatus.STOPPED || from == TaskStatus.DEPROVISIONING) {
                    drawing.append("    ").append(from).append(" --> ").append(to).append('\n');
                }
            }
        }
        drawing.append("    STOPPED --> [*]\n```\n");
        Files.createDirectories(GENERATED.getParent());
        Files.writeString(GENERATED, drawing);
        assertThat(Files.readString(Repository.root().resolve("docs/states/task-status.md")))
                .as("run: cp app/target/task-status.md docs/states/")
                .isEqualTo(drawing.toString());
    }

    @Test
    void aTaskSetsLifeIsDrawnAsItIs() throws IOException {
        var drawing = new StringBuilder("""
                # A task set's status

                Drawn from `TaskSetStatus` by StatesTest.

                ```mermaid
                stateDiagram-v2
                    [*] --> ACTIVE
                    [*] --> PRIMARY
                """);
        for (TaskSetStatus from : TaskSetStatus.values()) {
            for (TaskSetStatus to : from.next()) {
                drawing.append("    ").append(from).append(" --> ").append(to).append('\n');
            }
        }
        drawing.append("    DRAINING --> [*]\n```\n");
        Path generated = GENERATED.resolveSibling("task-set-status.md");
        Files.createDirectories(generated.getParent());
        Files.writeString(generated, drawing);
        assertThat(Files.readString(Repository.root().resolve("docs/states/task-set-status.md")))
                .as("run: cp app/target/task-set-status.md docs/states/")
                .isEqualTo(drawing.toString());
    }
}
