package dev.landfall.testkit.load;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32;

/**
 * The program in the containers under load. Every answer names the service, the revision and the task that gives it,
 * and repeats what makes the request different from all others. It ends at once on SIGTERM, whatever is under way, as a
 * program that relies on its load balancer may. One virtual thread a connection.
 *
 * <p>{@code /late?millis=M} answers after M, {@code /stream?pieces=P&millis=M} in P pieces with a pause before each,
 * {@code /upload} with the length and checksum of what it was sent; {@code /talk} is a websocket that sends back what
 * it is sent. Any other path answers at once. The second port sends back lines.
 */
public final class Backend implements AutoCloseable {
    static final int HTTP_PORT = 8080;
    static final int LINES_PORT = 9090;

    private static final int BACKLOG = 1_024;

    private final String service;
    private final String revision;
    private final String task;
    private final ServerSocket http;
    private final ServerSocket lines;

    /** @param httpPort with {@code linesPort}: 0 for any that is free */
    Backend(String service, String revision, InetAddress address, int httpPort, int linesPort) throws IOException {
        this.service = service;
        this.revision = revision;
        task = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        http = new ServerSocket(httpPort, BACKLOG, address);
        lines = new ServerSocket(linesPort, BACKLOG, address);
    }

    /** Serves until it is killed, as SERVICE and REVISION of the environment say. */
    public static void main(String[] arguments) throws IOException {
        var any = InetAddress.getByAddress(new byte[4]);
        var backend = new Backend(System.getenv("SERVICE"), System.getenv("REVISION"), any, HTTP_PORT, LINES_PORT);
        backend.start();
    }

    /** What a connection does from its first byte to its end. */
    @FunctionalInterface
    private interface Conversation {
        void hold(InputStream in, OutputStream out) throws IOException, InterruptedException;
    }

    void start() {
        Thread.ofPlatform().name("http").start(() -> accept(http, this::serve));
        Thread.ofPlatform().name("lines").start(() -> accept(lines, this::repeatLines));
    }

    int httpPort() {
        return http.getLocalPort();
    }

    int linesPort() {
        return lines.getLocalPort();
    }

    String task() {
        return task;
    }

    private static void accept(ServerSocket door, Conversation conversation) {
        try {
            while (true) {
                Socket socket = door.accept();
                Thread.ofVirtual().start(() -> hold(socket, conversation));
            }
        } catch (IOException e) {
            if (!door.isClosed()) {
                throw new IllegalStateException("cannot accept", e);
            }
        }
    }

    private static void hold(Socket socket, Conversation conversation) {
        try (socket) {
            socket.setTcpNoDelay(true);
            conversation.hold(new BufferedInputStream(socket.getInputStream()), socket.getOutputStream());
        } catch (IOException e) {
            return;         // the other side has gone; that the client misses an answer is counted there
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(InputStream in, OutputStream out) throws IOException, InterruptedException {
        for (Optional<Head> head = Head.read(in); head.isPresent(); head = Head.read(in)) {
            if (head.get().field("Upgrade").equalsIgnoreCase("websocket")) {
                talk(head.get(), in, out);
                return;
            }
            answer(head.get(), in, out);
        }
    }

    private void answer(Head head, InputStream in, OutputStream out) throws IOException, InterruptedException {
        var target = Target.of(head.first().split(" ")[1]);
        var sum = new CRC32();
        var length = new long[1];
        head.body(in, (bytes, count) -> {
            sum.update(bytes, 0, count);
            length[0] += count;
        });
        if (target.path().endsWith("/stream")) {
            stream(target, out);
            return;
        }
        if (target.path().endsWith("/late")) {
            Thread.sleep(target.number("millis"));
        }
        byte[] body = (target.path().endsWith("/upload") ? length[0] + " " + sum.getValue() + " " : "hello ")
                .concat(target.nonce()).getBytes(StandardCharsets.US_ASCII);
        var answer = new ByteArrayOutputStream();
        answer.writeBytes(head("200 OK", "Content-Length: " + body.length));
        answer.writeBytes(body);
        out.write(answer.toByteArray());
    }

    private byte[] head(String status, String more) {
        return ("HTTP/1.1 " + status + "\r\nX-Service: " + service + "\r\nX-Revision: " + revision + "\r\nX-Task: "
                + task + "\r\n" + more + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private void stream(Target target, OutputStream out) throws IOException, InterruptedException {
        out.write(head("200 OK", "Transfer-Encoding: chunked"));
        for (int i = 0; i < target.number("pieces"); i++) {
            Thread.sleep(target.number("millis"));
            String piece = target.nonce() + ":" + i + "\n";
            out.write((Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private void talk(Head head, InputStream in, OutputStream out) throws IOException {
        out.write(head("101 Switching Protocols", "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + Frame.accepted(head.field("Sec-WebSocket-Key"))));
        for (Frame frame = Frame.read(in); frame.opcode() != Frame.CLOSE; frame = Frame.read(in)) {
            out.write(frame.ofServer());
        }
        out.write(new Frame(Frame.CLOSE, new byte[0]).ofServer());
    }

    private void repeatLines(InputStream in, OutputStream out) throws IOException {
        out.write((service + " " + revision + " " + task + "\n").getBytes(StandardCharsets.US_ASCII));
        for (int next = in.read(); next >= 0; next = in.read()) {
            var line = new ByteArrayOutputStream();
            for (; next >= 0 && next != '\n'; next = in.read()) {
                line.write(next);
            }
            line.write('\n');
            out.write(line.toByteArray());
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
        lines.close();
    }

    private record Target(String path, SortedMap<String, String> query) {
        static Target of(String text) {
            int mark = text.indexOf('?');
            var query = new TreeMap<String, String>();
            if (mark >= 0) {
                for (String pair : text.substring(mark + 1).split("&")) {
                    int equals = pair.indexOf('=');
                    query.put(pair.substring(0, equals), pair.substring(equals + 1));
                }
            }
            return new Target(mark < 0 ? text : text.substring(0, mark), query);
        }

        int number(String name) {
            return Integer.parseInt(query.getOrDefault(name, "0"));
        }

        String nonce() {
            return query.getOrDefault("nonce", "");
        }
    }
}
