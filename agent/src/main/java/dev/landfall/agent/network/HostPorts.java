package dev.landfall.agent.network;

import dev.landfall.agent.engine.EngineError;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.concurrent.ThreadLocalRandom;

/** Free ports of the host. Another process may take them before they are used; then the engine refuses to start. */
public final class HostPorts {
    private static final int FIRST = 49153;
    private static final int LAST = 65535;
    private static final int ATTEMPTS = 64;

    private HostPorts() {}

    /** The first of {@code count} free ports in a row, in the range that ECS takes such ports from. */
    public static int freeRange(int count, String protocol) {
        for (int attempt = 0; attempt < ATTEMPTS && count <= LAST - FIRST; attempt++) {
            int first = ThreadLocalRandom.current().nextInt(FIRST, LAST - count + 2);
            boolean free = true;
            for (int port = first; free && port < first + count; port++) {
                free = isFree(port, protocol);
            }
            if (free) {
                return first;
            }
        }
        throw EngineError.refused(500, count + " contiguous host ports are unavailable");
    }

    private static boolean isFree(int port, String protocol) {
        if (protocol.equals("udp")) {
            try (var socket = new DatagramSocket(port)) {
                return socket.isBound();
            } catch (SocketException e) {
                return false;
            }
        }
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
