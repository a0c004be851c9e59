package dev.landfall.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.app.data.Running;
import dev.landfall.protocol.edge.EdgeJson;
import dev.landfall.protocol.edge.EdgeMessage;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
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

/** Load balancing of a server process, as AWS's SDK and a data plane of another process see it. */
class LoadBalancingProcessTest {
    @TempDir
    private Path directory;

    private Launched start() throws IOException {
        return Launched.start("server", "--data", directory.toString(), "--port", "0");
    }

    private static ElasticLoadBalancingV2Client client(URI endpoint) {
        return ElasticLoadBalancingV2Client.builder()
                .endpointOverride(endpoint)
                .region(Region.of(Env.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(Env.KEY, Env.KEY)))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    /** An ALB {@code web} that forwards port 80 to one address. */
    private static void furnish(ElasticLoadBalancingV2Client elb) {
        var balancer = elb.createLoadBalancer(request -> request.name("web").subnets("subnet-1", "subnet-2"))
                .loadBalancers().getFirst();
        var group = elb.createTargetGroup(request -> request.name("targets").protocol("HTTP").port(8080)
                .vpcId("vpc-1").targetType("ip")).targetGroups().getFirst();
        elb.createListener(request -> request.loadBalancerArn(balancer.loadBalancerArn()).port(80).protocol("HTTP")
                .defaultActions(Action.builder().type("forward").targetGroupArn(group.targetGroupArn()).build()));
        elb.registerTargets(request -> request.targetGroupArn(group.targetGroupArn())
                .targets(TargetDescription.builder().id("10.0.0.1").build()));
        elb.waiter().waitUntilLoadBalancerAvailable(request -> request.names("web"));
    }

    private static URI path(URI endpoint, String id) {
        return URI.create(endpoint.toString().replace("http", "ws")
                + EdgeMessage.PATH + "?" + EdgeMessage.ID + "=" + id);
    }

    private static String json(EdgeReport report) {
        return new String(EdgeJson.write(report), StandardCharsets.UTF_8);
    }

    /** Of a data plane that has everything in effect at once. */
    private static final class Agreeing implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<EdgeMessage> first = new CompletableFuture<>();
        private CompletableFuture<?> said = CompletableFuture.completedFuture(null);

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            from.request(1);
            if (!last) {
                return null;
            }
            EdgeMessage message = EdgeJson.read(text.toString().getBytes(StandardCharsets.UTF_8), EdgeMessage.class);
            text.setLength(0);
            say(from, new EdgeReport.InEffect(message.version()));
            first.complete(message);
            return null;
        }

        /** One after the other, as WebSocket wants it. */
        synchronized CompletableFuture<?> say(WebSocket to, EdgeReport report) {
            said = said.thenCompose(any -> to.sendText(json(report), true));
            return said;
        }
    }

    /** What a data plane that connects is told first. */
    private static EdgeSnapshot told(URI endpoint) {
        var listener = new Agreeing();
        try (var http = HttpClient.newHttpClient()) {
            WebSocket socket = http.newWebSocketBuilder().buildAsync(path(endpoint, "looks"), listener).join();
            EdgeMessage message = listener.first.orTimeout(20, TimeUnit.SECONDS).join();
            listener.say(socket, new EdgeReport.Ended()).join();
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
            return message.after(EdgeSnapshot.EMPTY);
        }
    }

    @Test
    void waitersEndWhenADataPlaneFindsTargetsHealthy() throws Exception {
        try (var server = start(); var http = HttpClient.newHttpClient()) {
            assertThat(server.firstLine()).isNotEmpty();
            URI endpoint = Running.find(directory).orElseThrow().endpoint();
            try (var elb = client(endpoint)) {
                furnish(elb);
                String group = elb.describeTargetGroups().targetGroups().getFirst().targetGroupArn();
                var listener = new Agreeing();
                WebSocket socket = http.newWebSocketBuilder().buildAsync(path(endpoint, "serves"), listener).join();
                EdgeSnapshot told = Await.value("the target is told", Duration.ofSeconds(20), () -> told(endpoint),
                        snapshot -> snapshot.targetGroups().stream().anyMatch(each -> !each.targets().isEmpty()));
                listener.say(socket, new EdgeReport.Health(told.version(), List.of(
                        new EdgeReport.TargetHealth(group, "10.0.0.1", 8080, EdgeReport.State.HEALTHY, "", ""))))
                        .join();
                Await.until("the report has come", Duration.ofSeconds(20), () -> // as waiters look every 15 seconds
                        elb.describeTargetHealth(request -> request.targetGroupArn(group)).targetHealthDescriptions()
                                .getFirst().targetHealth().state() == TargetHealthStateEnum.HEALTHY);
                elb.waiter().waitUntilTargetInService(request -> request.targetGroupArn(group));

                elb.modifyTargetGroupAttributes(request -> request.targetGroupArn(group).attributes(
                        TargetGroupAttribute.builder().key("deregistration_delay.timeout_seconds").value("0").build()));
                elb.deregisterTargets(request -> request.targetGroupArn(group)
                        .targets(TargetDescription.builder().id("10.0.0.1").build()));
                elb.waiter().waitUntilTargetDeregistered(request -> request.targetGroupArn(group)
                        .targets(TargetDescription.builder().id("10.0.0.1").build()));
                elb.deleteLoadBalancer(request -> request.loadBalancerArn(
                        elb.describeLoadBalancers().loadBalancers().getFirst().loadBalancerArn()));
                elb.waiter().waitUntilLoadBalancersDeleted(request -> request.names("web"));
                socket.abort();
            }
        }
    }

    @Test
    void dataPlanesAreToldTheSameAfterAKillButNewer() throws Exception {
        EdgeSnapshot before;
        try (var first = start()) {
            assertThat(first.firstLine()).isNotEmpty();
            URI endpoint = Running.find(directory).orElseThrow().endpoint();
            try (var elb = client(endpoint)) {
                furnish(elb);
            }
            before = told(endpoint);
            first.kill();
        }
        assertThat(before.balancers()).singleElement().satisfies(balancer -> {
            assertThat(balancer.listeners()).hasSize(1);
            assertThat(balancer.addresses().getFirst().address()).startsWith("127.66.");
        });
        assertThat(before.targetGroups()).singleElement().satisfies(group -> assertThat(group.targets()).hasSize(1));

        try (var second = start()) {
            assertThat(second.firstLine()).isNotEmpty();
            URI endpoint = Running.find(directory).orElseThrow().endpoint();
            EdgeSnapshot after = told(endpoint);
            assertThat(after.balancers()).isEqualTo(before.balancers());
            assertThat(after.targetGroups()).isEqualTo(before.targetGroups());
            assertThat(after.version()).isGreaterThan(before.version());
            try (var elb = client(endpoint)) {
                assertThat(elb.describeLoadBalancers().loadBalancers()).extracting(each -> each.state().code())
                        .isEqualTo(List.of(LoadBalancerStateEnum.ACTIVE));
            }
        }
    }
}
