package dev.landfall.elb.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.landfall.edge.Edge;
import dev.landfall.elb.Stage;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.testkit.Await;
import dev.landfall.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/** What the API is told is what the data plane does: requests to a load balancer's address reach its targets. */
class TrafficTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir
    private Path logs;

    /** A target that answers with its name. */
    private static HttpServer target(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] body = name.getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    /** Of a connection of its own. */
    private static String answer(String address, int port, String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        } catch (IOException e) {
            return "none";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "none";
        }
    }

    private static void awaits(String answer, String address, int port, String path) {
        Await.untilPasses(answer + " from " + path, DEADLINE, () ->
                assertThat(answer(address, port, path)).startsWith(answer));
    }

    private static void register(Stage on, String group, HttpServer target) {
        on.elb().registerTargets(request -> request.targetGroupArn(group)
                .targets(Stage.target("127.0.0.1", target.getAddress().getPort())));
    }

    @Test
    void requestsReachTargetsByRules() throws Exception {
        HttpServer one = target("one");
        HttpServer two = target("two");
        var connection = new CompletableFuture<EdgeConnection>();
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            try (var edge = new Edge(1, logs, report -> connection.thenAccept(it -> it.report(report)))) {
                int port = FreePorts.one();
                String first = on.group("first");
                String second = on.group("second");
                String listener = on.listener(on.alb(), port, first);
                String address = SnapshotCheck.of(on.image()).balancers().getFirst().addresses().getFirst().address();
                connection.complete(on.service().edges().connect(DataPlane.ofSnapshots(edge::accept)));
                awaits("503 ", address, port, "/");

                register(on, first, one);
                awaits("200 one", address, port, "/two/");
                Await.until("the target is seen to be healthy", DEADLINE, () -> on.elb().describeTargetHealth(request ->
                        request.targetGroupArn(first)).targetHealthDescriptions().getFirst().targetHealth().state()
                        == TargetHealthStateEnum.HEALTHY);

                register(on, second, two);
                on.elb().createRule(request -> request.listenerArn(listener).priority(1)
                        .conditions(Stage.path("/two/*")).actions(Stage.forward(second)));
                awaits("200 two", address, port, "/two/");
                assertThat(answer(address, port, "/")).isEqualTo("200 one");

                on.elb().modifyListener(request -> request.listenerArn(listener).defaultActions(Stage.fixed("404")));
                awaits("404 ", address, port, "/");

                on.elb().deleteListener(request -> request.listenerArn(listener));
                awaits("none", address, port, "/");
                assertThat(edge.health().targets()).isEmpty();
            }
            return on;
        });
        one.stop(0);
        two.stop(0);
    }
}
