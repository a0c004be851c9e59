package dev.landfall.testkit.load;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.landfall.testkit.Engine;
import dev.landfall.testkit.Tar;
import dev.landfall.testkit.TemporaryDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The image of {@link Backend}: its classes, a Java runtime of one module that this JDK's jlink makes, and the C
 * library it needs, so that nothing is pulled. Made once for each state of these; its registry is a port of this
 * machine where nobody listens.
 */
public final class BackendImage {
    private static final String REPOSITORY = "127.0.0.1:1/landfall-test/backend";
    /** All that {@link Backend} is made of. */
    private static final List<Class<?>> CLASSES = List.of(Backend.class, Head.class, Frame.class);
    private static final Pattern LIBRARY = Pattern.compile("(?:.* => )?(/\\S+) \\(0x[0-9a-f]+\\)");

    private BackendImage() {}

    /** The program's command line, which an image that is imported cannot say: small and quick to start. */
    public static List<String> command() {
        return List.of("/jre/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-Xss256k",
                "-cp", "/app", Backend.class.getName());
    }

    /** Where it answers HTTP. */
    public static int httpPort() {
        return Backend.HTTP_PORT;
    }

    /** Where it repeats lines. */
    public static int linesPort() {
        return Backend.LINES_PORT;
    }

    /** Makes the image unless it is there; its name. */
    public static String ensure() {
        try (var docker = Engine.connect()) {
            SortedMap<String, byte[]> classes = classes();
            String tag = tag(classes);
            if (!exists(docker, REPOSITORY + ":" + tag)) {
                Engine.importImage(REPOSITORY, tag, content(classes));
            }
            return REPOSITORY + ":" + tag;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean exists(DockerClient docker, String name) {
        try {
            docker.inspectImageCmd(name).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private static SortedMap<String, byte[]> classes() throws IOException {
        var files = new TreeMap<String, byte[]>();
        for (Class<?> nest : CLASSES) {
            for (Class<?> member : nest.getNestMembers()) {
                String file = member.getName().replace('.', '/') + ".class";
                try (InputStream in = Objects.requireNonNull(nest.getResourceAsStream("/" + file), file)) {
                    files.put("app/" + file, in.readAllBytes());
                }
            }
        }
        return files;
    }

    private static String tag(SortedMap<String, byte[]> classes) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(Runtime.version().toString().getBytes(StandardCharsets.US_ASCII));
            classes.values().forEach(digest::update);
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] content(SortedMap<String, byte[]> classes) throws IOException {
        try (var directory = TemporaryDirectory.create("backend")) {
            Path runtime = directory.path().resolve("jre");
            run(List.of(home().resolve("bin/jlink").toString(), "--add-modules", "java.base",
                    "--strip-java-debug-attributes", "--no-header-files", "--no-man-pages",
                    "--generate-cds-archive", "--output", runtime.toString()));
            var tar = new Tar();
            for (String name : List.of("dev", "etc", "proc", "sys", "tmp")) {
                tar.directory(name, name.equals("tmp") ? 01777 : 0755);
            }
            classes.forEach((name, bytes) -> tar.file(name, 0644, bytes));
            for (Path file : files(runtime)) {
                int mode = Files.isExecutable(file) ? 0755 : 0644;
                tar.file("jre/" + runtime.relativize(file), mode, Files.readAllBytes(file));
            }
            for (String library : libraries(runtime)) {
                tar.file(library.substring(1), 0755, Files.readAllBytes(Path.of(library)));
            }
            return tar.bytes();
        }
    }

    private static Path home() {
        return Path.of(System.getProperty("java.home"));
    }

    /** But for what never runs here. */
    private static List<Path> files(Path runtime) throws IOException {
        try (Stream<Path> all = Files.walk(runtime)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(runtime.resolve("legal")) && !file.endsWith("classes_nocoops.jsa"))
                    .sorted().toList();
        }
    }

    /** Shared libraries of this machine that the runtime's own need, under the paths where its loader finds them. */
    private static List<String> libraries(Path runtime) throws IOException {
        try (Stream<Path> all = Files.walk(runtime)) {
            List<String> own = all.map(Path::toString).filter(file -> file.endsWith(".so")).sorted().toList();
            var line = Stream.concat(Stream.of("ldd", runtime.resolve("bin/java").toString()), own.stream()).toList();
            return run(line).lines().map(String::strip).map(LIBRARY::matcher)
                    .filter(found -> found.matches() && !found.group(1).startsWith(runtime.toString()))
                    .map(found -> found.group(1)).distinct().sorted().toList();
        }
    }

    private static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out;
        try (var lines = process.inputReader()) {
            out = String.join("\n", lines.lines().toList());
        }
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command.getFirst() + " failed: " + out);
            }
            return out;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
