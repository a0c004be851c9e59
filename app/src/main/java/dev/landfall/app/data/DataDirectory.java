package dev.landfall.app.data;

import dev.landfall.app.Refusal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * A data directory claimed by this process: one process at a time, kept apart by a lock that the operating system
 * releases however the process ends.
 */
public final class DataDirectory implements AutoCloseable {
    /** Raised when the files' meaning changes, so that an older Landfall refuses them instead of misreading them. */
    private static final int FORMAT = 1;

    private final Path path;
    private final FileChannel channel;

    private DataDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** @throws Refusal when it cannot be ours, with the reason and the way out */
    public static DataDirectory claim(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            createPrivately(absolute);
            var channel = FileChannel.open(
                    absolute.resolve("landfall.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (lock(channel).isEmpty()) {
                    throw new Refusal(taken(absolute));
                }
                checkFormat(absolute.resolve("format"));
                Running.forget(absolute);
                StopRequest.forget(absolute);
                return new DataDirectory(absolute, channel);
            } catch (RuntimeException | IOException e) {
                channel.close();
                throw e;
            }
        } catch (AccessDeniedException e) {
            throw new Refusal("The data directory " + absolute + " is not writable for this user: "
                    + "choose another with --data, or run as the user who owns it");
        } catch (FileAlreadyExistsException e) {
            throw new Refusal(absolute + " is not a directory: choose another data directory with --data");
        } catch (IOException e) {
            throw new Refusal("The data directory " + absolute + " cannot be used (" + e
                    + "): free some space or choose another with --data");
        }
    }

    public Path path() {
        return path;
    }

    /** Tells other processes, from now until this directory is closed, where Landfall is. */
    public void announce(Running running) {
        running.write(path);
    }

    private static void createPrivately(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(path, ownerOnly);
        }
    }

    private static Optional<FileLock> lock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    private static String taken(Path path) {
        String who = Running.find(path)
                .map(running -> "pid " + running.pid() + ", " + running.endpoint())
                .orElse("another process, which is starting or stopping");
        return "Landfall is already running on " + path + " (" + who + "): "
                + "stop it with './landfall down --data " + path + "', or choose another directory with --data";
    }

    private static void checkFormat(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.writeString(file, FORMAT + "\n");
            return;
        }
        String found = Files.readString(file).strip();
        if (!found.matches("[0-9]{1,9}")) {
            throw new Refusal("The data directory " + file.getParent() + " is damaged (its file 'format' does not hold "
                    + "a number): restore it from a copy, or start afresh with --data");
        }
        if (Integer.parseInt(found) != FORMAT) {
            throw new Refusal("The data directory " + file.getParent() + " has format " + found + " and this Landfall "
                    + "knows format " + FORMAT + ": use the Landfall that wrote it, or choose another with --data");
        }
    }

    @Override
    public void close() {
        try (channel) {
            Running.forget(path);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
