package dev.landfall.bench.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;

/**
 * One keep-alive HTTP/1.1 connection to the API, as cheap as a client can be: requests are bytes made beforehand,
 * answers are read by their Content-Length. For one thread.
 */
public final class Connection implements AutoCloseable {
    private static final int BUFFER = 64 << 10;
    private static final byte[] LENGTH = "content-length:".getBytes(ISO_8859_1);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] line = new byte[BUFFER];
    private byte[] body = new byte[BUFFER];

    /** Status and body of an answer. */
    public record Answer(int status, String body) {}

    public static Connection open(URI endpoint) throws IOException {
        return new Connection(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()));
    }

    private Connection(InetSocketAddress address) throws IOException {
        socket = new Socket();
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.connect(address);
        in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        out = socket.getOutputStream();
    }

    /** The bytes of an ECS call in awsJson 1.1, with the credential scope that names account and region. */
    public static byte[] request(String operation, String json) {
        byte[] content = json.getBytes(UTF_8);
        String head = "POST / HTTP/1.1\r\nHost: landfall\r\nContent-Type: application/x-amz-json-1.1\r\n"
                + "X-Amz-Target: AmazonEC2ContainerServiceV20141113." + operation + "\r\n"
                + "Authorization: AWS4-HMAC-SHA256 Credential=landfall/20260101/us-east-1/ecs/aws4_request,"
                + " SignedHeaders=host, Signature=0\r\n"
                + "Content-Length: " + content.length + "\r\n\r\n";
        byte[] first = head.getBytes(ISO_8859_1);
        byte[] all = new byte[first.length + content.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(content, 0, all, first.length, content.length);
        return all;
    }

    /** Sends, and reads the answer without keeping it; answers the status. */
    public int exchange(byte[] request) throws IOException {
        out.write(request);
        int status = head();
        readBody();
        return status;
    }

    public Answer call(byte[] request) {
        try {
            out.write(request);
            int status = head();
            int length = readBody();
            return new Answer(status, new String(body, 0, length, UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int expected;

    private int head() throws IOException {
        int length = readLine();
        if (length < 12) {
            throw new IOException("no status line");
        }
        int status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
        expected = 0;
        for (length = readLine(); length > 0; length = readLine()) {
            if (startsWithLength(length)) {
                var value = new String(line, LENGTH.length, length - LENGTH.length, ISO_8859_1);
                expected = Integer.parseInt(value.strip());
            }
        }
        return status;
    }

    private boolean startsWithLength(int length) {
        if (length <= LENGTH.length) {
            return false;
        }
        for (int i = 0; i < LENGTH.length; i++) {
            if ((line[i] | 0x20) != LENGTH[i] && line[i] != LENGTH[i]) {
                return false;
            }
        }
        return true;
    }

    private int readLine() throws IOException {
        int length = 0;
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (next == '\n') {
                return length;
            }
            if (next != '\r') {
                line[length++] = (byte) next;
            }
        }
    }

    private int readBody() throws IOException {
        if (expected > body.length) {
            body = new byte[expected];
        }
        if (in.readNBytes(body, 0, expected) < expected) {
            throw new EOFException("the server closed the connection");
        }
        return expected;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
