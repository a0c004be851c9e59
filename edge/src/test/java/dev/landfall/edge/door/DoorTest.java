package dev.landfall.edge.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.edge.Edge;
import dev.landfall.edge.Ground;
import dev.landfall.edge.Wire;
import dev.landfall.edge.tls.TestCertificates;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.Condition;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.Rule;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.testkit.Await;
import dev.landfall.testkit.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Load balancers that share a port, each with an address and a name of its own. */
class DoorTest {
    private static final String SHARED = "127.77.251.9";

    @TempDir
    private Path logs;

    private final int port = FreePorts.one();
    private final List<EdgeReport> reports = new CopyOnWriteArrayList<>();
    private Edge edge;
    private long version;

    @BeforeEach
    void start() {
        edge = new Edge(1, logs, List.of(SHARED), reports::add);
    }

    @AfterEach
    void close() {
        edge.close();
    }

    /** One that says its own name. */
    private Balancer balancer(String name, String address, Listener.Protocol protocol) {
        var answer = new Rule("rule", List.of(), List.of(), new Action.FixedResponse("200", "text/plain", name));
        List<Listener.Certificate> certificates = protocol == Listener.Protocol.HTTPS
                ? List.of(TestCertificates.of(name, name + ".test")) : List.of();
        return new Balancer("arn:" + name, name, name + "-1.us-east-1.elb.localhost", Balancer.Type.APPLICATION,
                List.of(new Balancer.BindAddress(address, "us-east-1a")), Map.of(),
                List.of(new Listener("listener-" + name, port, protocol, certificates,
                        "ELBSecurityPolicy-TLS13-1-2-2021-06", "", Map.of(), List.of(answer))));
    }

    private void serve(Balancer... balancers) {
        edge.accept(new EdgeSnapshot(++version, List.of(balancers), List.of()));
    }

    private void serveTwo() {
        serve(balancer("one", "127.66.251.1", Listener.Protocol.HTTP),
                balancer("two", "127.66.251.2", Listener.Protocol.HTTP));
    }

    private static Wire.Message get(Wire client, String host) {
        return client.send("GET / HTTP/1.1\r\nUser-Agent: test\r\nHost: " + host + "\r\n\r\n").message();
    }

    private static Wire to(String address, int port) throws IOException {
        return new Wire(new Socket(InetAddress.getByName(address), port));
    }

    @ParameterizedTest
    @CsvSource({
        "one-1.us-east-1.elb.localhost, one", "two-1.us-east-1.elb.localhost, two",
        "TWO-1.US-EAST-1.elb.localhost:8080, two", "two-1.us-east-1.elb.localhost., two"})
    void theHostChooses(String host, String expected) {
        serveTwo();
        try (Wire client = Wire.to(port)) {
            assertThat(get(client, host).body()).isEqualTo(expected);
            assertThat(get(client, host).body()).as("on the same connection").isEqualTo(expected);
        }
    }

    private static Rule shop(String... hosts) {
        return new Rule("shop", 1, List.of(new Condition.HostHeader(List.of(hosts), List.of())), List.of(),
                new Action.FixedResponse("200", "text/plain", "shop"));
    }

    private static Balancer with(Rule rule, Balancer balancer) {
        Listener listener = balancer.listeners().getFirst();
        return new Balancer(balancer.arn(), balancer.name(), balancer.dnsName(), balancer.type(),
                balancer.addresses(), balancer.attributes(), List.of(new Listener(listener.arn(), listener.port(),
                        listener.protocol(), listener.certificates(), listener.sslPolicy(), listener.alpnPolicy(),
                        listener.attributes(), List.of(rule, listener.rules().getFirst()))));
    }

    @Test
    void aNameInARuleChoosesTheRulesLoadBalancerUnlessItIsAnothersOwn() throws IOException {
        serve(with(shop("Shop.localhost", "two-1.us-east-1.elb.localhost", "*.any.example", "shop.test", "*.localhost"),
                balancer("one", "127.66.251.1", Listener.Protocol.HTTP)),
                balancer("two", "127.66.251.2", Listener.Protocol.HTTP));
        var expected = Map.of("shop.localhost", "shop", "SHOP.test:8080", "shop", "x.any.example", "shop",
                "two-1.us-east-1.elb.localhost", "two", "one-1.us-east-1.elb.localhost", "shop");
        for (String address : List.of("127.0.0.1", SHARED)) {
            for (var each : expected.entrySet()) {
                try (Wire client = to(address, port)) {
                    assertThat(get(client, each.getKey()).body()).isEqualTo(each.getValue());
                }
            }
            for (String host : List.of("any.example", "shop.test.example", "a".repeat(300) + ".any.example")) {
                try (Wire client = to(address, port)) {
                    Wire.Message answer = get(client, host);
                    assertThat(answer.status()).isEqualTo(421);
                    assertThat(answer.body()).contains("\nshop.test\n").contains("\n*.any.example\n");
                }
            }
        }
    }

