package dev.landfall.edge.http;

import dev.landfall.edge.http.Exchange.Fault;
import dev.landfall.edge.net.ByteSink;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/** A stream of an HTTP/2 connection to a target, for one exchange. Of one event loop. */
final class Http2Back extends ChannelInboundHandlerAdapter implements Back {
    private final Pool pool;
    private final Front front;
    private final boolean reused;
    private final int idleTimeoutSeconds;
    private final Http2Flush flush;
    private final Head head = new Head();
    private Exchange exchange;
    private ChannelHandlerContext context;
    private boolean headRead;
    /** Whether the head is all of the response that may be passed on. */
    private boolean bodiless;
    private boolean requestEnded;

    /** @param reused whether the connection has served before */
    Http2Back(Pool pool, Exchange exchange, Http2Flush flush, boolean reused) {
        this.pool = pool;
        this.flush = flush;
        this.exchange = exchange;
        this.reused = reused;
        front = exchange.front();
        idleTimeoutSeconds = exchange.routes().settings().idleTimeoutSeconds();
    }

    /** Of the load balancer. */
    int idleTimeoutSeconds() {
        return idleTimeoutSeconds;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        limit();
    }

    /** What may be unsent of the stream, as memory is now. */
    void limit() {
        if (context != null) {
            pool.loop().transport().scarcity().limitStream(context.channel());
        }
    }

    // ---- the request ----

    @Override
    public void send(Exchange exchange) {
        ByteSink sink = pool.loop().sink().clear();
        RequestEncoder.write(sink, exchange);
        Head request = exchange.request();
        Http2Headers headers = Http2Text.headers(sink);
        CharSequence host = headers.get("host");
        headers.remove("host");
        headers.remove("transfer-encoding");
        headers.remove("connection");
        byte[] bytes = sink.bytes();
        int targetEnd = Ascii.indexOf(bytes, request.methodEnd + 1, sink.length(), ' ');
        headers.method(request.text(0, request.methodEnd))
                .path(new String(bytes, request.methodEnd + 1, targetEnd - request.methodEnd - 1,
                        StandardCharsets.ISO_8859_1))
                .scheme(exchange.groupSettings().secure() ? "https" : "http");
        if (host != null && host.length() > 0) {
            headers.authority(host);
        }
        requestEnded = exchange.requestFraming() == Framing.NONE;
        context.write(new DefaultHttp2HeadersFrame(headers, requestEnded));
    }

    @Override
    public void body(ByteBuf piece) {
        context.write(new DefaultHttp2DataFrame(piece, false));
    }

    @Override
    public void end(Head trailers) {
        if (!requestEnded) {
            requestEnded = true;
            context.write(trailers.fields > 0
                    ? new DefaultHttp2HeadersFrame(Http2Text.trailers(trailers), true)
                    : new DefaultHttp2DataFrame(true));
        }
    }

    @Override
    public void flush() {
        flush.soon();
    }

    @Override
    public boolean writable() {
        return context.channel().isWritable();
    }

    @Override
    public void pause() {
        context.channel().config().setAutoRead(false);
    }

    @Override
    public void resume() {
        context.channel().config().setAutoRead(true);
    }

    @Override
    public void abort() {
        exchange = null;
        if (context != null && context.channel().isActive()) {
            context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
        }
    }

    void gone() {
        Exchange ended = exchange;
        abort();
        if (ended != null) {
            ended.failed(Fault.GONE);
        }
    }

    @Override
    public boolean reused() {
        return reused;
    }

    // ---- the response ----

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (exchange == null) {
            ReferenceCountUtil.release(message);
            return;
        }
        switch (message) {
            case Http2HeadersFrame frame when !headRead -> head(frame);
            case Http2HeadersFrame frame -> {
                complete(Http2Text.trailers(frame.headers()));
            }
            case Http2DataFrame frame -> {
                boolean last = frame.isEndStream();
                if (frame.content().isReadable() && !bodiless) {
                    exchange.responseBody(frame.content());
                } else {
                    frame.release();
                }
                if (last && exchange != null) {
                    complete(Head.NONE);
                }
            }
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void head(Http2HeadersFrame frame) {
        if (!Http2Text.response(head, frame.headers()) || head.status == 101) {
            fail(Fault.MALFORMED);
            return;
        }
        if (head.status / 100 == 1) {
            exchange.interim(head);
            return;
        }
        headRead = true;
        bodiless = frame.isEndStream() || exchange.request().methodIs("HEAD")
                || head.status == 204 || head.status == 304;
        Framing framing = bodiless ? Framing.NONE : head.contentLength >= 0 ? Framing.LENGTH : Framing.STREAM;
        exchange.responseHead(head, framing);
        if (frame.isEndStream() && exchange != null) {
            complete(Head.NONE);
        }
    }

    private void complete(Head trailers) {
        Exchange ended = exchange;
        exchange = null;
        if (!ended.requestEnded()) {
            context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
        }
        ended.responseEnd(trailers);
    }

    private void fail(Fault fault) {
        Exchange ended = exchange;
        abort();
        if (ended != null) {
            ended.failed(fault);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        front.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange != null && context.channel().isWritable()) {
            exchange.backWritable();
        }
    }

    /** Also after a reset by the target. */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Exchange ended = exchange;
        exchange = null;
        if (ended != null) {
            ended.failed(headRead ? Fault.MALFORMED : Fault.CLOSED);
            front.flush();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(Fault.CLOSED);
    }
}
