package dev.landfall.ecs.taskdef;

import static dev.landfall.ecs.taskdef.ContainerRules.invalid;
import static dev.landfall.ecs.taskdef.TaskRules.isBlank;
import static dev.landfall.ecs.taskdef.TaskRules.refuseWhen;

import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DockerVolumeConfiguration;
import software.amazon.awssdk.services.ecs.model.EFSAuthorizationConfigIAM;
import software.amazon.awssdk.services.ecs.model.EFSTransitEncryption;
import software.amazon.awssdk.services.ecs.model.EFSVolumeConfiguration;
import software.amazon.awssdk.services.ecs.model.MountPoint;
import software.amazon.awssdk.services.ecs.model.Scope;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.Volume;

/** The rules for volumes and where containers mount them. */
final class VolumeRules {
    private static final Pattern FILE_SYSTEM = Pattern.compile("fs-[0-9a-f]{8,40}");
    private static final int PORT_MAX = 65_535;

    private VolumeRules() {}

    static void require(TaskDefinition task) {
        var names = new TreeSet<String>();
        for (Volume volume : task.volumes()) {
            refuseWhen(isBlank(volume.name()), "volume.name should not be null or empty.");
            refuseWhen(!TaskRules.NAME.matcher(volume.name()).matches(), "volume.name contains invalid characters.");
            refuseWhen(!names.add(volume.name()), "Volume names must be unique: '" + volume.name() + "'.");
            requireVolume(volume);
        }
        refuseWhen(task.volumes().stream().filter(VolumeRules::atLaunch).count() > 1,
                "Only one volume can have configuredAtLaunch set to true.");
        for (ContainerDefinition container : task.containerDefinitions()) {
            var paths = new TreeSet<String>();
            for (MountPoint mount : container.mountPoints()) {
                refuseWhen(mount.sourceVolume() == null || !names.contains(mount.sourceVolume()),
                        "Unknown volume '" + mount.sourceVolume() + "'.");
                refuseWhen(isBlank(mount.containerPath()),
                        invalid(container, "'containerPath' of a mount point should not be null or empty."));
                refuseWhen(!paths.add(mount.containerPath()),
                        invalid(container, "Duplicate mount point '" + mount.containerPath() + "'."));
            }
        }
    }

    private static void requireVolume(Volume volume) {
        long kinds = Stream.of(volume.host(), volume.dockerVolumeConfiguration(), volume.efsVolumeConfiguration(),
                        volume.s3filesVolumeConfiguration(), volume.fsxWindowsFileServerVolumeConfiguration())
                .filter(Objects::nonNull)
                .count();
        refuseWhen(kinds > 1, "Only one volume configuration can be specified for volume '" + volume.name() + "'.");
        refuseWhen(atLaunch(volume) && kinds > 0, "Volume '" + volume.name()
                + "' cannot have a volume configuration when configuredAtLaunch is true.");
        refuseWhen(volume.host() != null && volume.host().sourcePath() != null && volume.host().sourcePath().isBlank(),
                "host.sourcePath should not be blank.");
        if (volume.dockerVolumeConfiguration() != null) {
            requireDocker(volume, volume.dockerVolumeConfiguration());
        }
        if (volume.efsVolumeConfiguration() != null) {
            requireEfs(volume, volume.efsVolumeConfiguration());
        }
    }

    private static void requireDocker(Volume volume, DockerVolumeConfiguration docker) {
        refuseWhen(docker.scope() == Scope.UNKNOWN_TO_SDK_VERSION,
                "Invalid scope for volume '" + volume.name() + "'. The valid values are: task, shared");
        refuseWhen(docker.autoprovision() != null && docker.scope() != Scope.SHARED,
                "The 'autoprovision' setting of volume '" + volume.name() + "' is only supported with scope 'shared'.");
    }

    private static void requireEfs(Volume volume, EFSVolumeConfiguration efs) {
        String name = "volume '" + volume.name() + "'";
        refuseWhen(isBlank(efs.fileSystemId()), "fileSystemId of " + name + " should not be null or empty.");
        refuseWhen(!FILE_SYSTEM.matcher(efs.fileSystemId()).matches(),
                "Invalid EFS file system ID for " + name + ": " + efs.fileSystemId());
        refuseWhen(efs.transitEncryption() == EFSTransitEncryption.UNKNOWN_TO_SDK_VERSION,
                "Invalid transitEncryption for " + name + ". The valid values are: ENABLED, DISABLED");
        boolean encrypted = efs.transitEncryption() == EFSTransitEncryption.ENABLED;
        Integer port = efs.transitEncryptionPort();
        refuseWhen(port != null && (port < 0 || port > PORT_MAX),
                "transitEncryptionPort of " + name + " must be between 0 and 65535.");
        if (efs.authorizationConfig() == null) {
            return;
        }
        boolean accessPoint = !isBlank(efs.authorizationConfig().accessPointId());
        boolean iam = efs.authorizationConfig().iam() == EFSAuthorizationConfigIAM.ENABLED;
        refuseWhen((accessPoint || iam) && !encrypted, "Transit encryption must be enabled for " + name
                + " to use an EFS access point or IAM authorization.");
        refuseWhen(accessPoint && !isBlank(efs.rootDirectory()) && !efs.rootDirectory().equals("/"),
                "The rootDirectory of " + name + " must be omitted or / when an EFS access point is specified.");
    }

    private static boolean atLaunch(Volume volume) {
        return Boolean.TRUE.equals(volume.configuredAtLaunch());
    }
}
