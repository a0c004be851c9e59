package dev.landfall.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** Every file of a directory, byte by byte: to compare, to change, and to write somewhere else. */
record SavedDirectory(Map<String, byte[]> files) {
    static SavedDirectory of(Path directory) throws IOException {
        var files = new TreeMap<String, byte[]>();
        try (var listing = Files.list(directory)) {
            for (Path file : listing.toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return new SavedDirectory(files);
    }

    SavedDirectory with(String name, byte[] content) {
        var changed = new TreeMap<>(files);
        changed.put(name, content);
        return new SavedDirectory(changed);
    }

    /** With one bit the other way round. */
    SavedDirectory flipped(String name, long bit) {
        byte[] content = files.get(name).clone();
        content[(int) (bit / 8)] ^= (byte) (1 << bit % 8);
        return with(name, content);
    }

    SavedDirectory cut(String name, int length) {
        return with(name, Arrays.copyOf(files.get(name), length));
    }

    void writeTo(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (var listing = Files.list(directory)) {
            for (Path file : listing.toList()) {
                Files.delete(file);
            }
        }
        for (var file : files.entrySet()) {
            Files.write(directory.resolve(file.getKey()), file.getValue());
        }
    }

    boolean isSameAs(SavedDirectory other) {
        return files.keySet().equals(other.files.keySet())
                && files.keySet().stream().allMatch(name -> Arrays.equals(files.get(name), other.files.get(name)));
    }

    static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
