package dev.landfall.edge.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Ground;
import dev.landfall.edge.Wire;
import dev.landfall.edge.tls.TestCertificates;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.protocol.edge.TargetGroup.Target;
import dev.landfall.testkit.Await;
import dev.landfall.testkit.FreePorts;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The listeners of a network load balancer that carry streams. */
class TcpTest {
    private final Ground ground = new Ground();

    @BeforeEach
    void network() {
        ground.type = Balancer.Type.NETWORK;
        ground.protocol = Listener.Protocol.TCP;
    }

    @AfterEach
    void close() {
        ground.close();
    }

    private Ground group(Map<String, String> attributes, Backend... targets) {
        return ground.group(new TargetGroup("tg", "tg", TargetGroup.Protocol.TCP, null, TargetGroup.TargetType.IP,
                Ground.UNCHECKED, attributes, Stream.of(targets).map(Backend::target).toList()));
    }

    private static Backend echo(String name) {
        return Backend.scripted(wire -> {
            wire.send(name);
            while (true) {
                wire.send(wire.bytes(1));
            }
        });
    }

    @Test
    void bytesGoBothWaysAndEndsOneByOne() {
        try (Backend target = Backend.scripted(wire -> wire.send("got " + wire.rest()))) {
            group(Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send("all of this").endOutput();
                assertThat(client.rest()).isEqualTo("got all of this");
            }
        }
    }

    @Test
    void largeStreamsKeepTheirPace() throws Exception {
        String body = "0123456789".repeat(2_000_000);
        try (Backend target = Backend.scripted(wire -> wire.send(wire.rest()))) {
            group(Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                Thread sender = Thread.ofVirtual().start(() -> client.send(body).endOutput());
                assertThat(client.rest().equals(body)).isTrue();
                sender.join();
            }
        }
    }

    @Test
    void flowsAreSpreadAndStickyOnesAreNot() {
        try (Backend a = echo("a"); Backend b = echo("b")) {
            group(Map.of(), a, b).apply();
            assertThat(names(40)).containsExactlyInAnyOrder("a", "b");
            group(Map.of("stickiness.enabled", "true", "stickiness.type", "source_ip"), a, b).apply();
            assertThat(names(20)).hasSize(1);
        }
    }

    private HashSet<String> names(int times) {
        var names = new HashSet<String>();
        for (int i = 0; i < times; i++) {
            try (Wire client = ground.connect()) {
                names.add(client.bytes(1));
            }
        }
        return names;
    }

    @Test
    void proxyProtocolTellsWhoSpeaks() {
        try (Backend target = Backend.scripted(wire -> wire.send(wire.bytes(28 + 2)))) {
            group(Map.of("proxy_protocol_v2.enabled", "true"), target).apply();
            try (Wire client = ground.connect()) {
                client.send("hi");
                byte[] header = client.bytes(30).getBytes(StandardCharsets.ISO_8859_1);
                assertThat(header).startsWith(
                        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
                        0x21, 0x11, 0, 12, 127, 0, 0, 1, 127, 0, 0, 1);
                assertThat((header[26] & 0xff) << 8 | header[27] & 0xff).isEqualTo(ground.port);
                assertThat(header).endsWith('h', 'i');
            }
        }
    }

    @Test
    void flowsAreCountedAsNetworkLoadBalancersDo() {
        try (Backend target = echo("t")) {
            group(Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.bytes(1);
                var values = new TreeMap<String, Double>();
                ground.edge.metrics().measurements().stream().filter(one -> one.dimensions().size() == 1)
                        .forEach(one -> values.put(one.namespace() + " " + one.name(), one.values().getFirst()));
                assertThat(values).isEqualTo(Map.of("AWS/NetworkELB ActiveFlowCount", 1.0,
                        "AWS/NetworkELB NewFlowCount", 1.0, "AWS/NetworkELB ProcessedBytes", 1.0));
                client.reset();
            }
            Await.until("the reset is counted", Duration.ofSeconds(10), () -> ground.edge.metrics().measurements()
                    .stream().anyMatch(one -> one.name().equals("TCP_Client_Reset_Count")));
        }
    }

    @Test
    void withoutATargetOrAListenerThereTheConnectionEnds() {
        group(Map.of()).apply();
        try (Wire client = ground.connect()) {
            assertThat(client.ended()).isTrue();
        }
        ground.targets("tg", List.of(new Target("127.0.0.1", "127.0.0.1", FreePorts.one(), ""))).apply();
        try (Wire client = ground.connect()) {
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void flowsGoOnWhileTheirTargetDrainsAndEndWhereTheGroupSaysSo() {
        try (Backend a = echo("a")) {
            for (boolean ends : List.of(false, true)) {
                group(Map.of("deregistration_delay.timeout_seconds", "0",
                        "deregistration_delay.connection_termination.enabled", String.valueOf(ends)), a).apply();
                try (Wire client = ground.connect()) {
                    assertThat(client.bytes(1)).isEqualTo("a");
                    ground.targets("tg", List.of()).apply();
                    if (ends) {
                        assertThat(client.ended()).isTrue();
                    } else {
                        assertThat(client.send("x").bytes(1)).isEqualTo("x");
                    }
                }
            }
        }
    }

    @Test
    void tlsEndsAtTheListenerWithItsProtocol() throws Exception {
        ground.protocol = Listener.Protocol.TLS;
        ground.sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
        ground.alpnPolicy = "HTTP2Preferred";
        ground.certificates = List.of(TestCertificates.of("cert", "localhost"));
        try (Backend target = echo("plain ")) {
            group(Map.of(), target).apply();
            try (var socket = (SSLSocket) TestCertificates.trusting().getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), ground.port)) {
                var parameters = socket.getSSLParameters();
                parameters.setApplicationProtocols(new String[] {"http/1.1", "h2"});
                socket.setSSLParameters(parameters);
                try (var client = new Wire(socket)) {
                    assertThat(client.send("xyz").bytes(9)).isEqualTo("plain xyz");
                    assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
                }
            }
        }
    }
}
