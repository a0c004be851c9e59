package dev.landfall.app;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The repository this test runs in, as the repository-wide tests see it. */
final class Repository {
    private static final Set<String> NOT_OURS = Set.of(".git", ".idea", "node_modules", "dist");

    private Repository() {}

    static Path root() {
        Path found = Path.of("").toAbsolutePath();
        while (!Files.isExecutable(found.resolve("landfall")) || !Files.exists(found.resolve("pom.xml"))) {
            found = found.getParent();
        }
        return found;
    }

    /** The files people edit. */
    static List<Path> sources(Predicate<Path> wanted) throws IOException {
        var found = new ArrayList<Path>();
        Files.walkFileTree(root(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return NOT_OURS.contains(directory.getFileName().toString()) || isBuilt(directory)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (wanted.test(file)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        found.sort(null);
        return found;
    }

    /** What a module was built to; a package may have the same name. */
    private static boolean isBuilt(Path directory) {
        return directory.endsWith("target") && Files.exists(directory.resolveSibling("pom.xml"));
    }

    /** The class files of the modules' product code. */
    static List<Path> classes() throws IOException {
        try (var files = Files.walk(root())) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> file.toString().contains("/target/classes/"))
                    .sorted()
                    .toList();
        }
    }
}
