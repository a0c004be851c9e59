package dev.landfall.ecs.agents;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.state.Decision;
import software.amazon.awssdk.services.ecs.model.SubmitAttachmentStateChangesRequest;
import software.amazon.awssdk.services.ecs.model.SubmitAttachmentStateChangesResponse;

/**
 * An agent's report on network interfaces it was told to attach by message; ours come with the task, so none is
 * awaited.
 */
public final class SubmitAttachmentStateChanges {
    private SubmitAttachmentStateChanges() {}

    public static Decision<SubmitAttachmentStateChangesResponse> decide(SubmitAttachmentStateChangesRequest request) {
        if (request.attachments().isEmpty()) {
            throw EcsErrors.invalidParameter("attachments cannot be empty.");
        }
        return Decision.of(SubmitAttachmentStateChangesResponse.builder()
                .acknowledgment(SubmitTaskStateChange.ACKNOWLEDGMENT).build());
    }
}
