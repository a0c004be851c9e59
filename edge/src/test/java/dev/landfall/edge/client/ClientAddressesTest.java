package dev.landfall.edge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.landfall.edge.Ground;
import dev.landfall.edge.Wire;
import dev.landfall.edge.tls.TestCertificates;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.protocol.edge.TargetGroup.Protocol;
import dev.landfall.protocol.edge.TargetGroup.Target;
import dev.landfall.protocol.edge.TargetGroup.TargetType;
import dev.landfall.testkit.Await;
import dev.landfall.testkit.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Network load balancers whose targets see the client, between network namespaces as between machines. */
class ClientAddressesTest {
    private static final Map<String, String> PRESERVED = Map.of("preserve_client_ip.enabled", "true");
    /** Outside what the system gives (32768 to 60999) and inside. */
    private static final List<Integer> CLIENT_PORTS = List.of(1_234, 40_123, 61_234);

    private static Machines machines;
    private Ground ground;

    @BeforeAll
    static void prepare() {
        String missing = NetworkNamespace.missing();
        assumeThat(missing).as(missing).isEmpty();
        machines = new Machines();
    }

    @AfterAll
    static void end() throws IOException {
        if (machines != null) {
            machines.close();
        }
    }

    @BeforeEach
    void begin() {
        ground = inHub();
    }

    private static Ground inHub() {
        return machines.hub.in(() -> {
            var made = new Ground();
            made.type = Balancer.Type.NETWORK;
            made.protocol = Listener.Protocol.TCP;
            made.address = Machines.HUB;
            return made;
        });
    }

    @AfterEach
    void leaveNothing() {
        close(ground);
        assertThat(machines.hub.run("nft", "list", "tables")).doesNotContain(HostRules.TABLE);
        assertThat(machines.hub.run("ip", "rule")).doesNotContain("fwmark");
        assertThat(machines.hub.run("ip", "route", "show", "table", "all")).doesNotContain(
                "table " + HostRules.ROUTING_TABLE);
    }

    private static void close(Ground ground) {
        machines.hub.in(() -> {
            ground.close();
            return null;
        });
    }

    private static TargetGroup group(
            Protocol protocol, TargetType type, Map<String, String> attributes, String... targets) {
        return new TargetGroup("tg", "tg", protocol, null, type, Ground.UNCHECKED, attributes, List.of(targets).stream()
                .map(target -> new Target(target, target, Machines.PORT, "")).toList());
    }

    private void serve(TargetGroup group) {
        apply(ground.group(group));
    }

    private static void apply(Ground ground) {
        machines.hub.in(ground::apply);
    }

    private void serve(Map<String, String> attributes, String target) {
        serve(group(Protocol.TCP, TargetType.IP, attributes, target));
    }

    private Wire connect(NetworkNamespace from, int localPort) {
        return Machines.connect(from, localPort, Machines.HUB, ground.port);
    }

    @Test
    void targetsSeeTheClientsAddressAndPort() {
        serve(PRESERVED, Machines.TARGET);
        for (int port : CLIENT_PORTS) {
            try (Wire client = connect(machines.client, port)) {
                assertThat(client.line()).isEqualTo(Machines.CLIENT + ":" + port);
                assertThat(client.send("and hear it").bytes(11)).isEqualTo("and hear it");
            }
        }
    }

    @Test
    void theLoadBalancerIsSeenWhereTheGroupSaysSo() {
        serve(Map.of(), Machines.TARGET);
        try (Wire client = connect(machines.client, 0)) {
            assertThat(client.line()).startsWith(Machines.GATEWAY + ":");
        }
        assertThat(machines.hub.run("nft", "list", "tables")).as("nobody needs it").doesNotContain(HostRules.TABLE);
        serve(PRESERVED, Machines.TARGET);
        try (Wire client = connect(machines.client, 0)) {
            assertThat(client.line()).isEqualTo(client.local());
            serve(Map.of("preserve_client_ip.enabled", "false"), Machines.TARGET);
            assertThat(client.send("x").bytes(1)).as("a change is for new connections").isEqualTo("x");
        }
        try (Wire client = connect(machines.client, 0)) {
            assertThat(client.line()).startsWith(Machines.GATEWAY + ":");
        }
    }

    @Test
    void alsoBehindTls() throws Exception {
        ground.protocol = Listener.Protocol.TLS;
        ground.sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
        ground.certificates = List.of(TestCertificates.of("cert", "localhost"));
        serve(PRESERVED, Machines.TARGET);
        var plain = Machines.socket(machines.client, 0, Machines.HUB, ground.port);
        try (var socket = (SSLSocket) TestCertificates.trusting().getSocketFactory()
                .createSocket(plain, "localhost", ground.port, true); var client = new Wire(socket)) {
            assertThat(client.line()).isEqualTo(client.local());
        }
    }

