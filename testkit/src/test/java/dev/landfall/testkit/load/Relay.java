package dev.landfall.testkit.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Passes connections on to a port of this machine, until it cuts them. */
final class Relay implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    Relay(int port) throws IOException {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket front = server.accept();
                    var back = new Socket(InetAddress.getLoopbackAddress(), port);
                    open.addAll(List.of(front, back));
                    pass(front, back);
                    pass(back, front);
                }
            } catch (IOException e) {
                cut();      // closed
            }
        });
    }

    private static void pass(Socket from, Socket to) {
        Thread.ofVirtual().start(() -> {
            try (from; to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                return;     // cut
            }
        });
    }

    int port() {
        return server.getLocalPort();
    }

    /** Ends the connections that are open; new ones may come. */
    void cut() {
        for (Socket socket : open) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
        open.clear();
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
