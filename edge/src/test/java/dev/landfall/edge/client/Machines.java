package dev.landfall.edge.client;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Wire;
import dev.landfall.testkit.NetworkNamespace;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Five machines: clients and a second client, each on a cable to the machine of the data plane, and targets on a bridge
 * of it, as containers are. Targets say whom they see.
 */
final class Machines implements Closeable {
    static final String HUB = "198.18.1.1";
    static final String CLIENT = "198.18.1.2";
    static final String CLIENT2 = "198.18.2.2";
    static final String GATEWAY = "198.18.4.1";
    static final String TARGET = "198.18.4.2";
    static final String NEIGHBOUR = "198.18.4.3";
    static final int PORT = 7_000;

    final NetworkNamespace hub = NetworkNamespace.create();
    final NetworkNamespace client = NetworkNamespace.create();
    final NetworkNamespace client2 = NetworkNamespace.create();
    final NetworkNamespace target = NetworkNamespace.create();
    final NetworkNamespace neighbour = NetworkNamespace.create();
    private final List<Closeable> open = new ArrayList<>();

    Machines() {
        hub.connect(HUB + "/24", client, CLIENT + "/24");
        hub.connect("198.18.2.1/24", client2, CLIENT2 + "/24");
        hub.bridge("lf-br", GATEWAY + "/24");
        hub.connectToBridge("lf-br", target, TARGET + "/24", GATEWAY);
        hub.connectToBridge("lf-br", neighbour, NEIGHBOUR + "/24", GATEWAY);
        hub.in(() -> Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1"));
        // A port of a client that a test before had is free again at once, and not after a minute.
        hub.in(() -> Files.writeString(Path.of("/proc/sys/net/ipv4/tcp_max_tw_buckets"), "0"));
        serve(target);
        serve(hub);
        serveDatagrams(target);
        serveDatagrams(hub);
    }

    /** Says whom it sees, and then repeats what it hears. */
    private void serve(NetworkNamespace machine) {
        ServerSocket server = machine.in(() -> new ServerSocket(PORT, 1_000));
        open.add(server);
        open.add(Backend.serving(server, wire -> {
            wire.send(wire.peer() + "\n");
            wire.echo();
        })::close);
    }

    private void serveDatagrams(NetworkNamespace machine) {
        DatagramSocket server = machine.in(() -> new DatagramSocket(PORT));
        open.add(server);
        Thread.ofVirtual().start(() -> {
            try {
                var packet = new DatagramPacket(new byte[2_000], 2_000);
                while (true) {
                    server.receive(packet);
                    byte[] seen = text((InetSocketAddress) packet.getSocketAddress())
                            .getBytes(StandardCharsets.ISO_8859_1);
                    server.send(new DatagramPacket(seen, seen.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                return;         // closed
            }
        });
    }

    /** A connection from a machine, and from a port of it if one is given (0: any). */
    static Wire connect(NetworkNamespace from, int localPort, String address, int port) {
        return new Wire(socket(from, localPort, address, port));
    }

    static Socket socket(NetworkNamespace from, int localPort, String address, int port) {
        Socket socket = from.in(() -> {
            var created = new Socket();
            created.setReuseAddress(true);      // which opens it, here
            if (localPort > 0) {
                created.bind(new InetSocketAddress(localPort));
            }
            return created;
        });
        try {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), 20_000);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    @Override
    public void close() throws IOException {
        for (Closeable each : open) {
            each.close();
        }
        for (NetworkNamespace each : List.of(client, client2, target, neighbour, hub)) {
            each.close();
        }
    }
}