    @Test
    void theOnlyOneTakesAnyNameWhateverItsRulesLookFor() {
        serve(with(shop("shop.localhost", "*.shop.example"), balancer("one", "127.66.251.1", Listener.Protocol.HTTP)));
        for (var each : Map.of("shop.localhost", "shop", "any.example", "one").entrySet()) {
            try (Wire client = Wire.to(port)) {
                assertThat(get(client, each.getKey()).body()).isEqualTo(each.getValue());
            }
        }
    }

    @Test
    void aLoadBalancersOwnAddressIsNoDoor() throws IOException {
        serveTwo();
        Balancer own = balancer("own", SHARED, Listener.Protocol.HTTP);
        serve(balancer("one", "127.66.251.1", Listener.Protocol.HTTP), own);
        try (Wire client = to(SHARED, port)) {
            assertThat(get(client, "one-1.us-east-1.elb.localhost").body()).isEqualTo("own");
        }
        try (Wire client = Wire.to(port)) {
            assertThat(get(client, "one-1.us-east-1.elb.localhost").body()).isEqualTo("one");
        }
        serveTwo();
        try (Wire client = to(SHARED, port)) {
            assertThat(get(client, "one-1.us-east-1.elb.localhost").body()).isEqualTo("one");
        }
    }

    /** One whose datagrams go to a target that repeats them. */
    private Balancer datagrams(String name, String address, String group) {
        return new Balancer("arn:" + name, name, name + "-1.us-east-1.elb.localhost", Balancer.Type.NETWORK,
                List.of(new Balancer.BindAddress(address, "us-east-1a")), Map.of(),
                List.of(new Listener("listener-" + name, port, Listener.Protocol.UDP, List.of(), "", "", Map.of(),
                        List.of(new Rule("rule", List.of(), List.of(), Ground.forward(group))))));
    }

