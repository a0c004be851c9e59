package dev.landfall.agent.supervise;

import dev.landfall.agent.task.TaskState;
import dev.landfall.protocol.TaskPayload;
import dev.landfall.protocol.TaskPayload.ContainerPayload;
import dev.landfall.protocol.TaskPayload.VolumePayload;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The engine's names for the parts of a task, chosen once and saved before anything is made: so what a crashed agent
 * made is found again, and a second attempt at making it meets the first.
 *
 * @param metadataIds what stands for each container in the paths of the metadata endpoint
 */
public record TaskNames(
        Map<String, String> containers, Map<String, String> metadataIds, Map<String, String> volumes, String pause) {
    private static final int SUFFIX_BYTES = 10;
    private static final int METADATA_DIGITS_BOUND = 1_000_000_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    static TaskNames choose(TaskPayload task) {
        var containers = new TreeMap<String, String>();
        var metadataIds = new TreeMap<String, String>();
        var volumes = new TreeMap<String, String>();
        for (ContainerPayload container : TaskState.containersOf(task)) {
            containers.put(container.name(), name(task, container.name()));
            metadataIds.put(container.name(),
                    taskId(task.arn()) + "-" + "%010d".formatted(RANDOM.nextInt(METADATA_DIGITS_BOUND)));
        }
        for (VolumePayload volume : Objects.requireNonNullElse(task.volumes(), List.<VolumePayload>of())) {
            volumes.put(volume.name(), name(task, volume.name()));
        }
        return new TaskNames(containers, metadataIds, volumes, name(task, "internalecspause"));
    }

    static String taskId(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9_.-]", "-");
    }

    private static String name(TaskPayload task, String part) {
        byte[] suffix = new byte[SUFFIX_BYTES];
        RANDOM.nextBytes(suffix);
        return ("ecs-" + task.family() + "-" + task.version() + "-" + part).replaceAll("[^A-Za-z0-9_.-]", "-")
                + "-" + HexFormat.of().formatHex(suffix);
    }
}
