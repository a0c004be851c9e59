package dev.landfall.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.landfall.app.data.Running;
import dev.landfall.protocol.edge.EdgeJson;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.testkit.Await;
import dev.landfall.testkit.FreePorts;
import dev.landfall.x509.Authority;
import dev.landfall.x509.Entropy;
import dev.landfall.x509.Flaw;
import dev.landfall.x509.KeyAlgorithm;
import dev.landfall.x509.Pem;
import dev.landfall.x509.ServerCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.acm.model.ResourceInUseException;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Certificate;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.DeleteConflictException;

/** HTTPS and TLS listeners with certificates of ACM and IAM, over processes of their own, for who trusts the CA. */
class CertificatesProcessTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int CONNECTIONS = 60;
    private static final AwsCredentialsProvider ANYBODY =
            StaticCredentialsProvider.create(AwsBasicCredentials.create(Env.KEY, Env.KEY));

    @TempDir
    private Path directory;

    private final int apiPort = FreePorts.one();
    private final int port = FreePorts.one();

    private Path data() {
        return directory.resolve("server");
    }

    private Launched server() throws IOException {
        var server = Launched.start("server", "--data", data().toString(), "--port", String.valueOf(apiPort));
        assertThat(server.firstLine()).contains("ready");
        return server;
    }

    private Launched edge() throws IOException {
        var edge = Launched.start("edge", "--data", directory.resolve("edge").toString(),
                "--server", "http://127.0.0.1:" + apiPort);
        assertThat(edge.firstLine()).contains("ready");
        return edge;
    }

    private ElasticLoadBalancingV2Client elb() {
        return ElasticLoadBalancingV2Client.builder()
                .endpointOverride(Running.find(data()).orElseThrow().endpoint()).region(Region.of(Env.REGION))
                .credentialsProvider(ANYBODY).httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    private AcmClient acm() {
        return AcmClient.builder()
                .endpointOverride(Running.find(data()).orElseThrow().endpoint()).region(Region.of(Env.REGION))
                .credentialsProvider(ANYBODY).httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    private IamClient iam() {
        return IamClient.builder()
                .endpointOverride(Running.find(data()).orElseThrow().endpoint()).region(Region.AWS_GLOBAL)
                .credentialsProvider(ANYBODY).httpClientBuilder(UrlConnectionHttpClient.builder()).build();
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

    /** What a caller sees who trusts some authorities and nobody else. */
    private record Seen(X509Certificate certificate, String protocol, String answer) {
        String name() {
            return certificate.getSubjectX500Principal().getName();
        }
    }

    /** Makes a context for each connection: what one has learnt of an address is not for the next name there. */
    @FunctionalInterface
    private interface Trust {
        SSLContext fresh() throws GeneralSecurityException;
    }

    private static Trust trusting(Path... authorities) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        for (Path authority : authorities) {
            trusted.setCertificateEntry(authority.toString(),
                    Pem.certificates(Files.readString(authority), Flaw.CERTIFICATE_UNREADABLE).getFirst());
        }
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        return () -> {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        };
    }

    /** A connection of its own, to a name; with HTTP/1.1 a request over it. */
    private Seen asked(Trust trust, String address, String name, String... protocols)
            throws IOException, GeneralSecurityException {
        try (var socket = (SSLSocket) trust.fresh().getSocketFactory().createSocket(address, port)) {
            socket.setSoTimeout((int) DEADLINE.toMillis());
            var parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setApplicationProtocols(protocols);
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            var certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            if (socket.getApplicationProtocol().equals("h2")) {
                return new Seen(certificate, "h2", "");
            }
            socket.getOutputStream().write(("GET / HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return new Seen(certificate, socket.getApplicationProtocol(),
                    answer.substring(0, answer.indexOf('\r')) + " " + answer.substring(answer.lastIndexOf('\n') + 1));
        }
    }

    private boolean sees(Trust trust, String address, String name, String answer) {
        try {
            return asked(trust, address, name).answer.equals(answer);
        } catch (IOException | GeneralSecurityException e) {
            return false; // not open yet
        }
    }

    private static String requested(AcmClient acm, String... names) {
        String arn = acm.requestCertificate(it -> it.domainName(names[0]).validationMethod("DNS")
                .subjectAlternativeNames(names)).certificateArn();
        acm.waiter().waitUntilCertificateValidated(it -> it.certificateArn(arn));
        return arn;
    }

    private static Certificate certificate(String arn) {
        return Certificate.builder().certificateArn(arn).build();
    }

    private String group(ElasticLoadBalancingV2Client elb, String protocol, int targetPort) {
        String group = elb.createTargetGroup(it -> it.name("targets-" + protocol.toLowerCase(Locale.ROOT))
                .protocol(protocol).port(targetPort).vpcId("vpc-1").targetType("ip"))
                .targetGroups().getFirst().targetGroupArn();
        elb.registerTargets(it -> it.targetGroupArn(group)
                .targets(TargetDescription.builder().id("127.0.0.1").build()));
        return group;
    }

    private static Action forward(String group) {
        return Action.builder().type("forward").targetGroupArn(group).build();
    }

    /** The address of a load balancer by its name, once the API tells it. */
    private String address(String name) throws IOException {
        byte[] json = Files.readAllBytes(directory.resolve("edge").resolve("snapshot.json"));
        return EdgeJson.read(json, EdgeSnapshot.class).balancers().stream()
                .filter(each -> each.name().equals(name)).findFirst().orElseThrow().addresses().getFirst().address();
    }

    private String awaitAddress(String name) throws IOException {
        Await.until("the edge has heard of " + name, DEADLINE, () -> {
            try {
                return !address(name).isEmpty();
            } catch (IOException | RuntimeException e) {
                return false;
            }
        });
        return address(name);
    }

    @Test
    void httpsWithRequestedCertificates() throws Exception {
        HttpServer target = target();
        try (var _ = server(); var _ = edge(); var elb = elb(); var acm = acm()) {
            String shop = requested(acm, "shop.example.com");
            String blog = requested(acm, "blog.example.com", "*.blog.example.com");
            String balancer = elb.createLoadBalancer(it -> it.name("web").subnets("subnet-1", "subnet-2"))
                    .loadBalancers().getFirst().loadBalancerArn();
            String group = group(elb, "HTTP", target.getAddress().getPort());
            String listener = elb.createListener(it -> it.loadBalancerArn(balancer).port(port).protocol("HTTPS")
                    .certificates(certificate(shop)).defaultActions(forward(group)))
                    .listeners().getFirst().listenerArn();
            elb.addListenerCertificates(it -> it.listenerArn(listener).certificates(certificate(blog)));
            Trust trust = trusting(data().resolve("ca.pem"));
            String address = awaitAddress("web");
            Await.until("the name of the second certificate answers", DEADLINE,
                    () -> sees(trust, address, "a.blog.example.com", "HTTP/1.1 200 OK target"));

            assertThat(asked(trust, address, "shop.example.com").name()).isEqualTo("CN=shop.example.com");
            assertThat(asked(trust, address, "blog.example.com").name()).isEqualTo("CN=blog.example.com");
            assertThat(asked(trust, address, "shop.example.com", "h2", "http/1.1").protocol).isEqualTo("h2");
            assertThat(asked(trust, address, "shop.example.com", "http/1.1").answer)
                    .isEqualTo("HTTP/1.1 200 OK target");
            assertThatExceptionOfType(SSLHandshakeException.class).as("a name of no certificate")
                    .isThrownBy(() -> asked(trust, address, "other.example.com"));
            assertThatExceptionOfType(SSLHandshakeException.class).as("nobody trusts it by himself")
                    .isThrownBy(() -> asked(SSLContext::getDefault, address, "shop.example.com"));

            assertThat(acm.describeCertificate(it -> it.certificateArn(blog)).certificate().inUseBy())
                    .containsExactly(balancer);
            assertThatExceptionOfType(ResourceInUseException.class)
                    .isThrownBy(() -> acm.deleteCertificate(it -> it.certificateArn(blog)));
            elb.removeListenerCertificates(it -> it.listenerArn(listener).certificates(certificate(blog)));
            acm.deleteCertificate(it -> it.certificateArn(blog));
        } finally {
            target.stop(0);
        }
    }

    @Test
    void anotherImportIsTakenOverWithoutAFailedConnection() throws Exception {
        HttpServer target = target();
        Path theirs = Files.createDirectory(directory.resolve("theirs"));
        Authority authority = new Authority(theirs, Entropy.SECURE);
        try (var _ = server(); var _ = edge(); var elb = elb(); var acm = acm()) {
            String name = "shop.example.com";
            String arn = imported(acm, authority.issue(List.of(name), KeyAlgorithm.RSA_2048, Instant.now()), null);
            String balancer = elb.createLoadBalancer(it -> it.name("web").subnets("subnet-1", "subnet-2"))
                    .loadBalancers().getFirst().loadBalancerArn();
            String group = group(elb, "HTTP", target.getAddress().getPort());
            elb.createListener(it -> it.loadBalancerArn(balancer).port(port).protocol("HTTPS")
                    .certificates(certificate(arn)).defaultActions(forward(group)));
            Trust trust = trusting(theirs.resolve("ca.pem"));
            String address = awaitAddress("web");
            Await.until("the listener answers", DEADLINE, () -> sees(trust, address, name, "HTTP/1.1 200 OK target"));

            ServerCertificate next = authority.issue(List.of(name), KeyAlgorithm.EC_PRIME256V1, Instant.now());
            for (int i = 0; i < CONNECTIONS; i++) {
                if (i == CONNECTIONS / 3) {
                    assertThat(imported(acm, next, arn)).isEqualTo(arn);
                }
                assertThat(asked(trust, address, name).answer).as("connection " + i)
                        .isEqualTo("HTTP/1.1 200 OK target");
            }
            Await.until("the new certificate is shown", DEADLINE, () -> {
                try {
                    return asked(trust, address, name).certificate.equals(next.certificate());
                } catch (IOException | GeneralSecurityException e) {
                    throw new AssertionError("a connection failed", e);
                }
            });
        } finally {
            target.stop(0);
        }
    }

    private static String imported(AcmClient acm, ServerCertificate made, String arn) {
        return acm.importCertificate(it -> it.certificateArn(arn)
                .certificate(SdkBytes.fromUtf8String(Pem.of(made.certificate())))
                .certificateChain(SdkBytes.fromUtf8String(Pem.of(made.chain())))
                .privateKey(SdkBytes.fromUtf8String(Pem.of(made.key())))).certificateArn();
    }

    @Test
    void aNetworkLoadBalancerEndsTlsWithACertificateOfIam() throws Exception {
        HttpServer target = target();
        Path theirs = Files.createDirectory(directory.resolve("theirs"));
        ServerCertificate made = new Authority(theirs, Entropy.SECURE)
                .issue(List.of("net.example.com"), KeyAlgorithm.RSA_2048, Instant.now());
        try (var _ = server(); var _ = edge(); var elb = elb(); var iam = iam()) {
            String arn = iam.uploadServerCertificate(it -> it.serverCertificateName("net")
                    .certificateBody(Pem.of(made.certificate())).certificateChain(Pem.of(made.chain()))
                    .privateKey(Pem.of(made.key()))).serverCertificateMetadata().arn();
            String balancer = elb.createLoadBalancer(it -> it.name("net").type("network").subnets("subnet-1"))
                    .loadBalancers().getFirst().loadBalancerArn();
            String group = group(elb, "TCP", target.getAddress().getPort());
            elb.createListener(it -> it.loadBalancerArn(balancer).port(port).protocol("TLS")
                    .certificates(certificate(arn)).alpnPolicy("HTTP1Only").defaultActions(forward(group)));
            Trust trust = trusting(theirs.resolve("ca.pem"));
            String address = awaitAddress("net");
            Await.until("the listener answers", DEADLINE,
                    () -> sees(trust, address, "net.example.com", "HTTP/1.1 200 OK target"));

            Seen seen = asked(trust, address, "net.example.com", "http/1.1");
            assertThat(seen.certificate).isEqualTo(made.certificate());
            assertThat(seen.protocol).isEqualTo("http/1.1");
            assertThatExceptionOfType(DeleteConflictException.class)
                    .isThrownBy(() -> iam.deleteServerCertificate(it -> it.serverCertificateName("net")))
                    .withMessageContaining("is currently in use by " + balancer);
            elb.deleteLoadBalancer(it -> it.loadBalancerArn(balancer));
            iam.deleteServerCertificate(it -> it.serverCertificateName("net"));
        } finally {
            target.stop(0);
        }
    }
}
