package dev.landfall.edge.http;

import dev.landfall.edge.metric.Counter;
import dev.landfall.edge.net.Loop;
import dev.landfall.edge.net.Transport;
import dev.landfall.edge.tls.ServerTls;
import dev.landfall.edge.tls.TlsInfo;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;

/** Sets up the connections of an HTTP or HTTPS listener: TLS, and the protocol that it agrees on. */
public final class HttpListener extends ChannelInitializer<Channel> {
    /** AWS: up to 128 requests at once on one HTTP/2 connection. */
    private static final int MAX_STREAMS = 128;
    /** What a client may send ahead on one stream, in bytes; it is what may wait for a slow target. */
    private static final int WINDOW = 64 * 1_024;

    private final Site site;
    private final Transport transport;
    private final Optional<Supplier<ServerTls>> tls;

    /** @param tls the listener's certificates as they are now; empty for HTTP */
    public HttpListener(Site site, Transport transport, Optional<Supplier<ServerTls>> tls) {
        this.site = site;
        this.transport = transport;
        this.tls = tls;
    }

    @Override
    protected void initChannel(Channel channel) {
        Loop loop = transport.of(channel.eventLoop());
        if (tls.isEmpty()) {
            channel.pipeline().addLast(new Http1Front(site, loop, TlsInfo.NONE));
            return;
        }
        ServerTls certificates = tls.get().get();
        channel.pipeline().addLast("sni", certificates.handler());
        channel.pipeline().addLast(new Negotiated(loop, certificates));
    }

    /** Waits for the handshake and then gives way to the agreed protocol. */
    private final class Negotiated extends ChannelInboundHandlerAdapter {
        private final Loop loop;
        private final ServerTls certificates;
        private Optional<String> serverName = Optional.empty();

        Negotiated(Loop loop, ServerTls certificates) {
            this.loop = loop;
            this.certificates = certificates;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            if (event instanceof io.netty.handler.ssl.SniCompletionEvent sni) {
                serverName = Optional.ofNullable(sni.hostname());
            }
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (handshake.isSuccess()) {
                    agreed(context, context.pipeline().get(SslHandler.class));
                } else {
                    site.routes().meter().total().add(loop, Counter.CLIENT_TLS_ERRORS, 1);
                    context.close();
                }
            }
            super.userEventTriggered(context, event);
        }

        private void agreed(ChannelHandlerContext context, SslHandler handler) {
            TlsInfo info = certificates.info(handler, serverName);
            if ("h2".equals(handler.applicationProtocol())) {
                context.pipeline().addLast(
                        Http2FrameCodecBuilder.forServer()
                                .initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(MAX_STREAMS)
                                        .initialWindowSize(WINDOW).maxHeaderListSize(Head.MAX_BYTES))
                                .build(),
                        new Http2MultiplexHandler(new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel stream) {
                                stream.pipeline().addLast(new Http2Front(site, loop, info,
                                        (InetSocketAddress) context.channel().remoteAddress()));
                            }
                        }),
                        new Http2Connection(site, loop));
            } else {
                context.pipeline().addLast(new Http1Front(site, loop, info));
            }
            context.pipeline().remove(this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
