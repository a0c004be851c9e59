package dev.landfall.agent.metadata;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ProtectedTask;

/**
 * Where a task asks for its scale-in protection and sets it, {@code $ECS_AGENT_URI/task-protection/v1/state}; answers
 * as Amazon's agent does (ECS Developer Guide, Task scale-in protection endpoint). Stateless; safe for any thread.
 */
final class TaskProtectionEndpoint {
    static final String PATH = "task-protection/v1/state";

    private static final Set<String> MEMBERS = Set.of("ProtectionEnabled", "ExpiresInMinutes");
    private static final String INVALID = "InvalidParameterException";
    private static final String UNREADABLE = "UpdateTaskProtection: failed to decode request";

    private final EcsClient ecs;

    TaskProtectionEndpoint(EcsClient ecs) {
        this.ecs = ecs;
    }

    record Answer(int status, JsonNode document) {}

    /** The answer where the path names no task. */
    static Answer unknownTask() {
        return error(404, "", "ResourceNotFoundException", "Failed to find a task for the request");
    }

    Answer answer(String method, byte[] body, String cluster, String taskArn) {
        try {
            return switch (method) {
                case "GET" -> {
                    var found = ecs.getTaskProtection(request -> request.cluster(cluster).tasks(taskArn));
                    yield protection(taskArn, found.protectedTasks(), found.failures());
                }
                case "PUT" -> update(body, cluster, taskArn);
                default -> error(405, taskArn, INVALID, "Only GET and PUT are possible here");
            };
        } catch (EcsException e) {
            String code = e.awsErrorDetails() == null ? "ServerException" : e.awsErrorDetails().errorCode();
            String message = e.awsErrorDetails() == null ? e.getMessage() : e.awsErrorDetails().errorMessage();
            Answer refused = error(e.statusCode() == 0 ? 500 : e.statusCode(), taskArn, code, message);
            if (e.requestId() != null) {
                ((ObjectNode) refused.document()).put("requestID", e.requestId());
            }
            return refused;
        } catch (SdkException e) {
            return error(500, taskArn, "ServerException", e.getMessage());
        }
    }

    private Answer update(byte[] body, String cluster, String taskArn) {
        JsonNode wanted;
        try {
            wanted = MetadataDocuments.JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return error(400, "", INVALID, UNREADABLE);
        } catch (IOException e) {
            throw new IllegalStateException("bytes cannot fail to be read", e);
        }
        JsonNode enabled = wanted.path("ProtectionEnabled");
        JsonNode minutes = wanted.path("ExpiresInMinutes");
        boolean readable = wanted.isObject()
                && wanted.properties().stream().allMatch(member -> MEMBERS.contains(member.getKey()))
                && (absent(enabled) || enabled.isBoolean())
                && (absent(minutes) || minutes.isIntegralNumber() && minutes.canConvertToInt());
        if (!readable) {
            return error(400, "", INVALID, UNREADABLE);
        }
        if (absent(enabled)) {
            return error(400, taskArn, INVALID, "Invalid request: does not contain 'ProtectionEnabled' field");
        }
        var updated = ecs.updateTaskProtection(request -> request.cluster(cluster).tasks(taskArn)
                .protectionEnabled(enabled.asBoolean()).expiresInMinutes(absent(minutes) ? null : minutes.asInt()));
        return protection(taskArn, updated.protectedTasks(), updated.failures());
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static Answer protection(String taskArn, List<ProtectedTask> tasks, List<Failure> failures) {
        ObjectNode document = MetadataDocuments.JSON.createObjectNode();
        if (!failures.isEmpty()) {
            Failure first = failures.getFirst();
            document.putObject("failure").put("Arn", first.arn()).put("Detail", first.detail())
                    .put("Reason", first.reason());
            return new Answer(200, document);
        }
        if (tasks.size() != 1) {
            return error(500, taskArn, "ServerException", "Unexpected error occurred");
        }
        ProtectedTask task = tasks.getFirst();
        document.putObject("protection")
                .put("ExpirationDate", task.expirationDate() == null ? null : task.expirationDate().toString())
                .put("ProtectionEnabled", task.protectionEnabled())
                .put("TaskArn", task.taskArn());
        return new Answer(200, document);
    }

    private static Answer error(int status, String taskArn, String code, String message) {
        ObjectNode document = MetadataDocuments.JSON.createObjectNode();
        ObjectNode error = document.putObject("error");
        if (!taskArn.isEmpty()) {
            error.put("Arn", taskArn);
        }
        error.put("Code", code).put("Message", message);
        return new Answer(status, document);
    }
}
