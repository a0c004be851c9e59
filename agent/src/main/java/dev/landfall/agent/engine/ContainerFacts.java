package dev.landfall.agent.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.landfall.agent.task.Health;
import dev.landfall.agent.task.PortBinding;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One container as the engine's inspect describes it. */
public record ContainerFacts(
        String id,
        String name,
        String imageId,
        Map<String, String> labels,
        String networkMode,
        String status,
        int exitCode,
        boolean oomKilled,
        Optional<Instant> createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Health.Status health,
        String healthOutput,
        List<PortBinding> bindings,
        Map<String, String> addresses) {

    public boolean running() {
        return status.equals("running") || status.equals("paused") || status.equals("restarting");
    }

    public boolean neverStarted() {
        return status.equals("created");
    }

    static ContainerFacts of(JsonNode inspect) {
        JsonNode state = inspect.path("State");
        JsonNode health = state.path("Health");
        var addresses = new LinkedHashMap<String, String>();
        for (var network : inspect.path("NetworkSettings").path("Networks").properties()) {
            addresses.put(network.getKey(), network.getValue().path("IPAddress").asText(""));
        }
        var labels = new LinkedHashMap<String, String>();
        for (var label : inspect.path("Config").path("Labels").properties()) {
            labels.put(label.getKey(), label.getValue().asText(""));
        }
        JsonNode log = health.path("Log");
        String output = log.isEmpty() ? "" : log.get(log.size() - 1).path("Output").asText("");
        return new ContainerFacts(
                inspect.path("Id").asText(),
                inspect.path("Name").asText("").replaceFirst("^/", ""),
                inspect.path("Image").asText(""),
                labels,
                inspect.path("HostConfig").path("NetworkMode").asText(""),
                state.path("Status").asText(""),
                state.path("ExitCode").asInt(),
                state.path("OOMKilled").asBoolean(),
                time(inspect.path("Created")),
                time(state.path("StartedAt")),
                time(state.path("FinishedAt")),
                health(health.path("Status").asText("")),
                output,
                bindings(inspect.path("NetworkSettings").path("Ports")),
                addresses);
    }

    static Health.Status health(String word) {
        return switch (word) {
            case "" , "none" -> Health.Status.NONE;
            case "healthy" -> Health.Status.HEALTHY;
            case "unhealthy" -> Health.Status.UNHEALTHY;
            default -> Health.Status.UNKNOWN;
        };
    }

    /** The engine writes the year 1 for what has not happened. */
    private static Optional<Instant> time(JsonNode node) {
        try {
            var at = Instant.parse(node.asText(""));
            return at.isBefore(Instant.EPOCH) ? Optional.empty() : Optional.of(at);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** IPv6 wildcard bindings double the IPv4 ones and are left out, as ECS does, unless they stand alone. */
    private static List<PortBinding> bindings(JsonNode ports) {
        var found = new ArrayList<PortBinding>();
        for (var port : ports.properties()) {
            String[] parts = port.getKey().split("/", 2);
            boolean hasIpv4 = false;
            for (JsonNode host : port.getValue()) {
                hasIpv4 |= !host.path("HostIp").asText("").contains(":");
            }
            for (JsonNode host : port.getValue()) {
                String ip = host.path("HostIp").asText("");
                if (ip.contains(":") && hasIpv4) {
                    continue;
                }
                found.add(PortBinding.single(ip.isEmpty() ? "0.0.0.0" : ip, Integer.parseInt(parts[0]),
                        host.path("HostPort").asInt(), parts.length > 1 ? parts[1] : "tcp"));
            }
        }
        return found;
    }
}
