package dev.landfall.edge.route;

import dev.landfall.edge.http.Head;
import dev.landfall.edge.metric.BalancerMeter;
import dev.landfall.edge.target.Group;
import dev.landfall.edge.target.GroupSettings;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.Listener;
import java.util.function.Function;

/**
 * Everything a listener needs to serve a request, compiled from a snapshot. Immutable; a listener holds the newest in
 * one field, and requests under way keep the one they began with.
 */
public record Routes(
        Balancer balancer,
        Listener listener,
        BalancerSettings settings,
        ListenerSettings listenerSettings,
        GroupSettings.CrossZone crossZone,
        BalancerMeter meter,
        Route[] routes) {

    /** @throws IllegalArgumentException if a value of a rule is none */
    public static Routes of(
            Balancer balancer, Listener listener, BalancerMeter meter, Function<String, Group> groups) {
        BalancerSettings settings = BalancerSettings.of(balancer);
        return new Routes(balancer, listener, settings, ListenerSettings.of(listener),
                settings.crossZone() ? GroupSettings.CrossZone.ON : GroupSettings.CrossZone.OFF, meter,
                listener.rules().stream().map(rule -> Route.of(rule, groups)).toArray(Route[]::new));
    }

    /** The first rule that matches; the last one always does. */
    public int match(Head head, byte[] client) {
        int last = routes.length - 1;
        for (int i = 0; i < last; i++) {
            if (routes[i].matches(head, client)) {
                return i;
            }
        }
        return last;
    }

    /** The route of a listener that does not speak HTTP: its default. */
    public RouteAction defaultAction() {
        return routes[routes.length - 1].action();
    }

    public boolean secure() {
        return listener.protocol() == Listener.Protocol.HTTPS || listener.protocol() == Listener.Protocol.TLS;
    }

    /** Whether the port is the protocol's own, so that Host does not name it. */
    public boolean defaultPort() {
        return listener.port() == (secure() ? 443 : 80);
    }
}
