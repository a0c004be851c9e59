package dev.landfall.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.landfall.app.data.Running;
import dev.landfall.protocol.edge.EdgeJson;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.testkit.Await;
import dev.landfall.testkit.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerStateEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/** {@code landfall edge} beside {@code landfall server}, each dying and coming back. */
class EdgeProcessTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int REQUESTS = 300;
    private static final String SHARED = "127.77.252.9";

    @TempDir
    private Path directory;

    private final int apiPort = FreePorts.one();
    private final int port = FreePorts.one();

    private Launched server() throws IOException {
        var server = Launched.start("server", "--data", directory.resolve("server").toString(),
                "--port", String.valueOf(apiPort));
        assertThat(server.firstLine()).contains("ready");
        return server;
    }

    private Launched edge() throws IOException {
        var edge = Launched.start("edge", "--data", directory.resolve("edge").toString(),
                "--server", "http://127.0.0.1:" + apiPort, "--balancer-address", SHARED);
        assertThat(edge.firstLine()).contains("ready");
        return edge;
    }

    private static HttpServer target() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] body = "target".getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return server;
    }

    private ElasticLoadBalancingV2Client elb() {
        return ElasticLoadBalancingV2Client.builder()
                .endpointOverride(Running.find(directory.resolve("server")).orElseThrow().endpoint())
                .region(Region.of(Env.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(Env.KEY, Env.KEY)))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    /** Where the load balancer is, once the edge has it on disk. */
    private Optional<String> address() {
        try {
            byte[] json = Files.readAllBytes(directory.resolve("edge").resolve("snapshot.json"));
            return EdgeJson.read(json, EdgeSnapshot.class).balancers().stream()
                    .filter(balancer -> !balancer.listeners().isEmpty())
                    .map(balancer -> balancer.addresses().getFirst().address()).findFirst();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String get(HttpClient http, String path) throws IOException, InterruptedException {
        return get(http, address().orElseThrow(), path);
    }

    private String get(HttpClient http, String from, String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://" + from + ":" + port + path)).build(),
                HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    private void awaits(HttpClient http, String path, String answer) {
        Await.until(answer + " from " + path, DEADLINE, () -> {
            try {
                return get(http, path).equals(answer);
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        });
    }

    private void furnish(ElasticLoadBalancingV2Client elb, int targetPort) {
        var balancer = elb.createLoadBalancer(request -> request.name("web").subnets("subnet-1", "subnet-2"))
                .loadBalancers().getFirst();
        String group = elb.createTargetGroup(request -> request.name("targets").protocol("HTTP").port(targetPort)
                .vpcId("vpc-1").targetType("ip").healthCheckIntervalSeconds(5).healthyThresholdCount(2))
                .targetGroups().getFirst().targetGroupArn();
        elb.registerTargets(request -> request.targetGroupArn(group).targets(
                TargetDescription.builder().id("127.0.0.1").build()));
        elb.createListener(request -> request.loadBalancerArn(balancer.loadBalancerArn()).port(port).protocol("HTTP")
                .defaultActions(Action.builder().type("forward").targetGroupArn(group).build()));
    }

    private static void awaitHealthy(ElasticLoadBalancingV2Client elb) {
        String group = elb.describeTargetGroups().targetGroups().getFirst().targetGroupArn();
        Await.until("the target is healthy", DEADLINE, () -> elb.describeTargetHealth(request ->
                request.targetGroupArn(group)).targetHealthDescriptions().getFirst().targetHealth().state()
                == TargetHealthStateEnum.HEALTHY);
    }

    @Test
    void goesOnWithoutAControlPlaneAndComesBackByItself() throws Exception {
        HttpServer target = target();
        try (var http = HttpClient.newHttpClient()) {
            try (var server = server(); var edge = edge(); var elb = elb()) {
                furnish(elb, target.getAddress().getPort());
                Await.until("the snapshot is kept", DEADLINE, () -> address().isPresent());
                awaits(http, "/", "200 target");
                awaitHealthy(elb);
                assertThat(get(http, SHARED, "/")).as("at the shared address").isEqualTo("200 target");

                for (int i = 0; i < REQUESTS; i++) {
                    if (i == REQUESTS / 3) {
                        server.kill();
                    }
                    assertThat(get(http, "/")).as("request " + i).isEqualTo("200 target");
                }
                edge.kill();
            }
            try (var _ = edge()) {
                assertThat(get(http, "/")).as("served from the file").isEqualTo("200 target");
                try (var _ = server(); var elb = elb()) {
                    awaitHealthy(elb);
                    String listener = elb.describeListeners(request -> request.loadBalancerArn(
                            elb.describeLoadBalancers().loadBalancers().getFirst().loadBalancerArn()))
                            .listeners().getFirst().listenerArn();
                    elb.modifyListener(request -> request.listenerArn(listener).defaultActions(
                            Action.builder().type("fixed-response").fixedResponseConfig(fixed ->
                                    fixed.statusCode("404").contentType("text/plain").messageBody("changed")).build()));
                    awaits(http, "/", "404 changed");
                }
            }
        } finally {
            target.stop(0);
        }
    }

    /** One that was killed would be waited for for longer than this waits. */
    @Test
    void nobodyWaitsForOneThatWasStopped() throws Exception {
        HttpServer target = target();
        try (var _ = server(); var elb = elb()) {
            try (var edge = edge()) {
                furnish(elb, target.getAddress().getPort());
                awaitHealthy(elb);
                edge.stop();
            }
            String group = elb.describeTargetGroups().targetGroups().getFirst().targetGroupArn();
            elb.modifyTargetGroupAttributes(request -> request.targetGroupArn(group).attributes(
                    TargetGroupAttribute.builder().key("deregistration_delay.timeout_seconds").value("0").build()));
            elb.deregisterTargets(request -> request.targetGroupArn(group).targets(
                    TargetDescription.builder().id("127.0.0.1").build()));
            Await.until("the target has drained", DEADLINE, () -> elb.describeTargetHealth(request ->
                    request.targetGroupArn(group)).targetHealthDescriptions().isEmpty());
        } finally {
            target.stop(0);
        }
    }

    @Test
    void statusSaysWhichPortCannotBeOpened() throws Exception {
        try (var _ = new ServerSocket(port, 1, InetAddress.getByName("0.0.0.0"));
             var _ = server(); var _ = edge(); var elb = elb()) {
            furnish(elb, 80);
            Await.until("the load balancer is impaired", DEADLINE, () -> elb.describeLoadBalancers().loadBalancers()
                    .getFirst().state().code() == LoadBalancerStateEnum.ACTIVE_IMPAIRED);
            var status = Launched.run("status", "--data", directory.resolve("server").toString());
            assertThat(status.status()).isZero();
            assertThat(status.out()).contains("balancers  1")
                    .containsPattern("web: The listener cannot be opened at 127\\.66\\.[0-9.]+:" + port
                            + ": Address already in use");
        }
    }

    @Test
    void refusesWhatIsNoUrl() throws Exception {
        var ended = Launched.run("edge", "--data", directory.toString(), "--server", "127.0.0.1:4566");
        assertThat(ended.status()).isNotZero();
        assertThat(ended.err()).contains("URL");
    }
}
