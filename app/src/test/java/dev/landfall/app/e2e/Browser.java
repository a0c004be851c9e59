package dev.landfall.app.e2e;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A client that finds names under {@code .localhost} at 127.0.0.1, as curl and browsers do, and keeps its connection.
 * That it fails is a failed assertion, since it may be awaited.
 */
final class Browser implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

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