    @Test
    void proxyProtocolSaysTheSame() {
        serve(Map.of("preserve_client_ip.enabled", "true", "proxy_protocol_v2.enabled", "true"), Machines.TARGET);
        try (Wire client = connect(machines.client, 61_111)) {
            assertThat(client.line()).isEqualTo(Machines.CLIENT + ":61111");
            byte[] header = client.bytes(28).getBytes(StandardCharsets.ISO_8859_1);
            assertThat(header).containsSequence(198, 18, 1, 2, 198, 18, 1, 1).containsSequence(61_111 >> 8, 61_111);
        }
    }

    @Test
    void manyClientsAtOnceAreEachSeen() throws Exception {
        serve(PRESERVED, Machines.TARGET);
        try (var executor = Executors.newFixedThreadPool(16)) {
            var clients = new ArrayList<Future<Boolean>>();
            for (int i = 0; i < 400; i++) {
                NetworkNamespace from = i % 2 == 0 ? machines.client : machines.client2;
                String text = "number " + i;
                clients.add(executor.submit(() -> {
                    try (Wire client = connect(from, 0)) {
                        return client.line().equals(client.local())
                                && client.send(text).bytes(text.length()).equals(text);
                    }
                }));
            }
            for (Future<Boolean> each : clients) {
                assertThat(each.get()).isTrue();
            }
        }
    }

    @Test
    void largeTransfersHalvesAndResetsAreAsEver() throws Exception {
        serve(PRESERVED, Machines.TARGET);
        String body = "0123456789".repeat(2_000_000);
        try (Wire client = connect(machines.client, 0)) {
            assertThat(client.line()).isEqualTo(client.local());
            Thread sender = Thread.ofVirtual().start(() -> client.send(body).endOutput());
            assertThat(client.rest().equals(body)).isTrue();
            sender.join();
        }
        try (Wire client = connect(machines.client, 61_500)) {
            assertThat(client.line()).isEqualTo(Machines.CLIENT + ":61500");
            client.reset();
        }
        // A reset leaves nothing behind, at the target neither: the very same connection can be made at once.
        try (Wire client = connect(machines.client, 61_500)) {
            assertThat(client.line()).startsWith(Machines.CLIENT + ":");
        }
    }

