package dev.landfall.app.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds out who listens on a TCP port, from /proc. Sees other users' processes only as root. */
public final class Listeners {
    private static final String LISTEN = "0A";
    private static final int STATE = 3;
    private static final int INODE = 9;

    private Listeners() {}

    /** {@code pid 123 (nginx)}; empty when nobody listens, or nobody that this user may see. */
    public static Optional<String> on(int port) {
        var sockets = new TreeSet<String>();
        sockets(Path.of("/proc/net/tcp"), port, sockets);
        sockets(Path.of("/proc/net/tcp6"), port, sockets);
        return sockets.isEmpty()
                ? Optional.empty()
                : ProcessHandle.allProcesses()
                        .filter(process -> holdsAny(process.pid(), sockets))
                        .findFirst()
                        .map(process -> "pid " + process.pid() + " (" + name(process.pid()) + ")");
    }

    private static void sockets(Path table, int port, Set<String> found) {
        String suffix = String.format(":%04X", port);
        for (String row : lines(table)) {
            String[] columns = row.strip().split("\\s+");
            if (columns.length > INODE && columns[1].endsWith(suffix) && columns[STATE].equals(LISTEN)) {
                found.add("socket:[" + columns[INODE] + "]");
            }
        }
    }

    private static boolean holdsAny(long pid, Set<String> sockets) {
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path descriptor : descriptors) {
                if (sockets.contains(target(descriptor))) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;    // gone, or not ours to see
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";    // closed in the meantime
        }
    }

    private static String name(long pid) {
        return lines(Path.of("/proc", Long.toString(pid), "comm")).stream().findFirst().orElse("?");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
