package dev.landfall.edge.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The ports that the system gives to sockets that name none, of the calling thread's network namespace. */
record PortRange(int low, int high) {
    static final PortRange NONE = new PortRange(1, 0);

    static PortRange read() throws IOException {
        // In one read, as a reader does: from the second on, this file is at its end.
        try (var reader = Files.newBufferedReader(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))) {
            String[] ends = reader.readLine().strip().split("\\s+");
            return new PortRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
        }
    }

    boolean contains(int port) {
        return port >= low && port <= high;
    }
}
