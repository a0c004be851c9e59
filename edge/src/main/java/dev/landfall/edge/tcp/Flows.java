package dev.landfall.edge.tcp;

import dev.landfall.edge.net.Loop;
import dev.landfall.edge.target.Connections;
import dev.landfall.edge.target.Member;
import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.Set;

/** The flows of one event loop to one target of a network load balancer. */
public final class Flows implements Connections {
    private final Set<Channel> open = new HashSet<>();

    private Flows() {}

    public static Flows of(Member member, Loop loop) {
        return (Flows) member.connections(loop, Flows::new);
    }

    /** Counts a channel as one of the target's until it is closed. */
    public void add(Channel channel) {
        open.add(channel);
        channel.closeFuture().addListener(closed -> open.remove(channel));
    }

    /** Flows go on; AWS ends them after the deregistration delay at the earliest. */
    @Override
    public void drain() {
        // nothing is at rest here
    }

    @Override
    public void abort() {
        Set.copyOf(open).forEach(Channel::close);
    }
}
