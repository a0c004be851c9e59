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
    private int aborts;

    private Flows() {}

    public static Flows of(Member member, Loop loop) {
        return (Flows) member.connections(loop, Flows::new);
    }

    /** How often all flows have been ended. */
    public int aborts() {
        return aborts;
    }

    /**
     * Counts a channel as one of the target's until it is closed.
     *
     * @param before what {@link #aborts} was when the target was chosen: if all flows have been ended while the channel
     *     was being connected, so is this one
     */
    public void add(Channel channel, int before) {
        if (aborts != before) {
            channel.close();
            return;
        }
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
        aborts++;
        Set.copyOf(open).forEach(Channel::close);
    }
}
