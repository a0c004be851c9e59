package dev.landfall.agent;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** What an agent remembers of itself, in the data directory: who it is, and what it once chose. Safe for any thread. */
final class Identity implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ID_BYTES = 6;

    private final Path file;
    private final ReentrantLock lock = new ReentrantLock();
    private final ObjectNode members;
    private final FileLock owned;

    private Identity(Path file, ObjectNode members, FileLock owned) {
        this.file = file;
        this.members = members;
        this.owned = owned;
    }

    private static FileLock lock(Path file) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException e) {
            // Held by this very process: the same refusal.
        }
        channel.close();
        throw new IllegalStateException("another agent uses " + file.getParent()
                + ": stop it, or give this one a data directory of its own");
    }

    /** Gives up the directory. */
    @Override
    public void close() {
        try {
            owned.acquiredBy().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Identity open(Path dataDirectory) {
        Path file = dataDirectory.resolve("agent.json");
        try {
            // Environments of tasks are kept here, and are nobody else's business.
            Files.createDirectories(dataDirectory,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            FileLock lock = lock(dataDirectory.resolve("agent.lock"));
            ObjectNode members = Files.exists(file)
                    ? (ObjectNode) JSON.readTree(file.toFile()) : JSON.createObjectNode();
            var identity = new Identity(file, members, lock);
            if (!members.has("agentId")) {
                byte[] id = new byte[ID_BYTES];
                new SecureRandom().nextBytes(id);
                identity.remember("agentId", HexFormat.of().formatHex(id));
            }
            return identity;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String agentId() {
        return find("agentId").orElseThrow();
    }

    Optional<String> find(String name) {
        lock.lock();
        try {
            return Optional.ofNullable(members.path(name).textValue());
        } finally {
            lock.unlock();
        }
    }

    void remember(String name, String value) {
        lock.lock();
        try {
            if (value.equals(members.path(name).textValue())) {
                return;
            }
            members.put(name, value);
            Path fresh = file.resolveSibling("agent.json.new");
            Files.writeString(fresh, members.toPrettyString());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }
}
