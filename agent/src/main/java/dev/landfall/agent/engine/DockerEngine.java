package dev.landfall.agent.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Docker Engine. */
public final class DockerEngine implements Engine {
    /** Amazon's agent waits as long for a container to be created or started. */
    private static final Duration SLOW = Duration.ofMinutes(4);

    private static final Duration QUICK = Duration.ofSeconds(60);
    private static final Duration PULL = Duration.ofHours(2);

    /** Beyond the container's own stop timeout: time for the engine to tear it down. */
    private static final Duration STOP_MARGIN = Duration.ofSeconds(60);

    private final EngineHttp http;
    private final JsonNode version;

    public DockerEngine(String dockerHost) {
        http = new EngineHttp(dockerHost);
        version = http.negotiate(QUICK);
    }

    @Override
    public EngineFacts facts() {
        JsonNode info = http.call("GET", "/info", null, QUICK);
        return new EngineFacts(
                version.path("Version").asText(),
                version.path("ApiVersion").asText(),
                info.path("Architecture").asText(),
                info.path("NCPU").asInt(1),
                info.path("MemTotal").asLong(),
                info.path("CgroupDriver").asText(),
                info.path("CgroupVersion").asInt(1));
    }

    @Override
    public Optional<ImageFacts> image(String reference) {
        return found(() -> http.call("GET", "/images/" + reference + "/json", null, QUICK)).map(image -> {
            String digest = image.path("RepoDigests").path(0).asText("");
            return new ImageFacts(image.path("Id").asText(),
                    digest.contains("@") ? Optional.of(digest.substring(digest.indexOf('@') + 1)) : Optional.empty());
        });
    }

