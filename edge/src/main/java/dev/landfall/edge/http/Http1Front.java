package dev.landfall.edge.http;

import dev.landfall.edge.metric.BalancerMeter;
import dev.landfall.edge.metric.Counter;
import dev.landfall.edge.net.Budget;
import dev.landfall.edge.net.ByteSink;
import dev.landfall.edge.net.Loop;
import dev.landfall.edge.route.Routes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A client's connection of HTTP/1.1. Requests are served one after the other; what a client sends ahead waits, and when
 * that is much, is not read. Of one event loop.
 */
final class Http1Front extends ChannelInboundHandlerAdapter implements Front {
    private enum State { HEAD, BODY, TUNNEL, DISCARD }

    /** Bytes read ahead at most, and one read more. */
    private static final int MAX_AHEAD = 64 * 1_024;
    /** Answers to requests that were sent ahead are gathered up to here before they are sent. */
    private static final int MAX_UNSENT = 32 * 1_024;
    /** A response body that is not larger goes into the buffer of its head. */
    private static final int SMALL = 4_096;
    /** How long a client may still send what nobody reads, so that it can read our last answer. */
    private static final int LINGER_SECONDS = 2;

    private final Site site;
    private final Peer peer;
    private final Loop loop;
    private final BalancerMeter meter;
    private final Head head = new Head();
    private final Budget.Share share;
    private final BodyReader body = new BodyReader();
    private final Http1Output output = new Http1Output();
    private ChannelHandlerContext context;
    private Future<?> timer;
    private State state = State.HEAD;
    private ByteBuf ahead;
    private Exchange exchange;
    private boolean processing;
    private boolean full;
    private boolean paused;
    private boolean chunks;
    private boolean closing;
    private boolean aborted;
    private long openedNanos;
    private long activeNanos;
    private long headSinceNanos;
    private long received;
    private long counted;

    Http1Front(Site site, Peer peer) {
        this.site = site;
        this.peer = peer;
        loop = peer.loop();
        share = loop.transport().heads().new Share();
        meter = site.routes().meter();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        openedNanos = System.nanoTime();
        activeNanos = openedNanos;
        meter.activeConnections().incrementAndGet();
        meter.total().add(loop, Counter.NEW_CONNECTIONS, 1);
        schedule(site.routes().settings().idleTimeoutSeconds() * 1_000_000_000L);
    }

