package dev.landfall.edge;

import dev.landfall.protocol.edge.EdgeJson;
import dev.landfall.protocol.edge.EdgeSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The last snapshot, on disk, so that a data plane serves as before when it starts without a control plane. It holds
 * private keys: nobody else may read it.
 */
public final class SnapshotFile {
    private static final System.Logger LOG = System.getLogger(SnapshotFile.class.getName());

    private final Path path;

    public SnapshotFile(Path path) {
        this.path = path;
    }

    /**
     * The last snapshot that was written whole. Empty without one, or, which is logged, if it cannot be read: a data
     * plane that starts with nothing is told everything as soon as it is connected.
     */
    public Optional<EdgeSnapshot> read() {
        try {
            return Optional.of(EdgeJson.read(Files.readAllBytes(path), EdgeSnapshot.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | EdgeJson.Malformed e) {
            LOG.log(System.Logger.Level.WARNING, "what was served last cannot be read from " + path, e);
            return Optional.empty();
        }
    }

    /** Replaces the file; a crash leaves the old one or the new one. */
    public void write(EdgeSnapshot snapshot) {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.deleteIfExists(fresh);
            try (var file = FileChannel.open(fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                var bytes = ByteBuffer.wrap(EdgeJson.write(snapshot));
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
                file.force(true);
            }
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
