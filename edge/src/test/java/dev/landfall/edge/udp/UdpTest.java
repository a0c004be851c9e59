package dev.landfall.edge.udp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Ground;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.protocol.edge.TargetGroup.Target;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UdpTest {
    /** What a datagram of IPv4 can hold. */
    private static final int MOST = 65_507;
    private final Ground ground = new Ground();
    private final List<DatagramSocket> sockets = new ArrayList<>();

    @BeforeEach
    void network() {
        ground.type = Balancer.Type.NETWORK;
        ground.protocol = Listener.Protocol.UDP;
    }

    @AfterEach
    void close() {
        sockets.forEach(DatagramSocket::close);
        ground.close();
    }

    private DatagramSocket socket() throws IOException {
        var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        return socket;
    }

    /** Answers each datagram with its own name and what came. */
    private Target echo(String name) throws IOException {
        DatagramSocket socket = socket();
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    var packet = new DatagramPacket(new byte[MOST], MOST);
                    socket.receive(packet);
                    byte[] answer = (name + text(packet)).getBytes(StandardCharsets.ISO_8859_1);
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                return;             // closed
            }
        });
        return new Target("127.0.0.1", "127.0.0.1", socket.getLocalPort(), "");
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
    }

    private String ask(DatagramSocket client, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        client.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), ground.port));
        var packet = new DatagramPacket(new byte[MOST], MOST);
        client.receive(packet);
        return text(packet);
    }

    private void serve(Map<String, String> attributes, Target... targets) {
        ground.group(new TargetGroup("tg", "tg", TargetGroup.Protocol.UDP, null, TargetGroup.TargetType.IP,
                Ground.UNCHECKED, attributes, List.of(targets))).apply();
    }

    @Test
    void aFlowKeepsItsTarget() throws IOException {
        serve(Map.of(), echo("a"), echo("b"));
        var seen = new HashSet<String>();
        for (int i = 0; i < 30; i++) {
            DatagramSocket client = socket();
            String first = ask(client, "1");
            assertThat(first).matches("[ab]1");
            assertThat(ask(client, "2")).isEqualTo(first.charAt(0) + "2");
            seen.add(first);
        }
        assertThat(seen).hasSize(2);
    }

    @Test
    void proxyProtocolIsInFrontOfEveryDatagram() throws IOException {
        serve(Map.of("proxy_protocol_v2.enabled", "true"), echo(""));
        DatagramSocket client = socket();
        for (int i = 0; i < 2; i++) {
            String answer = ask(client, "data");
            assertThat(answer).hasSize(32).endsWith("data");
            assertThat(answer.charAt(13)).isEqualTo((char) 0x12);
        }
    }

    @Test
    void largeDatagramsAreCarriedWhole() throws IOException {
        serve(Map.of(), echo(""));
        DatagramSocket client = socket();
        for (int length : List.of(2_048, 2_049, 9_000, MOST)) {
            String text = "0123456789".repeat(MOST / 10 + 1).substring(0, length);
            assertThat(ask(client, text).equals(text)).as("%d bytes", length).isTrue();
        }
    }

    @Test
    void flowsOfAGoneTargetGoToAnother() throws IOException {
        Target a = echo("a");
        serve(Map.of("deregistration_delay.timeout_seconds", "0"), a);
        DatagramSocket client = socket();
        assertThat(ask(client, "1")).isEqualTo("a1");
        serve(Map.of("deregistration_delay.timeout_seconds", "0"), echo("b"));
        client.setSoTimeout(200);
        dev.landfall.testkit.Await.until("the flow moves", java.time.Duration.ofSeconds(10), () -> {
            try {
                return ask(client, "2").equals("b2");
            } catch (SocketTimeoutException e) {
                return false;           // lost with the flow that ended, as datagrams may be
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }
}
