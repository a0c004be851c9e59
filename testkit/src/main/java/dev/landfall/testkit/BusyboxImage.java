package dev.landfall.testkit;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The image tests run containers from, made of this machine's static busybox, so that nothing is pulled: every applet
 * under {@code /bin}, {@code /tmp}, and a page in {@code /www} that {@code httpd -f -p 80 -h /www} serves.
 */
public final class BusyboxImage {
    public static final String NAME = "landfall-test/busybox:latest";

    /** Names the image's content; to be raised with it, so that an image of an older build is made anew. */
    private static final String TAG = "v1";
    private static final String REPOSITORY = "landfall-test/busybox";

    private BusyboxImage() {}

    /** Makes the image unless it is there. */
    public static String ensure() {
        try (var docker = Engine.connect()) {
            return ensure(docker);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, over a connection that the caller has. */
    public static synchronized String ensure(DockerClient docker) {
        String versioned = REPOSITORY + ":" + TAG;
        if (exists(docker, versioned) && exists(docker, NAME)) {
            return NAME;
        }
        try {
            Engine.importImage(REPOSITORY, TAG, content());
            docker.tagImageCmd(versioned, REPOSITORY, "latest").withForce(true).exec();
            return NAME;
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

    private static byte[] content() throws IOException {
        Path busybox = binary();
        var tar = new Tar();
        for (String directory : List.of("bin", "dev", "etc", "proc", "root", "sys", "tmp", "var", "www")) {
            tar.directory(directory, directory.equals("tmp") ? 01777 : 0755);
        }
        tar.file("bin/busybox", 0755, Files.readAllBytes(busybox));
        for (String applet : applets(busybox)) {
            if (!applet.equals("busybox")) {
                tar.link("bin/" + applet, "busybox");
            }
        }
        tar.file("etc/passwd", 0644, "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"
                .getBytes(StandardCharsets.US_ASCII));
        tar.file("etc/group", 0644, "root:x:0:\nnogroup:x:65534:\n"
                .getBytes(StandardCharsets.US_ASCII));
        tar.file("www/index.html", 0644, "hello from busybox\n".getBytes(StandardCharsets.US_ASCII));
        return tar.bytes();
    }

    private static Path binary() {
        return Stream.of("/bin/busybox", "/usr/bin/busybox")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "there is no static busybox: run 'apt-get install busybox-static', or './landfall test'"));
    }

    private static List<String> applets(Path busybox) throws IOException {
        var process = new ProcessBuilder(busybox.toString(), "--list").start();
        try (var names = process.inputReader()) {
            return names.lines().toList();
        }
    }
}
