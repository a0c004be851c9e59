package dev.landfall.edge.door;

import dev.landfall.edge.http.Site;
import dev.landfall.edge.net.Transport;
import dev.landfall.edge.udp.UdpListener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lets load balancers be reached at addresses that they share. One is 127.0.0.1: their names end in {@code .localhost},
 * and curl, browsers and systemd's resolver take all such names for that (RFC 6761, 6.3), not for the addresses that
 * load balancers have. Others are the user's choice, so that other machines reach load balancers, whose own addresses
 * are this machine's alone.
 *
 * <p>Each port of a listener is opened there, where it is free. A connection belongs to the load balancer that the Host
 * header of its first request names, or the server name of its TLS greeting; where only one load balancer has the port,
 * to that one. Datagrams name nobody: a port of UDP is opened while only one load balancer has it. Of the control
 * thread.
 */
public final class Doors implements AutoCloseable {
    /** RFC 6761, 6.3: names that end so are this machine. */
    public static final String LOCAL = ".localhost";
    /** Where names that end so are looked for. */
    public static final String HERE = "127.0.0.1";
    private static final System.Logger LOG = System.getLogger(Doors.class.getName());

    private final Transport transport;
    private final List<String> addresses;
    private final Map<Place, Open> open = new HashMap<>();
    private Set<Place> refused = Set.of();

    /** @param others addresses at which there are to be doors too, each of this machine and none for all it has */
    public Doors(Transport transport, Collection<String> others) {
        this.transport = transport;
        addresses = Stream.concat(Stream.of(HERE), others.stream()).distinct().toList();
    }

    /**
     * A listener of TCP behind a door.
     *
     * @param name the load balancer's DNS name, or one that a rule looks for, maybe with {@code *} and {@code ?}; of
     *     several of one name the last counts
     * @param listener what sets up a connection to it
     */
    public record Named(String name, int port, ChannelHandler listener) {}

    /** A listener of UDP behind a door. */
    public record Datagrams(int port, Site site) {}

    /** @param datagrams whose a port of UDP is; none for TCP, where a door leads to many */
    private record Place(String address, int port, Optional<Site> datagrams) {
        InetSocketAddress socket() {
            return new InetSocketAddress(address, port);
        }

        @Override
        public String toString() {
            return (datagrams.isPresent() ? "UDP " : "TCP ") + address + ':' + port;
        }
    }

    private record Open(Channel channel, Optional<Door> door) {}

    /** Gives up the doors at addresses that are a load balancer's own from now on. */
    public void leave(Predicate<InetSocketAddress> own) {
        open.entrySet().removeIf(entry -> own.test(entry.getKey().socket()) && closed(entry.getValue()));
    }

    private static boolean closed(Open some) {
        some.channel().close().syncUninterruptibly();
        return true;
    }

    /** Whether somebody else has a port that there is to be a door at: it may come free. */
    public boolean someAreRefused() {
        return !refused.isEmpty();
    }

    /**
     * Opens the doors that there are to be, and closes all others. Of a port that somebody else has there is none.
     *
     * @param own addresses that are a load balancer's own: there is no door
     */
    public void open(List<Named> named, List<Datagrams> datagrams, Predicate<InetSocketAddress> own) {
        var names = new HashMap<Place, Names>();
        named.stream().collect(Collectors.groupingBy(Named::port)).forEach((port, listeners) -> {
            var all = Names.of(listeners);
            places(port, Optional.empty(), own).forEach(place -> names.put(place, all));
        });
        Set<Place> carried = datagrams.stream().collect(Collectors.groupingBy(Datagrams::port)).values().stream()
                .filter(listeners -> listeners.size() == 1).map(List::getFirst)
                .flatMap(only -> places(only.port(), Optional.of(only.site()), own)).collect(Collectors.toSet());
        open.entrySet().removeIf(entry -> !names.containsKey(entry.getKey()) && !carried.contains(entry.getKey())
                && closed(entry.getValue()));
        var failed = new HashSet<Place>();
        names.forEach((place, all) -> lead(place, all, failed));
        carried.forEach(place -> carry(place, failed));
        refused = failed;
    }

    private Stream<Place> places(int port, Optional<Site> datagrams, Predicate<InetSocketAddress> own) {
        return addresses.stream().map(address -> new Place(address, port, datagrams))
                .filter(place -> !own.test(place.socket()));
    }

    private void lead(Place place, Names names, Set<Place> failed) {
        Open present = open.get(place);
        if (present != null) {
            present.door().orElseThrow().lead(names);
            return;
        }
        var door = new Door(names);
        bound(place, transport.server(door).bind(place.socket()), failed)
                .ifPresent(channel -> open.put(place, new Open(channel, Optional.of(door))));
    }

    private void carry(Place place, Set<Place> failed) {
        if (!open.containsKey(place)) {
            bound(place, UdpListener.bind(transport, place.datagrams().orElseThrow(), place.socket()), failed)
                    .ifPresent(channel -> open.put(place, new Open(channel, Optional.empty())));
        }
    }

    private Optional<Channel> bound(Place place, ChannelFuture binding, Set<Place> failed) {
        if (binding.awaitUninterruptibly().isSuccess()) {
            return Optional.of(binding.channel());
        }
        failed.add(place);
        if (!refused.contains(place)) {         // once for each time that it is so
            LOG.log(System.Logger.Level.INFO, "load balancers are not reached at {0}, but at their own addresses: {1}",
                    place, binding.cause().getMessage());
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        open.values().forEach(Doors::closed);
        open.clear();
    }
}
