package dev.landfall.ecs.agents;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.deployment.PinnedImages;
import dev.landfall.ecs.service.TaskOutcomes;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.TaskStatus;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Connectivity;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerStateChange;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeRequest;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeResponse;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/**
 * An agent's report on one of its tasks. Reports may come twice or late: a task never goes back, and a report on a task
 * nobody knows is acknowledged, as the agent would repeat it for ever.
 */
public final class SubmitTaskStateChange {
    static final String ACKNOWLEDGMENT = "ACK";

    /** In the order a container goes through them; it never goes back. */
    private static final List<String> CONTAINER_STATUSES = List.of("PENDING", "RUNNING", "STOPPED");

    private static final String ESSENTIAL_EXITED = "Essential container in task exited";

    private SubmitTaskStateChange() {}

    public static Decision<SubmitTaskStateChangeResponse> decide(
            Image image, SubmitTaskStateChangeRequest request, Context context) {
        if (request.task() == null || request.task().isEmpty()) {
            throw EcsErrors.invalidParameter("task cannot be empty.");
        }
        var reply = SubmitTaskStateChangeResponse.builder().acknowledgment(ACKNOWLEDGMENT).build();
        Optional<TaskRow> known = image.get(EcsTables.TASKS, request.task()).filter(row -> !row.stopped());
        if (known.isEmpty()) {
            return Decision.of(reply);
        }
        var draft = new Draft(image);
        apply(draft, known.get(), request, context);
        return draft.reply(reply);
    }

    private static void apply(Draft draft, TaskRow before, SubmitTaskStateChangeRequest request, Context context) {
        TaskRow row = before.with(reported(before.task(), request).build());
        switch (request.status() == null ? "" : request.status()) {
            case "RUNNING" -> {
                row = running(row, context);
                put(draft, before, row);
                PinnedImages.note(draft, row);
                essentialExit(draft, row, context);
            }
            case "STOPPED" -> {
                Cause cause = cause(row, request);
                TaskRow stopped = Tasks.stopped(draft, row, cause.code, cause.reason, context);
                TaskOutcomes.stopped(draft, stopped, context);
            }
            default -> put(draft, before, row);
        }
    }

    /** A report that says nothing new is not worth a write. */
    private static void put(Draft draft, TaskRow before, TaskRow row) {
        if (!row.with(row.task().toBuilder().version(before.task().version()).build()).equals(before)) {
            draft.put(EcsTables.TASKS, row);
        }
    }

    private static TaskRow running(TaskRow row, Context context) {
        if (!TaskStatus.valueOf(row.task().lastStatus()).canBecome(TaskStatus.RUNNING)) {
            return row;
        }
        var next = row.task().toBuilder()
                .lastStatus(TaskStatus.RUNNING.name())
                .startedAt(context.now())
                .connectivity(Connectivity.CONNECTED)
                .connectivityAt(context.now());
        if (row.task().hasAttachments()) {
            next.attachments(row.task().attachments().stream()
                    .map(attachment -> attachment.toBuilder().status("ATTACHED").build()).toList());
        }
        return row.with(next.build());
    }

    /**
     * The agent stops the rest of a task by itself once an essential container has ended, which may take the other
     * containers' stop timeouts. The task is on its way out from now on, so that its service replaces it at once.
     */
    private static void essentialExit(Draft draft, TaskRow row, Context context) {
        if (row.wanted() && row.task().containers().stream().anyMatch(each -> stoppedEssential(draft, row, each))) {
            Cause cause = cause(row, null);
            draft.put(EcsTables.TASKS, row.with(row.task().toBuilder()
                    .desiredStatus(TaskStatus.STOPPED.name())
                    .stoppingAt(context.now())
                    .stopCode(cause.code)
                    .stoppedReason(cause.reason)
                    .build()));
        }
    }

    private static boolean stoppedEssential(Draft draft, TaskRow row, Container container) {
        return TaskStatus.STOPPED.name().equals(container.lastStatus())
                && Tasks.definition(draft.image(), row).definition().containerDefinitions().stream()
                        .anyMatch(definition -> definition.name().equals(container.name())
                                && !Boolean.FALSE.equals(definition.essential()));
    }

    private record Cause(TaskStopCode code, String reason) {}

    /** Agents never send a stop code: it follows from what they say of the containers. */
    private static Cause cause(TaskRow row, SubmitTaskStateChangeRequest request) {
        boolean started = row.task().startedAt() != null;
        Optional<String> failure = row.task().containers().stream()
                .map(Container::reason)
                .filter(reason -> reason != null && !reason.isEmpty() && !reason.startsWith("OutOfMemoryError"))
                .findFirst();
        if (!started && failure.isPresent()) {
            return new Cause(TaskStopCode.TASK_FAILED_TO_START, failure.get());
        }
        if (request != null && request.reason() != null && !request.reason().isEmpty()) {
            return new Cause(
                    started ? TaskStopCode.ESSENTIAL_CONTAINER_EXITED : TaskStopCode.TASK_FAILED_TO_START,
                    request.reason());
        }
        return new Cause(TaskStopCode.ESSENTIAL_CONTAINER_EXITED, ESSENTIAL_EXITED);
    }

    private static Task.Builder reported(Task task, SubmitTaskStateChangeRequest request) {
        return Tasks.changed(task)
                .containers(merged(task.containers(), request.containers()))
                .pullStartedAt(first(task.pullStartedAt(), request.pullStartedAt()))
                .pullStoppedAt(first(task.pullStoppedAt(), request.pullStoppedAt()))
                .executionStoppedAt(first(task.executionStoppedAt(), request.executionStoppedAt()));
    }

    private static Instant first(Instant known, Instant reported) {
        return known != null ? known : reported;
    }

    /** Applies the changes in their order: one container may be named twice. */
    static List<Container> merged(List<Container> containers, List<ContainerStateChange> changes) {
        var merged = new ArrayList<>(containers);
        for (ContainerStateChange change : changes) {
            merged.replaceAll(container -> container.name().equals(change.containerName())
                    ? merged(container, change) : container);
        }
        return merged;
    }

    private static Container merged(Container container, ContainerStateChange change) {
        var next = container.toBuilder();
        if (change.status() != null && CONTAINER_STATUSES.indexOf(change.status())
                > CONTAINER_STATUSES.indexOf(container.lastStatus())) {
            next.lastStatus(change.status());
        }
        if (change.runtimeId() != null) {
            next.runtimeId(change.runtimeId());
        }
        if (change.exitCode() != null) {
            next.exitCode(change.exitCode());
        }
        if (change.reason() != null && !change.reason().isEmpty()) {
            next.reason(change.reason());
        }
        if (change.imageDigest() != null) {
            next.imageDigest(change.imageDigest());
        }
        if (!change.networkBindings().isEmpty()) {
            next.networkBindings(change.networkBindings());
        }
        return next.build();
    }
}
