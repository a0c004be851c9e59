package dev.landfall.app.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Class files from before Java 6 in a newer format. */
final class NewerClassFilesTest {
    @TempDir private Path directory;

    private Path picocli() throws Exception {
        return Path.of(CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static List<String> names(Path archive) throws IOException {
        try (var in = new JarFile(archive.toFile())) {
            return in.stream().map(JarEntry::getName).sorted().toList();
        }
    }

    @Test
    void everyClassIsThereAndVerifiedWithItsStackMaps() throws Exception {
        Path newer = directory.resolve("newer.jar");
        NewerClassFiles.copy(picocli(), newer);

        assertThat(names(newer)).isEqualTo(names(picocli()));
        try (var in = new JarFile(newer.toFile());
                var loader = new URLClassLoader(new URL[] {newer.toUri().toURL()},
                        ClassLoader.getPlatformClassLoader())) {
            for (JarEntry entry : in.stream().filter(each -> each.getName().endsWith(".class")
                    && !each.getName().contains("META-INF") && !each.getName().equals("module-info.class")).toList()) {
                byte[] content = in.getInputStream(entry).readAllBytes();
                var parsed = ClassFile.of().parse(content);
                assertThat(parsed.majorVersion()).as(entry.getName()).isGreaterThanOrEqualTo(ClassFile.JAVA_8_VERSION);
                // Initialized, so that the JVM itself has verified it.
                Class.forName(entry.getName().replace(".class", "").replace('/', '.'), true, loader);
            }
        }
    }

    @Test
    void leavesTheCopyOfBeforeWhenTheArchiveIsBroken() throws Exception {
        Path newer = Files.writeString(directory.resolve("newer.jar"), "as it was");
        Path broken = Files.writeString(directory.resolve("broken.jar"), "no archive");

        assertThat(catchThrowable(() -> NewerClassFiles.copy(broken, newer)))
                .isInstanceOf(IOException.class);
        assertThat(newer).hasContent("as it was");
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("newer.jar", "broken.jar");
    }
}
