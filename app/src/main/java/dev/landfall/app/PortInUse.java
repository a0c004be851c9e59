package dev.landfall.app;

import dev.landfall.app.doctor.Listeners;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** Asks, before anything is started, whether an address can be listened on, since a refusal names who is in the way. */
final class PortInUse {
    private PortInUse() {}

    static void check(String host, int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (UnknownHostException e) {
            throw new Refusal("There is no address '" + host + "': give one of this machine's with --host");
        } catch (IOException e) {
            throw Listeners.on(port)
                    .map(process -> new Refusal("Port " + port + " is in use by " + process
                            + ": stop that, or choose another port with --port or LANDFALL_PORT"))
                    .orElseGet(() -> new Refusal("Cannot listen on " + host + " port " + port + " (" + e.getMessage()
                            + "): choose another with --host and --port"));
        }
    }
}
