package dev.landfall.agent.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A websocket server of the plainest kind, on a loopback port: text frames, no extensions, a thread per connection. */
public final class SocketServer implements AutoCloseable {
    private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final ServerSocket server;
    private final Listener listener;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    /** Called by the connection's thread. */
    public interface Listener {
        /** A status other than 101 refuses the upgrade with {@code body}. */
        Verdict upgrade(URI target);

        void opened(Connection connection);

        void text(Connection connection, String text);

        record Verdict(int status, String body) {
            public static final Verdict ACCEPT = new Verdict(101, "");
        }
    }

    public SocketServer(int port, Listener listener) {
        this.listener = listener;
        try {
            server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket; var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()))) {
            URI target = URI.create(line(in).split(" ")[1]);
            String key = "";
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                if (header.toLowerCase(java.util.Locale.ROOT).startsWith("sec-websocket-key:")) {
                    key = header.substring(header.indexOf(':') + 1).strip();
                }
            }
            var verdict = listener.upgrade(target);
            if (verdict.status() != 101) {
                socket.getOutputStream().write(("HTTP/1.1 " + verdict.status() + " Refused\r\nContent-Length: "
                        + verdict.body().length() + "\r\n\r\n" + verdict.body()).getBytes(UTF_8));
                return;
            }
            socket.getOutputStream().write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Accept: " + accepted(key) + "\r\n\r\n").getBytes(UTF_8));
            var connection = new Connection(socket, target);
            connections.add(connection);
            try {
                listener.opened(connection);
                read(connection, in);
            } finally {
                connections.remove(connection);
            }
        } catch (IOException e) {
            // The agent went away, as agents do in tests.
        }
    }

    private void read(Connection connection, DataInputStream in) throws IOException {
        var text = new StringBuilder();
        while (true) {
            int first = in.readUnsignedByte();
            int second = in.readUnsignedByte();
            long length = second & 127;
            length = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
            byte[] mask = new byte[4];
            in.readFully(mask);
            byte[] payload = new byte[(int) length];
            in.readFully(payload);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i & 3];
            }
            int opcode = first & 15;
            if (opcode == 8) {
                return;
            }
            if (opcode <= 1) {
                text.append(new String(payload, UTF_8));
                if ((first & 128) != 0) {
                    listener.text(connection, text.toString());
                    text.setLength(0);
                }
            }
        }
    }

    private static String line(DataInputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static String accepted(String key) {
        try {
            return Base64.getEncoder().encodeToString(
                    MessageDigest.getInstance("SHA-1").digest((key + KEY_SUFFIX).getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One websocket. */
    public static final class Connection {
        private final Socket socket;
        private final URI target;

        private Connection(Socket socket, URI target) {
            this.socket = socket;
            this.target = target;
        }

        public URI target() {
            return target;
        }

        public synchronized void send(String text) {
            byte[] payload = text.getBytes(UTF_8);
            ByteBuffer header = ByteBuffer.allocate(10).put((byte) 0x81);
            if (payload.length < 126) {
                header.put((byte) payload.length);
            } else if (payload.length < 65536) {
                header.put((byte) 126).putShort((short) payload.length);
            } else {
                header.put((byte) 127).putLong(payload.length);
            }
            try {
                var frame = new ByteArrayOutputStream(header.position() + payload.length);
                frame.write(header.array(), 0, header.position());
                frame.write(payload);
                socket.getOutputStream().write(frame.toByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public void cut() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public void cutAll() {
        connections.forEach(Connection::cut);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cutAll();
    }
}
