package dev.landfall.bench.edge;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client of HTTP/1.1 that asks again and again over one connection, and hears which target answered. */
final class Asker implements AutoCloseable {
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: bench\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HANG_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;

    Asker(int port) {
        try {
            socket = new Socket("127.0.0.1", port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(HANG_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The X-Port of a response with status 200; -1 for any other. */
    int ask() throws IOException {
        socket.getOutputStream().write(REQUEST);
        boolean fine = line().startsWith("HTTP/1.1 200");
        int length = 0;
        int target = -1;
        String line;
        while (!(line = line().toLowerCase(Locale.ROOT)).isEmpty()) {
            if (line.startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            } else if (line.startsWith("x-port:")) {
                target = Integer.parseInt(line.substring(7).strip());
            }
        }
        in.skipNBytes(length);
        return fine ? target : -1;
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        int value;
        while ((value = in.read()) != '\n') {
            if (value < 0) {
                throw new IOException("the connection ended");
            }
            if (value != '\r') {
                line.append((char) value);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
