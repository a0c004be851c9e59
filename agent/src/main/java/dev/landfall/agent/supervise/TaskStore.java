package dev.landfall.agent.supervise;

import dev.landfall.agent.task.TaskState;
import dev.landfall.protocol.Message.RoleCredentials;
import dev.landfall.protocol.TaskPayload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The tasks in the data directory, a file each, written whole and flushed before it takes its name. Safe for any
 * thread; {@link #saveSoon} leaves the writing to a thread of the store, which waits a moment and skips what has been
 * overtaken meanwhile: a start goes through eight states, and each flush holds up those of the engine, which starts
 * the container on the same disk. Role credentials are not written: the control plane sends them again.
 */
final class TaskStore implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TaskStore.class.getName());
    private static final String ENDING = ".json";

    /** About the time of a start. A crash loses no more than the engine can tell again. */
    private static final Duration SETTLING = Duration.ofMillis(250);

    private final Path directory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Optional<SavedTask>> waiting = new LinkedHashMap<>();
    private boolean writing;
    private boolean closed;
    private final Thread writer;

    TaskStore(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        writer = Thread.ofVirtual().name("task-store").start(this::write);
    }

    /** Every task that can be read; a file that cannot is left aside under another name. */
    List<SavedTask> load() {
        var tasks = new ArrayList<SavedTask>();
        try (var files = Files.newDirectoryStream(directory, "*" + ENDING)) {
            for (Path file : files) {
                try {
                    tasks.add(Saved.JSON.readValue(file.toFile(), SavedTask.class));
                } catch (IOException | IllegalArgumentException | NullPointerException e) {
                    LOG.log(System.Logger.Level.ERROR, "unreadable task file set aside: {0}: {1}", file, e);
                    Files.move(file, file.resolveSibling(file.getFileName() + ".unreadable"),
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tasks;
    }

    /** Returns when the task is on disk. */
    void save(SavedTask task) {
        replace(file(task.state().arn()), task);
    }

    void saveSoon(SavedTask task) {
        later(task.state().arn(), Optional.of(task));
    }

    void forget(String arn) {
        later(arn, Optional.empty());
    }

    private void later(String arn, Optional<SavedTask> task) {
        lock.lock();
        try {
            waiting.put(arn, task);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        while (true) {
            Map<String, Optional<SavedTask>> settled;
            lock.lock();
            try {
                writing = false;
                changed.signalAll();
                while (waiting.isEmpty()) {
                    if (closed) {
                        return;
                    }
                    changed.awaitUninterruptibly();
                }
                settle();
                settled = new LinkedHashMap<>(waiting);
                waiting.clear();
                writing = true;
            } finally {
                lock.unlock();
            }
            settled.forEach(this::write);
        }
    }

    private void write(String arn, Optional<SavedTask> task) {
        try {
            if (task.isPresent()) {
                replace(file(arn), task.get());
            } else {
                Files.deleteIfExists(file(arn));
            }
        } catch (IOException | UncheckedIOException e) {
            // What is lost is found again by looking at the engine; the next change writes it anew.
            LOG.log(System.Logger.Level.ERROR, "cannot write a task to {0}: {1}", directory, e);
        }
    }

    /** Gives states the time to be overtaken, unless the store is closing. */
    private void settle() {
        long end = System.nanoTime() + SETTLING.toNanos();
        try {
            for (long left = SETTLING.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
                boolean _ = changed.await(left, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread on purpose; what waits is written at once then.
        }
    }

    private void replace(Path file, SavedTask task) {
        Path fresh = file.resolveSibling(file.getFileName() + "." + Thread.currentThread().threadId() + ".new");
        try {
            byte[] bytes = Saved.JSON.writeValueAsBytes(withoutSecrets(task));
            try (var channel = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                channel.write(ByteBuffer.wrap(bytes));
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (var parent = FileChannel.open(directory, StandardOpenOption.READ)) {
                parent.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String arn) {
        return directory.resolve(TaskNames.taskId(arn) + ENDING);
    }

    private static SavedTask withoutSecrets(SavedTask task) {
        TaskState state = task.state();
        TaskPayload p = state.payload();
        TaskPayload bare = new TaskPayload(p.arn(), p.taskClusterArn(), p.family(), p.version(), p.desiredStatus(),
                p.launchType(), p.networkMode(), p.cpu(), p.memory(), p.pidMode(), p.ipcMode(), p.group(),
                p.serviceName(), p.taskDefinitionAccountId(), p.overrides(), p.containers(), p.volumes(),
                p.elasticNetworkInterfaces(), p.associations(), bare(p.roleCredentials()),
                bare(p.executionRoleCredentials()));
        TaskState kept = new TaskState(bare, state.containers(), state.provision(), state.pauseId(), state.stopping(),
                state.released(), state.reason(), state.pullStartedAt(), state.pullStoppedAt(),
                state.executionStoppedAt(), state.reportedTask(), state.reportedContainers());
        return new SavedTask(kept, task.names(), task.outbox(), task.releasedAt(), task.containersRemoved());
    }

    private static RoleCredentials bare(RoleCredentials credentials) {
        return credentials == null ? null
                : new RoleCredentials(credentials.credentialsId(), credentials.roleArn(), null, null, null, null);
    }

    /** Returns when everything is written. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            while (writing || !waiting.isEmpty()) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
