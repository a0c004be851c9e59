package dev.landfall.app.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import dev.landfall.app.Refusal;
import dev.landfall.testkit.BusyboxImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class LogsTest {
    @Test
    void framesBecomeWholeLinesWithTheContainersName() {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var stream = new LogStream("app | ", new PrintStream(out), new PrintStream(err));

        for (String piece : List.of("one\ntw", "o\n", "thr")) {
            stream.onNext(new Frame(StreamType.STDOUT, piece.getBytes(StandardCharsets.UTF_8)));
        }
        stream.onNext(new Frame(StreamType.STDERR, "oops\n".getBytes(StandardCharsets.UTF_8)));
        stream.onComplete();

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("app | one\napp | two\napp | thr\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("app | oops\n");
    }

    @Test
    void printsWhatTheTasksContainersPrinted() throws IOException {
        String id = UUID.randomUUID().toString().replace("-", "");
        String arn = "arn:aws:ecs:us-east-1:000000000000:task/default/" + id;
        var containers = new ArrayList<String>();
        try (var docker = Docker.connect()) {
            BusyboxImage.ensure(docker);
            try {
                containers.add(run(docker, arn, "app", "echo one; echo two"));
                assertThat(printed(id)).isEqualTo("one\ntwo\n");
                assertThat(printed(arn, "--tail", "1")).isEqualTo("two\n");

                containers.add(run(docker, arn, "side", "echo three"));
                containers.add(run(docker, arn, "~internal~ecs~pause", "echo nothing"));
                assertThat(printed(id, "--follow").lines())
                        .containsExactlyInAnyOrder("app | one", "app | two", "side | three");
                assertThat(printed(id, "side")).isEqualTo("three\n");
                assertThatThrownBy(() -> printed(id, "nobody"))
                        .isInstanceOf(Refusal.class).hasMessageContaining("app").hasMessageContaining("side");
            } finally {
                containers.forEach(container -> docker.removeContainerCmd(container).withForce(true).exec());
            }
        }
        assertThatThrownBy(() -> printed(id)).isInstanceOf(Refusal.class).hasMessageContaining(id);
    }

    private static String run(DockerClient docker, String arn, String name, String script) {
        String id = docker.createContainerCmd(BusyboxImage.NAME)
                .withLabels(Map.of(
                        "com.amazonaws.ecs.task-arn", arn, "com.amazonaws.ecs.container-name", name))
                .withCmd("/bin/sh", "-c", script)
                .exec().getId();
        docker.startContainerCmd(id).exec();
        docker.waitContainerCmd(id).start().awaitStatusCode(60, TimeUnit.SECONDS);
        return id;
    }

    private static String printed(String... arguments) {
        var standardOut = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            var failure = new ArrayList<Exception>();
            new CommandLine(new Logs())
                    .setExecutionExceptionHandler((e, _, _) -> {
                        failure.add(e);
                        return 1;
                    })
                    .execute(arguments);
            if (!failure.isEmpty()) {
                throw (RuntimeException) failure.getFirst();
            }
            return printed.toString(StandardCharsets.UTF_8);
        } finally {
            System.setOut(standardOut);
        }
    }
}
