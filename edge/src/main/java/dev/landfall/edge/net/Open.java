package dev.landfall.edge.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The open connections of one event loop, to clients and to targets, and how much of each may be unsent. */
final class Open {
    /** Unsent bytes that nobody has who came while memory was scarce. */
    private static final int MANY = 32 * 1_024;

    private final Set<Channel> channels = new HashSet<>();
    private final Reads reads;
    private Scarcity.Event last = Scarcity.Event.PLENTY;

    Open(Scarcity scarcity) {
        reads = new Reads(scarcity);
    }

    void add(Channel channel) {
        if (channel instanceof SocketChannel) {
            channel.config().setRecvByteBufAllocator(reads);
        }
        channel.config().setWriteBufferWaterMark(Scarcity.marks(last));
        channels.add(channel);
        channel.closeFuture().addListener(closed -> channels.remove(channel));
    }

    void told(Scarcity.Event event) {
        last = event;
        for (Channel channel : List.copyOf(channels)) {
            channel.config().setWriteBufferWaterMark(Scarcity.marks(event));
            channel.pipeline().fireUserEventTriggered(event);
        }
    }

    /** Resets those with the most unsent bytes and with many, until they have had {@code bytes} together. */
    void endHeaviest(long bytes) {
        var heaviest = new ArrayList<>(channels);
        heaviest.sort(Comparator.comparingLong(Open::unsentBytes).reversed());
        long left = bytes;
        for (Channel channel : heaviest) {
            long unsent = unsentBytes(channel);
            if (left <= 0 || unsent < MANY) {
                return;
            }
            left -= unsent;
            end(channel);
        }
    }

    private static long unsentBytes(Channel channel) {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        return unsent == null ? 0 : unsent.totalPendingWriteBytes();
    }

    /** At once, without any goodbye, which would have to wait behind what is unsent; whoever is at the other side. */
    private static void end(Channel channel) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.pipeline().fireExceptionCaught(new IOException("memory is scarce, and this connection has the most"));
        channel.unsafe().close(channel.voidPromise());
    }
}
