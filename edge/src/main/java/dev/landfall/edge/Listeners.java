package dev.landfall.edge;

import dev.landfall.edge.door.Doors;
import dev.landfall.edge.http.HttpListener;
import dev.landfall.edge.http.Site;
import dev.landfall.edge.net.Transport;
import dev.landfall.edge.route.Routes;
import dev.landfall.edge.tcp.TcpListener;
import dev.landfall.edge.tls.ServerTls;
import dev.landfall.edge.udp.UdpListener;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.Condition;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.Listener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The open sockets of all listeners, opened and closed as snapshots come. Of the control thread. */
final class Listeners implements AutoCloseable {
    private final Transport transport;
    private final Map<Key, Open> open = new LinkedHashMap<>();
    private final Map<String, Routes> known = new HashMap<>();
    private final Doors doors;

    /** @param shared addresses at which load balancers are to be reached besides their own and 127.0.0.1 */
    Listeners(Transport transport, List<String> shared) {
        this.transport = transport;
        doors = new Doors(transport, shared);
    }

    /** A socket belongs to one address, port and protocol; what it serves may change. */
    private record Key(String listenerArn, String address, String zone, int port, Listener.Protocol protocol) {}

    /** A listener at one address; the channels are its listening sockets. */
    private static final class Open {
        private final Site site;
        private final List<Channel> channels;
        private volatile Optional<ServerTls> tls;
        /** What sets up a TCP connection; none for UDP alone. */
        private Optional<ChannelHandler> child = Optional.empty();

        Open(Site site, Optional<ServerTls> tls) {
            this.site = site;
            this.tls = tls;
            channels = new ArrayList<>();
        }
    }

    /** What a listener was compiled to, if neither it nor its load balancer has changed since. */
    Optional<Routes> unchanged(Balancer balancer, Listener listener) {
        Routes routes = known.get(listener.arn());
        return routes != null && routes.listener().equals(listener)
                && routes.balancer().attributes().equals(balancer.attributes())
                && routes.balancer().addresses().equals(balancer.addresses())
                ? Optional.of(routes) : Optional.empty();
    }

    /** What a listener is served as at present. */
    Optional<Routes> present(String listenerArn) {
        return Optional.ofNullable(known.get(listenerArn));
    }

    /** Whether a port at which load balancers are to be reached as well is somebody else's at present. */
    boolean lacksDoors() {
        return doors.someAreRefused();
    }

    /** @return what could not be opened; the rest is served */
    List<EdgeReport.Listeners.Failure> apply(List<Routes> wanted) {
        var failures = new ArrayList<EdgeReport.Listeners.Failure>();
        var keep = new HashMap<Key, Routes>();
        for (Routes routes : wanted) {
            for (Balancer.BindAddress address : routes.balancer().addresses()) {
                keep.put(new Key(routes.listener().arn(), address.address(), address.zone(),
                        routes.listener().port(), routes.listener().protocol()), routes);
            }
        }
        for (Key key : List.copyOf(open.keySet())) {
            if (!keep.containsKey(key)) {
                close(open.remove(key));        // before opening: another listener may want the same port
            }
        }
        Predicate<InetSocketAddress> own = own(keep.keySet());
        doors.leave(own);
        keep.forEach((key, routes) -> {
            try {
                put(key, routes);
            } catch (RuntimeException e) {
                failures.add(new EdgeReport.Listeners.Failure(
                        key.listenerArn(), key.address(), key.port(), String.valueOf(e.getMessage())));
            }
        });
        doors.open(named(), datagrams(), own);
        known.clear();
        wanted.forEach(routes -> known.put(routes.listener().arn(), routes));
        return failures;
    }

    /** Whose own address it is goes before those who would share it. */
    private static Predicate<InetSocketAddress> own(Set<Key> wanted) {
        var own = wanted.stream().map(key -> new InetSocketAddress(key.address(), key.port()))
                .collect(Collectors.toSet());
        return place -> own.contains(place) || own.contains(new InetSocketAddress(place.getPort()));
    }

    /** Those whose address is this machine's alone, each once; 127.0.0.1 needs no door. */
    private Stream<Map.Entry<Key, Open>> behindDoors() {
        var known = new HashSet<String>();
        return open.entrySet().stream().filter(entry -> entry.getKey().address().startsWith("127.")
                && !entry.getKey().address().equals(Doors.HERE)
                && entry.getValue().site.routes().balancer().dnsName().endsWith(Doors.LOCAL)
                && known.add(entry.getKey().listenerArn()));
    }

    /** A load balancer's own name goes before the same one in another's rules: the last of a name counts. */
    private List<Doors.Named> named() {
        return Stream.concat(named(Listeners::namesInRules),
                named(routes -> Stream.of(routes.balancer().dnsName()))).toList();
    }

