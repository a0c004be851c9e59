package dev.landfall.edge.health;

import dev.landfall.protocol.edge.TargetGroup;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Asks with HTTP/2: for HTTP2 groups as ALB does with HTTP/1.1, for GRPC groups with an empty call. */
final class Http2Probe extends ChannelInboundHandlerAdapter {
    /** AWS: the default path of gRPC health checks. */
    private static final String GRPC_PATH = "/AWS.ALB/healthcheck";

    private final InetSocketAddress address;
    private final TargetGroup group;
    private final CodeMatcher matcher;
    private final Consumer<Outcome> result;

    private Http2Probe(InetSocketAddress address, TargetGroup group, CodeMatcher matcher, Consumer<Outcome> result) {
        this.address = address;
        this.group = group;
        this.matcher = matcher;
        this.result = result;
    }

    static void add(Channel channel, InetSocketAddress address, TargetGroup group, CodeMatcher matcher,
            Consumer<Outcome> result) {
        channel.pipeline().addLast(Http2FrameCodecBuilder.forClient().build(),
                new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                new Http2Probe(address, group, matcher, result));
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.fireChannelActive();
        new Http2StreamChannelBootstrap(context.channel()).handler(new Reply()).open().addListener(opened -> {
            if (opened.isSuccess()) {
                ask((Http2StreamChannel) opened.getNow());
            } else {
                result.accept(Outcome.FAILED);
            }
        });
    }

    private void ask(Http2StreamChannel stream) {
        boolean grpc = group.protocolVersion() == TargetGroup.ProtocolVersion.GRPC;
        String path = group.healthCheck().path();
        Http2Headers headers = new DefaultHttp2Headers()
                .method(grpc ? "POST" : "GET")
                .scheme(group.healthCheck().protocol() == TargetGroup.Protocol.HTTPS ? "https" : "http")
                .authority(address.getAddress().getHostAddress() + ":" + address.getPort())
                .path(grpc && path.equals("/") ? GRPC_PATH : path)
                .add("user-agent", "ELB-HealthChecker/2.0");
        if (!grpc) {
            stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, true));
            return;
        }
        headers.add("content-type", "application/grpc").add("te", "trailers");
        stream.write(new DefaultHttp2HeadersFrame(headers, false));
        stream.writeAndFlush(new DefaultHttp2DataFrame(stream.alloc().buffer(5).writeZero(5), true));
    }

    private final class Reply extends SimpleChannelInboundHandler<Http2StreamFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, Http2StreamFrame frame) {
            if (!(frame instanceof Http2HeadersFrame reply)) {
                return;
            }
            boolean grpc = group.protocolVersion() == TargetGroup.ProtocolVersion.GRPC;
            CharSequence code = reply.headers().get(grpc ? "grpc-status" : ":status");
            if (code != null && code.toString().matches("[0-9]{1,3}")) {
                int number = Integer.parseInt(code.toString());
                result.accept(matcher.matches(number) ? Outcome.PASSED : Outcome.mismatch(number));
            } else if (reply.isEndStream() || !grpc) {
                result.accept(Outcome.FAILED);
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        result.accept(Outcome.FAILED);
    }
}
