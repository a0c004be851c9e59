package dev.landfall.edge.client;

import dev.landfall.edge.target.GroupSettings;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Whom a target sees at the other end of a connection. Decided for each connection from what is known already: no
 * system call, no lock.
 */
public sealed interface Origin {
    Origin LOAD_BALANCER = new LoadBalancer(Optional.empty());

    /**
     * The address that the system takes for a connection of ours.
     *
     * @param obstacle why it is not the client's, if it was to be that
     */
    record LoadBalancer(Optional<Obstacle> obstacle) implements Origin {}

    /**
     * The client.
     *
     * @param target where it is reached; another address than the registered one if that is this machine's loopback
     */
    record Client(InetSocketAddress client, InetSocketAddress target, Answers answers) implements Origin {}

    /** How what the target sends to the client's address arrives here. */
    enum Answers {
        /** By themselves: the client's address is one of this machine's. */
        ARRIVE,
        /** By the rules that {@link HostRules} makes. */
        ARE_LED_BACK
    }

    /** @param target as it is registered, or, of an instance, this machine's loopback */
    static Origin of(InetSocketAddress client, InetSocketAddress target, GroupSettings settings, Neighbourhood around) {
        if (!settings.preservesClientAddress()) {
            return LOAD_BALANCER;
        }
        if (!(client.getAddress() instanceof Inet4Address from && target.getAddress() instanceof Inet4Address to)) {
            return hindered(Obstacle.IPV6);
        }
        if (from.isLoopbackAddress()) {
            return ofLoopback(client, target, to);
        }
        if (!to.isLoopbackAddress()) {
            return ofOthers(client, target, around);
        }
        if (!settings.ofInstances() || around.own().isEmpty()) {
            return around.own().contains(from) ? new Client(client, target, Answers.ARRIVE)
                    : hindered(Obstacle.LOOPBACK_TARGET);
        }
        if (around.onBridge(from) && !around.own().contains(from)) {
            return hindered(Obstacle.SAME_NETWORK);     // the port may be one of its neighbours'
        }
        return ofOthers(client, new InetSocketAddress(around.own().getFirst(), target.getPort()), around);
    }

    private static Origin ofLoopback(InetSocketAddress client, InetSocketAddress target, Inet4Address to) {
        if (!to.isLoopbackAddress()) {
            return hindered(Obstacle.LOOPBACK_CLIENT);
        }
        // Of one address to itself the system takes that address anyway.
        return client.getAddress().equals(to) ? LOAD_BALANCER : new Client(client, target, Answers.ARRIVE);
    }

    private static Origin ofOthers(InetSocketAddress client, InetSocketAddress target, Neighbourhood around) {
        InetAddress from = client.getAddress();
        InetAddress to = target.getAddress();
        boolean ours = around.own().contains(from);
        if (from.equals(to) && !ours) {
            return hindered(Obstacle.SAME_ADDRESS);
        }
        if (!around.own().contains(to)) {
            if (!around.leadsBack(to)) {
                return hindered(Obstacle.ELSEWHERE);
            }
            if (!ours && around.onOneNetwork(from, to)) {
                return hindered(Obstacle.SAME_NETWORK);
            }
        }
        return new Client(client, target, ours ? Answers.ARRIVE : Answers.ARE_LED_BACK);
    }

    private static Origin hindered(Obstacle obstacle) {
        return new LoadBalancer(Optional.of(obstacle));
    }
}
