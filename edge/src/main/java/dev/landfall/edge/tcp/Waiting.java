package dev.landfall.edge.tcp;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;

/**
 * Keeps what a client sends before there is a target for it: a first read, and perhaps its end, which epoll reports
 * even where nobody reads. Gives it to the handler behind when it is removed.
 */
class Waiting extends ChannelInboundHandlerAdapter {
    private final ArrayDeque<Object> early = new ArrayDeque<>();
    private boolean inputEnded;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        early.add(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        inputEnded |= event == ChannelInputShutdownEvent.INSTANCE;
        super.userEventTriggered(context, event);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        while (!early.isEmpty()) {
            context.fireChannelRead(early.poll());
        }
        context.fireChannelReadComplete();
        if (inputEnded) {
            context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        early.forEach(ReferenceCountUtil::release);
        early.clear();
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