    private Stream<Doors.Named> named(Function<Routes, Stream<String>> names) {
        return behindDoors().flatMap(entry -> entry.getValue().child.stream().flatMap(child ->
                names.apply(entry.getValue().site.routes())
                        .map(name -> new Doors.Named(name, entry.getKey().port(), child))));
    }

    /** Who comes by a name that a rule looks for comes for that rule. */
    private static Stream<String> namesInRules(Routes routes) {
        return routes.listener().rules().stream().flatMap(rule -> rule.conditions().stream())
                .flatMap(condition -> condition instanceof Condition.HostHeader(var values, var patterns)
                        ? values.stream() : Stream.empty());
    }

    private List<Doors.Datagrams> datagrams() {
        return behindDoors().filter(entry -> entry.getKey().protocol() == Listener.Protocol.UDP
                        || entry.getKey().protocol() == Listener.Protocol.TCP_UDP)
                .map(entry -> new Doors.Datagrams(entry.getKey().port(), entry.getValue().site)).toList();
    }

    private void put(Key key, Routes routes) {
        Open present = open.get(key);
        if (present == null) {
            var opened = new Open(new Site(key.zone(), routes), tls(routes));
            try {
                bind(key, opened);
            } catch (RuntimeException e) {
                close(opened);
                throw e;
            }
            open.put(key, opened);
        } else if (present.site.routes() != routes) {
            Routes old = present.site.routes();
            if (!old.listener().certificates().equals(routes.listener().certificates())
                    || !old.listener().sslPolicy().equals(routes.listener().sslPolicy())
                    || old.settings().http2() != routes.settings().http2()
                    || !old.listener().alpnPolicy().equals(routes.listener().alpnPolicy())) {
                present.tls = tls(routes);
            }
            present.site.routes(routes);
        }
    }

    private static Optional<ServerTls> tls(Routes routes) {
        return switch (routes.listener().protocol()) {
            case HTTPS -> Optional.of(new ServerTls(routes.listener(),
                    routes.settings().http2() ? List.of("h2", "http/1.1") : List.of("http/1.1")));
            case TLS -> Optional.of(new ServerTls(routes.listener(), alpn(routes.listener().alpnPolicy())));
            case HTTP, TCP, UDP, TCP_UDP -> Optional.empty();
        };
    }

    /** AWS's ALPN policies, in the order in which they prefer protocols. */
    private static List<String> alpn(String policy) {
        return switch (policy) {
            case "HTTP1Only" -> List.of("http/1.1", "http/1.0");
            case "HTTP2Only" -> List.of("h2");
            case "HTTP2Optional" -> List.of("http/1.1", "http/1.0", "h2");
            case "HTTP2Preferred" -> List.of("h2", "http/1.1", "http/1.0");
            default -> List.of();
        };
    }

    private void bind(Key key, Open opened) {
        var address = new InetSocketAddress(key.address(), key.port());
        Optional<Supplier<ServerTls>> tls = opened.tls.map(present -> () -> opened.tls.orElseThrow());
        switch (key.protocol()) {
            case HTTP, HTTPS -> tcp(address, opened, new HttpListener(opened.site, transport, tls));
            case TCP, TLS -> tcp(address, opened, new TcpListener(opened.site, transport, tls));
            case UDP -> udp(address, opened);
            case TCP_UDP -> {
                tcp(address, opened, new TcpListener(opened.site, transport, tls));
                udp(address, opened);
            }
        }
    }

    private void udp(InetSocketAddress address, Open opened) {
        opened.channels.add(bound(UdpListener.bind(transport, opened.site, address)));
    }

    private void tcp(InetSocketAddress address, Open opened, ChannelHandler child) {
        opened.child = Optional.of(child);
        opened.channels.add(bound(transport.server(child).bind(address)));
    }

    /** Netty would throw what it is, checked or not. */
    private static Channel bound(ChannelFuture binding) {
        binding.awaitUninterruptibly();
        if (!binding.isSuccess()) {
            String message = String.valueOf(binding.cause().getMessage());
            String reason = message.replaceFirst("^bind\\(\\.\\.\\) failed with error\\(-?[0-9]+\\): ", "");
            throw new IllegalStateException(reason, binding.cause());
        }
        return binding.channel();
    }

    /** No new connections; those of HTTP end with the response that is under way, those of TCP by themselves. */
    private static void close(Open opened) {
        opened.channels.forEach(channel -> channel.close().syncUninterruptibly());
        opened.site.retire();
    }

    @Override
    public void close() {
        doors.close();
        open.values().forEach(Listeners::close);
        open.clear();
    }
}
