package dev.landfall.agent;

import static dev.landfall.agent.fake.Payloads.container;
import static dev.landfall.agent.fake.Payloads.task;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.agent.fake.Payloads;
import dev.landfall.protocol.TaskPayload;
import dev.landfall.protocol.TaskPayload.HostVolume;
import dev.landfall.protocol.TaskPayload.VolumePayload;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Networks, volumes and the metadata endpoint of tasks. */
class AgentNetworkTest extends DockerTest {
    private static final String WAIT = "trap 'exit 0' TERM; while true; do sleep 0.05; done";
    private static final String SERVE = "mkdir /www; echo served > /www/index.html; exec httpd -f -h /www -p ";

    private static String fetched(String host, int port) throws InterruptedException {
        var text = new String[] {""};
        await("an answer of " + host + ":" + port, () -> {
            try (var socket = new Socket(host, port)) {
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8));
                text[0] = new String(socket.getInputStream().readAllBytes(), UTF_8);
                return text[0].contains("served");
            } catch (IOException e) {
                return false;
            }
        });
        return text[0];
    }

    private void stop(TaskPayload task) {
        control.stop(task.arn());
        control.reported(task.arn(), "STOPPED");
    }

    @Test
    void aDynamicPortIsReportedAndReachable() throws InterruptedException {
        TaskPayload task = task(container("web", SERVE + "8080").port(8080, 0).stopTimeout(0)).network("bridge")
                .payload();
        control.run(task);
        var bindings = control.reported(task.arn(), "RUNNING").containers().getFirst().networkBindings();
        assertThat(bindings).singleElement().satisfies(binding -> {
            assertThat(binding.containerPort()).isEqualTo(8080);
            assertThat(binding.bindIP()).isEqualTo("0.0.0.0");
            assertThat(binding.protocolAsString()).isEqualTo("tcp");
        });
        assertThat(fetched("127.0.0.1", bindings.getFirst().hostPort())).contains("served");
        stop(task);
    }

    @Test
    void aFixedPortIsKeptAndItsSecondUseRefused() {
        int port = dev.landfall.agent.network.HostPorts.freeRange(1, "tcp");
        TaskPayload first = task(container("web", WAIT).port(8080, port)).network("bridge").payload();
        TaskPayload second = task(container("web", WAIT).port(8080, port)).network("bridge").payload();
        control.run(first);
        assertThat(control.reported(first.arn(), "RUNNING").containers().getFirst().networkBindings().getFirst()
                .hostPort())
                .isEqualTo(port);
        control.run(second);
        assertThat(control.reported(second.arn(), "STOPPED").containers().getFirst().reason())
                .startsWith("CannotStartContainerError: ").contains("port is already allocated");
        stop(first);
    }

    @Test
    void aPortRangeIsReportedAsOne() {
        TaskPayload task = task(container("web", WAIT).portRange("9000-9002")).network("bridge").payload();
        control.run(task);
        assertThat(control.reported(task.arn(), "RUNNING").containers().getFirst().networkBindings())
                .singleElement().satisfies(binding -> {
                    assertThat(binding.containerPortRange()).isEqualTo("9000-9002");
                    String[] ends = binding.hostPortRange().split("-");
                    assertThat(Integer.parseInt(ends[1]) - Integer.parseInt(ends[0])).isEqualTo(2);
                });
        stop(task);
    }

    @Test
    void containersOfAnAwsvpcTaskShareItsAddress() throws InterruptedException {
        TaskPayload task = task(
                container("web", SERVE + "80").stopTimeout(0),
                container("client", "while ! wget -q -O - http://127.0.0.1/; do sleep 0.05; done; " + WAIT)
                        .stopTimeout(0))
                .awsvpc(address(10), address(1) + "/20").payload();
        control.run(task);
        var running = control.reported(task.arn(), "RUNNING");
        assertThat(running.attachments()).singleElement()
                .satisfies(attachment -> assertThat(attachment.status()).isEqualTo("ATTACHED"));
        assertThat(fetched(address(10), 80)).contains("served");
        await("the client's answer", () -> logs(running, "client").contains("served"));
        String client = running.containers().stream().filter(c -> c.containerName().equals("client")).findFirst()
                .orElseThrow().runtimeId();
        assertThat(probe.exec(client, "ip", "-4", "addr", "show", "scope", "global")).contains(address(10) + "/20");
        String pause = probe.inspect(client).at("/HostConfig/NetworkMode").asText().replace("container:", "");
        assertThat(engine.inspect(pause)).isPresent();
        stop(task);
        await("the pause container's end", () -> engine.inspect(pause).isEmpty());
    }

    @Test
    void anAwsvpcTaskWithNamesOfItsOwnGetsThem() {
        for (var containers : List.of(
                List.of(container("main", "hostname; cat /etc/hosts; exit 0")),
                List.of(container("main", "hostname; cat /etc/hosts; exit 0"), container("side", WAIT).optional()))) {
            containers.getFirst().config("{\"Hostname\":\"chosen\"}")
                    .hostConfig("{\"ExtraHosts\":[\"friend:10.1.2.3\"]}");
            TaskPayload task = task(containers.toArray(Payloads.Container[]::new))
                    .awsvpc(address(11), address(1) + "/20").payload();
            control.run(task);
            control.reported(task.arn(), "STOPPED");
            String output = logs(control.reported(task.arn(), change -> change.containers().stream()
                    .anyMatch(main -> main.containerName().equals("main") && main.exitCode() != null)), "main");
            assertThat(output).startsWith("chosen").containsPattern("10\\.1\\.2\\.3\\s+friend").contains(address(11));
        }
    }

    @Test
    void aBurstBeyondTheWarmNamespacesGetsItsAddressesToo() throws InterruptedException {
        var tasks = new ArrayList<TaskPayload>();
        for (int i = 0; i < 4; i++) {
            tasks.add(task(container("web", SERVE + "80").stopTimeout(0)).awsvpc(address(30 + i), address(1) + "/20")
                    .payload());
        }
        control.run(tasks.toArray(TaskPayload[]::new));
        for (int i = 0; i < 4; i++) {
            control.reported(tasks.get(i).arn(), "RUNNING");
            assertThat(fetched(address(30 + i), 80)).contains("served");
        }
        tasks.forEach(this::stop);
        // The addresses are free again.
        TaskPayload again = task(container("web", SERVE + "80").stopTimeout(0)).awsvpc(address(33), address(1) + "/20")
                .payload();
        control.run(again);
        assertThat(fetched(address(33), 80)).contains("served");
        stop(again);
    }

    @Test
    void anAddressThatIsNotOursFailsTheTask() {
        TaskPayload task = task(container("main", WAIT)).awsvpc("192.168.77.5", "192.168.77.1/24").payload();
        control.run(task);
        var stopped = control.reported(task.arn(), "STOPPED");
        assertThat(stopped.reason()).startsWith("ResourceInitializationError: ");
    }

    @Test
    void aLinkedContainerIsReachedByItsAlias() {
        TaskPayload task = task(
                container("client",
                        "for i in 1 2 3 4 5 6 7 8 9; do wget -q -O - http://web:80/ && exit 0; sleep 0.1; done; exit 1")
                        .links("server:web"),
                container("server", SERVE + "80").optional().stopTimeout(0)).network("bridge").payload();
        control.run(task);
        control.reported(task.arn(), "STOPPED");
        assertThat(control.changes(task.arn()).stream().flatMap(change -> change.containers().stream()))
                .anyMatch(client -> client.containerName().equals("client")
                        && Integer.valueOf(0).equals(client.exitCode()));
    }

    @Test
    void volumesOfEveryKindAreMounted() throws IOException {
        Path host = Files.createTempDirectory("landfall-volume");
        String shared = "landfall-test-" + System.nanoTime();
        JsonNode sharedVolume = JsonNodeFactory.instance.objectNode().put("scope", "shared").put("autoprovision", true);
        TaskPayload task = task(
                container("writer",
                        "echo a > /own/f; echo b > /host/f; echo c > /shared/f; echo d > /efs/f; echo e > /anon/f")
                        .optional().mount("own", "/own").mount("host", "/host").mount(shared, "/shared").mount("efs",
                        "/efs")
                        .mount("docker", "/anon"),
                container("reader", "cat /own/f /host/f /shared/f /efs/f /anon/f").volumesFrom("writer")
                        .dependsOn("writer", "SUCCESS"))
                .volume(new VolumePayload("own", null, new HostVolume(null), null, null))
                .volume(new VolumePayload("host", null, new HostVolume(host.toString()), null, null))
                .volume(new VolumePayload(shared, "docker", null, sharedVolume, null))
                .volume(new VolumePayload("docker", "docker", null,
                        JsonNodeFactory.instance.objectNode().put("scope", "task"), null))
                .volume(new VolumePayload("efs", "efs", null, null, JsonNodeFactory.instance.objectNode()
                        .put("fileSystemId", "fs-1").put("rootDirectory", "/data")))
                .payload();
        control.run(task);
        var stopped = control.reported(task.arn(), "STOPPED");
        assertThat(logs(stopped, "reader")).isEqualTo("a\nb\nc\nd\ne");
        assertThat(directory.resolve("efs/fs-1/data/f")).hasContent("d\n");
        assertThat(host.resolve("f")).hasContent("b\n");
        Files.delete(host.resolve("f"));
        Files.delete(host);
        probe.containersWithVolume(shared).forEach(engine::remove);
        engine.removeVolume(shared);
    }

    @Test
    void aMissingSharedVolumeFailsTheTask() {
        TaskPayload task = task(container("main", WAIT).mount("missing", "/m"))
                .volume(new VolumePayload("missing", "docker", null,
                        JsonNodeFactory.instance.objectNode().put("scope", "shared"), null)).payload();
        control.run(task);
        assertThat(control.reported(task.arn(), "STOPPED").reason()).startsWith("ResourceInitializationError: ")
                .contains("autoprovision");
    }

    @Test
    void containersFindTheirMetadataAndCredentials() throws IOException {
        TaskPayload task = task(container("main",
                "for u in $ECS_CONTAINER_METADATA_URI_V4 $ECS_CONTAINER_METADATA_URI_V4/task"
                + " $ECS_CONTAINER_METADATA_URI/task $ECS_CONTAINER_METADATA_URI_V4/taskWithTags"
                + " ${ECS_CONTAINER_METADATA_URI_V4%%/v4*}$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
                + " $ECS_CONTAINER_METADATA_URI_V4/task/stats; do wget -q -O - $u || echo null; echo; done"))
                .roleCredentials("role-id-1").awsvpc(address(12), address(1) + "/20").payload();
        control.run(task);
        String output = logs(control.reported(task.arn(), "STOPPED"), "main");
        List<JsonNode> answers = output.lines().map(line -> {
            try {
                return new ObjectMapper().readTree(line);
            } catch (IOException e) {
                throw new AssertionError(output, e);
            }
        }).toList();
        assertThat(answers).hasSize(6);
        assertThat(answers.get(0).path("Name").asText()).isEqualTo("main");
        assertThat(answers.get(0).at("/Networks/0/IPv4Addresses/0").asText()).isEqualTo(address(12));
        assertThat(answers.get(1).path("TaskARN").asText()).isEqualTo(task.arn());
        assertThat(answers.get(1).at("/Containers/0/Labels/com.amazonaws.ecs.task-arn").asText()).isEqualTo(task.arn());
        assertThat(answers.get(2).path("Revision").asText()).isEqualTo("7");
        assertThat(answers.get(3).at("/TaskTags/of").asText()).isEqualTo("task");
        assertThat(answers.get(4).path("AccessKeyId").asText()).isEqualTo("AKIDTASK");
        assertThat(answers.get(5).isObject()).isTrue();
    }

    @Test
    void containersOfATaskMayShareProcessesAndIpc() throws InterruptedException {
        TaskPayload task = task(container("main", WAIT).stopTimeout(0), container("side", WAIT).stopTimeout(0))
                .pidMode("task").ipcMode("task").network("bridge").payload();
        control.run(task);
        var running = control.reported(task.arn(), "RUNNING");
        String main = running.containers().getFirst().runtimeId();
        String side = running.containers().getLast().runtimeId();
        assertThat(probe.exec(main, "cat", "/proc/1/cmdline")).startsWith("/pause");
        assertThat(probe.exec(main, "readlink", "/proc/self/ns/ipc"))
                .isEqualTo(probe.exec(side, "readlink", "/proc/self/ns/ipc"));
        stop(task);
    }
}
