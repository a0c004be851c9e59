package dev.landfall.agent.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks at an engine as a person would who has the docker command: what the agent itself never asks. */
public final class EngineProbe implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EngineHttp http;

    public EngineProbe(String dockerHost) {
        http = new EngineHttp(dockerHost);
        http.negotiate(PATIENCE);
    }

    /** The whole of what the engine says of a container. */
    public JsonNode inspect(String id) {
        return http.call("GET", "/containers/" + id + "/json", null, PATIENCE);
    }

    public String logs(String id) {
        return read("GET", "/containers/" + id + "/logs?stdout=1&stderr=1", new byte[0]);
    }

    /** Runs a command in a container and answers its output. */
    public String exec(String id, String... command) {
        ObjectNode document = EngineHttp.JSON.createObjectNode().put("AttachStdout", true).put("AttachStderr", true);
        List.of(command).forEach(document.putArray("Cmd")::add);
        String exec = http.call("POST", "/containers/" + id + "/exec", document, PATIENCE).path("Id").asText();
        return read("POST", "/exec/" + exec + "/start", "{\"Detach\":false}".getBytes(UTF_8));
    }

    public List<String> containersWithVolume(String volume) {
        return ids(http.call("GET", "/containers/json?all=1&filters=%7B%22volume%22%3A%5B%22" + volume + "%22%5D%7D",
                null,
                PATIENCE));
    }

    public List<String> volumes(String label) {
        var names = new ArrayList<String>();
        http.call("GET", "/volumes", null, PATIENCE).path("Volumes").forEach(volume -> {
            if (volume.path("Labels").path(label.split("=")[0]).asText().equals(label.split("=")[1])) {
                names.add(volume.path("Name").asText());
            }
        });
        return names;
    }

    private static List<String> ids(JsonNode list) {
        var ids = new ArrayList<String>();
        list.forEach(each -> ids.add(each.path("Id").asText()));
        return ids;
    }

    /** Output comes in frames: a byte for the stream, three of padding, four for the length. */
    private String read(String method, String path, byte[] body) {
        try (var response = http.open(method, path, body)) {
            var frames = ByteBuffer.wrap(response.getBody().readAllBytes());
            var output = new ByteArrayOutputStream();
            while (frames.remaining() >= 8) {
                int length = frames.getInt(frames.position() + 4);
                output.write(frames.array(), frames.position() + 8, length);
                frames.position(frames.position() + 8 + length);
            }
            return output.toString(UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
