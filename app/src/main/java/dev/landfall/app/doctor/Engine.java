package dev.landfall.app.doctor;

import com.github.dockerjava.api.exception.DockerException;
import dev.landfall.app.logs.Docker;
import java.io.IOException;

/** Looks at Docker Engine. */
final class Engine {
    /** The oldest API with everything the agent asks for (Engine 20.10, of Debian 11 and 12). */
    private static final int OLDEST_MINOR = 41;

    private Engine() {}

    static Finding find() {
        try (var docker = Docker.connect()) {
            var version = docker.versionCmd().exec();
            String detail = "Engine " + version.getVersion() + ", API " + version.getApiVersion()
                    + ", kernel " + version.getKernelVersion();
            int minor = Integer.parseInt(version.getApiVersion().replaceFirst("^1\\.", ""));
            return minor >= OLDEST_MINOR
                    ? Finding.ok("Docker", detail)
                    : Finding.bad("Docker", detail, "install Engine 20.10 or newer: apt-get install docker.io");
        } catch (DockerException | IOException e) {
            return unreachable(e);
        } catch (RuntimeException e) {
            return unreachable(e);    // the transport wraps connection failures in plain RuntimeExceptions
        }
    }

    private static Finding unreachable(Exception e) {
        return Finding.bad("Docker", "Engine does not answer (" + e.getMessage() + ")",
                "'./landfall up' as root starts or installs it; else 'systemctl start docker', or set DOCKER_HOST");
    }
}
