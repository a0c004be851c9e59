package dev.landfall.app.e2e;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A client that finds names under {@code .localhost} at 127.0.0.1, as curl and browsers do, and keeps its connection.
 * That it fails is a failed assertion, since it may be awaited.
 */
final class Browser implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int HTTPS = 443;

    private final String host;
    private final Socket socket;
    private final InputStream in;

    private Browser(String host, Socket socket) throws IOException {
        this.host = host;
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    static Browser at(String host, int port) {
        try {
            return new Browser(host, new Socket("127.0.0.1", port));
        } catch (IOException e) {
            throw new AssertionError("no connection to port " + port, e);
        }
    }

    /** As the other, over TLS: it trusts nobody but that authority, and wants a certificate of the host's name. */
    static Browser secure(String host, Path authority) {
        try (InputStream pem = Files.newInputStream(authority)) {
            var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            var tls = SSLContext.getInstance("TLS");
            tls.init(null, managers.getTrustManagers(), null);
            var socket = (SSLSocket) tls.getSocketFactory().createSocket(
                    new Socket("127.0.0.1", HTTPS), host, HTTPS, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            return new Browser(host, socket);
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError("no connection to " + host, e);
        }
    }

    /** One request over a connection of its own. */
    static String answer(String host, int port) {
        try (var browser = at(host, port)) {
            return browser.get();
        }
    }

    /** Status and body of an answer that tells its length. */
    String get() {
        try {
            socket.getOutputStream().write(
                    ("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            String status = line().split(" ")[1];
            int length = 0;
            for (String field = line(); !field.isEmpty(); field = line()) {
                if (field.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(field.substring("content-length:".length()).strip());
                }
            }
            return status + " " + new String(in.readNBytes(length), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("no answer from " + host, e);
        }
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection has ended");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
