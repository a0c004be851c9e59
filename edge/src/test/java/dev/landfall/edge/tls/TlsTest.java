package dev.landfall.edge.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Ground;
import dev.landfall.edge.Wire;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsTest {
    private final Ground ground = new Ground(1);
    private final Backend target = Backend.answering("secret");

    @BeforeEach
    void serve() {
        ground.protocol = Listener.Protocol.HTTPS;
        ground.sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
        ground.certificates = List.of(TestCertificates.of("default", "default.test"),
                TestCertificates.of("one", "one.test", "www.one.test"), TestCertificates.of("wild", "*.wild.test"));
        ground.attributes = Map.of("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "true");
        ground.group("tg", Map.of(), target).apply();
    }

    @AfterEach
    void close() {
        ground.close();
        target.close();
    }

    private SSLSocket connect(String serverName, String... protocols) throws IOException {
        var socket = (SSLSocket) TestCertificates.trusting().getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), ground.port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(serverName.isEmpty() ? List.of() : List.of(new SNIHostName(serverName)));
        if (protocols.length > 0) {
            parameters.setProtocols(protocols);
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    @ParameterizedTest
    @CsvSource({
        "one.test, one.test", "WWW.one.test, one.test", "a.wild.test, *.wild.test", "a.b.wild.test, default.test",
        "other.test, default.test", "'', default.test"})
    void theServerNameChoosesTheCertificate(String name, String expected) throws Exception {
        try (SSLSocket socket = connect(name)) {
            var leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=" + expected);
        }
    }

    /** AWS: "-" if "the domain doesn't match a certificate and the default certificate is presented". */
    @Test
    void theLogHasNamesOfCertificatesOnly() throws Exception {
        ground.attributes = Map.of("access_logs.s3.enabled", "true");
        ground.apply();
        for (String name : List.of("other.test", "one.test", "default.test")) {
            try (SSLSocket socket = connect(name); var wire = new Wire(socket)) {
                wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").message();
            }
        }
        Path file = ground.directory.path().resolve("logs/app.lb.50dc6c495c0c9188.log");
        List<String> lines = Await.value("three lines", Duration.ofSeconds(10), () -> {
            try {
                return Files.exists(file) ? Files.readAllLines(file) : List.<String>of();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, found -> found.size() == 3);
        assertThat(lines.get(0)).contains(" \"-\" \"default\" ");
        assertThat(lines.get(1)).contains(" \"one.test\" \"one\" ");
        assertThat(lines.get(2)).contains(" \"default.test\" \"default\" ");
    }

    @Test
    void requestsGoThroughAndSayHow() throws Exception {
        try (SSLSocket socket = connect("one.test"); var client = new Wire(socket)) {
            client.send("GET / HTTP/1.1\r\nHost: one.test\r\n\r\n");
            assertThat(client.message().body()).isEqualTo("secret");
            Wire.Message request = target.requests.getFirst();
            assertThat(request.field("x-forwarded-proto")).contains("https");
            assertThat(request.field("x-amzn-tls-version")).contains("TLSv1.3");
            assertThat(request.field("x-amzn-tls-cipher-suite").orElseThrow()).startsWith("TLS_");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ELBSecurityPolicy-TLS13-1-2-2021-06, TLSv1.3, true", "ELBSecurityPolicy-TLS13-1-2-2021-06, TLSv1.2, true",
        "ELBSecurityPolicy-TLS13-1-3-2021-06, TLSv1.2, false", "ELBSecurityPolicy-TLS13-1-3-2021-06, TLSv1.3, true",
        "ELBSecurityPolicy-2016-08, TLSv1.3, false", "ELBSecurityPolicy-2016-08, TLSv1.2, true",
        "ELBSecurityPolicy-FS-1-2-Res-2020-10, TLSv1.2, true"})
    void policiesBoundTheVersions(String policy, String version, boolean accepted) throws Exception {
        ground.sslPolicy = policy;
        ground.apply();
        if (accepted) {
            try (SSLSocket socket = connect("one.test", version)) {
                assertThat(socket.getSession().getProtocol()).isEqualTo(version);
            }
        } else {
            assertThatThrownBy(() -> connect("one.test", version).close()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void policiesAreAwss() {
        assertThat(SecurityPolicy.of("ELBSecurityPolicy-2016-08").protocols())
                .containsExactly("TLSv1.2", "TLSv1.1", "TLSv1");
        assertThat(SecurityPolicy.of("ELBSecurityPolicy-2016-08").ciphers()).hasSize(18)
                .contains("AES256-SHA").doesNotContain("TLS_AES_128_GCM_SHA256");
        assertThat(SecurityPolicy.of("ELBSecurityPolicy-TLS13-1-2-Res-2021-06").ciphers()).hasSize(7);
        assertThat(SecurityPolicy.of("ELBSecurityPolicy-TLS13-1-2-2021-06").ciphers()).hasSize(11);
        assertThat(SecurityPolicy.of("ELBSecurityPolicy-TLS13-1-3-2021-06").protocols()).containsExactly("TLSv1.3");
        assertThat(SecurityPolicy.of("ELBSecurityPolicy-TLS-1-1-2017-01").protocols())
                .containsExactly("TLSv1.2", "TLSv1.1");
        assertThat(ServerTls.openSslName("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))
                .isEqualTo("ECDHE-RSA-AES128-GCM-SHA256");
    }

    @Test
    void certificatesAreReplacedWithoutANewListener() throws Exception {
        ground.certificates = List.of(TestCertificates.of("new", "new.test"));
        ground.apply();
        try (SSLSocket socket = connect("one.test")) {
            var leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=new.test");
        }
    }

    @Test
    void plainTextOnTheSecurePortEnds() {
        try (Wire client = ground.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.rest()).doesNotContain("200");
        }
    }

    /** One edge behind another: targets that want TLS, and health checks that do. */
    @Test
    void targetsMayWantTlsToo() {
        var check = new TargetGroup.HealthCheck(
                true, TargetGroup.Protocol.HTTPS, "traffic-port", "/", 5, 2, 2, 2, "200");
        try (var front = new Ground(1)) {
            front.group(new TargetGroup("tg", "tg", TargetGroup.Protocol.HTTPS, null, TargetGroup.TargetType.IP, check,
                    Map.of(), List.of(new TargetGroup.Target("127.0.0.1", "127.0.0.1", ground.port, "")))).apply();
            Await.until("healthy", Duration.ofSeconds(10), () ->
                    front.edge.health().targets().getFirst().state() == EdgeReport.State.HEALTHY);
            try (Wire client = front.connect()) {
                for (int i = 0; i < 3; i++) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertThat(client.message().body()).isEqualTo("secret");
                }
            }
            try (Backend plain = Backend.scripted(wire -> wire.send("220 this is no TLS\r\n"));
                    Wire client = front.connect()) {
                front.targets("tg", List.of(plain.target())).apply();
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.message().status()).as("a target without TLS").isEqualTo(502);
            }
        }
    }
}
