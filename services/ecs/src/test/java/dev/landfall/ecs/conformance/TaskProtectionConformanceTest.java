package dev.landfall.ecs.conformance;

import static dev.landfall.ecs.conformance.Row.refuses;
import static dev.landfall.ecs.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;

class TaskProtectionConformanceTest {
    private static final Class<InvalidParameterException> INVALID = InvalidParameterException.class;
    private static final String NO_ID = "0".repeat(32);

    static List<Row> rows() {
        return Row.all(List.of(updateTaskProtection(), updateTaskProtectionRefusals(), getTaskProtection()));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    /** The ARN of a running task of a service. */
    private static String task(Stage on) {
        on.instance();
        String service = on.service(request -> request.desiredCount(1));
        return on.ecs().listTasks(request -> request.serviceName(service)).taskArns().getFirst();
    }

    private static List<Row> updateTaskProtection() {
        String action = "UpdateTaskProtection";
        return List.of(
                works(action, "protects a service's task", on -> {
                    String task = task(on);
                    return on.ecs().updateTaskProtection(request -> request.tasks(task).protectionEnabled(true));
                }, answer -> {
                    assertThat(answer.protectedTasks().getFirst().protectionEnabled()).isTrue();
                    assertThat(answer.protectedTasks().getFirst().expirationDate()).isNotNull();
                    assertThat(answer.failures()).isEmpty();
                }),
                works(action, "ends it", on -> {
                    String task = task(on);
                    on.ecs().updateTaskProtection(request -> request.tasks(task).protectionEnabled(true));
                    return on.ecs().updateTaskProtection(request -> request.tasks(task).protectionEnabled(false));
                }, answer -> {
                    assertThat(answer.protectedTasks().getFirst().protectionEnabled()).isFalse();
                    assertThat(answer.protectedTasks().getFirst().expirationDate()).isNull();
                }),
                works(action, "says which tasks it cannot protect", on -> {
                    String task = on.task();
                    return on.ecs().updateTaskProtection(request -> request.tasks(task, NO_ID)
                            .protectionEnabled(true));
                }, answer -> assertThat(answer.failures()).extracting(each -> each.reason())
                        .containsExactly("TASK_NOT_VALID", "MISSING")));
    }

    private static List<Row> updateTaskProtectionRefusals() {
        String action = "UpdateTaskProtection";
        return List.of(
                refuses(action, "no tasks", INVALID, "Tasks cannot be empty.",
                        on -> on.ecs().updateTaskProtection(request -> request.protectionEnabled(true))),
                refuses(action, "eleven tasks", INVALID, "taskIds can have at most 10 items.",
                        on -> on.ecs().updateTaskProtection(request -> request.protectionEnabled(true)
                                .tasks(Collections.nCopies(11, NO_ID)))),
                refuses(action, "more than two days", INVALID, "expiresInMinutes should be between 1 and 2880.",
                        on -> on.ecs().updateTaskProtection(request -> request.protectionEnabled(true)
                                .tasks(NO_ID).expiresInMinutes(2_881))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().updateTaskProtection(request -> request.cluster("other").tasks(NO_ID)
                                .protectionEnabled(true))));
    }

    private static List<Row> getTaskProtection() {
        String action = "GetTaskProtection";
        return List.of(
                works(action, "shows a task without protection", on -> {
                    String task = task(on);
                    return on.ecs().getTaskProtection(request -> request.tasks(task));
                }, answer -> assertThat(answer.protectedTasks().getFirst().protectionEnabled()).isFalse()),
                works(action, "shows protection until it ends", on -> {
                    String task = task(on);
                    on.ecs().updateTaskProtection(request -> request.tasks(task).protectionEnabled(true)
                            .expiresInMinutes(60));
                    on.later(Duration.ofMinutes(59));
                    assertThat(on.ecs().getTaskProtection(request -> request.tasks(task)).protectedTasks()
                            .getFirst().protectionEnabled()).isTrue();
                    on.later(Duration.ofMinutes(2));
                    return on.ecs().getTaskProtection(request -> request.tasks(task));
                }, answer -> assertThat(answer.protectedTasks().getFirst().protectionEnabled()).isFalse()),
                refuses(action, "no tasks", INVALID, "Tasks cannot be empty.",
                        on -> on.ecs().getTaskProtection(request -> { })),
                refuses(action, "101 tasks", INVALID, "taskIds can have at most 100 items.",
                        on -> on.ecs().getTaskProtection(request -> request.tasks(Collections.nCopies(101, NO_ID)))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().getTaskProtection(request -> request.cluster("other").tasks(NO_ID))));
    }
}
