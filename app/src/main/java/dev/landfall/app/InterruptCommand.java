package dev.landfall.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.app.data.Running;
import dev.landfall.app.options.DataOption;
import dev.landfall.ecs.capacity.InterruptEndpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code landfall interrupt}: takes Spot capacity back, as AWS does when it needs it. */
@Command(name = "interrupt", mixinStandardHelpOptions = true,
        description = "Interrupt FARGATE_SPOT tasks and Spot container instances.")
final class InterruptCommand implements Runnable {
    private static final int OK = 200;

    @Mixin private DataOption data;

    @ArgGroup(exclusive = false, multiplicity = "1")
    private Victims victims;

    @Option(names = "--cluster", paramLabel = "NAME",
            description = "Choose within this cluster, a name or an ARN (default: anywhere).")
    private String cluster = "";

    @Option(names = "--server", paramLabel = "URL",
            description = "The control plane's endpoint on this machine (default: the one on the data directory).")
    private Optional<URI> server = Optional.empty();

    /** At least one of them. */
    static final class Victims {
        @Option(names = "--task", paramLabel = "ARN", description = "A FARGATE_SPOT task; may be repeated.")
        private List<String> tasks = new ArrayList<>();

        @Option(names = "--container-instance", paramLabel = "ARN",
                description = "A container instance, which drains and then ends; may be repeated.")
        private List<String> containerInstances = new ArrayList<>();

        @Option(names = "--count", paramLabel = "N",
                description = "That many of the Spot capacity there is, at random.")
        private int count;

        @Option(names = "--all", description = "All of the Spot capacity there is.")
        private boolean all;
    }

    @Override
    public void run() {
        if (victims.count < 0) {
            throw new Refusal("--count cannot be negative");
        }
        var json = new ObjectMapper();
        ObjectNode request = json.createObjectNode().put("cluster", cluster)
                .put("count", victims.all ? Integer.MAX_VALUE : victims.count);
        victims.tasks.forEach(request.putArray("tasks")::add);
        victims.containerInstances.forEach(request.putArray("containerInstances")::add);
        URI endpoint = server.or(() -> Running.find(data.path()).map(Running::endpoint))
                .orElseThrow(() -> new Refusal("Landfall is not running on " + data.path()
                        + "; start it with './landfall up', or name it with --server"));
        try (var http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(endpoint.resolve(InterruptEndpoint.PATH))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(request.toString())).build(),
                    HttpResponse.BodyHandlers.ofString());
            JsonNode answer = json.readTree(response.body());
            if (response.statusCode() != OK) {
                throw new Refusal(answer.path("message").asText("answered with status " + response.statusCode()));
            }
            print(answer);
        } catch (IOException e) {
            throw new Refusal("No answer from " + endpoint + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void print(JsonNode answer) {
        answer.path("tasks").forEach(arn -> System.out.println("interrupted " + arn.asText()));
        answer.path("containerInstances").forEach(arn -> System.out.println("draining " + arn.asText()));
        if (answer.path("tasks").isEmpty() && answer.path("containerInstances").isEmpty()) {
            System.out.println("There is no Spot capacity to interrupt");
        }
    }
}
