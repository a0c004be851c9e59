package dev.landfall.edge.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.util.List;
import javax.net.ssl.SSLException;

/** TLS towards targets. As with AWS, their certificates are not verified. */
public final class TargetTls {
    private static final SslContext HTTP1 = context(List.of("http/1.1"));
    private static final SslContext HTTP2 = context(List.of("h2"));
    private static final SslContext PLAIN = context(List.of());

    private TargetTls() {}

    static SslProvider provider() {
        return OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    }

    private static SslContext context(List<String> protocols) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .sslProvider(provider())
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null);
            if (!protocols.isEmpty()) {
                builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT, protocols));
            }
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS without special wishes", e);
        }
    }

    /** For whatever a network load balancer carries. */
    public static ChannelHandler plain(ByteBufAllocator allocator) {
        return PLAIN.newHandler(allocator);
    }

    public static ChannelHandler http1(ByteBufAllocator allocator) {
        return HTTP1.newHandler(allocator);
    }

    public static ChannelHandler http2(ByteBufAllocator allocator) {
        return HTTP2.newHandler(allocator);
    }
}
