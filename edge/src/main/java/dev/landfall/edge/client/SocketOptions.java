package dev.landfall.edge.client;

import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.Socket;
import java.io.IOException;

/** Options of Linux's sockets (ip(7), socket(7), include/uapi/linux/in.h) that Netty has no names for. */
final class SocketOptions {
    private static final int SOL_IP = 0;
    private static final int SOL_SOCKET = 1;

    /** Of all its packets; needs CAP_NET_ADMIN. */
    static final IntegerUnixChannelOption MARK = new IntegerUnixChannelOption("SO_MARK", SOL_SOCKET, 36);
    /** That the port is not taken before it is known whom to connect to, so that several may have it. */
    static final IntegerUnixChannelOption BIND_ADDRESS_NO_PORT =
            new IntegerUnixChannelOption("IP_BIND_ADDRESS_NO_PORT", SOL_IP, 24);
    /** Which ports to choose from, of those that the system gives; the lowest, and the highest times 65,536. */
    static final IntegerUnixChannelOption LOCAL_PORT_RANGE =
            new IntegerUnixChannelOption("IP_LOCAL_PORT_RANGE", SOL_IP, 51);
    private static final int TRANSPARENT = 19;

    private SocketOptions() {}

    /**
     * Tries whether sockets may have others' addresses.
     *
     * @throws IOException if not, with what to do
     */
    static void tryTransparent(int mark) throws IOException {
        try {
            trying(socket -> {
                socket.setIntOpt(SOL_IP, TRANSPARENT, 1);
                socket.setIntOpt(SOL_SOCKET, MARK.optname(), mark);
            });
        } catch (IOException e) {
            throw new IOException("sockets of others' addresses take root, or CAP_NET_ADMIN: " + e.getMessage(), e);
        }
    }

    /** Whether the system knows {@link #LOCAL_PORT_RANGE}: Linux 6.3. */
    static boolean hasPortRange() {
        return knows(LOCAL_PORT_RANGE, onePort(1));
    }

    static boolean knows(IntegerUnixChannelOption option, int value) {
        if (!Epoll.isAvailable()) {
            return false;
        }
        try {
            trying(socket -> socket.setIntOpt(option.level(), option.optname(), value));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static int onePort(int port) {
        return port | port << 16;
    }

    @FunctionalInterface
    private interface Setting {
        void apply(Socket socket) throws IOException;
    }

    private static void trying(Setting setting) throws IOException {
        Socket socket = Socket.newSocketStream();
        try {
            setting.apply(socket);
        } catch (ChannelException e) {
            throw new IOException(e.getMessage(), e);       // what Netty's native code says of any option
        } finally {
            socket.close();
        }
    }
}
