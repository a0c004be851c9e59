package dev.landfall.ecs.taskdef;

import static dev.landfall.ecs.taskdef.Registration.CONTEXT;
import static dev.landfall.ecs.taskdef.Registration.NOW;
import static dev.landfall.ecs.taskdef.Registration.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Decision;
import dev.landfall.state.Write;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.DeleteTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.DeleteTaskDefinitionsResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class TaskDefinitionLifecycleTest {
    private static final String ARN = "arn:aws:ecs:eu-central-1:123456789012:task-definition/web:";

    private final Registration registration = new Registration();

    @Test
    void aFamilyStandsForItsLatestActiveRevision() {
        for (int i = 0; i < 11; i++) {
            registration.register("web");
        }
        assertThat(required("web")).isEqualTo(ARN + 11);
        registration.deregister("web:11");
        assertThat(required("web")).isEqualTo(ARN + 10);
        registration.deregister(ARN + 10);

        assertThat(required("web")).isEqualTo(ARN + 9);
        assertThat(required("web:3")).isEqualTo(ARN + 3);
        assertThat(required(ARN + 3)).isEqualTo(ARN + 3);
        assertThat(required("arn:aws:ecs:eu-central-1:123456789012:task-definition/web")).isEqualTo(ARN + 9);
    }

    @Test
    void deregisteringIsNotedOnceAndHidesNothing() {
        registration.register("web");
        TaskDefinition inactive = registration.deregister("web:1");

        assertThat(inactive.status()).isEqualTo(TaskDefinitionStatus.INACTIVE);
        assertThat(inactive.deregisteredAt()).isEqualTo(NOW);
        assertThat(registration.deregister("web:1")).isEqualTo(inactive);
        assertThat(described("web:1")).isEqualTo(inactive);
        assertThatThrownBy(() -> required("web:1")).isInstanceOf(ClientException.class)
                .hasMessageContaining("TaskDefinition is inactive");
        assertThatThrownBy(() -> required("web")).isInstanceOf(ClientException.class)
                .hasMessageContaining("TaskDefinition not found.");
        assertThatThrownBy(() -> described("web")).isInstanceOf(ClientException.class)
                .hasMessageContaining("Unable to describe task definition.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "              | TaskDefinition can not be blank.",
        "api           | TaskDefinition not found.",
        "web:2         | TaskDefinition not found.",
        "web:0         | Invalid revision number. Number: 0",
        "web:x         | Invalid revision number. Number: x",
        "web:          | 'Invalid revision number. Number: '",
        "web:9999999999| Invalid revision number. Number: 9999999999",
        "a b           | Family contains invalid characters."})
    void whatIsNotThereIsRefused(String name, String message) {
        registration.register("web");

        assertThatThrownBy(() -> required(name)).isInstanceOf(ClientException.class)
                .extracting(error -> ((EcsException) error).awsErrorDetails().errorMessage())
                .isEqualTo(message);
    }

    @Test
    void otherArnsAreRefused() {
        assertThatThrownBy(() -> required("arn:aws:ecs:eu-central-1:123456789012:cluster/web"))
                .isInstanceOf(InvalidParameterException.class).hasMessageContaining("Invalid identifier");
    }

    @Test
    void whatCannotBeDeregisteredIsRefused() {
        registration.register("web");
        assertThatThrownBy(() -> registration.deregister("web")).isInstanceOf(ClientException.class)
                .hasMessageContaining("Revision is missing.");
        assertThatThrownBy(() -> registration.deregister("web:2")).isInstanceOf(ClientException.class)
                .hasMessageContaining("The specified task definition does not exist.");
    }

    @Test
    void onlyInactiveRevisionsAreDeleted() {
        registration.register("web");
        registration.register("web");
        registration.deregister("web:1");

        var response = delete("web:1", "web:2", "web:3", "web:1");

        assertThat(response.taskDefinitions()).singleElement().satisfies(deleted -> {
            assertThat(deleted.taskDefinitionArn()).isEqualTo(ARN + 1);
            assertThat(deleted.status()).isEqualTo(TaskDefinitionStatus.DELETE_IN_PROGRESS);
            assertThat(deleted.deleteRequestedAt()).isEqualTo(NOW);
        });
        assertThat(response.failures()).extracting(Failure::arn).containsExactly(ARN + 2, ARN + 3, ARN + 1);
        assertThat(response.failures()).extracting(Failure::reason).containsExactly(
                "The specified task definition is still in ACTIVE status. Please deregister the target and try again.",
                "The specified task definition does not exist. Specify a valid account, family, revision and try "
                        + "again.",
                "The specified task definition is already in DELETE_IN_PROGRESS status.");
        assertThat(described("web:1").status()).isEqualTo(TaskDefinitionStatus.DELETE_IN_PROGRESS);
        assertThatThrownBy(() -> required("web:1")).hasMessageContaining("TaskDefinition is inactive");
    }

    @Test
    void aDeletionTakesOneToTenRevisions() {
        assertThatThrownBy(this::delete).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> delete("a:1", "a:2", "a:3", "a:4", "a:5", "a:6", "a:7", "a:8", "a:9", "a:10", "a:11"))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> delete("a")).hasMessageContaining("Revision is missing.");
    }

    @Test
    void aDeletedRevisionGoesWhenNothingUsesIt() {
        for (String name : List.of("web:1", "web:2", "web:3")) {
            registration.register("web");
            registration.deregister(name);
        }
        registration.register("web");
        assertThat(UnusedTaskDefinitions.find(registration.image())).isEmpty();
        delete("web:1", "web:2", "web:3");
        put(task("RUNNING"));
        put(service("ACTIVE"));

        assertThat(sweep()).isEqualTo(1);
        assertThat(TaskDefinitions.find(registration.image(), SCOPE, "web:3")).isEmpty();
        assertThat(described("web:1").status()).isEqualTo(TaskDefinitionStatus.DELETE_IN_PROGRESS);
        put(task("STOPPED"));
        assertThat(sweep()).isEqualTo(1);
        put(service("INACTIVE"));
        assertThat(sweep()).isEqualTo(1);
        assertThat(sweep()).isZero();
        assertThat(required("web")).isEqualTo(ARN + 4);
        assertThat(registration.register("web").revision()).isEqualTo(5);
    }

    private int sweep() {
        var found = UnusedTaskDefinitions.find(registration.image());
        return registration.apply(UnusedTaskDefinitions.remove(registration.image(), found, CONTEXT));
    }

    private static Write<?> task(String lastStatus) {
        var task = Task.builder()
                .taskArn("arn:aws:ecs:eu-central-1:123456789012:task/default/1")
                .clusterArn("arn:aws:ecs:eu-central-1:123456789012:cluster/default")
                .taskDefinitionArn(ARN + 1).lastStatus(lastStatus).desiredStatus("RUNNING").stoppedAt(NOW).build();
        return Write.put(EcsTables.TASKS, new TaskRow(task, "", "", "", "", false));
    }

    private static Write<?> service(String status) {
        var service = Service.builder()
                .serviceArn("arn:aws:ecs:eu-central-1:123456789012:service/default/s")
                .clusterArn("arn:aws:ecs:eu-central-1:123456789012:cluster/default")
                .status(status).taskDefinition(ARN + 4)
                .deployments(deployment -> deployment.taskDefinition(ARN + 2)).build();
        return Write.put(EcsTables.SERVICES, new ServiceRow(service, List.of(), 0, Instant.EPOCH, true, ""));
    }

    private void put(Write<?> write) {
        registration.apply(Decision.of(0, write));
    }

    private DeleteTaskDefinitionsResponse delete(String... names) {
        var request = DeleteTaskDefinitionsRequest.builder().taskDefinitions(names).build();
        return registration.apply(DeleteTaskDefinitions.decide(registration.image(), request, SCOPE, CONTEXT));
    }

    private String required(String name) {
        return TaskDefinitions.require(registration.image(), SCOPE, name).arn();
    }

    private TaskDefinition described(String name) {
        var request = DescribeTaskDefinitionRequest.builder().taskDefinition(name).build();
        return DescribeTaskDefinition.read(registration.image(), request, SCOPE).taskDefinition();
    }
}
