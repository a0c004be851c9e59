package dev.landfall.agent.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.landfall.agent.engine.Engine;
import dev.landfall.agent.engine.EngineError;
import dev.landfall.agent.supervise.TaskRunner;
import dev.landfall.agent.supervise.Tasks;
import dev.landfall.protocol.TaskPayload.ContainerPayload;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * What containers may ask of the agent over HTTP: task metadata ({@code /v3}, {@code /v4}), role credentials
 * ({@code /v2/credentials}) and task protection ({@code /api}). Handlers run on virtual threads.
 */
public final class MetadataServer {
    private static final System.Logger LOG = System.getLogger(MetadataServer.class.getName());
    private static final int MAX_REQUEST_BYTES = 64 << 10;

    private final Tasks tasks;
    private final RoleCredentialStore credentials;
    private final EcsClient ecs;
    private final TaskProtectionEndpoint protection;
    private final MetadataDocuments documents;
    private final Supplier<String> containerInstanceArn;
    private final Siblings siblings;

    /** What the server is part of. */
    public record Host(
            String availabilityZone, Supplier<String> containerInstanceArn, HttpClient http, String base) {}

    public MetadataServer(
            Engine engine, Tasks tasks, RoleCredentialStore credentials, EcsClient ecs, Host host) {
        this.tasks = tasks;
        this.credentials = credentials;
        this.ecs = ecs;
        this.protection = new TaskProtectionEndpoint(ecs);
        this.documents = new MetadataDocuments(engine, host.availabilityZone());
        this.containerInstanceArn = host.containerInstanceArn();
        this.siblings = Siblings.of(host.http(), host.base());
    }

    public void serve(HttpServer http) {
        http.createContext("/", this::answer);
    }

    /** An answer: a status and a document. */
    private record Answer(int status, JsonNode document) {
        static Answer ok(JsonNode document) {
            return new Answer(200, document);
        }

        static Answer error(int status, String text) {
            return new Answer(status, MetadataDocuments.JSON.getNodeFactory().textNode(text));
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                answer = route(exchange, exchange.getRequestURI().getPath().replaceAll("/+$", "").split("/"));
            } catch (EngineError | SdkException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot answer {0}: {1}", exchange.getRequestURI().getPath(), e);
                answer = Answer.error(500, "unable to answer the request");
            }
            byte[] body = MetadataDocuments.JSON.writeValueAsBytes(answer.document());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer route(HttpExchange exchange, String[] path) throws IOException {
        if (path.length == 4 && path[1].equals("v2") && path[2].equals("credentials")) {
            return credentials(exchange, path[3]);
        }
        if (path.length < 3) {
            return Answer.error(404, "not found");
        }
        Optional<TaskRunner> task = tasks.byMetadataId(path[2]);
        String rest = String.join("/", Arrays.copyOfRange(path, 3, path.length));
        if (path[1].equals("api") && rest.equals(TaskProtectionEndpoint.PATH)) {
            return protection(exchange, task);
        }
        if (task.isEmpty()) {
            return Answer.error(404, "V4 container metadata handler: unable to get container ID from request");
        }
        return switch (path[1]) {
            case "v3", "v4" -> metadata(task.get(), path[2], path[1].equals("v3") ? 3 : 4, rest);
            default -> Answer.error(404, "not found");
        };
    }

    private Answer metadata(TaskRunner runner, String id, int version, String what) {
        ContainerPayload container = container(runner, id);
        return switch (what) {
            case "" -> Answer.ok(documents.container(runner, container, version));
            case "task" -> Answer.ok(documents.task(runner, version));
            case "stats" -> Answer.ok(documents.stats(runner, container));
            case "task/stats" -> Answer.ok(documents.taskStats(runner));
            case "taskWithTags" -> {
                ObjectNode task = documents.task(runner, version);
                tags(task, "TaskTags", runner.state().arn());
                tags(task, "ContainerInstanceTags", containerInstanceArn.get());
                yield Answer.ok(task);
            }
            default -> Answer.error(404, "not found");
        };
    }

    private static ContainerPayload container(TaskRunner runner, String id) {
        return runner.names().metadataIds().entrySet().stream()
                .filter(entry -> entry.getValue().equals(id))
                .map(Map.Entry::getKey)
                .findFirst()
                .flatMap(runner.state()::described)
                .orElseThrow();
    }

    private void tags(ObjectNode document, String name, String arn) {
        try {
            var tags = ecs.listTagsForResource(request -> request.resourceArn(arn)).tags();
            ObjectNode object = document.putObject(name);
            tags.forEach(tag -> object.put(tag.key(), tag.value()));
        } catch (SdkException e) {
            document.withArrayProperty("Errors").addObject()
                    .put("ErrorField", name)
                    .put("ErrorMessage", e.getMessage())
                    .put("ResourceARN", arn);
        }
    }

    private Answer credentials(HttpExchange exchange, String id) throws IOException {
        var known = credentials.find(id);
        if (known.isEmpty() && !exchange.getRequestHeaders().containsKey(Siblings.PASSED_ON)) {
            try {
                var elsewhere = siblings.ask("/v2/credentials/" + id);
                if (elsewhere.isPresent()) {
                    return Answer.ok(MetadataDocuments.JSON.readTree(elsewhere.get()));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return known
                .map(role -> Answer.ok(MetadataDocuments.JSON.createObjectNode()
                        .put("RoleArn", role.roleArn())
                        .put("AccessKeyId", role.accessKeyId())
                        .put("SecretAccessKey", role.secretAccessKey())
                        .put("Token", role.sessionToken())
                        .put("Expiration", role.expiration())))
                .orElseGet(() -> new Answer(400, MetadataDocuments.JSON.createObjectNode()
                        .put("code", "InvalidIdInRequest")
                        .put("message", "CredentialsV2Request: Credentials not found")
                        .put("HTTPErrorCode", 400)));
    }

    private Answer protection(HttpExchange exchange, Optional<TaskRunner> task) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_REQUEST_BYTES);
        var answer = task.map(runner -> protection.answer(exchange.getRequestMethod(), body,
                runner.state().payload().taskClusterArn(), runner.state().arn()))
                .orElseGet(TaskProtectionEndpoint::unknownTask);
        return new Answer(answer.status(), answer.document());
    }

    /** The variables by which a container finds all this. */
    public static Map<String, String> environment(String base, String metadataId, Optional<String> credentialsId) {
        var variables = new java.util.TreeMap<String, String>();
        variables.put("ECS_CONTAINER_METADATA_URI", base + "/v3/" + metadataId);
        variables.put("ECS_CONTAINER_METADATA_URI_V4", base + "/v4/" + metadataId);
        variables.put("ECS_AGENT_URI", base + "/api/" + metadataId);
        credentialsId.ifPresent(id -> variables.put("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/" + id));
        return variables;
    }
}