    // ---- reading ----

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var in = (ByteBuf) message;
        received += in.readableBytes();
        activeNanos = System.nanoTime();
        ahead = Joined.of(context.alloc(), ahead, in);
        process();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        flushBack();
        output.flush(context);
    }

    /** Makes what it can of the bytes at hand. Never entered twice: whoever would enter again has the loop go on. */
    private void process() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            boolean goesOn = true;
            while (goesOn && ahead != null && ahead.isReadable()) {
                goesOn = step(ahead);
            }
        } finally {
            processing = false;
        }
        if (ahead != null && !ahead.isReadable()) {
            ahead.release();
            ahead = null;
        }
        full = ahead != null && ahead.readableBytes() >= loop.transport().scarcity().atMost(MAX_AHEAD);
        updateReading();
    }

    private boolean step(ByteBuf in) {
        switch (state) {
            case HEAD -> {
                return exchange == null && !closing && roomForAnswer() && readHead(in);
            }
            case BODY -> {
                if (exchange == null || !exchange.takesBody()) {
                    return false;
                }
                BodyReader.Result result = body.read(in, exchange::requestBody);
                if (result == BodyReader.Result.MALFORMED && exchange != null) {
                    exchange.requestMalformed();
                } else if (result == BodyReader.Result.DONE) {
                    state = State.HEAD;
                    headSinceNanos = 0;
                    if (exchange != null) {
                        exchange.requestEnd(body.trailers());
                    }
                }
                return state != State.BODY || exchange != null;
            }
            case TUNNEL -> {
                exchange.requestBody(in.readRetainedSlice(in.readableBytes()));
                return true;
            }
            case DISCARD -> {
                in.skipBytes(in.readableBytes());
                return true;
            }
        }
        return false;
    }

    /** Who asks ahead and does not read the answers is not answered any further until it does. */
    private boolean roomForAnswer() {
        if (output.pendingBytes() > 0
                && output.pendingBytes() >= loop.transport().scarcity().atMost(MAX_UNSENT)) {
            output.flush(context);
        }
        return context.channel().isWritable();
    }

    private boolean readHead(ByteBuf in) {
        if (headSinceNanos == 0) {
            headSinceNanos = activeNanos;
            head.clear();
        }
        HeadParser.Result result = HeadParser.read(head, in, HeadParser.Kind.REQUEST);
        boolean fits = share.hold(head.capacity());
        if (result == HeadParser.Result.MORE && fits) {
            return true;
        }
        headSinceNanos = 0;
        if (!fits) {
            refuse(site.routes(), 503);
            return true;
        }
        Routes routes = site.routes();
        switch (result) {
            case COMPLETE -> begin(routes);
            case LINE_TOO_LONG -> refuse(routes, 414);
            case UNSUPPORTED_TRANSFER_ENCODING -> refuse(routes, 501);
            case TOO_LARGE, MALFORMED -> refuse(routes, 400);
            case MORE -> throw new IllegalStateException("handled before");
        }
        return true;
    }

    private void refuse(Routes routes, int status) {
        exchange = new Exchange(this, routes, head, Framing.NONE);
        exchange.refuse(Answer.fatal(status));
    }

    private void begin(Routes routes) {
        if (routes.settings().desyncMode().blocks(head.desync.level()) || !Targets.resolve(head)
                || head.methodIs("CONNECT")) {
            refuse(routes, 400);
            return;
        }
        Framing framing = head.chunked ? Framing.STREAM : head.contentLength > 0 ? Framing.LENGTH : Framing.NONE;
        switch (framing) {
            case STREAM -> body.chunks();
            case LENGTH -> body.length(head.contentLength);
            case NONE -> body.none();
        }
        state = framing == Framing.NONE ? State.HEAD : State.BODY;
        exchange = new Exchange(this, routes, head, framing);
        exchange.start();
    }

    private void updateReading() {
        context.channel().config().setAutoRead(!full && !paused);
    }

    // ---- the exchange's side ----

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public String protocol() {
        return head.version == 10 ? "HTTP/1.0" : "HTTP/1.1";
    }

    @Override
    public void head(Head response, Framing framing) {
        activeNanos = System.nanoTime();
        boolean upgrade = response.status == 101;
        boolean chunkable = head.version == 11;
        boolean bodiless = response.status / 100 == 1 || response.status == 204 || response.status == 304
                || head.methodIs("HEAD");
        chunks = framing == Framing.STREAM && chunkable && !upgrade;
        boolean closes = framing == Framing.STREAM && !chunks && !upgrade && !bodiless;
        closing |= closes || exchange.closesFront() || !keepsAlive(exchange.routes());
        var after = upgrade ? ResponseEncoder.After.UPGRADE
                : closing ? ResponseEncoder.After.CLOSE : ResponseEncoder.After.KEEP_ALIVE;
        ByteSink sink = loop.sink().clear();
        ResponseEncoder.write(sink, exchange, response, framing, after,
                chunks ? ResponseEncoder.Chunking.CHUNKS : ResponseEncoder.Chunking.OTHER);
        int room = switch (framing) {
            case NONE -> 0;
            case LENGTH -> response.contentLength <= SMALL ? (int) response.contentLength : 0;
            case STREAM -> 256;
        };
        output.start(context, sink, room);
        if (upgrade) {
            state = State.TUNNEL;
            process();
        }
    }

    private boolean keepsAlive(Routes routes) {
        return !head.closes && !site.retired() && (head.version == 11 || head.keepsAlive)
                && activeNanos - openedNanos
                        < TimeUnit.SECONDS.toNanos(routes.settings().clientKeepAliveSeconds());
    }

    @Override
    public void interim(Head response) {
        if (head.version == 11) {
            ByteSink sink = loop.sink().clear();
            ResponseEncoder.interim(sink, response);
            output.start(context, sink, 0);
        }
    }

    @Override
    public void body(ByteBuf piece) {
        activeNanos = System.nanoTime();
        output.body(context, piece, chunks ? Http1Output.Kind.CHUNK : Http1Output.Kind.PLAIN);
    }

    @Override
    public void end(Head trailers) {
        if (chunks) {
            output.lastChunk(context, trailers);
        }
        closing |= state == State.TUNNEL;
    }

    @Override
    public void answer(Answer answer) {
        closing |= answer.closes() || exchange.closesFront() || !keepsAlive(exchange.routes());
        ByteSink sink = loop.sink().clear();
        ResponseEncoder.write(sink, answer, exchange.routes().listenerSettings(), loop.date(),
                closing ? ResponseEncoder.After.CLOSE : ResponseEncoder.After.KEEP_ALIVE,
                head.methodEnd >= 0 && head.methodIs("HEAD")
                        ? ResponseEncoder.Body.LEFT_OUT : ResponseEncoder.Body.SENT);
        output.start(context, sink, 0);
    }

    @Override
    public void abort() {
        aborted = true;
        exchange = null;
        state = State.DISCARD;          // with TLS, reading goes on for a moment
        output.flush(context);
        context.close();
    }

    @Override
    public void flush() {
        output.flush(context);
    }

    @Override
    public boolean writable() {
        return context.channel().isWritable();
    }

    @Override
    public void pause() {
        if (!paused) {
            paused = true;
            updateReading();
        }
    }

    @Override
    public void resume() {
        paused = false;
        if (!processing) {
            process();
            flushBack();
        }
    }

    private void flushBack() {
        if (exchange != null) {
            exchange.flushBack();
        }
    }

    @Override
    public void done() {
        closing |= exchange != null && exchange.closesFront();
        exchange = null;
        count();
        if (aborted) {
            return;
        }
        if (closing) {
            close();
        } else {
            head.clear();               // which a connection at rest need not keep
            share.release();
            paused = false;
            if (!processing) {
                output.flush(context);
                process();
                flushBack();
                if (output.pendingBytes() > 0) {
                    output.flush(context);      // answers of our own to what was asked ahead
                }
            }
        }
    }

    private void count() {
        long bytes = received + output.written();
        meter.total().add(loop, Counter.PROCESSED_BYTES, bytes - counted);
        counted = bytes;
    }

    /**
     * Sends what there is and then the end, and reads on for a moment: closing while the client still sends would make
     * its system throw away the answer it has not read yet.
     */
    private void close() {
        boolean clean = state == State.HEAD && (ahead == null || !ahead.isReadable());
        state = State.DISCARD;
        output.flush(context);
        context.channel().config().setAutoRead(true);
        paused = false;
        if (clean || !(context.channel() instanceof DuplexChannel duplex) || peer.tls().present()) {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> context.close());
            return;
        }
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> duplex.shutdownOutput());
        loop.events().schedule(() -> context.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        process();
    }

    @Override
    public long sentBytes() {
        return output.written();
    }

    @Override
    public long receivedBytes() {
        return received;
    }

    // ---- the connection ----

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!context.channel().isWritable()) {
            return;
        }
        if (exchange != null) {
            exchange.frontWritable();
        } else if (!processing) {
            process();
            flushBack();
            if (output.pendingBytes() > 0) {
                output.flush(context);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        timer.cancel(false);
        Exchange ended = exchange;
        exchange = null;
        state = State.DISCARD;
        meter.activeConnections().decrementAndGet();
        if (ended != null) {
            ended.clientGone();
        }
        count();
        share.release();
        output.release();
        if (ahead != null && !processing) {
            ahead.release();
            ahead = null;
        }
    }

    /** The listener is no more. A response that has begun has said already whether the connection goes on. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event == Site.Event.RETIRED && state != State.TUNNEL) {
            if (exchange == null && !closing) {
                context.close();
            } else {
                closing = true;
            }
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();        // a reset by the client, or a fault of TLS: channelInactive does the rest
    }

    /** One task for each connection, which asks how long nothing has happened and comes again when it could be due. */
    private void schedule(long delayNanos) {
        timer = loop.events().schedule(this::checkIdle, Math.max(delayNanos, 1_000_000), TimeUnit.NANOSECONDS);
    }

    private void checkIdle() {
        if (!context.channel().isActive()) {
            return;
        }
        long timeout = TimeUnit.SECONDS.toNanos(site.routes().settings().idleTimeoutSeconds());
        long now = System.nanoTime();
        // Whoever sends a head byte by byte is not active: the time runs from its first byte.
        long since = headSinceNanos != 0 ? headSinceNanos : activeNanos;
        if (now - since < timeout) {
            schedule(timeout - (now - since));
            return;
        }
        if (exchange != null) {
            exchange.idle();
            flush();
        } else if (headSinceNanos != 0) {
            headSinceNanos = 0;
            refuse(site.routes(), 408);
        } else {
            context.close();
        }
        if (context.channel().isActive()) {
            schedule(timeout);
        }
    }
}
