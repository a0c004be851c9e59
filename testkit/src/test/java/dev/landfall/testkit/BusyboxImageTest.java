package dev.landfall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BusyboxImageTest {
    @Test
    void runsAppletsAndServesItsPage() throws IOException, InterruptedException {
        try (var docker = Engine.connect()) {
            String image = BusyboxImage.ensure(docker);
            String id = docker.createContainerCmd(image)
                    .withHostConfig(HostConfig.newHostConfig().withNetworkMode("none"))
                    .withCmd("/bin/sh", "-c", "httpd -p 127.0.0.1:80 -h /www; wget -qO- http://127.0.0.1/")
                    .exec().getId();
            try {
                docker.startContainerCmd(id).exec();
                int status = docker.waitContainerCmd(id).start()
                        .awaitStatusCode(60, TimeUnit.SECONDS);
                var printed = new StringBuffer();
                docker.logContainerCmd(id).withStdOut(true).withStdErr(true).exec(new ResultCallback.Adapter<Frame>() {
                    @Override
                    public void onNext(Frame frame) {
                        printed.append(new String(frame.getPayload(), StandardCharsets.US_ASCII));
                    }
                }).awaitCompletion();

                assertThat(printed).hasToString("hello from busybox\n");
                assertThat(status).isZero();
            } finally {
                docker.removeContainerCmd(id).withForce(true).exec();
            }
        }
    }
}
