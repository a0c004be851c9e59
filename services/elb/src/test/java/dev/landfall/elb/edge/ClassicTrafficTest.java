package dev.landfall.elb.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.landfall.edge.Edge;
import dev.landfall.elb.Stage;
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
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.elasticloadbalancing.model.Instance;
import software.amazon.awssdk.services.elasticloadbalancing.model.Listener;

/** What the API of Classic Load Balancers is told is what the data plane does. */
class ClassicTrafficTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir
    private Path logs;

    private static HttpServer target() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] body = "target".getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    /** Status, body and whether a cookie came, of a connection of its own. */
    private static String answer(String address, int port) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + "/")).build(),
                    HttpResponse.BodyHandlers.ofString());
            boolean cookie = response.headers().firstValue("set-cookie").isPresent();
            return response.statusCode() + " " + response.body() + (cookie ? " cookie" : "");
        } catch (IOException e) {
            return "none";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "none";
        }
    }

    private static void awaits(String answer, String address, int port) {
        Await.untilPasses(answer, DEADLINE, () -> assertThat(answer(address, port)).startsWith(answer));
    }

    private static String health(Stage on) {
        var state = on.classic().describeInstanceHealth(it -> it.loadBalancerName("web")).instanceStates().getFirst();
        return state.state() + ' ' + state.reasonCode();
    }

    @Test
    void requestsReachInstances() throws Exception {
        HttpServer target = target();
        int port = FreePorts.one();
        int tcp = FreePorts.one();
        Instance instance = Instance.builder().instanceId("i-1").build();
        var connection = new CompletableFuture<EdgeConnection>();
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            try (var edge = new Edge(1, logs, report -> connection.thenAccept(it -> it.report(report)))) {
                int at = target.getAddress().getPort();
                on.classic().createLoadBalancer(it -> it.loadBalancerName("web").subnets("subnet-1").listeners(
                        Listener.builder().protocol("HTTP").loadBalancerPort(port).instancePort(at).build(),
                        Listener.builder().protocol("TCP").loadBalancerPort(tcp).instancePort(at).build()));
                on.classic().configureHealthCheck(request -> request.loadBalancerName("web").healthCheck(it -> it
                        .target("HTTP:" + at + "/").interval(5).timeout(2).healthyThreshold(2)
                        .unhealthyThreshold(2)));
                String address = SnapshotCheck.of(on.image()).balancers().getFirst().addresses().getFirst().address();
                connection.complete(on.service().edges().connect(DataPlane.ofSnapshots(edge::accept)));
                awaits("503 ", address, port);
                assertThat(SnapshotCheck.of(on.image()).targetGroups()).hasSize(2).allSatisfy(group ->
                        assertThat(group.attributes()).containsEntry("preserve_client_ip.enabled", "false"));

                on.classic().registerInstancesWithLoadBalancer(it -> it.loadBalancerName("web").instances(instance));
                awaits("200 target", address, port);
                awaits("200 target", address, tcp);
                Await.untilPasses("in service", DEADLINE, () -> assertThat(health(on)).isEqualTo("InService N/A"));
                assertThat(answer(address, port)).isEqualTo("200 target");

                on.classic().createLBCookieStickinessPolicy(it -> it.loadBalancerName("web").policyName("sticky"));
                on.classic().setLoadBalancerPoliciesOfListener(it -> it.loadBalancerName("web")
                        .loadBalancerPort(port).policyNames("sticky"));
                awaits("200 target cookie", address, port);

                target.stop(0);
                Await.untilPasses("out of service", DEADLINE,
                        () -> assertThat(health(on)).isEqualTo("OutOfService Instance"));
                on.classic().deregisterInstancesFromLoadBalancer(it -> it.loadBalancerName("web").instances(instance));
                awaits("503 ", address, port);
                on.classic().deleteLoadBalancer(it -> it.loadBalancerName("web"));
                awaits("none", address, port);
            }
            return on;
        });
    }
}
