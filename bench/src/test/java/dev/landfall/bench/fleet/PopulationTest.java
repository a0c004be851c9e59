package dev.landfall.bench.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.bench.wire.Api;
import dev.landfall.ecs.Ecs;
import dev.landfall.ecs.EcsTables;
import dev.landfall.state.SqliteJournal;
import dev.landfall.state.Writer;
import dev.landfall.wire.ApiServer;
import dev.landfall.wire.Exposed;
import dev.landfall.wire.SdkForms;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ecs.EcsClient;

/** Against the real control plane over its real protocol. */
class PopulationTest {
    @TempDir private Path directory;
    private Writer writer;
    private Ecs ecs;
    private ApiServer server;

    @BeforeEach
    void start() {
        writer = new Writer(new SqliteJournal(directory.resolve("state.db")), EcsTables.ALL, SdkForms.rows(),
                Clock.systemUTC(), () -> UUID.randomUUID().toString().replace("-", ""));
        var endpoint = new CompletableFuture<URI>();
        ecs = new Ecs(writer, endpoint::join);
        server = new ApiServer(ApiServer.Config.on("127.0.0.1", 0),
                List.of(new Exposed(EcsClient.class, ecs)), ecs.sockets());
        endpoint.complete(server.uri());
    }

    @AfterEach
    void stop() {
        ecs.close();
        server.close();
        writer.close();
    }

    @Test
    void everyTaskRunsAsFarAsTheControlPlaneKnows() {
        List<String> arns = Population.start(server.uri(), 25);

        assertThat(arns).hasSize(25).doesNotHaveDuplicates();
        assertThat(statuses(arns)).hasSize(25).containsOnly("RUNNING");
    }

    @Test
    void anAgentStopsWhatItIsToldToStop() {
        try (var api = new Api(server.uri())) {
            api.call("CreateCluster", Api.object().put("clusterName", Population.CLUSTER));
            api.call("RegisterTaskDefinition", Population.definition(Population.FAMILY));
            try (var agent = SimulatedAgent.connect(server.uri(), Population.CLUSTER, SimulatedAgent.Size.HUGE, 1)) {
                agent.awaitConnected();
                String arn = api.call("RunTask", Api.object().put("cluster", Population.CLUSTER)
                                .put("taskDefinition", Population.FAMILY).put("launchType", "EC2"))
                        .path("tasks").path(0).path("taskArn").asText();
                agent.awaitRunning(1);
                api.call("StopTask", Api.object().put("cluster", Population.CLUSTER).put("task", arn));
                agent.awaitRunning(0);

                assertThat(statuses(List.of(arn))).containsExactly("STOPPED");
            }
        }
    }

    private List<String> statuses(List<String> arns) {
        ObjectNode input = Api.object().put("cluster", Population.CLUSTER);
        var asked = input.putArray("tasks");
        arns.forEach(asked::add);
        try (var api = new Api(server.uri())) {
            return api.call("DescribeTasks", input).path("tasks").valueStream()
                    .map(task -> task.path("lastStatus").asText()).toList();
        }
    }
}
