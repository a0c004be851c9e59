package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.ProtectedTask;

/** A real task protects itself, as Amazon's guide has it: by a PUT to the agent's endpoint from its container. */
class ProtectedTasksTest {
    private static final String PROTECT_AND_WAIT = """
            body='{"ProtectionEnabled":true,"ExpiresInMinutes":30}'
            path=${ECS_AGENT_URI#http://*/}
            host=${ECS_AGENT_URI#http://}
            host=${host%%/*}
            printf 'PUT /%s/task-protection/v1/state HTTP/1.0\\r\\nContent-Length: %s\\r\\n\\r\\n%s' \
            "$path" "${#body}" "$body" | nc "$host" 80
            trap 'exit 0' TERM
            sleep 100000 & wait
            """;

    @BeforeAll
    static void image() {
        WebImage.ensure();
    }

    @Test
    void aTaskThatProtectedItselfOutlivesScaleIn() {
        try (var landfall = Landfall.up("protected")) {
            var ecs = landfall.ecs();
            var services = new Services(ecs, "default");
            var document = Documents.taskDefinition("my-task.json");
            var container = document.containerDefinitions().getFirst().toBuilder().memory(128).portMappings(List.of())
                    .entryPoint("/bin/sh", "-c").command(PROTECT_AND_WAIT).build();
            ecs.registerTaskDefinition(document.toBuilder().family("worker").containerDefinitions(container)
                    .requiresCompatibilities(Compatibility.FARGATE).networkMode(NetworkMode.AWSVPC)
                    .cpu("256").memory("512").build());
            ecs.createCluster(r -> r.clusterName("default"));
            ecs.createService(r -> r.serviceName("worker").taskDefinition("worker").desiredCount(1)
                    .launchType(LaunchType.FARGATE));
            landfall.await("it runs", () -> services.assertSteady("worker"));
            String arn = services.arns().iterator().next();
            landfall.await("it has protected itself", () -> {
                ProtectedTask task = ecs.getTaskProtection(r -> r.cluster("default").tasks(arn)).protectedTasks()
                        .getFirst();
                assertThat(task.protectionEnabled()).isTrue();
                assertThat(task.expirationDate()).isAfter(Instant.now().plus(Duration.ofMinutes(28)));
            });

            ecs.updateService(r -> r.service("worker").desiredCount(0));
            landfall.await("the scheduler says what holds it up", () -> assertThat(services.service("worker").events())
                    .anyMatch(event -> event.message().contains("(reason 1 tasks under protection)")));
            assertThat(services.task(arn).desiredStatus()).isEqualTo("RUNNING");

            ecs.updateTaskProtection(r -> r.cluster("default").tasks(arn).protectionEnabled(false));
            landfall.await("it has gone", () ->
                    assertThat(services.task(arn).lastStatus()).isEqualTo("STOPPED"));
        }
    }
}
