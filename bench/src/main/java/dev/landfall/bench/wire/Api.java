package dev.landfall.bench.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;

/** ECS calls in JSON over one connection. For one thread. */
public final class Api implements AutoCloseable {
    public static final ObjectMapper JSON = new ObjectMapper();

    private final Connection connection;

    public Api(URI endpoint) {
        try {
            connection = Connection.open(endpoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** @throws IllegalStateException if the call is refused */
    public JsonNode call(String operation, JsonNode input) {
        Connection.Answer answer = connection.call(Connection.request(operation, input.toString()));
        if (answer.status() != 200) {
            throw new IllegalStateException(operation + " was refused: " + answer.status() + " " + answer.body());
        }
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(operation + " answered no JSON", e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