    private static TargetGroup repeating(String name, DatagramSocket target) {
        Thread.ofVirtual().start(() -> {
            try {
                var packet = new DatagramPacket(new byte[100], 100);
                while (true) {
                    target.receive(packet);
                    byte[] answer = name.getBytes(StandardCharsets.US_ASCII);
                    target.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                return;         // closed
            }
        });
        return new TargetGroup(name, name, TargetGroup.Protocol.UDP, null, TargetGroup.TargetType.IP,
                Ground.UNCHECKED, Map.of("preserve_client_ip.enabled", "false"),
                List.of(new TargetGroup.Target("127.0.0.1", "127.0.0.1", target.getLocalPort(), "")));
    }

    /** Who answers a datagram; nobody within the patience is "". */
    private String answer(String address, int patienceMillis) throws IOException {
        try (var client = new DatagramSocket()) {
            client.setSoTimeout(patienceMillis);
            client.connect(InetAddress.ofLiteral(address), port);
            client.send(new DatagramPacket(new byte[] {1}, 1));
            var packet = new DatagramPacket(new byte[100], 100);
            client.receive(packet);
            return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
        } catch (SocketTimeoutException | PortUnreachableException e) {
            return "";
        }
    }

    @Test
    void datagramsNameNobodySoThatTheyNeedAPortOfTheirOwn() throws IOException {
        try (var first = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
                var second = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            List<TargetGroup> groups = List.of(repeating("first", first), repeating("second", second));
            Balancer one = datagrams("one", "127.66.251.1", "first");
            Balancer two = datagrams("two", "127.66.251.2", "second");
            edge.accept(new EdgeSnapshot(++version, List.of(one), groups));
            assertThat(answer("127.0.0.1", 10_000)).isEqualTo("first");
            assertThat(answer(SHARED, 10_000)).isEqualTo("first");
            edge.accept(new EdgeSnapshot(++version, List.of(one, two), groups));
            assertThat(answer(SHARED, 300)).isEmpty();
            assertThat(answer("127.66.251.2", 10_000)).isEqualTo("second");
            edge.accept(new EdgeSnapshot(++version, List.of(two), groups));
            assertThat(answer(SHARED, 10_000)).isEqualTo("second");
            edge.accept(new EdgeSnapshot(++version, List.of(one), groups));
            assertThat(answer(SHARED, 10_000)).as("one for another").isEqualTo("first");
            serve();
            assertThat(answer(SHARED, 300)).isEmpty();
        }
    }

    @Test
    void aHostThatComesInPiecesIsWaitedFor() {
        serveTwo();
        try (Wire client = Wire.to(port)) {
            for (char each : "GET / HTTP/1.1\r\nHost: two-1.us-east-1.elb.localhost\r\n\r\n".toCharArray()) {
                client.send(String.valueOf(each));
            }
            assertThat(client.message().body()).isEqualTo("two");
        }
    }

    @Test
    void nobodysHostIsMisdirected() {
        serveTwo();
        for (String head : List.of("Host: three.localhost\r\n", "", "X-Host: one-1.us-east-1.elb.localhost\r\n")) {
            try (Wire client = Wire.to(port)) {
                Wire.Message answer = client.send("GET / HTTP/1.1\r\n" + head + "\r\n").message();
                assertThat(answer.status()).isEqualTo(421);
                assertThat(answer.body()).contains("one-1.us-east-1.elb.localhost\ntwo-1.us-east-1.elb.localhost");
                assertThat(client.ended()).isTrue();
            }
        }
    }

    @Test
    void addressesGoOnWhateverTheHost() throws IOException {
        serveTwo();
        try (Wire client = to("127.66.251.2", port)) {
            assertThat(get(client, "one-1.us-east-1.elb.localhost").body()).isEqualTo("two");
        }
    }

    @Test
    void theOnlyOneOfAPortNeedsNoName() {
        serveTwo();
        serve(balancer("two", "127.66.251.2", Listener.Protocol.HTTP));
        try (Wire client = Wire.to(port)) {
            assertThat(get(client, "shop.example").body()).isEqualTo("two");
        }
        serve();
        assertThatThrownBy(() -> Wire.to(port)).hasMessageContaining("refused");
    }

    private SSLSocket secure(String name) throws IOException {
        var socket = (SSLSocket) TestCertificates.trusting().getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port);
        var parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
        return socket;
    }

    @Test
    void theServerNameChooses() throws IOException {
        serve(balancer("one", "127.66.251.1", Listener.Protocol.HTTPS),
                balancer("two", "127.66.251.2", Listener.Protocol.HTTPS),
                balancer("plain", "127.66.251.3", Listener.Protocol.HTTP));
        for (String name : List.of("one", "two")) {
            try (SSLSocket socket = secure(name + "-1.us-east-1.elb.localhost"); var client = new Wire(socket)) {
                socket.startHandshake();
                assertThat(socket.getSession().getPeerPrincipal().getName()).isEqualTo("CN=" + name + ".test");
                assertThat(get(client, "any").body()).isEqualTo(name);
            }
        }
        try (Wire client = Wire.to(port)) {
            assertThat(get(client, "plain-1.us-east-1.elb.localhost").body()).isEqualTo("plain");
        }
        try (SSLSocket socket = secure("three.localhost")) {
            assertThatThrownBy(socket::startHandshake)
                    .isInstanceOfAny(SSLException.class, SocketException.class);
        }
    }

    @Test
    void aPortThatIsTakenCostsOnlyTheNames() throws IOException {
        try (var _ = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            serveTwo();
            try (Wire client = to("127.66.251.1", port)) {
                assertThat(get(client, "any").body()).isEqualTo("one");
            }
            assertThat(reports).noneMatch(EdgeReport.Listeners.class::isInstance);
        }
    }

    @Test
    void aPortThatIsFreedHasTheNamesToo() throws IOException {
        try (var _ = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            serveTwo();
        }
        Await.until("the names are served", Duration.ofSeconds(20), () -> {
            try (Wire client = Wire.to(port)) {
                return get(client, "two-1.us-east-1.elb.localhost").body().equals("two");
            } catch (UncheckedIOException e) {
                return false;
            }
        });
    }
}
