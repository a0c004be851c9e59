package dev.landfall.app.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at the place where the data directory is or will be. */
final class Disk {
    private static final long TIGHT_MIB = 512;
    private static final long COMFORTABLE_MIB = 4096;

    private Disk() {}

    static Finding dataDirectory(Path path) {
        Path existing = existing(path);
        if (!Files.isDirectory(existing)) {
            return Finding.bad("data", existing + " is not a directory", "choose another with --data");
        }
        if (!Files.isWritable(existing)) {
            return Finding.bad("data", existing + " is not writable for this user",
                    "choose another with --data, or run as its owner");
        }
        return Finding.ok("data", path + (existing.equals(path) ? "" : " (will be made)"));
    }

    static Finding freeSpace(Path path) {
        try {
            long freeMib = Files.getFileStore(existing(path)).getUsableSpace() >> 20;
            String detail = freeMib + " MiB free";
            if (freeMib < TIGHT_MIB) {
                return Finding.bad("disk", detail, "free some space, or choose another place with --data");
            }
            return freeMib < COMFORTABLE_MIB
                    ? Finding.warn("disk", detail, "images need space: 'docker system df' tells what is used")
                    : Finding.ok("disk", detail);
        } catch (IOException e) {
            return Finding.bad("disk", "cannot be read: " + e.getMessage(), "choose another place with --data");
        }
    }

    private static Path existing(Path path) {
        Path found = path.toAbsolutePath();
        while (!Files.exists(found)) {
            found = found.getParent();
        }
        return found;
    }
}
