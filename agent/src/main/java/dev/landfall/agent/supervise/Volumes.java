package dev.landfall.agent.supervise;

import com.fasterxml.jackson.databind.JsonNode;
import dev.landfall.agent.engine.Engine;
import dev.landfall.agent.engine.EngineError;
import dev.landfall.protocol.TaskPayload;
import dev.landfall.protocol.TaskPayload.VolumePayload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The volumes of tasks. File systems (EFS) are directories below the data directory, shared by all tasks of the agent.
 */
final class Volumes {
    private final Engine engine;
    private final Path fileSystems;
    private final Map<String, String> labels;

    Volumes(Engine engine, Path fileSystems, Map<String, String> labels) {
        this.engine = engine;
        this.fileSystems = fileSystems;
        this.labels = labels;
    }

    /** Makes what is missing and answers what containers mount: a volume's name or a path of the host, by volume. */
    Map<String, String> provide(TaskPayload task, TaskNames names) {
        var sources = sources(task, names);
        for (VolumePayload volume : volumes(task)) {
            String source = sources.get(volume.name());
            if (isOwn(volume)) {
                JsonNode docker = docker(volume);
                engine.createVolume(source, docker.path("driver").asText("local"), texts(docker.path("driverOpts")),
                        merged(texts(docker.path("labels")), labels));
            } else if (isDocker(volume)) {
                provideShared(volume, source);
            } else if (isFileSystem(volume)) {
                makeDirectory(Path.of(source));
            }
        }
        return sources;
    }

    private void provideShared(VolumePayload volume, String name) {
        if (engine.volumeExists(name)) {
            return;
        }
        JsonNode docker = docker(volume);
        if (!docker.path("autoprovision").asBoolean()) {
            throw EngineError.refused(404, "volume " + name + " does not exist and autoprovision is off");
        }
        engine.createVolume(name, docker.path("driver").asText("local"), texts(docker.path("driverOpts")),
                texts(docker.path("labels")));
    }

    Map<String, String> sources(TaskPayload task, TaskNames names) {
        var sources = new TreeMap<String, String>();
        for (VolumePayload volume : volumes(task)) {
            boolean onHost = volume.host() != null && volume.host().sourcePath() != null
                    && !volume.host().sourcePath().isEmpty();
            sources.put(volume.name(), onHost ? volume.host().sourcePath()
                    : isFileSystem(volume) ? directory(volume.efsVolumeConfiguration()).toString()
                    : isOwn(volume) ? names.volumes().get(volume.name())
                    : volume.name());
        }
        return sources;
    }

    private Path directory(JsonNode efs) {
        Path system = fileSystems.resolve(efs.path("fileSystemId").asText().replaceAll("[^A-Za-z0-9_-]", "-"));
        Path inside = system.resolve(efs.path("rootDirectory").asText("/").replaceFirst("^/+", "")).normalize();
        if (!inside.startsWith(system)) {
            throw EngineError.refused(400, "rootDirectory leaves the file system");
        }
        return inside;
    }

    private static void makeDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the volumes that were made for this task alone. */
    void release(TaskPayload task, TaskNames names) {
        for (VolumePayload volume : volumes(task)) {
            if (isOwn(volume)) {
                engine.removeVolume(names.volumes().get(volume.name()));
            }
        }
    }

    /** Whether the volume lives and dies with its task. */
    private static boolean isOwn(VolumePayload volume) {
        if (isFileSystem(volume)) {
            return false;
        }
        return isDocker(volume)
                ? !docker(volume).path("scope").asText("task").equals("shared")
                : volume.host() == null || volume.host().sourcePath() == null || volume.host().sourcePath().isEmpty();
    }

    private static boolean isFileSystem(VolumePayload volume) {
        return volume.efsVolumeConfiguration() != null && !volume.efsVolumeConfiguration().isNull();
    }

    private static boolean isDocker(VolumePayload volume) {
        return volume.dockerVolumeConfiguration() != null && !volume.dockerVolumeConfiguration().isNull();
    }

    private static JsonNode docker(VolumePayload volume) {
        return isDocker(volume) ? volume.dockerVolumeConfiguration()
                : com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }

    private static List<VolumePayload> volumes(TaskPayload task) {
        return Objects.requireNonNullElse(task.volumes(), List.of());
    }

    private static Map<String, String> texts(JsonNode object) {
        var texts = new LinkedHashMap<String, String>();
        object.properties().forEach(member -> texts.put(member.getKey(), member.getValue().asText("")));
        return texts;
    }

    private static Map<String, String> merged(Map<String, String> a, Map<String, String> b) {
        var both = new LinkedHashMap<>(a);
        both.putAll(b);
        return both;
    }
}
