package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsErrors;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskVolumeConfiguration;
import software.amazon.awssdk.services.ecs.model.Volume;

/**
 * The volumes that are configured when a task is launched. Whether an instance can attach one is for placement to say:
 * the definition requires an attribute for it.
 */
final class LaunchVolumes {
    private LaunchVolumes() {}

    /** "The name of the volume must match the name from the task definition" (ECS API Reference, RunTask). */
    static void check(TaskDefinition definition, List<TaskVolumeConfiguration> configurations) {
        List<String> open = definition.volumes().stream()
                .filter(volume -> Boolean.TRUE.equals(volume.configuredAtLaunch())).map(Volume::name).toList();
        for (TaskVolumeConfiguration configuration : configurations) {
            if (configuration.name() == null || !open.contains(configuration.name())) {
                throw EcsErrors.invalidParameter("The volume " + configuration.name()
                        + " is not configured at launch in the task definition.");
            }
            if (configuration.managedEBSVolume() == null || configuration.managedEBSVolume().roleArn() == null) {
                throw EcsErrors.invalidParameter(
                        "A managedEBSVolume with a roleArn is required for the volume " + configuration.name() + ".");
            }
            if (configuration.managedEBSVolume().sizeInGiB() == null
                    && configuration.managedEBSVolume().snapshotId() == null) {
                throw EcsErrors.invalidParameter("You must specify either a volume size or a snapshot ID for the "
                        + "volume " + configuration.name() + ".");
            }
        }
        for (String name : open) {
            if (configurations.stream().filter(each -> each.name().equals(name)).count() != 1) {
                throw EcsErrors.invalidParameter("Exactly one volume configuration is required for the volume " + name
                        + ", which is configured at launch.");
            }
        }
    }
}
