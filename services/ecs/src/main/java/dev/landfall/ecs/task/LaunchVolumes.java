package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.wire.SdkJson;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.services.ecs.model.ServiceVolumeConfiguration;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskFilesystemType;
import software.amazon.awssdk.services.ecs.model.TaskManagedEBSVolumeConfiguration;
import software.amazon.awssdk.services.ecs.model.TaskVolumeConfiguration;
import software.amazon.awssdk.services.ecs.model.Volume;

/**
 * The rules for volumes that are configured at launch (ECS API Reference, TaskManagedEBSVolumeConfiguration and
 * ServiceManagedEBSVolumeConfiguration). Here such a volume is one of the agent's engine, made for each task and
 * removed with it; what it cannot be is refused (docs/features/notes.md).
 */
public final class LaunchVolumes {
    private static final String DEFAULT_TYPE = "gp3";
    private static final int THROUGHPUT_MAX = 1_000;

    private LaunchVolumes() {}

    /** The volume types of EBS with the sizes in GiB and the operations a second that each supports. */
    private enum Type {
        GP2("gp2", 1, 16_384, 0, 0),
        GP3("gp3", 1, 16_384, 3_000, 16_000),
        IO1("io1", 4, 16_384, 100, 64_000),
        IO2("io2", 4, 16_384, 100, 256_000),
        ST1("st1", 125, 16_384, 0, 0),
        SC1("sc1", 125, 16_384, 0, 0),
        STANDARD("standard", 1, 1_024, 0, 0);

        private final String wire;
        private final int sizeMin;
        private final int sizeMax;
        private final int iopsMin;
        private final int iopsMax;

        Type(String wire, int sizeMin, int sizeMax, int iopsMin, int iopsMax) {
            this.wire = wire;
            this.sizeMin = sizeMin;
            this.sizeMax = sizeMax;
            this.iopsMin = iopsMin;
            this.iopsMax = iopsMax;
        }
    }

    public static void ofTask(TaskDefinition definition, List<TaskVolumeConfiguration> given) {
        match(definition, given.stream().map(TaskVolumeConfiguration::name).toList());
        given.forEach(each -> check(each.name(), each.managedEBSVolume()));
    }

    /** A service's configuration is a task's, but that it does not say when the volume ends: with its task. */
    public static void ofService(TaskDefinition definition, List<ServiceVolumeConfiguration> given) {
        ofTask(definition, given.stream()
                .map(each -> SdkJson.read(SdkJson.write(each), TaskVolumeConfiguration.class)).toList());
    }

    /** Exactly the volumes of the definition that wait for it are configured. */
    private static void match(TaskDefinition definition, List<String> given) {
        List<String> waiting = definition.volumes().stream()
                .filter(volume -> Boolean.TRUE.equals(volume.configuredAtLaunch())).map(Volume::name).toList();
        for (int i = 0; i < given.size(); i++) {
            refuseWhen(given.get(i) == null || given.get(i).isEmpty(), "volumeConfigurations.name is required.");
            refuseWhen(given.subList(0, i).contains(given.get(i)),
                    "The volume " + given.get(i) + " is configured more than once.");
            refuseWhen(!waiting.contains(given.get(i)), "The volume " + given.get(i)
                    + " is not a volume of the task definition with configuredAtLaunch set to true.");
        }
        waiting.stream().filter(name -> !given.contains(name)).findFirst().ifPresent(name -> refuseWhen(true,
                "The volume " + name + " of the task definition must be configured in volumeConfigurations."));
    }

    private static void check(String volume, TaskManagedEBSVolumeConfiguration wanted) {
        refuseWhen(wanted == null, "managedEBSVolume is required for the volume " + volume + ".");
        refuseWhen(wanted.terminationPolicy() != null
                && Boolean.FALSE.equals(wanted.terminationPolicy().deleteOnTermination()),
                "Landfall does not keep the volume of a task that has stopped: deleteOnTermination cannot be false.");
        refuseWhen(wanted.roleArn() == null || !wanted.roleArn().startsWith("arn:"),
                "roleArn is required for the volume " + volume + ".");
        refuseWhen(wanted.snapshotId() != null, "The snapshot '" + wanted.snapshotId() + "' does not exist.");
        refuseWhen(wanted.volumeInitializationRate() != null,
                "volumeInitializationRate can be specified only if you specify a snapshotId.");
        refuseWhen(wanted.sizeInGiB() == null, "You must specify either a volume size or a snapshot ID.");
        refuseWhen(Boolean.TRUE.equals(wanted.encrypted()) || wanted.kmsKeyId() != null,
                "Landfall does not encrypt volumes: encrypted cannot be true, and kmsKeyId cannot be given.");
        Type type = type(wanted.volumeType() == null ? DEFAULT_TYPE : wanted.volumeType());
        refuseWhen(wanted.sizeInGiB() < type.sizeMin || wanted.sizeInGiB() > type.sizeMax, "sizeInGiB should be "
                + "between " + type.sizeMin + " and " + type.sizeMax + " for volumes of type " + type.wire + ".");
        operations(wanted.iops(), type);
        refuseWhen(wanted.throughput() != null && type != Type.GP3,
                "throughput is only supported for volumes of type gp3.");
        refuseWhen(wanted.throughput() != null && (wanted.throughput() < 1 || wanted.throughput() > THROUGHPUT_MAX),
                "throughput should be between 1 and " + THROUGHPUT_MAX + ".");
        refuseWhen(wanted.filesystemType() == TaskFilesystemType.NTFS,
                "filesystemType should be one of [ext3, ext4, xfs] on Linux.");
        refuseWhen(wanted.tagSpecifications().stream()
                        .anyMatch(tags -> !Objects.equals(tags.resourceTypeAsString(), "volume")),
                "resourceType of tagSpecifications should be volume.");
    }

    private static Type type(String name) {
        return Arrays.stream(Type.values()).filter(each -> each.wire.equals(name)).findFirst()
                .orElseThrow(() -> EcsErrors.invalidParameter("volumeType should be one of "
                        + Arrays.stream(Type.values()).map(each -> each.wire).toList() + "."));
    }

    /** @param iops null where the caller leaves them to the type */
    private static void operations(Integer iops, Type type) {
        boolean provisioned = type == Type.IO1 || type == Type.IO2;
        refuseWhen(provisioned && iops == null, "iops is required for volumes of type " + type.wire + ".");
        refuseWhen(iops != null && type.iopsMax == 0, "iops is not supported for volumes of type " + type.wire + ".");
        refuseWhen(iops != null && (iops < type.iopsMin || iops > type.iopsMax), "iops should be between "
                + type.iopsMin + " and " + type.iopsMax + " for volumes of type " + type.wire + ".");
    }

    private static void refuseWhen(boolean wrong, String message) {
        if (wrong) {
            throw EcsErrors.invalidParameter(message);
        }
    }
}
