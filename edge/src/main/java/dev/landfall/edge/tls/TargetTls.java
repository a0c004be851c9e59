package dev.landfall.edge.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import javax.net.ssl.SSLException;

/** TLS towards targets. As with AWS, their certificates are not verified. */
public final class TargetTls {
    private static final SslContext HTTP1 = context("http/1.1");
    private static final SslContext HTTP2 = context("h2");

    private TargetTls() {}

    static SslProvider provider() {
        return OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    }

    private static SslContext context(String protocol) {
        try {
            return SslContextBuilder.forClient()
                    .sslProvider(provider())
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT, protocol))
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS without special wishes", e);
        }
    }

    public static ChannelHandler http1(ByteBufAllocator allocator) {
        return HTTP1.newHandler(allocator);
    }

    public static ChannelHandler http2(ByteBufAllocator allocator) {
        return HTTP2.newHandler(allocator);
    }
}