    @Test
    void aTargetThatRefusesRefusesTheClient() throws IOException {
        serve(PRESERVED, Machines.NEIGHBOUR);
        try (Socket client = machines.client.in(() -> {
            var bound = new Socket();
            bound.bind(null);
            return bound;
        })) {
            client.setSoTimeout(20_000);
            assertThatThrownBy(() -> {
                client.connect(new InetSocketAddress(Machines.HUB, ground.port));
                client.getInputStream().read();
            }).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
    }

    @Test
    void flowsOfATargetThatLeavesEndWhereTheGroupSaysSo() {
        var ending = Map.of("preserve_client_ip.enabled", "true", "deregistration_delay.timeout_seconds", "0",
                "deregistration_delay.connection_termination.enabled", "true");
        serve(ending, Machines.TARGET);
        try (Wire client = connect(machines.client, 0)) {
            assertThat(client.line()).isEqualTo(client.local());
            serve(group(Protocol.TCP, TargetType.IP, ending));
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void datagramsHaveTheClientsAddressAndCannotBeWithout() throws IOException {
        ground.protocol = Listener.Protocol.UDP;
        serve(group(Protocol.UDP, TargetType.IP, Map.of("preserve_client_ip.enabled", "false"), Machines.TARGET));
        for (int port : CLIENT_PORTS) {
            try (DatagramSocket client = machines.client.in(() -> new DatagramSocket(port))) {
                for (int i = 0; i < 3; i++) {
                    assertThat(ask(client, Machines.HUB, ground.port)).isEqualTo(Machines.CLIENT + ":" + port);
                }
            }
        }
        var all = new ArrayList<DatagramSocket>();
        for (int i = 0; i < 100; i++) {
            all.add((i % 2 == 0 ? machines.client : machines.client2).in(() -> new DatagramSocket(0)));
        }
        for (DatagramSocket client : all) {
            assertThat(ask(client, Machines.HUB, ground.port)).endsWith(":" + client.getLocalPort())
                    .startsWith(all.indexOf(client) % 2 == 0 ? Machines.CLIENT : Machines.CLIENT2);
        }
        all.forEach(DatagramSocket::close);
    }

    private static String ask(DatagramSocket client, String address, int port) throws IOException {
        client.setSoTimeout(20_000);
        DatagramPacket answer = answer(client, address, port);
        assertThat(answer.getSocketAddress()).isEqualTo(new InetSocketAddress(InetAddress.ofLiteral(address), port));
        return text(answer);
    }

    private static DatagramPacket answer(DatagramSocket client, String address, int port) throws IOException {
        client.send(new DatagramPacket(new byte[1], 1, InetAddress.ofLiteral(address), port));
        var packet = new DatagramPacket(new byte[2_000], 2_000);
        client.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void instancesSeeTheClientToo() throws IOException {
        serve(group(Protocol.TCP, TargetType.INSTANCE, Map.of(), "127.0.0.1"));
        for (int port : CLIENT_PORTS) {
            try (Wire client = connect(machines.client, port)) {
                assertThat(client.line()).isEqualTo(Machines.CLIENT + ":" + port);
                assertThat(client.send("and hear it").bytes(11)).isEqualTo("and hear it");
            }
        }
        ground.protocol = Listener.Protocol.UDP;
        serve(group(Protocol.UDP, TargetType.INSTANCE, Map.of(), "127.0.0.1"));
        try (DatagramSocket client = machines.client.in(() -> new DatagramSocket(0))) {
            assertThat(ask(client, Machines.HUB, ground.port)).isEqualTo(Machines.CLIENT + ":" + client.getLocalPort());
        }
    }

    @Test
    void whoCannotBeAnsweredIsServedFromTheLoadBalancersAddress() {
        ground.address = "0.0.0.0";
        serve(PRESERVED, Machines.TARGET);
        try (Wire onLoopback = Machines.connect(machines.hub, 0, "127.0.0.1", ground.port);
                Wire itself = Machines.connect(machines.target, 0, Machines.GATEWAY, ground.port);
                Wire neighbour = Machines.connect(machines.neighbour, 0, Machines.GATEWAY, ground.port)) {
            for (Wire client : List.of(onLoopback, itself, neighbour)) {
                assertThat(client.line()).startsWith(Machines.GATEWAY + ":");
                assertThat(client.send("x").bytes(1)).isEqualTo("x");
            }
        }
        serve(PRESERVED, "127.0.0.1");
        try (Wire client = connect(machines.client, 0)) {
            assertThat(client.line()).startsWith("127.0.0.1:");
        }
    }

    @Test
    void clientsOfThisMachineAreSeenByTheirAddress() throws IOException {
        ground.address = "0.0.0.0";
        serve(PRESERVED, Machines.TARGET);
        try (Wire client = Machines.connect(machines.hub, 0, "198.18.2.1", ground.port)) {
            assertThat(client.line()).isEqualTo(client.local());
        }
        serve(group(Protocol.TCP, TargetType.INSTANCE, Map.of(), "127.0.0.1"));
        try (Wire client = Machines.connect(machines.hub, 0, "127.0.0.1", ground.port)) {
            assertThat(client.line()).startsWith("127.0.0.1:");
        }
        ground.protocol = Listener.Protocol.UDP;
        serve(group(Protocol.UDP, TargetType.IP, Map.of(), Machines.TARGET));
        InetAddress own = InetAddress.ofLiteral("198.18.2.1");
        try (DatagramSocket client = machines.hub.in(() -> new DatagramSocket(new InetSocketAddress(own, 0)))) {
            assertThat(ask(client, "198.18.2.1", ground.port)).as("the port is taken").startsWith("198.18.2.1:");
        }
    }

    @Test
    void oneSocketOfAClientMayReachATargetThroughTwoLoadBalancers() throws IOException {
        Ground other = inHub();
        try {
            serve(PRESERVED, Machines.TARGET);
            apply(other.group(group(Protocol.TCP, TargetType.IP, PRESERVED, Machines.TARGET)));
            for (int port : CLIENT_PORTS) {
                try (Wire first = connect(machines.client2, port + 1)) {
                    assertThat(first.line()).isEqualTo(Machines.CLIENT2 + ":" + (port + 1));
                    try (Wire second = Machines.connect(machines.client2, port + 1, Machines.HUB, other.port)) {
                        assertThat(second.line()).startsWith(Machines.CLIENT2 + ":").isNotEqualTo(first.local());
                        assertThat(first.send("1").bytes(1) + second.send("2").bytes(1)).isEqualTo("12");
                    }
                }
            }
            ground.protocol = Listener.Protocol.UDP;
            other.protocol = Listener.Protocol.UDP;
            serve(group(Protocol.UDP, TargetType.IP, Map.of(), Machines.TARGET));
            apply(other.group(group(Protocol.UDP, TargetType.IP, Map.of(), Machines.TARGET)));
            try (DatagramSocket client = machines.client.in(() -> new DatagramSocket(0))) {
                for (int i = 0; i < 3; i++) {
                    assertThat(ask(client, Machines.HUB, ground.port)).endsWith(":" + client.getLocalPort());
                    assertThat(ask(client, Machines.HUB, other.port)).startsWith(Machines.CLIENT + ":")
                            .doesNotEndWith(":" + client.getLocalPort());
                }
            }
        } finally {
            close(other);
        }
    }

    @Test
    void aPortThatThisMachineListensOnIsNotTaken() {
        serve(PRESERVED, Machines.TARGET);
        try (Wire client = connect(machines.client, Machines.PORT)) {
            assertThat(client.line()).startsWith(Machines.CLIENT + ":").doesNotEndWith(":" + Machines.PORT);
        }
    }

    @Test
    void otherTrafficOfTheMachineGoesItsWay() {
        serve(PRESERVED, Machines.TARGET);
        try (Wire through = connect(machines.client, 61_700);
                Wire past = Machines.connect(machines.client, 61_701, Machines.TARGET, Machines.PORT);
                Wire own = Machines.connect(machines.hub, 0, Machines.TARGET, Machines.PORT)) {
            assertThat(through.line()).isEqualTo(Machines.CLIENT + ":61700");
            assertThat(past.line()).isEqualTo(Machines.CLIENT + ":61701");
            assertThat(own.line()).startsWith(Machines.GATEWAY);
            String body = "x".repeat(100_000);
            for (Wire each : List.of(through, past, own)) {
                Thread.ofVirtual().start(() -> each.send(body));
                assertThat(each.bytes(body.length())).isEqualTo(body);
            }
        }
    }

    @Test
    void aClientThatTurnsToTheTargetItselfIsAnsweredByIt() throws IOException {
        ground.protocol = Listener.Protocol.UDP;
        var leavesAtOnce = Map.of("deregistration_delay.timeout_seconds", "0");
        for (boolean instance : List.of(false, true)) {
            String id = instance ? "127.0.0.1" : Machines.TARGET;
            String itself = instance ? Machines.HUB : Machines.TARGET;
            TargetType type = instance ? TargetType.INSTANCE : TargetType.IP;
            serve(group(Protocol.UDP, type, leavesAtOnce, id));
            try (DatagramSocket client = machines.client.in(() -> new DatagramSocket(0))) {
                assertThat(ask(client, Machines.HUB, ground.port)).endsWith(":" + client.getLocalPort());
                serve(group(Protocol.UDP, type, leavesAtOnce));
                client.setSoTimeout(200);
                Await.until("the target answers from " + itself, Duration.ofSeconds(10), () ->
                        isAnsweredBy(client, itself));
            }
        }
    }

    /** Until the flow through the load balancer is at its end the answer comes from there, or not at all. */
    private static boolean isAnsweredBy(DatagramSocket client, String itself) {
        try {
            DatagramPacket answer = answer(client, itself, Machines.PORT);
            return answer.getAddress().equals(InetAddress.ofLiteral(itself)) && answer.getPort() == Machines.PORT
                    && text(answer).endsWith(":" + client.getLocalPort());
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void otherMachinesReachWhatHasALoopbackAddressAtASharedOne() throws IOException {
        Ground shared = machines.hub.in(() -> {
            var made = new Ground(List.of(Machines.HUB));
            made.type = Balancer.Type.NETWORK;
            made.protocol = Listener.Protocol.TCP_UDP;
            made.address = "127.66.252.1";
            made.dnsName = "lb-1.elb.us-east-1.localhost";
            return made;
        });
        try {
            apply(shared.group(group(Protocol.TCP_UDP, TargetType.IP, PRESERVED, Machines.TARGET)));
            try (Wire client = Machines.connect(machines.client, 61_800, Machines.HUB, shared.port);
                    Wire here = Machines.connect(machines.hub, 0, "127.0.0.1", shared.port)) {
                assertThat(client.line()).isEqualTo(Machines.CLIENT + ":61800");
                assertThat(here.line()).startsWith(Machines.GATEWAY + ":");
            }
            try (DatagramSocket client = machines.client.in(() -> new DatagramSocket(0))) {
                assertThat(ask(client, Machines.HUB, shared.port))
                        .isEqualTo(Machines.CLIENT + ":" + client.getLocalPort());
            }
        } finally {
            close(shared);
        }
    }

    @Test
    void theLastDataPlaneRemovesTheRules() {
        Ground other = inHub();
        serve(PRESERVED, Machines.TARGET);
        apply(other.group(group(Protocol.TCP, TargetType.IP, PRESERVED, Machines.TARGET)));
        close(other);
        try (Wire client = connect(machines.client, 0)) {
            assertThat(client.line()).isEqualTo(client.local());
        }
        assertThat(machines.hub.run("ip", "rule").lines().filter(line -> line.contains("fwmark"))).hasSize(1);
    }
}
