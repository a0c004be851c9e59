package dev.landfall.app.doctor;

import dev.landfall.app.data.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Optional;

/** Looks at the addresses and ports Landfall listens on. */
final class Ports {
    private static final String METADATA_ADDRESS = "169.254.170.2";

    private Ports() {}

    static Finding api(String host, int port, Path dataDirectory) {
        Optional<Running> running = Running.find(dataDirectory).filter(r -> r.endpoint().getPort() == port);
        if (running.isPresent()) {
            return Finding.ok("API port", port + ", Landfall itself (pid " + running.get().pid() + ")");
        }
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
            return Finding.ok("API port", host + ":" + port + " is free");
        } catch (IOException e) {
            String who = Listeners.on(port).map(process -> " by " + process).orElse(" (" + e.getMessage() + ")");
            return Finding.bad("API port", host + ":" + port + " is taken" + who,
                    "stop that, or choose another port with --port or LANDFALL_PORT");
        }
    }

    static Finding metadataAddress() {
        try {
            var holder = NetworkInterface.networkInterfaces()
                    .filter(network -> network.inetAddresses()
                            .anyMatch(address -> address.getHostAddress().equals(METADATA_ADDRESS)))
                    .map(NetworkInterface::getName)
                    .findFirst();
            return holder.map(name -> name.equals("lo") || name.startsWith("br-") || name.startsWith("landfall")
                            ? Finding.ok("metadata", METADATA_ADDRESS + " on " + name)
                            : Finding.warn("metadata", METADATA_ADDRESS + " belongs to " + name,
                                    "tasks ask there for their metadata and credentials: is an ECS agent running?"))
                    .orElseGet(() -> Finding.ok("metadata", METADATA_ADDRESS + " is free"));
        } catch (SocketException e) {
            return Finding.warn("metadata", "cannot read the network interfaces: " + e.getMessage(), "run as root");
        }
    }
}
