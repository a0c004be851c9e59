package dev.landfall.edge.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Ground;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Listener;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that come back with a session. This one, unlike the JDK's, which keeps to the name that the session was made
 * for, says the name that it now wants; both keep sessions by address.
 */
class SessionsTest {
    private final Ground ground = new Ground(1);
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    /** Certificates that were shown: none is where a session is resumed. */
    private final AtomicInteger shown = new AtomicInteger();

    @BeforeEach
    void serve() {
        ground.protocol = Listener.Protocol.HTTPS;
        ground.sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
        ground.certificates = List.of(TestCertificates.of("default", "default.test"),
                TestCertificates.of("one", "one.test"), TestCertificates.of("two", "two.test"));
        ground.standard = new Action.FixedResponse("200", "text/plain", "fine");
        ground.apply();
    }

    @AfterEach
    void close() {
        ground.close();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Counting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            shown.incrementAndGet();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Asks once, so that what the server gives after its greeting has arrived. @return whose certificate it was */
    private String ask(SslContext client, String name) throws Exception {
        var answer = loops.next().<String>newPromise();
        new Bootstrap().group(loops).channel(NioSocketChannel.class).handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                SslHandler tls = client.newHandler(channel.alloc(), "127.0.0.1", ground.port);
                var parameters = tls.engine().getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(name)));
                tls.engine().setSSLParameters(parameters);
                channel.pipeline().addLast(tls, new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    public void channelActive(ChannelHandlerContext context) {
                        context.writeAndFlush(Unpooled.copiedBuffer(
                                "GET / HTTP/1.1\r\nHost: a\r\n\r\n", StandardCharsets.US_ASCII));
                    }

                    @Override
                    protected void channelRead0(ChannelHandlerContext context, ByteBuf in) throws Exception {
                        answer.trySuccess(tls.engine().getSession().getPeerPrincipal().getName());
                        context.close();
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                        answer.tryFailure(cause);
                    }
                });
            }
        }).connect("127.0.0.1", ground.port).channel().closeFuture().sync();
        return answer.getNow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void areResumedUnderTheirNameAndMadeAnewUnderAnother(String version) throws Exception {
        SslContext client = SslContextBuilder.forClient().sslProvider(SslProvider.OPENSSL).trustManager(new Counting())
                .endpointIdentificationAlgorithm(null).protocols(version).build();
        ((OpenSslSessionContext) client.sessionContext()).setSessionCacheEnabled(true);
        assertThat(ask(client, "one.test")).isEqualTo("CN=one.test");
        assertThat(ask(client, "one.test")).isEqualTo("CN=one.test");
        assertThat(shown).as("resumed").hasValue(1);
        assertThat(ask(client, "two.test")).isEqualTo("CN=two.test");
        assertThat(shown).as("made anew").hasValue(2);
        assertThat(ask(client, "other.test")).isEqualTo("CN=default.test");
        assertThat(ask(client, "one.test")).isEqualTo("CN=one.test");
    }
}
