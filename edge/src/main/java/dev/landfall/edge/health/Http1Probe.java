package dev.landfall.edge.health;

import dev.landfall.protocol.edge.TargetGroup.HealthCheck;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Asks with HTTP/1.1 as ALB does and reads the status line; the rest of the response is nobody's concern. */
final class Http1Probe extends SimpleChannelInboundHandler<ByteBuf> {
    /** "HTTP/1.1 200" */
    private static final int STATUS_END = 12;

    private final InetSocketAddress address;
    private final HealthCheck check;
    private final CodeMatcher matcher;
    private final Consumer<Outcome> result;
    private final StringBuilder start = new StringBuilder();

    Http1Probe(InetSocketAddress address, HealthCheck check, CodeMatcher matcher, Consumer<Outcome> result) {
        this.address = address;
        this.check = check;
        this.matcher = matcher;
        this.result = result;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        String host = address.getAddress().getHostAddress();
        String request = "GET " + check.path() + " HTTP/1.1\r\nHost: "
                + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort()
                + "\r\nConnection: close\r\nUser-Agent: ELB-HealthChecker/2.0\r\n"
                + "Accept-Encoding: gzip, compressed\r\n\r\n";
        ByteBuf out = context.alloc().buffer(request.length());
        out.writeCharSequence(request, StandardCharsets.UTF_8);
        context.writeAndFlush(out);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf in) {
        while (in.isReadable() && start.length() < STATUS_END) {
            start.append((char) (in.readByte() & 0xff));
        }
        if (start.length() == STATUS_END) {
            result.accept(outcome(start.toString()));
        }
    }

    private Outcome outcome(String line) {
        if (!line.matches("HTTP/1\\.[01] [1-9][0-9]{2}")) {
            return Outcome.FAILED;
        }
        int status = Integer.parseInt(line.substring(9));
        return matcher.matches(status) ? Outcome.PASSED : Outcome.mismatch(status);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        result.accept(Outcome.FAILED);
    }
}
