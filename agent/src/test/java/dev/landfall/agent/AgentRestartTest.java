package dev.landfall.agent;

import static dev.landfall.agent.fake.Payloads.container;
import static dev.landfall.agent.fake.Payloads.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.landfall.agent.fake.Payloads;
import dev.landfall.protocol.TaskPayload;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What survives when the agent or the control plane goes away, and that nothing is left in the end. */
class AgentRestartTest extends DockerTest {
    private static final String WAIT = "trap 'exit 0' TERM; while true; do sleep 0.05; done";

    /** Ends the agent as a crash would: what it wrote after this moment is lost. */
    private static void crash() throws IOException {
        Path snapshot = Files.createTempDirectory("landfall-crash");
        copy(directory, snapshot);
        agent.close();
        try (var files = Files.walk(directory.resolve("tasks"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        copy(snapshot, directory);
        try (var files = Files.walk(snapshot)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (FileSystems.getDefault().getPathMatcher("glob:**.json").matches(file)) {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static void restart() throws InterruptedException {
        agent = new Agent(config(), control);
        agent.start();
    }

    private static List<String> containers(TaskPayload task) {
        return engine.containers("com.amazonaws.ecs.task-arn=" + task.arn());
    }

    /** A container with the agent's label that no task knows. */
    private static String stranger() throws IOException {
        var document = JsonNodeFactory.instance.objectNode().put("Image", Payloads.IMAGE);
        document.putArray("Cmd").add("sleep").add("600");
        document.putObject("Labels").put("dev.landfall.agent", agentId());
        String id = engine.create("landfall-test-stranger-" + System.nanoTime(), document);
        engine.start(id);
        return id;
    }

    @Test
    void runningTasksAreAdoptedAndThoseThatEndedMeanwhileReported() throws IOException, InterruptedException {
        TaskPayload stays = task(container("main", WAIT)).awsvpc(address(20), address(1) + "/20").payload();
        TaskPayload ends = task(container("main", "while ! test -f /tmp/end; do sleep 0.05; done; exit 11")).payload();
        control.run(stays, ends);
        control.reported(stays.arn(), "RUNNING");
        String ending = control.reported(ends.arn(), "RUNNING").containers().getFirst().runtimeId();
        List<String> before = containers(stays);
        String arn = agent.containerInstanceArn();
        crash();
        probe.exec(ending, "touch", "/tmp/end");
        engine.await(ending);
        String stranger = stranger();
        restart();
        assertThat(agent.containerInstanceArn()).isEqualTo(arn);
        assertThat(control.registrations().getLast().containerInstanceArn()).isEqualTo(arn);
        var stopped = control.reported(ends.arn(), "STOPPED");
        assertThat(stopped.containers().getFirst().exitCode()).isEqualTo(11);
        assertThat(stopped.containers().getFirst().runtimeId()).isEqualTo(ending);
        control.run(stays);
        assertThat(containers(stays)).isEqualTo(before);
        assertThat(before).singleElement()
                .satisfies(id -> assertThat(engine.inspect(id).orElseThrow().running()).isTrue());
        assertThat(engine.inspect(stranger)).isEmpty();
        control.stop(stays.arn());
        assertThat(control.reported(stays.arn(), "STOPPED").containers().getFirst().runtimeId())
                .isEqualTo(before.getFirst());
    }

    private static String agentId() throws IOException {
        return new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(directory.resolve("agent.json").toFile()).path("agentId").asText();
    }

    @Test
    void whatHappensWhileTheControlPlaneIsAwayIsReportedAfterwards() throws IOException, InterruptedException {
        TaskPayload task = task(container("main", "while ! test -f /tmp/end; do sleep 0.05; done; exit 12")).payload();
        control.run(task);
        String id = control.reported(task.arn(), "RUNNING").containers().getFirst().runtimeId();
        control.away(true);
        probe.exec(id, "touch", "/tmp/end");
        engine.await(id);
        agent.close();
        // A second life of the agent, begun and waiting while the control plane is still away.
        agent = new Agent(config(), control);
        Thread starting = Thread.ofVirtual().start(() -> {
            try {
                agent.start();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        control.away(false);
        assertThat(starting.join(Duration.ofSeconds(20))).isTrue();
        assertThat(control.reported(task.arn(), "STOPPED").containers().getFirst().exitCode()).isEqualTo(12);
    }

    @Test
    void anInstanceThatWasForgottenRegistersAnew() throws InterruptedException {
        String before = agent.containerInstanceArn();
        control.forget(before);
        await("a new registration", () -> !agent.containerInstanceArn().equals(before));
        TaskPayload task = task(container("main", "exit 0")).payload();
        control.run(task);
        control.reported(task.arn(), "STOPPED");
    }

    @Test
    void nothingIsLeftAfterAllTasksWereStopped() throws IOException, InterruptedException {
        var volume = new TaskPayload.VolumePayload("own", null, new TaskPayload.HostVolume(null), null, null);
        TaskPayload a = task(container("main", WAIT).mount("own", "/own")).volume(volume)
                .awsvpc(address(30), address(1) + "/20").payload();
        TaskPayload b = task(container("main", WAIT)).network("bridge").payload();
        control.run(a, b);
        control.reported(a.arn(), "RUNNING");
        control.reported(b.arn(), "RUNNING");
        String id = agentId();
        agent.stopAllTasks();
        control.reported(a.arn(), "STOPPED");
        control.reported(b.arn(), "STOPPED");
        agent.close();
        assertThat(engine.containers("dev.landfall.agent=" + id)).isEmpty();
        assertThat(probe.volumes("dev.landfall.agent=" + id)).isEmpty();
        assertThat(engine.networks()).noneMatch(network -> id.equals(network.labels().get("dev.landfall.agent")));
        try (var files = Files.list(directory.resolve("tasks"))) {
            assertThat(files).isEmpty();
        }
        restart();
    }

    @Test
    void twoAgentsOnOneMachineGetDifferentBlocksAndAddresses() throws IOException, InterruptedException {
        Path second = Files.createTempDirectory("landfall-second");
        try (var other = new Agent(AgentConfig.of(control.endpoint(), second).withManagedCapacity(), control)) {
            String first = block();
            other.start();
            assertThat(block()).isNotEqualTo(first);
            assertThat(control.registrations().getLast().cluster()).isEqualTo("landfall-managed");
            assertThatThrownBy(() -> new Agent(AgentConfig.of(control.endpoint(), second), control))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("another agent uses");
            other.stopAllTasks();
        }
        // Closed while it still readied the host, the agent has tidied up all the same.
        String id = new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(second.resolve("agent.json").toFile()).path("agentId").asText();
        assertThat(engine.containers("dev.landfall.agent=" + id)).isEmpty();
        try (var files = Files.walk(second)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
