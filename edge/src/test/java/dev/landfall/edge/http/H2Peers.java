package dev.landfall.edge.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/** Clients and targets of HTTP/2 that tests drive frame by frame. */
public final class H2Peers implements AutoCloseable {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    /** What a peer has received, as text: "H:name=value,…", "D:data", each with "." when it ends the stream; "RST". */
    public static final class Stream {
        private final Http2StreamChannel channel;
        private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
        /** For a script to count what has come. */
        int received;

        private Stream(Http2StreamChannel channel) {
            this.channel = channel;
        }

        public Stream headers(Http2Headers headers, String end) {
            channel.writeAndFlush(new DefaultHttp2HeadersFrame(headers, end.equals(".")));
            return this;
        }

        public Stream data(String data, String end) {
            channel.writeAndFlush(new DefaultHttp2DataFrame(
                    Unpooled.copiedBuffer(data, StandardCharsets.ISO_8859_1), end.equals(".")));
            return this;
        }

        public void reset() {
            channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
        }

        /** Takes no more frames until {@link #resume()}; those that have come wait, and so do the windows. */
        public void pause() {
            channel.config().setAutoRead(false);
        }

        public void resume() {
            channel.config().setAutoRead(true);
        }

        public void whenConnectionEnds(Runnable told) {
            channel.parent().closeFuture().addListener(ended -> told.run());
        }

        public String next() {
            try {
                String frame = frames.poll(20, TimeUnit.SECONDS);
                if (frame == null) {
                    throw new AssertionError("no frame");
                }
                return frame;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String text(Object frame) {
        return switch (frame) {
            case Http2HeadersFrame headers -> {
                var text = new StringBuilder("H:");
                headers.headers().forEach(field -> text.append(field.getKey()).append('=').append(field.getValue())
                        .append(','));
                yield text + (headers.isEndStream() ? "." : "");
            }
            case Http2DataFrame data -> {
                String text = "D:" + data.content().toString(StandardCharsets.ISO_8859_1);
                data.release();
                yield text + (data.isEndStream() ? "." : "");
            }
            case Http2ResetFrame reset -> "RST";
            default -> "?" + frame;
        };
    }

    /** A target of HTTP/2 with prior knowledge; {@code script} gets every frame that is received, as text. */
    public int target(BiConsumer<Stream, String> script) {
        Supplier<ChannelHandler> stream = () -> new ChannelInboundHandlerAdapter() {
            private Stream self;

            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                if (self == null) {
                    self = new Stream((Http2StreamChannel) context.channel());
                }
                script.accept(self, text(message));
            }
        };
        Channel server = new ServerBootstrap().group(group).channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(Http2FrameCodecBuilder.forServer().build(),
                                new Http2MultiplexHandler(new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel opened) {
                                        opened.pipeline().addLast(stream.get());
                                    }
                                }));
                    }
                }).bind(InetAddress.getLoopbackAddress(), 0).syncUninterruptibly().channel();
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** A connection with TLS and ALPN. */
    public Channel connect(int port) {
        try {
            var tls = SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT, "h2")).build();
            return new Bootstrap().group(group).channel(NioSocketChannel.class).handler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(tls.newHandler(channel.alloc()), Http2FrameCodecBuilder.forClient()
                            .validateHeaders(false).build(),
                            new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
                }
            }).connect(InetAddress.getLoopbackAddress(), port).syncUninterruptibly().channel();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    public Stream open(Channel connection) {
        var holder = new Stream[1];
        var ready = new Http2StreamChannelBootstrap(connection).handler(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                holder[0].frames.add(text(message));
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext context, Object event) {
                if (event instanceof Http2ResetFrame) {
                    holder[0].frames.add("RST");
                }
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                holder[0].frames.add("END");
            }
        }).open().syncUninterruptibly().getNow();
        holder[0] = new Stream(ready);
        return holder[0];
    }

    public static Http2Headers request(String method, String path) {
        return new DefaultHttp2Headers(false).method(method).path(path).scheme("https").authority("localhost");
    }

    public static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
