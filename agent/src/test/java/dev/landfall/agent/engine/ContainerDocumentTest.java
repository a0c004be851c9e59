package dev.landfall.agent.engine;

import static dev.landfall.agent.fake.Payloads.container;
import static dev.landfall.agent.fake.Payloads.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.agent.fake.Payloads;
import dev.landfall.protocol.TaskPayload;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContainerDocumentTest {
    private static ContainerDocument.Context context(Optional<String> pause, Optional<String> cgroup) {
        return new ContainerDocument.Context(Map.of("db", "ecs-db-1"),
                Map.of("data", "volume-1", "etc", "/etc/app"), pause, Optional.empty(),
                Map.of("AWS_REGION", "us-east-1", "GREETING", "from the agent"), Map.of("label", "agent"), cgroup,
                Map.of("9000/tcp", 50000, "9001/tcp", 50001));
    }

    private static ObjectNode document(Payloads.Task task) {
        TaskPayload payload = task.payload();
        return ContainerDocument.of(payload, payload.containers().getFirst(), context(Optional.empty(),
                Optional.empty()));
    }

    @Test
    void whatThePayloadSaysIsDerived() {
        ObjectNode document = document(task(container("main", "run").memory(64).port(80, 8080).port(81, 0)
                .portRange("9000-9001").mount("data", "/data").mount("etc", "/etc/app").links("db:database")
                .volumesFrom("db")).network("bridge"));
        assertThat(document.path("Image").asText()).isEqualTo(Payloads.IMAGE);
        assertThat(document.path("Cmd").toString()).isEqualTo("[\"/bin/sh\",\"-c\",\"run\"]");
        assertThat(document.path("Env").toString()).isEqualTo("[\"AWS_REGION=us-east-1\",\"GREETING=hello\"]");
        assertThat(document.at("/Labels/label").asText()).isEqualTo("agent");
        var host = document.path("HostConfig");
        assertThat(host.path("Memory").asLong()).isEqualTo(64L << 20);
        assertThat(host.path("CpuShares").asInt()).isEqualTo(2);
        assertThat(host.path("NetworkMode").asText()).isEqualTo("bridge");
        assertThat(host.path("Binds").toString()).isEqualTo("[\"volume-1:/data\",\"/etc/app:/etc/app\"]");
        assertThat(host.path("Links").toString()).isEqualTo("[\"ecs-db-1:database\"]");
        assertThat(host.path("VolumesFrom").toString()).isEqualTo("[\"ecs-db-1\"]");
        assertThat(host.path("PortBindings").toString()).isEqualTo("{\"80/tcp\":[{\"HostPort\":\"8080\"}],"
                + "\"81/tcp\":[{\"HostPort\":\"\"}],\"9000/tcp\":[{\"HostPort\":\"50000\"}],"
                + "\"9001/tcp\":[{\"HostPort\":\"50001\"}]}");
    }

    @Test
    void aContainerGetsItsGpusAndNoOthers() {
        TaskPayload payload = task(container("one", "run").environment("NVIDIA_VISIBLE_DEVICES", "all"),
                container("two", "run"), container("none", "run"))
                .gpu("GPU-b", "one").gpu("GPU-c", "two").gpu("GPU-a", "one").payload();
        var documents = payload.containers().stream().map(each -> ContainerDocument.of(
                payload, each, context(Optional.empty(), Optional.empty()))).toList();

        assertThat(documents).extracting(each -> each.path("Env").toString()).satisfiesExactly(
                one -> assertThat(one).contains("\"NVIDIA_VISIBLE_DEVICES=GPU-b,GPU-a\""),
                two -> assertThat(two).contains("\"NVIDIA_VISIBLE_DEVICES=GPU-c\""),
                none -> assertThat(none).doesNotContain("NVIDIA"));
        assertThat(documents).extracting(each -> each.at("/HostConfig/Runtime").asText("engine's own"))
                .containsExactly("nvidia", "nvidia", "engine's own");
    }

    @Test
    void aPortOfATaskWithItsOwnAddressIsNotTheHosts() {
        TaskPayload payload = task(container("main", "run").port(80, 80)).awsvpc("10.0.0.5", "10.0.0.1").payload();
        var alone = new ContainerDocument.Context(Map.of(), Map.of(), Optional.empty(),
                Optional.of(new ContainerDocument.NetworkPlace("tasks", "10.0.0.5")), Map.of(), Map.of(),
                Optional.empty(), Map.of());

        ObjectNode document = ContainerDocument.of(payload, payload.containers().getFirst(), alone);

        assertThat(document.at("/HostConfig/NetworkMode").asText()).isEqualTo("tasks");
        assertThat(document.at("/HostConfig/PortBindings").isMissingNode()).isTrue();
        assertThat(document.at("/NetworkingConfig/EndpointsConfig/tasks/IPAMConfig/IPv4Address").asText())
                .isEqualTo("10.0.0.5");
    }

    @Test
    void theEnginesOwnDocumentsGoOverIt() {
        ObjectNode document = document(task(container("main", "run")
                .config("{\"WorkingDir\":\"/w\",\"Labels\":{\"mine\":\"1\",\"label\":\"mine\"},"
                        + "\"FutureMember\":{\"a\":[1]}}")
                .hostConfig("{\"CapAdd\":[\"SYS_PTRACE\"],\"Init\":true,\"Memory\":null}").memory(8)));
        assertThat(document.path("WorkingDir").asText()).isEqualTo("/w");
        assertThat(document.path("FutureMember").toString()).isEqualTo("{\"a\":[1]}");
        assertThat(document.path("Labels").toString()).isEqualTo("{\"mine\":\"1\",\"label\":\"agent\"}");
        assertThat(document.at("/HostConfig/CapAdd/0").asText()).isEqualTo("SYS_PTRACE");
        assertThat(document.at("/HostConfig/Init").asBoolean()).isTrue();
        assertThat(document.at("/HostConfig/Memory").asLong()).isEqualTo(8L << 20);
    }

    @Test
    void aContainerOnAPauseContainerHasNoNetworkOfItsOwn() {
        TaskPayload payload = task(container("main", "run").port(80, 80)
                .config("{\"Hostname\":\"h\",\"ExposedPorts\":{\"80/tcp\":{}}}")
                .hostConfig("{\"Dns\":[\"1.1.1.1\"],\"ExtraHosts\":[\"a:1.2.3.4\"],\"NetworkMode\":\"awsvpc\"}"))
                .awsvpc("10.0.0.5", "10.0.0.1/20").payload();
        ObjectNode document = ContainerDocument.of(payload, payload.containers().getFirst(),
                context(Optional.of("pause-id"), Optional.empty()));
        assertThat(document.at("/HostConfig/NetworkMode").asText()).isEqualTo("container:pause-id");
        assertThat(document.has("Hostname")).isFalse();
        assertThat(document.has("ExposedPorts")).isFalse();
        assertThat(document.path("HostConfig").has("Dns")).isFalse();
        assertThat(document.path("HostConfig").has("ExtraHosts")).isFalse();
        assertThat(document.path("HostConfig").has("PortBindings")).isFalse();
        var needs = ContainerDocument.namespaceNeeds(payload);
        assertThat(needs.config().toString()).isEqualTo("{\"Hostname\":\"h\"}");
        assertThat(needs.hostConfig().toString())
                .isEqualTo("{\"Dns\":[\"1.1.1.1\"],\"ExtraHosts\":[\"a:1.2.3.4\"]}");
    }

    @Test
    void limitsOfTheTaskGoToItsGroupOrToEveryContainer() {
        TaskPayload payload = task(container("main", "run")).limits(0.5, 128).payload();
        var grouped = ContainerDocument.of(payload, payload.containers().getFirst(),
                context(Optional.empty(), Optional.of("/landfall/x"))).path("HostConfig");
        assertThat(grouped.path("CgroupParent").asText()).isEqualTo("/landfall/x");
        assertThat(grouped.has("NanoCpus")).isFalse();
        assertThat(grouped.has("Memory")).isFalse();
        var single = ContainerDocument.of(payload, payload.containers().getFirst(),
                context(Optional.empty(), Optional.empty())).path("HostConfig");
        assertThat(single.path("NanoCpus").asLong()).isEqualTo(500_000_000);
        assertThat(single.path("Memory").asLong()).isEqualTo(128L << 20);
    }

    @Test
    void logsAreKeptAsFilesUnlessTheTaskSaysOtherwise() {
        record Row(String given, String expected) {}
        for (Row row : new Row[] {
                new Row("{}", "{\"Type\":\"json-file\",\"Config\":{\"max-size\":\"10m\",\"max-file\":\"2\"}}"),
                new Row("{\"LogConfig\":{\"Type\":\"awslogs\",\"Config\":{\"awslogs-group\":\"g\"}}}",
                        "{\"Type\":\"json-file\",\"Config\":{\"max-size\":\"10m\",\"max-file\":\"2\"}}"),
                new Row("{\"LogConfig\":{\"Type\":\"json-file\",\"Config\":{\"max-size\":\"1m\"}}}",
                        "{\"Type\":\"json-file\",\"Config\":{\"max-size\":\"1m\"}}"),
                new Row("{\"LogConfig\":{\"Type\":\"none\"}}", "{\"Type\":\"none\"}")}) {
            assertThat(document(task(container("main", "run").hostConfig(row.given()))).at("/HostConfig/LogConfig"))
                    .as(row.given()).hasToString(row.expected());
        }
    }

    @Test
    void aDocumentThatIsNoJsonIsRefused() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> document(task(container("main", "").config("{"))))
                .isInstanceOf(EngineError.class).hasMessageStartingWith("dockerConfig is no JSON");
    }
}
