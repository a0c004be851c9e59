package dev.landfall.edge.http;

import dev.landfall.edge.metric.BalancerMeter;
import dev.landfall.edge.metric.Counter;
import dev.landfall.edge.net.Loop;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What an HTTP/2 connection of a client is as a whole: counted, and closed when nothing has come over it for the load
 * balancer's idle timeout. PING does not count as activity (AWS).
 */
final class Http2Connection extends ChannelInboundHandlerAdapter {
    private final Site site;
    private final Loop loop;
    private final BalancerMeter meter;
    private Future<?> timer;
    private long openedNanos;

    Http2Connection(Site site, Loop loop) {
        this.site = site;
        this.loop = loop;
        meter = site.routes().meter();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        openedNanos = System.nanoTime();
        meter.activeConnections().incrementAndGet();
        meter.total().add(loop, Counter.NEW_CONNECTIONS, 1);
        schedule(context);
    }

    private void schedule(ChannelHandlerContext context) {
        timer = loop.events().schedule(() -> check(context), site.routes().settings().idleTimeoutSeconds(),
                TimeUnit.SECONDS);
    }

    /** Streams end by themselves when they are idle; a connection without any has been idle for long enough. */
    private void check(ChannelHandlerContext context) {
        var codec = context.pipeline().get(io.netty.handler.codec.http2.Http2FrameCodec.class);
        boolean old = System.nanoTime() - openedNanos
                > TimeUnit.SECONDS.toNanos(site.routes().settings().clientKeepAliveSeconds());
        if (codec == null || codec.connection().numActiveStreams() == 0) {
            context.close();
        } else {
            if (old) {
                context.writeAndFlush(new io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame(
                        io.netty.handler.codec.http2.Http2Error.NO_ERROR));
            }
            schedule(context);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        timer.cancel(false);
        meter.activeConnections().decrementAndGet();
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
