package dev.landfall.edge.route;

import dev.landfall.edge.http.Head;
import dev.landfall.edge.metric.BalancerMeter;
import dev.landfall.edge.target.Group;
import dev.landfall.edge.target.GroupSettings;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.Rule;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Everything a listener needs to serve a request, compiled from a snapshot. Immutable; a listener holds the newest in
 * one field, and requests under way keep the one they began with.
 *
 * @param groupArns the target groups that some rule forwards to
 */
public record Routes(
        Balancer balancer,
        Listener listener,
        BalancerSettings settings,
        ListenerSettings listenerSettings,
        GroupSettings.CrossZone crossZone,
        BalancerMeter meter,
        Set<String> groupArns,
        Route[] routes) {

    /** @throws IllegalArgumentException if a value of a rule is none */
    public static Routes of(
            Balancer balancer, Listener listener, BalancerMeter meter, Function<String, Group> groups) {
        BalancerSettings settings = BalancerSettings.of(balancer);
        return new Routes(balancer, listener, settings, ListenerSettings.of(listener),
                settings.crossZone() ? GroupSettings.CrossZone.ON : GroupSettings.CrossZone.OFF, meter,
                groupArns(listener),
                listener.rules().stream().map(rule -> Route.of(rule, groups)).toArray(Route[]::new));
    }

    private static Set<String> groupArns(Listener listener) {
        var arns = new TreeSet<String>();
        for (Rule rule : listener.rules()) {
            if (rule.action() instanceof Action.Forward forward) {
                forward.targetGroups().forEach(group -> arns.add(group.targetGroupArn()));
            }
        }
        return Collections.unmodifiableSet(arns);
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
