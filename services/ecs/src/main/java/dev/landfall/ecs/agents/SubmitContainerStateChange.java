package dev.landfall.ecs.agents;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.ContainerStateChange;
import software.amazon.awssdk.services.ecs.model.SubmitContainerStateChangeRequest;
import software.amazon.awssdk.services.ecs.model.SubmitContainerStateChangeResponse;

/** An agent's report on one container; today's agents send it within the task's. */
public final class SubmitContainerStateChange {
    private SubmitContainerStateChange() {}

    public static Decision<SubmitContainerStateChangeResponse> decide(
            Image image, SubmitContainerStateChangeRequest request) {
        var change = ContainerStateChange.builder()
                .containerName(request.containerName())
                .runtimeId(request.runtimeId())
                .status(request.status())
                .exitCode(request.exitCode())
                .reason(request.reason())
                .networkBindings(request.networkBindings())
                .build();
        var reply = SubmitContainerStateChangeResponse.builder()
                .acknowledgment(SubmitTaskStateChange.ACKNOWLEDGMENT).build();
        return image.get(EcsTables.TASKS, request.task() == null ? "" : request.task())
                .filter(row -> !row.stopped())
                .map(row -> Decision.of(reply, Write.put(EcsTables.TASKS, row.with(Tasks.changed(row.task())
                        .containers(SubmitTaskStateChange.merged(row.task().containers(), List.of(change))).build()))))
                .orElse(Decision.of(reply));
    }
}
