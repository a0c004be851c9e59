package dev.landfall.edge;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One end of a TCP connection that a test reads and writes by hand, byte for byte. */
public final class Wire implements Closeable {
    /** Only to end a test that would hang; nothing depends on it. */
    private static final int HANG_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    public Wire(Socket socket) {
        try {
            this.socket = socket;
            socket.setSoTimeout(HANG_MILLIS);
            socket.setTcpNoDelay(true);
            in = new java.io.BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Wire to(int port) {
        try {
            return new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Wire send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public Wire send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Wire endOutput() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address and port of the other side. */
    public String peer() {
        return socket.getInetAddress().getHostAddress() + ":" + socket.getPort();
    }

    /** The address and port of this side. */
    public String local() {
        return socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
    }

    /** Sends back what it reads, until the other side ends. */
    public void echo() {
        try {
            in.transferTo(socket.getOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the connection with a reset. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One message: its lines up to the empty one, and a body as its head says. */
    public record Message(String firstLine, List<String> fields, String body) {
        public Optional<String> field(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return fields.stream().filter(field -> field.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(field -> field.substring(start.length()).strip()).findFirst();
        }

        public List<String> all(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return fields.stream().filter(field -> field.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(field -> field.substring(start.length()).strip()).toList();
        }

        public int status() {
            return Integer.parseInt(firstLine.split(" ")[1]);
        }
    }

    /** Reads a request or response with its body: by length, in chunks, or none. */
    public Message message() {
        Message head = head();
        if (head.firstLine.matches("HTTP/1.1 (1..|204|304).*")) {
            return head;
        }
        return new Message(head.firstLine, head.fields, body(head));
    }

    public Message head() {
        var fields = new ArrayList<String>();
        String first = line();
        String next;
        while (!(next = line()).isEmpty()) {
            fields.add(next);
        }
        return new Message(first, fields, "");
    }

    private String body(Message head) {
        if (head.field("transfer-encoding").isPresent()) {
            var body = new StringBuilder();
            int size;
            while ((size = Integer.parseInt(line().split(";")[0].strip(), 16)) > 0) {
                body.append(bytes(size));
                line();
            }
            String trailer;
            while (!(trailer = line()).isEmpty()) {
                body.append("|").append(trailer);
            }
            return body.toString();
        }
        return head.field("content-length").map(length -> bytes(Integer.parseInt(length))).orElse("");
    }

    public String line() {
        try {
            var line = new ByteArrayOutputStream();
            int value;
            while ((value = in.read()) != '\n') {
                if (value < 0) {
                    throw new EOFException("within a line: " + line);
                }
                line.write(value);
            }
            String text = line.toString(StandardCharsets.ISO_8859_1);
            return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String bytes(int count) {
        try {
            byte[] bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw new EOFException("only " + bytes.length + " of " + count);
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All there is until the other side ends. */
    public String rest() {
        try {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the other side has ended, in whatever way, without having sent anything more. */
    public boolean ended() {
        try {
            return in.read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            return true;
        }
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
