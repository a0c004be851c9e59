package dev.landfall.ecs.conformance;

import static dev.landfall.ecs.conformance.Row.refuses;
import static dev.landfall.ecs.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.AttachmentStateChange;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.Task;

/** What agents call. */
class AgentReportConformanceTest {
    private static final String NO_TASK = World.ARN + "task/default/" + "0".repeat(32);

    static List<Row> rows() {
        return List.of(
                works("DiscoverPollEndpoint", "names this server", on -> on.ecs().discoverPollEndpoint(r -> { }),
                        answer -> {
                            assertThat(answer.endpoint()).startsWith("http://localhost:4566/");
                            assertThat(answer.telemetryEndpoint()).startsWith("http://localhost:4566/");
                        }),
                works("SubmitTaskStateChange", "is acknowledged", on -> {
                    String task = on.task();
                    var answer = on.ecs().submitTaskStateChange(request -> request.task(task).status("RUNNING"));
                    Task seen = on.ecs().describeTasks(request -> request.tasks(task)).tasks().getFirst();
                    assertThat(seen.lastStatus()).isEqualTo("RUNNING");
                    on.ecs().submitTaskStateChange(request -> request.task(task).status("RUNNING"));
                    return answer;
                }, answer -> assertThat(answer.acknowledgment()).isNotEmpty()),
                works("SubmitTaskStateChange", "on a task nobody knows is acknowledged, as it would be repeated",
                        on -> on.ecs().submitTaskStateChange(request -> request.task(NO_TASK).status("STOPPED")),
                        answer -> assertThat(answer.acknowledgment()).isNotEmpty()),
                refuses("SubmitTaskStateChange", "no task", InvalidParameterException.class, "task cannot be empty.",
                        on -> on.ecs().submitTaskStateChange(request -> request.status("RUNNING"))),
                works("SubmitContainerStateChange", "is acknowledged", on -> {
                    String task = on.task();
                    var answer = on.ecs().submitContainerStateChange(request -> request.task(task)
                            .containerName("app").runtimeId("docker").status("RUNNING"));
                    Task seen = on.ecs().describeTasks(request -> request.tasks(task)).tasks().getFirst();
                    assertThat(seen.containers().getFirst().runtimeId()).isEqualTo("docker");
                    on.ecs().submitContainerStateChange(request -> request.task(task).containerName("app"));
                    return answer;
                }, answer -> assertThat(answer.acknowledgment()).isNotEmpty()),
                works("SubmitAttachmentStateChanges", "is acknowledged", on -> on.ecs().submitAttachmentStateChanges(
                        request -> request.attachments(AttachmentStateChange.builder()
                                .attachmentArn(World.ARN + "attachment/1").status("ATTACHED").build())),
                        answer -> assertThat(answer.acknowledgment()).isNotEmpty()),
                refuses("SubmitAttachmentStateChanges", "none", InvalidParameterException.class,
                        "attachments cannot be empty.", on -> on.ecs().submitAttachmentStateChanges(r -> { })));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }
}
