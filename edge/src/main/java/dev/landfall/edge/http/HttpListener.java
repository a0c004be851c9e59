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
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Sets up the connections of an HTTP or HTTPS listener: TLS, and the protocol that it agrees on. */
public final class HttpListener extends ChannelInitializer<Channel> {
    private final Site site;
    private final Transport transport;
    private final Optional<Supplier<ServerTls>> tls;
    /** What reads the field sections of HTTP/2, for each loop. */
    private final Http2Request[] requests;

    /** @param tls the listener's certificates as they are now; empty for HTTP */
    public HttpListener(Site site, Transport transport, Optional<Supplier<ServerTls>> tls) {
        this.site = site;
        this.transport = transport;
        this.tls = tls;
        requests = Stream.generate(Http2Request::new).limit(transport.loops()).toArray(Http2Request[]::new);
    }

    private Peer peer(Channel channel, Loop loop, TlsInfo info) {
        return Peer.of(loop, (InetSocketAddress) channel.remoteAddress(), site.zone(), info);
    }

    @Override
    protected void initChannel(Channel channel) {
        Loop loop = transport.of(channel.eventLoop());
        if (!transport.admits(channel)) {
            site.routes().meter().total().add(loop, Counter.REJECTED_CONNECTIONS, 1);
            return;
        }
        site.add(channel);
        if (site.retired()) {           // accepted while the listener was being closed
            channel.close();
            return;
        }
        if (tls.isEmpty()) {
            channel.pipeline().addLast(new Http1Front(site, peer(channel, loop, TlsInfo.NONE)));
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
            if (event instanceof SniCompletionEvent sni) {
                serverName = Optional.ofNullable(sni.hostname());
            }
            if (event == Site.Event.RETIRED) {
                context.close();
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
            Peer peer = peer(context.channel(), loop, info);
            context.pipeline().addLast("h2".equals(handler.applicationProtocol())
                    ? new Http2Connection(site, peer, requests[loop.index()]) : new Http1Front(site, peer));
            context.pipeline().remove(this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
