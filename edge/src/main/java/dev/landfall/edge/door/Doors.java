package dev.landfall.edge.door;

import dev.landfall.edge.net.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Lets load balancers be reached by their names. Their names end in {@code .localhost}, and curl, browsers and
 * systemd's resolver take all such names for 127.0.0.1 (RFC 6761, 6.3), not for the addresses that load balancers have.
 * So each port of a listener is opened at 127.0.0.1 too, if it is free there. A connection belongs to the load balancer
 * that the Host header of its first request names, or the server name of its TLS greeting; where only one load balancer
 * has the port, to that one. Of the control thread.
 */
public final class Doors implements AutoCloseable {
    /** RFC 6761, 6.3: names that end so are this machine. */
    public static final String LOCAL = ".localhost";
    private static final String ADDRESS = "127.0.0.1";
    private static final System.Logger LOG = System.getLogger(Doors.class.getName());

    private final Transport transport;
    private final Map<Integer, Open> open = new TreeMap<>();
    private Set<Integer> refused = Set.of();

    public Doors(Transport transport) {
        this.transport = transport;
    }

    /**
     * A listener behind a door.
     *
     * @param name the load balancer's DNS name, or one that a rule looks for; of several of one name the last counts
     * @param listener what sets up a connection to it
     */
    public record Named(String name, int port, ChannelHandler listener) {}

    private record Open(Channel channel, Door door) {}

    /** No door at these ports from now on, as there are no such listeners or the address is somebody's own. */
    public void closeAllBut(Set<Integer> ports) {
        open.entrySet().removeIf(entry -> {
            if (ports.contains(entry.getKey())) {
                return false;
            }
            entry.getValue().channel().close().syncUninterruptibly();
            return true;
        });
    }

    /** Whether somebody else has a port that there is to be a door at: it may come free. */
    public boolean someAreRefused() {
        return !refused.isEmpty();
    }

    /** Opens the doors that there are to be. Of a port that somebody else has there is none. */
    public void open(List<Named> wanted) {
        var byPort = new TreeMap<Integer, Map<String, ChannelHandler>>();
        wanted.forEach(named -> byPort.computeIfAbsent(named.port(), any -> new TreeMap<>())
                .put(named.name().toLowerCase(Locale.ROOT), named.listener()));
        closeAllBut(byPort.keySet());
        var failed = new TreeSet<Integer>();
        byPort.forEach((port, listeners) -> {
            Open present = open.get(port);
            if (present != null) {
                present.door().lead(listeners);
                return;
            }
            var door = new Door(listeners);
            ChannelFuture binding = transport.server(door).bind(new InetSocketAddress(ADDRESS, port));
            if (binding.awaitUninterruptibly().isSuccess()) {
                open.put(port, new Open(binding.channel(), door));
            } else {
                failed.add(port);
                tell(port, binding.cause());
            }
        });
        refused = failed;
    }

    /** Once for each time that it is so. */
    private void tell(int port, Throwable cause) {
        if (!refused.contains(port)) {
            LOG.log(System.Logger.Level.INFO, "load balancers with port {0} are reached by their addresses only, not "
                    + "by their names: at {1} {2}", String.valueOf(port), ADDRESS, cause.getMessage());
        }
    }

    @Override
    public void close() {
        closeAllBut(Set.of());
    }
}