    /** The first line of progress stands for the registry's answer. A failure is the last line of the stream. */
    @Override
    public void pull(String reference, Duration firstAnswer) {
        String tagged = reference.contains("@") || reference.lastIndexOf(':') > reference.lastIndexOf('/')
                ? reference : reference + ":latest";
        var answered = new CountDownLatch(1);
        http.within(PULL, "pull " + reference, () -> {
            var puller = Thread.currentThread();
            var watchdog = Thread.ofVirtual().start(() -> {
                try {
                    if (!answered.await(firstAnswer.toMillis(), TimeUnit.MILLISECONDS)) {
                        puller.interrupt();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            try (Response response = http.open("POST", "/images/create?fromImage=" + encode(tagged), new byte[0])) {
                readProgress(response, answered);
            } catch (EngineError e) {
                throw answered.getCount() > 0 && Thread.interrupted()
                        ? EngineError.timedOut("no answer from the registry of " + reference) : e;
            } finally {
                answered.countDown();
                watchdog.interrupt();
            }
            return answered;
        });
    }

    private static void readProgress(Response response, CountDownLatch answered) throws IOException {
        try (var lines = new BufferedReader(new InputStreamReader(response.getBody(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answered.countDown();
                JsonNode progress = EngineHttp.JSON.readTree(line);
                if (progress.has("error")) {
                    throw EngineError.refused(500, progress.path("error").asText());
                }
            }
        }
    }

    @Override
    public void importImage(byte[] tar, String repository, String tag, List<String> changes) {
        var query = new StringBuilder("fromSrc=-&repo=" + encode(repository) + "&tag=" + encode(tag));
        changes.forEach(change -> query.append("&changes=").append(encode(change)));
        http.within(SLOW, "import an image", () -> {
            try (Response response = http.open("POST", "/images/create?" + query, tar)) {
                readProgress(response, new CountDownLatch(1));
            }
            return query;
        });
    }

    @Override
    public String create(String name, ObjectNode document) {
        return http.call("POST", "/containers/create?name=" + encode(name), document, SLOW).path("Id").asText();
    }

    @Override
    public void start(String id) {
        http.call("POST", "/containers/" + id + "/start", null, SLOW);
    }

    @Override
    public void stop(String id, Duration timeout) {
        http.call("POST", "/containers/" + id + "/stop?t=" + timeout.toSeconds(), null, timeout.plus(STOP_MARGIN));
    }

    @Override
    public int await(String id) {
        return http.call("POST", "/containers/" + id + "/wait", null, SLOW).path("StatusCode").asInt();
    }

    @Override
    public void remove(String id) {
        gone(() -> http.call("DELETE", "/containers/" + id + "?force=1&v=1", null, SLOW));
    }

    @Override
    public Optional<ContainerFacts> inspect(String idOrName) {
        return found(() -> http.call("GET", "/containers/" + idOrName + "/json", null, QUICK)).map(ContainerFacts::of);
    }

    @Override
    public List<String> containers(String label) {
        JsonNode list = http.call("GET", "/containers/json?all=1&filters=" + labelled(label), null, QUICK);
        var ids = new ArrayList<String>();
        list.forEach(container -> ids.add(container.path("Id").asText()));
        return ids;
    }

    @Override
    public Optional<JsonNode> stats(String id) {
        return found(() -> http.call("GET", "/containers/" + id + "/stats?stream=false&one-shot=true", null, QUICK))
                .filter(stats -> stats.path("cpu_stats").path("cpu_usage").path("total_usage").asLong() > 0);
    }

    @Override
    public boolean volumeExists(String name) {
        return found(() -> http.call("GET", "/volumes/" + name, null, QUICK)).isPresent();
    }

    @Override
    public void createVolume(String name, String driver, Map<String, String> options, Map<String, String> labels) {
        ObjectNode document = EngineHttp.JSON.createObjectNode().put("Name", name).put("Driver", driver);
        ObjectNode driverOptions = document.putObject("DriverOpts");
        options.forEach(driverOptions::put);
        ObjectNode labelled = document.putObject("Labels");
        labels.forEach(labelled::put);
        http.call("POST", "/volumes/create", document, SLOW);
    }

    @Override
    public void removeVolume(String name) {
        gone(() -> http.call("DELETE", "/volumes/" + name, null, SLOW));
    }

    @Override
    public List<NetworkFacts> networks() {
        var found = new ArrayList<NetworkFacts>();
        for (JsonNode network : http.call("GET", "/networks", null, QUICK)) {
            var subnets = new ArrayList<String>();
            network.path("IPAM").path("Config").forEach(config -> subnets.add(config.path("Subnet").asText("")));
            found.add(new NetworkFacts(network.path("Id").asText(), network.path("Name").asText(),
                    texts(network.path("Labels")), subnets));
        }
        return found;
    }

    @Override
    public String createNetwork(ObjectNode document) {
        return http.call("POST", "/networks/create", document, SLOW).path("Id").asText();
    }

    @Override
    public void removeNetwork(String idOrName) {
        gone(() -> http.call("DELETE", "/networks/" + idOrName, null, SLOW));
    }

    @Override
    public void connect(String network, String container, String ipv4Address) {
        ObjectNode document = EngineHttp.JSON.createObjectNode().put("Container", container);
        document.putObject("EndpointConfig").putObject("IPAMConfig").put("IPv4Address", ipv4Address);
        http.call("POST", "/networks/" + network + "/connect", document, SLOW);
    }

    @Override
    public void disconnect(String network, String container) {
        http.call("POST", "/networks/" + network + "/disconnect",
                EngineHttp.JSON.createObjectNode().put("Container", container).put("Force", true), SLOW);
    }

    @Override
    public void follow(String label, Runnable opened, Consumer<EngineEvent> listener) {
        String filters = encode("{\"type\":[\"container\"],\"event\":[\"die\",\"oom\",\"destroy\",\"health_status\"],"
                + "\"label\":[\"" + label + "\"]}");
        try (Response response = http.open("GET", "/events?filters=" + filters, new byte[0]);
                var lines = new BufferedReader(new InputStreamReader(response.getBody(), UTF_8))) {
            opened.run();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                event(EngineHttp.JSON.readTree(line)).ifPresent(listener);
            }
        } catch (IOException e) {
            throw EngineError.unreachable(e);
        }
    }

    private static Optional<EngineEvent> event(JsonNode event) {
        String action = event.path("Action").asText("");
        String id = event.path("Actor").path("ID").asText("");
        Map<String, String> attributes = texts(event.path("Actor").path("Attributes"));
        if (action.startsWith("health_status")) {
            String status = action.substring(action.indexOf(':') + 1).strip();
            return Optional.of(new EngineEvent.HealthChanged(id, attributes, status));
        }
        return switch (action) {
            case "die" -> Optional.of(new EngineEvent.Died(id, attributes,
                    Integer.parseInt(attributes.getOrDefault("exitCode", "0"))));
            case "oom" -> Optional.of(new EngineEvent.OutOfMemory(id, attributes));
            case "destroy" -> Optional.of(new EngineEvent.Destroyed(id, attributes));
            default -> Optional.empty();
        };
    }

    private static Map<String, String> texts(JsonNode object) {
        var map = new LinkedHashMap<String, String>();
        object.properties().forEach(member -> map.put(member.getKey(), member.getValue().asText("")));
        return map;
    }

    private interface Call {
        JsonNode make();
    }

    private static Optional<JsonNode> found(Call call) {
        try {
            return Optional.of(call.make());
        } catch (EngineError e) {
            if (e.notFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static void gone(Call call) {
        try {
            call.make();
        } catch (EngineError e) {
            boolean underWay = e.conflict() && e.getMessage().contains("already in progress");
            if (!e.notFound() && !underWay) {
                throw e;
            }
        }
    }

    private static String labelled(String label) {
        return encode("{\"label\":[\"" + label + "\"]}");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
