package dev.landfall.agent.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * The Engine's HTTP API over docker-java's transport, in JSON trees. The trees, rather than docker-java's typed
 * commands, because the control plane sends parts of the create document in the Engine's own words, and every member of
 * them has to arrive, also those a typed model does not know.
 */
final class EngineHttp implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_CONNECTIONS = 128;

    /** How long the engine may take to come back before a call to it fails. */
    private static final Duration RESTART = Duration.ofSeconds(20);

    private static final Duration AGAIN = Duration.ofMillis(200);

    /** The newest version of the API that this was written against. */
    private static final double NEWEST_API = 1.47;

    private final DockerHttpClient http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile String prefix = "";

    EngineHttp(String dockerHost) {
        http = new ZerodepDockerHttpClient.Builder()
                .dockerHost(URI.create(dockerHost))
                .maxConnections(MAX_CONNECTIONS)
                .connectionTimeout(Duration.ofSeconds(10))
                .build();
    }

    /** Chooses the API version both sides know; the path of every later call has it. */
    JsonNode negotiate(Duration timeout) {
        JsonNode version = once("GET", "/version", null, timeout);
        double offered = version.path("ApiVersion").asDouble();
        double least = version.path("MinAPIVersion").asDouble();
        prefix = offered <= NEWEST_API ? "/v" + version.path("ApiVersion").asText()
                : least > NEWEST_API ? "/v" + version.path("MinAPIVersion").asText() : "/v" + NEWEST_API;
        return version;
    }

    /**
     * Makes a call and reads the whole answer; {@link MissingNode} where it is empty. While the engine is out of reach,
     * as it is for some seconds when it is restarted, the call is made again. That is safe: everything that is created
     * has a name of its own, and the rest changes nothing the second time.
     */
    JsonNode call(String method, String path, JsonNode body, Duration timeout) {
        long end = System.nanoTime() + RESTART.toNanos();
        while (true) {
            try {
                return once(method, path, body, timeout);
            } catch (EngineError e) {
                boolean unreachable = e.status() == 0 && !e.timeout();
                if (!unreachable || System.nanoTime() > end || threads.isShutdown()
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
            LockSupport.parkNanos(AGAIN.toNanos());
        }
    }

    private JsonNode once(String method, String path, JsonNode body, Duration timeout) {
        return within(timeout, method + " " + path, () -> {
            try (Response response = send(method, path, body == null ? new byte[0] : JSON.writeValueAsBytes(body))) {
                byte[] answer = response.getBody().readAllBytes();
                fail(response.getStatusCode(), answer);
                return answer.length == 0 ? MissingNode.getInstance() : JSON.readTree(answer);
            }
        });
    }

    /** Makes a call whose answer is a stream; the caller closes the response. */
    Response open(String method, String path, byte[] body) {
        Response response;
        try {
            response = send(method, path, body);
        } catch (IOException | RuntimeException e) {
            throw EngineError.unreachable(e);
        }
        if (response.getStatusCode() >= 300) {
            try (response) {
                fail(response.getStatusCode(), response.getBody().readAllBytes());
            } catch (IOException e) {
                throw EngineError.unreachable(e);
            }
        }
        return response;
    }

    private Response send(String method, String path, byte[] body) throws IOException {
        var request = Request.builder()
                .method(method)
                .path((path.startsWith("/version") ? "" : prefix) + path)
                .putHeader("Content-Type", path.startsWith("/images/create?fromSrc") ? "application/x-tar"
                : "application/json");
        if (!method.equals("GET")) {
            InputStream content = new ByteArrayInputStream(body);
            request.body(content).bodyBytes(body);
        }
        return http.execute(request.build());
    }

    private static void fail(int status, byte[] answer) throws IOException {
        if (status < 300 || status == 304) {
            return;
        }
        String text = new String(answer, java.nio.charset.StandardCharsets.UTF_8);
        String message = text.startsWith("{") ? JSON.readTree(text).path("message").asText(text) : text;
        throw EngineError.refused(status, message.strip());
    }

    interface Work<T> {
        T run() throws IOException;
    }

    /**
     * The transport has no timeout of its own on unix sockets: the work is interrupted, which closes its connection.
     */
    <T> T within(Duration timeout, String what, Work<T> work) {
        Future<T> answer;
        try {
            answer = threads.submit(work::run);
        } catch (RejectedExecutionException e) {
            throw EngineError.unreachable(e);
        }
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw EngineError.timedOut("Could not " + what + " within " + timeout.toSeconds() + "s");
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw EngineError.unreachable(e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case EngineError refused -> throw refused;
                case IOException broken -> throw EngineError.unreachable(broken);
                case RuntimeException broken when broken.getCause() instanceof IOException ->
                        throw EngineError.unreachable(broken.getCause());
                case UncheckedIOException broken -> throw EngineError.unreachable(broken.getCause());
                default -> throw new IllegalStateException("engine call failed", e.getCause());
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            http.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
