package dev.landfall.edge.http;

import dev.landfall.edge.metric.Counter;
import dev.landfall.edge.net.ByteSink;
import dev.landfall.edge.net.Loop;
import dev.landfall.edge.route.Routes;
import dev.landfall.edge.tls.TlsInfo;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
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
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/** A stream of a client's HTTP/2 connection: one request and its response. Of one event loop. */
final class Http2Front extends ChannelInboundHandlerAdapter implements Front {
    private final Site site;
    private final Loop loop;
    private final TlsInfo tls;
    private final InetSocketAddress client;
    private final Head head = new Head();
    /** What came before the target could take it; the stream's window bounds it. */
    private final ArrayDeque<ByteBuf> ahead = new ArrayDeque<>();
    private final Http2Flush flush;
    private Head trailers = Head.NONE;
    private ChannelHandlerContext context;
    private Future<?> timer;
    private Exchange exchange;
    private boolean begun;
    private boolean inputEnded;
    private boolean endTold;
    private boolean outputEnded;
    /** The write that ends the response. */
    private ChannelFuture last;
    private boolean paused;
    private long activeNanos = System.nanoTime();
    private long received;
    private long sent;

    Http2Front(Site site, Loop loop, TlsInfo tls, InetSocketAddress client, Http2Flush flush) {
        this.site = site;
        this.loop = loop;
        this.tls = tls;
        this.client = client;
        this.flush = flush;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        schedule(timeoutNanos());
    }

    // ---- reading ----

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        activeNanos = System.nanoTime();
        switch (message) {
            case Http2HeadersFrame frame -> headers(frame);
            case Http2DataFrame frame -> {
                received += frame.initialFlowControlledBytes();
                inputEnded |= frame.isEndStream();
                if (exchange == null || exchange.over()) {
                    frame.release();
                } else {
                    ahead.add(frame.content());
                    pass();
                }
            }
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void headers(Http2HeadersFrame frame) {
        inputEnded |= frame.isEndStream();
        if (begun) {
            trailers = Http2Text.trailers(frame.headers());
            pass();
            return;
        }
        begun = true;
        received += 9;
        Routes routes = site.routes();
        boolean sound = Http2Text.request(head, frame.headers());
        received += head.length;
        if (!sound || routes.settings().desyncMode().blocks(head.desync.level()) || head.methodIs("CONNECT")) {
            exchange = new Exchange(this, routes, head, Framing.NONE);
            exchange.refuse(Answer.fatal(400));
            return;
        }
        Framing framing = frame.isEndStream() ? Framing.NONE
                : head.contentLength >= 0 ? Framing.LENGTH : Framing.STREAM;
        endTold = framing == Framing.NONE;
        exchange = new Exchange(this, routes, head, framing);
        exchange.start();
    }

    /** Passes on what the target can take, and then the end. */
    private void pass() {
        while (exchange != null && exchange.takesBody() && !ahead.isEmpty() && !paused) {
            exchange.requestBody(ahead.poll());
        }
        if (exchange != null && exchange.takesBody() && ahead.isEmpty() && inputEnded && !endTold) {
            endTold = true;
            exchange.requestEnd(trailers);
        }
        context.channel().config().setAutoRead(!paused && ahead.isEmpty());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.flushBack();
        }
    }

    // ---- the exchange's side ----

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public InetSocketAddress client() {
        return client;
    }

    @Override
    public String zone() {
        return site.zone();
    }

    @Override
    public TlsInfo tls() {
        return tls;
    }

    @Override
    public String protocol() {
        return "HTTP/2.0";
    }

    @Override
    public void head(Head response, Framing framing) {
        activeNanos = System.nanoTime();
        ByteSink sink = loop.sink().clear();
        ResponseEncoder.write(sink, exchange, response, framing, ResponseEncoder.After.UNSAID,
                ResponseEncoder.Chunking.OTHER);
        sent += sink.length();
        outputEnded = framing == Framing.NONE;
        Http2Headers headers = Http2Text.headers(sink).status(Integer.toString(response.status));
        last = context.write(new DefaultHttp2HeadersFrame(headers, outputEnded));
    }

    @Override
    public void interim(Head response) {
        ByteSink sink = loop.sink().clear();
        ResponseEncoder.interim(sink, response);
        context.write(new DefaultHttp2HeadersFrame(
                Http2Text.headers(sink).status(Integer.toString(response.status)), false));
    }

    @Override
    public void body(ByteBuf piece) {
        activeNanos = System.nanoTime();
        sent += piece.readableBytes();
        context.write(new DefaultHttp2DataFrame(piece, false));
    }

    @Override
    public void end(Head trailers) {
        if (outputEnded) {
            return;
        }
        outputEnded = true;
        if (trailers.fields > 0) {
            last = context.write(new DefaultHttp2HeadersFrame(Http2Text.trailers(trailers), true));
        } else {
            last = context.write(new DefaultHttp2DataFrame(true));
        }
    }

    @Override
    public void answer(Answer answer) {
        ByteSink sink = loop.sink().clear();
        ResponseEncoder.write(sink, answer, exchange.routes().listenerSettings(), loop.date(),
                ResponseEncoder.After.UNSAID, ResponseEncoder.Body.LEFT_OUT);
        boolean bodiless = head.methodEnd >= 0 && head.methodIs("HEAD") || answer.body().length == 0;
        sent += sink.length();
        last = context.write(new DefaultHttp2HeadersFrame(
                Http2Text.headers(sink).status(Integer.toString(answer.status())), bodiless));
        if (!bodiless) {
            sent += answer.body().length;
            last = context.write(new DefaultHttp2DataFrame(
                    context.alloc().buffer(answer.body().length).writeBytes(answer.body()), true));
        }
        outputEnded = true;
    }

    @Override
    public void abort() {
        exchange = null;
        context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
        context.close();
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
        paused = true;
        context.channel().config().setAutoRead(false);
    }

    @Override
    public void resume() {
        paused = false;
        pass();
        if (exchange != null) {
            exchange.flushBack();
        }
    }

    @Override
    public void done() {
        exchange = null;
        releaseAhead();
        site.routes().meter().total().add(loop, Counter.PROCESSED_BYTES, sent + received);
        if (!inputEnded) {
            // All was said while the client still sends: it may stop (RFC 9113, 8.1). A reset throws away what waits.
            last.addListener(all -> context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR)));
        }
        flush.soon();
    }

    @Override
    public long sentBytes() {
        return sent;
    }

    @Override
    public long receivedBytes() {
        return received;
    }

    // ---- the stream ----

    private void releaseAhead() {
        ahead.forEach(ByteBuf::release);
        ahead.clear();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange != null && context.channel().isWritable()) {
            exchange.frontWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        timer.cancel(false);
        Exchange ended = exchange;
        exchange = null;
        releaseAhead();
        if (ended != null) {
            ended.clientGone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    private long timeoutNanos() {
        return TimeUnit.SECONDS.toNanos(site.routes().settings().idleTimeoutSeconds());
    }

    private void schedule(long delayNanos) {
        timer = loop.events().schedule(this::checkIdle, Math.max(delayNanos, 1_000_000), TimeUnit.NANOSECONDS);
    }

    private void checkIdle() {
        if (exchange == null || !context.channel().isActive()) {
            return;
        }
        long idle = System.nanoTime() - activeNanos;
        if (idle < timeoutNanos()) {
            schedule(timeoutNanos() - idle);
        } else {
            exchange.idle();
            flush();
        }
    }
}
