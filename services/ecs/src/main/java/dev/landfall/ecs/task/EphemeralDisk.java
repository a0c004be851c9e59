package dev.landfall.ecs.task;

import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.ClusterConfiguration;
import software.amazon.awssdk.services.ecs.model.EphemeralStorage;
import software.amazon.awssdk.services.ecs.model.ManagedStorageConfiguration;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskEphemeralStorage;

/** The disk a task on managed capacity has while it lives. */
final class EphemeralDisk {
    /** "By default, 20 GiB" on platform version 1.4.0 (ECS Developer Guide, Fargate task ephemeral storage). */
    private static final int DEFAULT_GIB = 20;

    private EphemeralDisk() {}

    /** Shows the task's own size, that of its definition, or the default, and the key the cluster has for it. */
    static void show(Task.Builder task, TaskSpec spec) {
        int size = Stream.of(
                        Optional.ofNullable(spec.overrides().ephemeralStorage()),
                        Optional.ofNullable(spec.definition().definition().ephemeralStorage()))
                .flatMap(Optional::stream).map(EphemeralStorage::sizeInGiB).findFirst().orElse(DEFAULT_GIB);
        String key = Optional.ofNullable(spec.cluster().cluster().configuration())
                .map(ClusterConfiguration::managedStorageConfiguration)
                .map(ManagedStorageConfiguration::fargateEphemeralStorageKmsKeyId).orElse(null);
        task.ephemeralStorage(EphemeralStorage.builder().sizeInGiB(size).build())
                .fargateEphemeralStorage(TaskEphemeralStorage.builder().sizeInGiB(size).kmsKeyId(key).build());
    }
}
