package dev.landfall.edge;

import dev.landfall.edge.http.HttpListener;
import dev.landfall.edge.http.Site;
import dev.landfall.edge.net.Loop;
import dev.landfall.edge.net.Transport;
import dev.landfall.edge.route.Routes;
import dev.landfall.edge.tcp.TcpListener;
import dev.landfall.edge.tls.ServerTls;
import dev.landfall.edge.udp.UdpListener;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.Listener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The open sockets of all listeners, opened and closed as snapshots come. Of the control thread. */
final class Listeners implements AutoCloseable {
    private final Transport transport;
    private final Map<Key, Open> open = new LinkedHashMap<>();
    private final Map<String, Routes> known = new HashMap<>();

    Listeners(Transport transport) {
        this.transport = transport;
    }

    /** A socket belongs to one address, port and protocol; what it serves may change. */
    private record Key(String listenerArn, String address, String zone, int port, Listener.Protocol protocol) {}

    /** A listener at one address; the channels are its listening sockets. */
    private static final class Open {
        private final Site site;
        private final List<Channel> channels;
        private volatile Optional<ServerTls> tls;

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
        keep.forEach((key, routes) -> {
            try {
                put(key, routes);
            } catch (RuntimeException e) {
                failures.add(new EdgeReport.Listeners.Failure(
                        key.listenerArn(), key.address(), key.port(), String.valueOf(e.getMessage())));
            }
        });
        known.clear();
        wanted.forEach(routes -> known.put(routes.listener().arn(), routes));
        return failures;
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
        Loop loop = transport.nextLoop();
        opened.channels.add(bound(
                transport.datagram(loop.events()).handler(new UdpListener(opened.site, loop)).bind(address)));
    }

    private void tcp(InetSocketAddress address, Open opened, ChannelHandler child) {
        opened.channels.add(bound(transport.server(child).bind(address)));
    }

    /** @throws IllegalArgumentException with the system's reason if the address cannot be had */
    private static Channel bound(ChannelFuture binding) {
        if (!binding.awaitUninterruptibly().isSuccess()) {
            throw new IllegalArgumentException(binding.cause().getMessage(), binding.cause());
        }
        return binding.channel();
    }

    /** No new connections; those there are go on until they end. */
    private static void close(Open opened) {
        opened.channels.forEach(channel -> channel.close().syncUninterruptibly());
    }

    @Override
    public void close() {
        open.values().forEach(Listeners::close);
        open.clear();
    }
}
