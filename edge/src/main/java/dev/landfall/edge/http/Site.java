package dev.landfall.edge.http;

import dev.landfall.edge.route.Routes;
import io.netty.channel.Channel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A listener at one of its addresses: what its connections look at for every request. The control thread replaces the
 * routes; connections go on.
 */
public final class Site {
    /** What connections are told, as an event, when the listener is no more. */
    enum Event { RETIRED }

    private final String zone;
    private final Set<Channel> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean retired;
    private volatile Routes routes;

    /** @param zone the availability zone whose node the address stands for */
    public Site(String zone, Routes routes) {
        this.zone = zone;
        this.routes = routes;
    }

    public String zone() {
        return zone;
    }

    public Routes routes() {
        return routes;
    }

    public void routes(Routes routes) {
        this.routes = routes;
    }

    /** A connection of HTTP is the site's until it is closed. */
    void add(Channel connection) {
        connections.add(connection);
        connection.closeFuture().addListener(closed -> connections.remove(connection));
    }

    /** Whether the listener is no more: connections answer what they have been asked, and end. */
    boolean retired() {
        return retired;
    }

    public void retire() {
        retired = true;
        connections.forEach(connection -> connection.pipeline().fireUserEventTriggered(Event.RETIRED));
    }
}
