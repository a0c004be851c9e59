package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsErrors;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.EBSTagSpecification;
import software.amazon.awssdk.services.ecs.model.ServiceManagedEBSVolumeConfiguration;
import software.amazon.awssdk.services.ecs.model.ServiceVolumeConfiguration;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskFilesystemType;
import software.amazon.awssdk.services.ecs.model.TaskManagedEBSVolumeConfiguration;
import software.amazon.awssdk.services.ecs.model.TaskVolumeConfiguration;
import software.amazon.awssdk.services.ecs.model.Volume;

/**
 * The rules for volumes that are configured at launch (ECS API Reference, TaskManagedEBSVolumeConfiguration and
 * ServiceManagedEBSVolumeConfiguration). Here such a volume is one of the agent's engine, made for each task and removed
 * with it; what it cannot be is refused (docs/features/notes.md).
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

    /** What both forms of a configuration say; absent members are empty. */
    private record Wanted(
            String name,
            Optional<String> roleArn,
            Optional<Integer> sizeGib,
            Optional<String> snapshotId,
            Optional<Integer> initializationRate,
            Optional<String> type,
            Optional<Integer> iops,
            Optional<Integer> throughput,
            Optional<TaskFilesystemType> fileSystem,
            boolean encrypted,
            List<EBSTagSpecification> tags) {}

    public static void ofTask(TaskDefinition definition, List<TaskVolumeConfiguration> given) {
        match(definition, given.stream().map(TaskVolumeConfiguration::name).toList());
        for (TaskVolumeConfiguration each : given) {
            TaskManagedEBSVolumeConfiguration volume = each.managedEBSVolume();
            refuseWhen(volume == null, "managedEBSVolume is required for the volume " + each.name() + ".");
            refuseWhen(volume.terminationPolicy() != null
                    && Boolean.FALSE.equals(volume.terminationPolicy().deleteOnTermination()),
                    "Landfall does not keep the volume of a task that has stopped: deleteOnTermination cannot be "
                    + "false.");
            check(new Wanted(each.name(), Optional.ofNullable(volume.roleArn()),
                    Optional.ofNullable(volume.sizeInGiB()), Optional.ofNullable(volume.snapshotId()),
                    Optional.ofNullable(volume.volumeInitializationRate()), Optional.ofNullable(volume.volumeType()),
                    Optional.ofNullable(volume.iops()), Optional.ofNullable(volume.throughput()),
                    Optional.ofNullable(volume.filesystemType()),
                    Boolean.TRUE.equals(volume.encrypted()) || volume.kmsKeyId() != null,
                    volume.tagSpecifications()));
        }
    }

    public static void ofService(TaskDefinition definition, List<ServiceVolumeConfiguration> given) {
        match(definition, given.stream().map(ServiceVolumeConfiguration::name).toList());
        for (ServiceVolumeConfiguration each : given) {
            ServiceManagedEBSVolumeConfiguration volume = each.managedEBSVolume();
            refuseWhen(volume == null, "managedEBSVolume is required for the volume " + each.name() + ".");
            check(new Wanted(each.name(), Optional.ofNullable(volume.roleArn()),
                    Optional.ofNullable(volume.sizeInGiB()), Optional.ofNullable(volume.snapshotId()),
                    Optional.ofNullable(volume.volumeInitializationRate()), Optional.ofNullable(volume.volumeType()),
                    Optional.ofNullable(volume.iops()), Optional.ofNullable(volume.throughput()),
                    Optional.ofNullable(volume.filesystemType()),
                    Boolean.TRUE.equals(volume.encrypted()) || volume.kmsKeyId() != null,
                    volume.tagSpecifications()));
        }
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

    private static void check(Wanted volume) {
        refuseWhen(volume.roleArn().filter(arn -> arn.startsWith("arn:")).isEmpty(),
                "roleArn is required for the volume " + volume.name() + ".");
        volume.snapshotId().ifPresent(id -> refuseWhen(true, "The snapshot '" + id + "' does not exist."));
        refuseWhen(volume.initializationRate().isPresent(),
                "volumeInitializationRate can be specified only if you specify a snapshotId.");
        refuseWhen(volume.sizeGib().isEmpty(), "You must specify either a volume size or a snapshot ID.");
        refuseWhen(volume.encrypted(), "Landfall does not encrypt volumes: encrypted cannot be true, and kmsKeyId "
                + "cannot be given.");
        String name = volume.type().orElse(DEFAULT_TYPE);
        Type type = Arrays.stream(Type.values()).filter(each -> each.wire.equals(name)).findFirst()
                .orElseThrow(() -> EcsErrors.invalidParameter("volumeType should be one of "
                        + Arrays.stream(Type.values()).map(each -> each.wire).toList() + "."));
        int size = volume.sizeGib().orElseThrow();
        refuseWhen(size < type.sizeMin || size > type.sizeMax, "sizeInGiB should be between " + type.sizeMin + " and "
                + type.sizeMax + " for volumes of type " + type.wire + ".");
        operations(volume, type);
        refuseWhen(volume.throughput().isPresent() && type != Type.GP3,
                "throughput is only supported for volumes of type gp3.");
        refuseWhen(volume.throughput().filter(rate -> rate < 1 || rate > THROUGHPUT_MAX).isPresent(),
                "throughput should be between 1 and " + THROUGHPUT_MAX + ".");
        refuseWhen(volume.fileSystem().filter(system -> system == TaskFilesystemType.NTFS).isPresent(),
                "filesystemType should be one of [ext3, ext4, xfs] on Linux.");
        refuseWhen(volume.tags().stream().anyMatch(tags -> !Objects.equals(tags.resourceTypeAsString(), "volume")),
                "resourceType of tagSpecifications should be volume.");
    }

    private static void operations(Wanted volume, Type type) {
        boolean provisioned = type == Type.IO1 || type == Type.IO2;
        refuseWhen(provisioned && volume.iops().isEmpty(), "iops is required for volumes of type " + type.wire + ".");
        refuseWhen(volume.iops().isPresent() && type.iopsMax == 0,
                "iops is not supported for volumes of type " + type.wire + ".");
        refuseWhen(volume.iops().filter(iops -> iops < type.iopsMin || iops > type.iopsMax).isPresent(),
                "iops should be between " + type.iopsMin + " and " + type.iopsMax + " for volumes of type " + type.wire
                + ".");
    }

    private static void refuseWhen(boolean wrong, String message) {
        if (wrong) {
            throw EcsErrors.invalidParameter(message);
        }
    }
}
