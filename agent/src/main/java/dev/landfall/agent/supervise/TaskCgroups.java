package dev.landfall.agent.supervise;

import dev.landfall.agent.engine.EngineFacts;
import dev.landfall.protocol.TaskPayload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A control group for each task with task-level limits, so that its containers share them. Only root may make one, and
 * only below the cgroupfs driver does the engine take it as a parent; elsewhere each container is limited on its own.
 * Stateless but for the files.
 */
final class TaskCgroups {
    private static final System.Logger LOG = System.getLogger(TaskCgroups.class.getName());
    private static final String PARENT = "landfall";
    private static final long CPU_PERIOD_MICROS = 100_000;

    private final Path root;
    private final boolean usable;
    private final boolean unified;

    TaskCgroups(Path root, EngineFacts engine) {
        this.root = root;
        this.unified = engine.cgroupVersion() == 2;
        Path probe = unified ? root.resolve("cgroup.procs") : root.resolve("memory/cgroup.procs");
        this.usable = engine.cgroupDriver().equals("cgroupfs") && Files.isWritable(probe);
    }

    /** The engine's name for the task's group; empty where the task needs none or it could not be made. */
    Optional<String> name(TaskPayload task) {
        String name = PARENT + "/" + TaskNames.taskId(task.arn());
        boolean made = unified ? Files.isDirectory(root.resolve(name))
                : Files.isDirectory(root.resolve("cpu").resolve(name))
                        || Files.isDirectory(root.resolve("memory").resolve(name));
        return usable && made ? Optional.of("/" + name) : Optional.empty();
    }

    /** Makes the task's group if it needs one. */
    void provide(TaskPayload task) {
        boolean limited = task.cpu() != null && task.cpu() > 0 || task.memory() != null && task.memory() > 0;
        if (!usable || !limited) {
            return;
        }
        String name = PARENT + "/" + TaskNames.taskId(task.arn());
        try {
            if (unified) {
                provideUnified(name, task);
            } else {
                provideSplit(name, task);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "no control group for {0}: {1}", task.arn(), e);
            release(task);
        }
    }

    private void provideUnified(String name, TaskPayload task) throws IOException {
        Path group = Files.createDirectories(root.resolve(name));
        for (Path above : List.of(root, root.resolve(PARENT), group)) {
            Files.writeString(above.resolve("cgroup.subtree_control"), "+cpu +memory");
        }
        if (task.cpu() != null && task.cpu() > 0) {
            Files.writeString(group.resolve("cpu.max"), quota(task.cpu()) + " " + CPU_PERIOD_MICROS);
        }
        if (task.memory() != null && task.memory() > 0) {
            Files.writeString(group.resolve("memory.max"), "" + ((long) task.memory() << 20));
        }
    }

    private void provideSplit(String name, TaskPayload task) throws IOException {
        if (task.cpu() != null && task.cpu() > 0) {
            Path group = Files.createDirectories(root.resolve("cpu").resolve(name));
            Files.writeString(group.resolve("cpu.cfs_period_us"), "" + CPU_PERIOD_MICROS);
            Files.writeString(group.resolve("cpu.cfs_quota_us"), "" + quota(task.cpu()));
        }
        if (task.memory() != null && task.memory() > 0) {
            Path group = Files.createDirectories(root.resolve("memory").resolve(name));
            Files.writeString(group.resolve("memory.limit_in_bytes"), "" + ((long) task.memory() << 20));
        }
    }

    private static long quota(double cpus) {
        return Math.max(1000, Math.round(cpus * CPU_PERIOD_MICROS));
    }

    /** Removes the group; the engine made one of the same name in every hierarchy. */
    void release(TaskPayload task) {
        if (!usable) {
            return;
        }
        String name = PARENT + "/" + TaskNames.taskId(task.arn());
        if (unified) {
            remove(root.resolve(name));
            return;
        }
        try (var hierarchies = Files.newDirectoryStream(root, Files::isDirectory)) {
            hierarchies.forEach(hierarchy -> remove(hierarchy.resolve(name)));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot list {0}: {1}", root, e);
        }
    }

    private static void remove(Path group) {
        try {
            Files.deleteIfExists(group);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "cannot remove {0}: {1}", group, e);
        }
    }
}
