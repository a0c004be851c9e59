package dev.landfall.edge.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.edge.Edge;
import dev.landfall.edge.Wire;
import dev.landfall.edge.tls.TestCertificates;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.Condition;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.Rule;
import dev.landfall.testkit.Await;
import dev.landfall.testkit.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
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
    @TempDir
    private Path logs;

    private final int port = FreePorts.one();
    private final List<EdgeReport> reports = new CopyOnWriteArrayList<>();
    private Edge edge;
    private long version;

    @BeforeEach
    void start() {
        edge = new Edge(1, logs, reports::add);
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

    @Test
    void aNameInARuleChoosesTheRulesLoadBalancerUnlessItIsAnothersOwn() {
        Balancer one = balancer("one", "127.66.251.1", Listener.Protocol.HTTP);
        var rule = new Rule("shop", 1, List.of(new Condition.HostHeader(List.of("Shop.localhost",
                "two-1.us-east-1.elb.localhost", "*.any.localhost", "shop.test"), List.of())), List.of(),
                new Action.FixedResponse("200", "text/plain", "shop"));
        Listener listener = one.listeners().getFirst();
        serve(new Balancer(one.arn(), one.name(), one.dnsName(), one.type(), one.addresses(), one.attributes(),
                        List.of(new Listener(listener.arn(), listener.port(), listener.protocol(),
                                listener.certificates(), listener.sslPolicy(), listener.alpnPolicy(),
                                listener.attributes(), List.of(rule, listener.rules().getFirst())))),
                balancer("two", "127.66.251.2", Listener.Protocol.HTTP));
        for (var each : Map.of("shop.localhost", "shop", "two-1.us-east-1.elb.localhost", "two").entrySet()) {
            try (Wire client = Wire.to(port)) {
                assertThat(get(client, each.getKey()).body()).isEqualTo(each.getValue());
            }
        }
        for (String host : List.of("x.any.localhost", "shop.test")) {
            try (Wire client = Wire.to(port)) {
                assertThat(get(client, host).status()).isEqualTo(421);
            }
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
