package dev.landfall.agent.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.GetTaskProtectionRequest;
import software.amazon.awssdk.services.ecs.model.GetTaskProtectionResponse;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ProtectedTask;
import software.amazon.awssdk.services.ecs.model.UpdateTaskProtectionRequest;
import software.amazon.awssdk.services.ecs.model.UpdateTaskProtectionResponse;

class TaskProtectionEndpointTest {
    private static final String TASK = "arn:aws:ecs:us-east-1:000000000000:task/default/0123";
    private static final Instant END = Instant.parse("2026-01-02T03:04:05Z");

    private final Ecs ecs = new Ecs();
    private final TaskProtectionEndpoint endpoint = new TaskProtectionEndpoint(ecs);

    /** Notes what it is asked, and answers with what the test says or with protection for as long as was asked. */
    private static final class Ecs implements EcsClient {
        private final List<UpdateTaskProtectionRequest> updates = new ArrayList<>();
        private List<Failure> failures = List.of();
        private RuntimeException thrown;

        @Override
        public GetTaskProtectionResponse getTaskProtection(GetTaskProtectionRequest request) {
            fail();
            assertThat(request.cluster()).isEqualTo("cluster");
            return GetTaskProtectionResponse.builder().failures(failures)
                    .protectedTasks(protectedTask(request.tasks().getFirst(), false)).build();
        }

        @Override
        public UpdateTaskProtectionResponse updateTaskProtection(UpdateTaskProtectionRequest request) {
            fail();
            updates.add(request);
            return UpdateTaskProtectionResponse.builder().failures(failures).protectedTasks(
                    protectedTask(request.tasks().getFirst(), request.protectionEnabled())).build();
        }

        private static ProtectedTask protectedTask(String arn, Boolean enabled) {
            return ProtectedTask.builder().taskArn(arn).protectionEnabled(enabled)
                    .expirationDate(enabled ? END : null).build();
        }

        private void fail() {
            if (thrown != null) {
                throw thrown;
            }
        }

        @Override
        public String serviceName() {
            return "ecs";
        }

        @Override
        public void close() {}
    }

    private String put(String body, int status) {
        var answer = endpoint.answer("PUT", body.getBytes(UTF_8), "cluster", TASK);
        assertThat(answer.status()).isEqualTo(status);
        return answer.document().toString();
    }

    @Test
    void protectsTheTask() {
        assertThat(put("{\"ProtectionEnabled\":true,\"ExpiresInMinutes\":60}", 200)).isEqualTo(
                "{\"protection\":{\"ExpirationDate\":\"2026-01-02T03:04:05Z\",\"ProtectionEnabled\":true,"
                + "\"TaskArn\":\"" + TASK + "\"}}");
        put("{\"ProtectionEnabled\":true}", 200);
        put("{\"ProtectionEnabled\":false,\"ExpiresInMinutes\":null}", 200);
        assertThat(ecs.updates).extracting(UpdateTaskProtectionRequest::expiresInMinutes)
                .containsExactly(60, null, null);
        assertThat(ecs.updates).extracting(UpdateTaskProtectionRequest::protectionEnabled)
                .containsExactly(true, true, false);
        assertThat(ecs.updates).allMatch(request -> request.tasks().equals(List.of(TASK))
                && request.cluster().equals("cluster"));
    }

    @Test
    void tellsTheProtection() {
        var answer = endpoint.answer("GET", new byte[0], "cluster", TASK);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.document().toString()).isEqualTo("{\"protection\":{\"ExpirationDate\":null,"
                + "\"ProtectionEnabled\":false,\"TaskArn\":\"" + TASK + "\"}}");
    }

    @Test
    void passesFailuresOn() {
        ecs.failures = List.of(Failure.builder().arn(TASK).reason("TASK_NOT_VALID").build());
        String failure = "{\"failure\":{\"Arn\":\"" + TASK + "\",\"Detail\":null,\"Reason\":\"TASK_NOT_VALID\"}}";
        assertThat(put("{\"ProtectionEnabled\":true}", 200)).isEqualTo(failure);
        assertThat(endpoint.answer("GET", new byte[0], "cluster", TASK).document().toString()).isEqualTo(failure);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "[]", "true", "null", "{\"ProtectionEnabled\":\"yes\"}",
        "{\"ProtectionEnabled\":true,\"ExpiresInMinutes\":\"60\"}",
        "{\"ProtectionEnabled\":true,\"ExpiresInMinutes\":1.5}",
        "{\"ProtectionEnabled\":true,\"ExpiresInMinutes\":99999999999}",
        "{\"ProtectionEnabled\":true,\"Other\":1}"})
    void refusesWhatItCannotRead(String body) {
        assertThat(put(body, 400)).isEqualTo("{\"error\":{\"Code\":\"InvalidParameterException\","
                + "\"Message\":\"UpdateTaskProtection: failed to decode request\"}}");
        assertThat(ecs.updates).isEmpty();
    }

    @Test
    void refusesWhatSaysNothing() {
        assertThat(put("{\"ExpiresInMinutes\":5}", 400)).isEqualTo("{\"error\":{\"Arn\":\"" + TASK
                + "\",\"Code\":\"InvalidParameterException\","
                + "\"Message\":\"Invalid request: does not contain 'ProtectionEnabled' field\"}}");
        assertThat(endpoint.answer("DELETE", new byte[0], "cluster", TASK).status()).isEqualTo(405);
    }

    @Test
    void passesErrorsOn() {
        ecs.thrown = InvalidParameterException.builder().statusCode(400).requestId("id-1").message("no")
                .awsErrorDetails(AwsErrorDetails.builder().errorCode("InvalidParameterException")
                        .errorMessage("no such minutes").build()).build();
        assertThat(put("{\"ProtectionEnabled\":true}", 400)).isEqualTo("{\"error\":{\"Arn\":\"" + TASK
                + "\",\"Code\":\"InvalidParameterException\",\"Message\":\"no such minutes\"},"
                + "\"requestID\":\"id-1\"}");
        ecs.thrown = SdkClientException.create("connection refused");
        assertThat(put("{\"ProtectionEnabled\":true}", 500)).isEqualTo("{\"error\":{\"Arn\":\"" + TASK
                + "\",\"Code\":\"ServerException\",\"Message\":\"connection refused\"}}");
    }

    @Test
    void doesNotKnowOtherTasks() {
        assertThat(TaskProtectionEndpoint.unknownTask().status()).isEqualTo(404);
        assertThat(TaskProtectionEndpoint.unknownTask().document().toString()).isEqualTo("{\"error\":{\"Code\":"
                + "\"ResourceNotFoundException\",\"Message\":\"Failed to find a task for the request\"}}");
    }
}
