package dev.landfall.edge.tcp;

import dev.landfall.edge.metric.Counter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;

/**
 * One half of a relayed TCP connection: what it reads goes to the other half, no faster than that takes it. An end of
 * one direction is passed on and the other direction goes on; a reset is passed on as one.
 */
final class Relay extends ChannelInboundHandlerAdapter {
    private final Channel other;
    private final Flow flow;
    private final Counter resets;
    private boolean ended;

    /**
     * @param other where this half's bytes go
     * @param resets what a reset of this half is counted as
     */
    Relay(Channel other, Flow flow, Counter resets) {
        this.other = other;
        this.flow = flow;
        this.resets = resets;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        flow.passed(((ByteBuf) message).readableBytes());
        other.write(message, other.voidPromise());
        if (!other.isWritable()) {
            context.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        other.flush();
    }

    /** This half takes more: the other may read again. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            other.config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            end(context);
        }
        super.userEventTriggered(context, event);
    }

    private void end(ChannelHandlerContext context) {
        if (ended) {
            return;
        }
        ended = true;
        other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> {
            if (flow.directionEnded()) {
                other.close();
                context.close();
            } else if (other instanceof DuplexChannel duplex && flow.passesEnds()) {
                duplex.shutdownOutput();
            } else {
                other.close();          // TLS has no half-closed connections that anyone uses
            }
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        flow.ended();
        if (other.isActive()) {
            other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> other.close());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        flow.count(resets);
        reset(other);
        context.close();
    }

    /** Closes so that the other side sees a reset and not an end. */
    static void reset(Channel channel) {
        if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }
}
