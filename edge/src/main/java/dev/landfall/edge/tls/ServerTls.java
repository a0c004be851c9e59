package dev.landfall.edge.tls;

import dev.landfall.protocol.edge.Listener;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/** The certificates of a listener, ready for handshakes: chosen by server name, else the default one. Immutable. */
public final class ServerTls {
    private record Served(String arn, SslContext context) {}

    /** A greeting that is longer is no greeting, and one that does not come in time is not waited for. */
    private static final int MAX_HELLO_BYTES = 16 * 1_024;
    private static final long HANDSHAKE_TIMEOUT_MILLIS = 10_000;

    private final Served standard;
    private final Map<String, Served> byName = new HashMap<>();

    /** @throws IllegalArgumentException if a certificate or key cannot be read, or there is none */
    public ServerTls(Listener listener, List<String> applicationProtocols) {
        if (listener.certificates().isEmpty()) {
            throw new IllegalArgumentException("a listener with TLS and no certificate");
        }
        SecurityPolicy policy = SecurityPolicy.of(listener.sslPolicy());
        var served = new ArrayList<Served>();
        for (Listener.Certificate certificate : listener.certificates()) {
            var one = new Served(certificate.arn(), context(certificate, policy, applicationProtocols));
            served.add(one);
            names(certificate).forEach(name -> byName.putIfAbsent(name, one));
        }
        standard = served.getFirst();
    }

    private static SslContext context(
            Listener.Certificate certificate, SecurityPolicy policy, List<String> applicationProtocols) {
        try {
            SslContextBuilder builder = SslContextBuilder
                    .forServer(stream(certificate.chainPem()), stream(certificate.privateKeyPem()))
                    .sslProvider(TargetTls.provider())
                    .protocols(policy.protocols())
                    .ciphers(policy.ciphers(), SupportedCipherSuiteFilter.INSTANCE);
            if (!applicationProtocols.isEmpty()) {
                builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT, applicationProtocols));
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException("a certificate that cannot be used: " + certificate.arn(), e);
        }
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }

    /** The DNS names of the leaf: its alternative names, or its common name without any. */
    private static List<String> names(Listener.Certificate certificate) {
        try {
            var leaf = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(stream(certificate.chainPem()));
            var names = new ArrayList<String>();
            if (leaf.getSubjectAlternativeNames() != null) {
                for (List<?> name : leaf.getSubjectAlternativeNames()) {
                    if (Integer.valueOf(2).equals(name.getFirst())) {       // dNSName (RFC 5280, 4.2.1.6)
                        names.add(name.get(1).toString().toLowerCase(Locale.ROOT));
                    }
                }
            }
            if (names.isEmpty()) {
                for (String part : leaf.getSubjectX500Principal().getName().split(",")) {
                    if (part.startsWith("CN=")) {
                        names.add(part.substring(3).toLowerCase(Locale.ROOT));
                    }
                }
            }
            return names;
        } catch (CertificateException e) {
            throw new IllegalArgumentException("a certificate that cannot be read: " + certificate.arn(), e);
        }
    }

    /** The one that has the name; empty for nobody's. */
    private Optional<Served> named(String serverName) {
        String name = serverName.toLowerCase(Locale.ROOT);
        Served exact = byName.get(name);
        int dot = name.indexOf('.');
        return Optional.ofNullable(exact != null || dot < 0 ? exact : byName.get("*" + name.substring(dot)));
    }

    /**
     * Looks at the server name and puts the right TLS in its own place. Sessions are kept for each certificate by
     * itself: who comes back under another name is greeted anew.
     */
    public SniHandler handler() {
        return new SniHandler((name, promise) -> promise.setSuccess(
                Optional.ofNullable(name).flatMap(this::named).orElse(standard).context()), MAX_HELLO_BYTES,
                HANDSHAKE_TIMEOUT_MILLIS);
    }

    /** What a finished handshake came to. */
    public TlsInfo info(SslHandler handler, Optional<String> serverName) {
        SSLSession session = handler.engine().getSession();
        Optional<Served> named = serverName.flatMap(this::named);
        return new TlsInfo(session.getProtocol(), openSslName(session.getCipherSuite()),
                serverName.filter(name -> named.isPresent()).orElse("-"), named.orElse(standard).arn());
    }

    /** Java's TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 is OpenSSL's ECDHE-RSA-AES128-GCM-SHA256. */
    static String openSslName(String javaName) {
        if (!javaName.contains("_WITH_")) {
            return javaName;                    // those of TLS 1.3 are called the same by both
        }
        return javaName.replaceFirst("^(TLS|SSL)_", "").replace("RSA_WITH_AES", "RSA_AES").replace("_WITH_", "_")
                .replaceFirst("^RSA_", "").replace("AES_128", "AES128").replace("AES_256", "AES256")
                .replace("_CBC", "").replace('_', '-');
    }
}
