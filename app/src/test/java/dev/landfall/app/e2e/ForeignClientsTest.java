package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The AWS CLI and boto3 as they come, with the documents' commands; skipped on machines that have neither. */
class ForeignClientsTest {
    private static final String NETWORK =
            "{\"awsvpcConfiguration\": {\"subnets\": [\"subnet-12345\", \"subnet-67890\"], "
            + "\"securityGroups\": [\"sg-12345\"], \"assignPublicIp\": \"ENABLED\"}}";

    private static Landfall up;
    private static Path definition;

    private record Outcome(int status, String out, String errors) {}

    @BeforeAll
    static void start() throws IOException {
        WebImage.ensure();
        up = Landfall.up("foreign-clients");
        definition = up.data().resolve("task-definition.json");
        Files.writeString(definition, Documents.text("web-app.json", WebImage.NAME));
    }

    @AfterAll
    static void stop() {
        up.close();
    }

    private static Outcome run(String... command) {
        try {
            Path out = Files.createTempFile(up.data(), "out", "");
            Path errors = Files.createTempFile(up.data(), "errors", "");
            var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(errors.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
            builder.environment().putAll(Map.of(
                    "AWS_ENDPOINT_URL", up.endpoint().toString(), "AWS_DEFAULT_REGION", "us-east-1",
                    "AWS_ACCESS_KEY_ID", "landfall", "AWS_SECRET_ACCESS_KEY", "landfall",
                    "AWS_PAGER", "", "AWS_CONFIG_FILE", "/dev/null", "NO_PROXY", "127.0.0.1"));
            Process process = builder.start();
            if (!process.waitFor(Landfall.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still runs: " + Arrays.toString(command) + "\n" + up.log());
            }
            return new Outcome(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(errors, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return new Outcome(-1, "", e.toString());    // there is no such program
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static JsonNode aws(String... arguments) {
        var command = new ArrayList<>(List.of("aws", "ecs"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--output", "json"));
        Outcome outcome = run(command.toArray(String[]::new));
        assertThat(outcome.status()).as(outcome.errors()).isZero();
        try {
            return new ObjectMapper().readTree(outcome.out());
        } catch (IOException e) {
            throw new AssertionError(outcome.out(), e);
        }
    }

    @Test
    void awsCli() {
        assumeTrue(run("aws", "--version").status() == 0, "the AWS CLI is not installed");
        assertThat(aws("create-cluster", "--cluster-name", "production-cluster",
                "--capacity-providers", "EC2", "FARGATE",
                "--default-capacity-provider-strategy", "capacityProvider=FARGATE,weight=1,base=0")
                .at("/cluster/status").asText()).isEqualTo("ACTIVE");
        aws("update-cluster", "--cluster", "production-cluster", "--configuration",
                "{\"executeCommandConfiguration\": {\"kmsKeyId\": \"alias/aws/ecs\", \"logging\": \"OVERRIDE\", "
                        + "\"logConfiguration\": {\"cloudWatchLogGroupName\": \"/aws/ecs/cluster/logs\"}}}");
        String revision = aws("register-task-definition", "--cli-input-json", "file://" + definition)
                .at("/taskDefinition/revision").asText();
        aws("create-service", "--cluster", "production-cluster", "--service-name", "web-service",
                "--task-definition", "web-app:" + revision, "--desired-count", "2", "--launch-type", "FARGATE",
                "--network-configuration", NETWORK);
        var services = new Services(up.ecs(), "production-cluster");
        up.await("two tasks run", () -> services.assertSteady("web-service"));
        // Asks every 15 seconds, so only now.
        aws("wait", "services-stable", "--cluster", "production-cluster", "--services", "web-service");
        JsonNode arns = aws("list-tasks", "--cluster", "production-cluster", "--service-name", "web-service")
                .path("taskArns");
        assertThat(arns).hasSize(2);
        JsonNode task = aws("describe-tasks", "--cluster", "production-cluster", "--tasks", arns.path(0).asText())
                .at("/tasks/0");
        assertThat(task.path("lastStatus").asText()).isEqualTo("RUNNING");
        aws("stop-task", "--cluster", "production-cluster", "--task", arns.path(0).asText(),
                "--reason", "Manual stop");
        aws("wait", "tasks-stopped", "--cluster", "production-cluster", "--tasks", stopped(services, arns));
        assertThat(aws("describe-services", "--cluster", "production-cluster", "--services", "web-service")
                .at("/services/0/events")).isNotEmpty();
        aws("delete-service", "--cluster", "production-cluster", "--service", "web-service", "--force");
        up.await("it is gone", () ->
                assertThat(services.service("web-service").status()).isEqualTo("INACTIVE"));
        aws("wait", "services-inactive", "--cluster", "production-cluster", "--services", "web-service");
        assertThat(aws("delete-cluster", "--cluster", "production-cluster").at("/cluster/status").asText())
                .isEqualTo("INACTIVE");
        Outcome refused = run("aws", "ecs", "list-tasks", "--cluster", "nobody");
        assertThat(refused.errors()).contains("ClusterNotFoundException", "Cluster not found.");
    }

    private static String stopped(Services services, JsonNode arns) {
        String arn = arns.path(0).asText();
        up.await("it stops", () -> assertThat(services.task(arn).lastStatus()).isEqualTo("STOPPED"));
        return arn;
    }

    @Test
    void boto3() throws IOException {
        assumeTrue(run("python3", "-c", "import boto3").status() == 0, "boto3 is not installed");
        Path script = up.data().resolve("walk_through.py");
        try (var in = ForeignClientsTest.class.getResourceAsStream("walk_through.py")) {
            Files.write(script, in.readAllBytes());
        }
        // Its own family, so that its revision is the first.
        Path own = up.data().resolve("python.json");
        Files.writeString(own, Files.readString(definition)
                .replace("\"family\": \"web-app\"", "\"family\": \"python\""));
        Outcome outcome = run("python3", script.toString(), own.toString());
        assertThat(outcome.status()).as(outcome.errors() + up.log()).isZero();
    }
}
