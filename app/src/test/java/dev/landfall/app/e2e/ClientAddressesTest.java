package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.landfall.testkit.FreePorts;
import dev.landfall.testkit.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/**
 * Containers behind a network load balancer that see a client of another machine, for which a network namespace stands.
 * It comes by an address that is translated to the load balancer's.
 */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class ClientAddressesTest {
    private static final String CLUSTER = "seers";
    private static final String MACHINE = "198.19.77.1";
    private static final String CLIENT = "198.19.77.2";
    /** Says whom it sees, in the body of an answer to HTTP. */
    private static final List<String> SEER = List.of("/bin/sh", "-c", """
            trap 'exit 0' TERM
            mkdir -p /tmp/www/cgi-bin
            printf '#!/bin/sh\\necho\\necho seen: $REMOTE_ADDR:$REMOTE_PORT\\n' > /tmp/www/cgi-bin/who
            chmod +x /tmp/www/cgi-bin/who
            httpd -p 80 -h /tmp/www
            sleep 100000 & wait
            """);

    private final int bridgePort = FreePorts.one();
    private final int taskPort = FreePorts.one();

    private static ElasticLoadBalancingV2Client elb(Landfall landfall) {
        return ElasticLoadBalancingV2Client.builder()
                .endpointOverride(landfall.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    private static String group(ElasticLoadBalancingV2Client elb, String name, String type) {
        String arn = elb.createTargetGroup(r -> r.name(name).protocol("TCP").port(80).vpcId("vpc-12345")
                .targetType(type).healthCheckIntervalSeconds(5).healthCheckTimeoutSeconds(4)
                .healthyThresholdCount(2))
                .targetGroups().getFirst().targetGroupArn();
        elb.modifyTargetGroupAttributes(r -> r.targetGroupArn(arn).attributes(TargetGroupAttribute.builder()
                .key("deregistration_delay.timeout_seconds").value("0").build()));
        return arn;
    }

    private static void preserve(ElasticLoadBalancingV2Client elb, String group) {
        elb.modifyTargetGroupAttributes(r -> r.targetGroupArn(group).attributes(TargetGroupAttribute.builder()
                .key("preserve_client_ip.enabled").value("true").build()));
    }

    private void balance(ElasticLoadBalancingV2Client elb, String onBridge, String ofTasks) {
        String balancer = elb.createLoadBalancer(r -> r.name("seers").type("network").subnets("subnet-12345"))
                .loadBalancers().getFirst().loadBalancerArn();
        elb.createListener(r -> r.loadBalancerArn(balancer).port(bridgePort).protocol("TCP")
                .defaultActions(Action.builder().type("forward").targetGroupArn(onBridge).build()));
        elb.createListener(r -> r.loadBalancerArn(balancer).port(taskPort).protocol("TCP")
                .defaultActions(Action.builder().type("forward").targetGroupArn(ofTasks).build()));
    }

    private static void run(Landfall up, String service, NetworkMode network, LaunchType launch, String group) {
        up.ecs().registerTaskDefinition(r -> r.family(service).networkMode(network).cpu("256").memory("512")
                .requiresCompatibilitiesWithStrings(launch.toString())
                .containerDefinitions(c -> c.name("app").image(WebImage.NAME).essential(true).command(SEER)
                        .portMappings(p -> p.containerPort(80))));
        up.ecs().createService(r -> r.cluster(CLUSTER).serviceName(service).taskDefinition(service)
                .desiredCount(1).launchType(launch).loadBalancers(LoadBalancer.builder().targetGroupArn(group)
                        .containerName("app").containerPort(80).build()));
    }

    private static void awaitHealthy(Landfall up, ElasticLoadBalancingV2Client elb, String group) {
        up.await("the target is healthy", () -> assertThat(
                elb.describeTargetHealth(r -> r.targetGroupArn(group)).targetHealthDescriptions())
                .singleElement().satisfies(target -> assertThat(target.targetHealth().state())
                        .as(() -> target.targetHealth().toString()).isEqualTo(TargetHealthStateEnum.HEALTHY)));
    }

    /** What a container says to a client in that place, and whom it saw. */
    private static String seen(Socket socket) {
        try (socket) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("GET /cgi-bin/who HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Socket socket(String address, int port) throws IOException {
        var socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), 20_000);
        return socket;
    }

    @Test
    void containersSeeTheClient() throws IOException {
        String missing = NetworkNamespace.missing();
        assumeThat(missing).as(missing).isEmpty();
        WebImage.ensure();
        try (var up = Landfall.up("seers"); var elb = elb(up)) {
            up.ecs().createCluster(r -> r.clusterName(CLUSTER));
            String onBridge = group(elb, "on-bridge", "instance");
            String ofTasks = group(elb, "of-tasks", "ip");
            balance(elb, onBridge, ofTasks);
            try (var machine = Landfall.agent("seers-machine", up, "--cluster", CLUSTER);
                    var client = NetworkNamespace.create()) {
                run(up, "bridged", NetworkMode.BRIDGE, LaunchType.EC2, onBridge);
                run(up, "tasks", NetworkMode.AWSVPC, LaunchType.FARGATE, ofTasks);
                machine.await("the container runs", () -> awaitHealthy(up, elb, onBridge));
                awaitHealthy(up, elb, ofTasks);
                try (var way = new Way(client, balancerAddress(up), List.of(bridgePort, taskPort))) {
                    assertThat(way.seen(bridgePort)).contains("seen: ").contains(CLIENT);
                    assertThat(way.seen(taskPort)).contains("seen: ").doesNotContain(CLIENT);
                    preserve(elb, ofTasks);
                    up.await("the data plane does as the target group says", () ->
                            assertThat(way.seen(taskPort)).contains("seen: ").contains(CLIENT));
                }
                assertThat(seen(socket("127.0.0.1", taskPort))).as("on loopback").contains("seen: ")
                        .doesNotContain(CLIENT);
                assertThat(up.log()).contains("sees the load balancer's address instead of 127.0.0.1");
            }
        }
    }

    /** Logged when it is made. */
    private static String balancerAddress(Landfall up) {
        return up.log().lines().filter(line -> line.contains("load balancer seers has the address"))
                .map(line -> line.replaceAll(".* ", "")).findFirst()
                .orElseThrow(() -> new AssertionError("no address\n" + up.log()));
    }

    /** From the client to the load balancer, whose address is one of this machine's loopback. */
    private static final class Way implements AutoCloseable {
        private static final String TABLE = "landfall_test_way";
        private final NetworkNamespace client;

        Way(NetworkNamespace client, String balancer, List<Integer> ports) throws IOException {
            this.client = client;
            String link = client.connectToMachine(MACHINE + "/30", CLIENT + "/30");
            Files.writeString(Path.of("/proc/sys/net/ipv4/conf", link, "route_localnet"), "1");
            Path rules = Files.createTempFile("way", ".nft");
            Files.writeString(rules, """
                    table ip %1$s
                    delete table ip %1$s
                    table ip %1$s {
                        chain in {
                            type nat hook prerouting priority dstnat;
                            ip daddr %2$s tcp dport { %3$s } dnat to %4$s
                        }
                    }
                    """.formatted(TABLE, MACHINE, String.join(", ", ports.stream().map(String::valueOf).toList()),
                    balancer));
            nft("-f", rules.toString());
            Files.delete(rules);
        }

        private static void nft(String... arguments) throws IOException {
            var command = new ArrayList<>(List.of("nft"));
            command.addAll(List.of(arguments));
            try {
                assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }

        String seen(int port) {
            return ClientAddressesTest.seen(client.in(() -> socket(MACHINE, port)));
        }

        @Override
        public void close() throws IOException {
            nft("delete", "table", "ip", TABLE);
        }
    }
}
