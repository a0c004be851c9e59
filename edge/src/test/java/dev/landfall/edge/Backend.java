package dev.landfall.edge;

import dev.landfall.protocol.edge.TargetGroup.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A target that does with each connection what a test says, on a virtual thread. */
public final class Backend implements AutoCloseable {
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    public final List<Wire.Message> requests = new CopyOnWriteArrayList<>();
    public final AtomicInteger connections = new AtomicInteger();

    private Backend(ServerSocket server) {
        this.server = server;
    }

    /** @param script what happens on a connection; it is closed afterwards */
    public static Backend scripted(Consumer<Wire> script) {
        var backend = listening();
        backend.start(script);
        return backend;
    }

    /** The same at a socket of the test's own. */
    public static Backend serving(ServerSocket server, Consumer<Wire> script) {
        var backend = new Backend(server);
        backend.start(script);
        return backend;
    }

    private static Backend listening() {
        try {
            return new Backend(new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers every request with 200 and {@code body}, and remembers it. */
    public static Backend answering(String body) {
        var backend = listening();
        backend.start(wire -> {
            while (true) {
                Wire.Message request = wire.message();
                backend.requests.add(request);
                String text = request.firstLine().startsWith("HEAD") ? "" : body;
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\nX-Target: t\r\n\r\n" + text);
            }
        });
        return backend;
    }

    /** Takes requests and answers what {@code response} says, whole. */
    public static Backend raw(String response) {
        var backend = listening();
        backend.start(wire -> {
            while (true) {
                backend.requests.add(wire.message());
                wire.send(response);
            }
        });
        return backend;
    }

    private void start(Consumer<Wire> script) {
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    connections.incrementAndGet();
                    open.add(socket);
                    Thread.ofVirtual().start(() -> {
                        try (var wire = new Wire(socket)) {
                            script.accept(wire);
                        } catch (UncheckedIOException e) {
                            return;         // the other side has had enough
                        } finally {
                            open.remove(socket);
                        }
                    });
                } catch (IOException e) {
                    return;                 // closed
                }
            }
        });
    }

    public int port() {
        return server.getLocalPort();
    }

    public Target target() {
        return new Target("127.0.0.1", "127.0.0.1", port(), "us-east-1a");
    }

    @Override
    public void close() {
        die();
    }

    /** Ends as a killed process does. */
    public void die() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
