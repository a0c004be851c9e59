package dev.landfall.app.e2e;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.landfall.testkit.BusyboxImage;
import dev.landfall.testkit.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * An image that serves a page on port 80 and ends in order on SIGTERM, standing for nginx and the documents'
 * applications. Its registry is a port of this machine where nobody listens, so that asking it takes no time.
 */
final class WebImage {
    static final String NAME = "127.0.0.1:1/landfall-e2e/web:1";

    /** An image of the same registry that nobody has. */
    static final String MISSING = "127.0.0.1:1/landfall-e2e/missing:1";

    static final String PAGE = "hello from busybox\n";

    private WebImage() {}

    static String ensure() {
        BusyboxImage.ensure();
        try (var docker = Engine.connect()) {
            return exists(docker) ? NAME : make(docker);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean exists(DockerClient docker) {
        try {
            docker.inspectImageCmd(NAME).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private static String make(DockerClient docker) {
        String id = docker.createContainerCmd(BusyboxImage.NAME).withCmd("/bin/true").exec().getId();
        try {
            int tag = NAME.lastIndexOf(':');
            docker.commitCmd(id).withRepository(NAME.substring(0, tag)).withTag(NAME.substring(tag + 1))
                    .withCmd("/bin/sh", "-c", "trap 'exit 0' TERM; httpd -p 80 -h /www; sleep 100000 & wait")
                    .exec();
            return NAME;
        } finally {
            docker.removeContainerCmd(id).withForce(true).exec();
        }
    }
}
