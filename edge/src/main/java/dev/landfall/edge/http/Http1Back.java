package dev.landfall.edge.http;

import dev.landfall.edge.http.Exchange.Fault;
import dev.landfall.edge.net.ByteSink;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import javax.net.ssl.SSLException;

/** A connection of HTTP/1.1 to a target: at work for one exchange, or at rest in its pool. Of one event loop. */
final class Http1Back extends ChannelInboundHandlerAdapter implements Back {
    private enum State { RESTING, HEAD, BODY, TUNNEL, CLOSED }

    /** A body that is not larger goes into the buffer of its head: one write is cheaper than two. */
    private static final int SMALL = 4_096;

    private final Pool pool;
    private final Head head = new Head();
    private final BodyReader body = new BodyReader();
    private final Http1Output output = new Http1Output();
    private ChannelHandlerContext context;
    private State state = State.RESTING;
    private Exchange exchange;
    private Front lastFront;
    private boolean reused;
    private boolean paused;
    private boolean chunks;
    private long restsUntilNanos;
    private Throwable trouble;

    Http1Back(Pool pool) {
        this.pool = pool;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
    }

    // ---- the pool's side ----

    boolean usable() {
        return state == State.RESTING && context.channel().isActive();
    }

    void attach(Exchange exchange) {
        this.exchange = exchange;
        lastFront = exchange.front();
        state = State.HEAD;
        head.clear();
    }

    void restsUntil(long nanos) {
        restsUntilNanos = nanos;
    }

    boolean restingSince(long nowNanos) {
        return nowNanos - restsUntilNanos >= 0;
    }

    boolean resting() {
        return state == State.RESTING;
    }

    void close() {
        state = State.CLOSED;
        output.release();
        context.close();
    }

    /** The target's deregistration delay is over. */
    void gone() {
        Exchange ended = exchange;
        exchange = null;
        close();
        if (ended != null) {
            ended.failed(Fault.GONE);
        }
    }

    // ---- the request ----

    @Override
    public void send(Exchange exchange) {
        ByteSink sink = pool.loop().sink().clear();
        RequestEncoder.write(sink, exchange);
        chunks = exchange.requestFraming() == Framing.STREAM;
        int room = exchange.requestFraming() == Framing.NONE ? 0
                : (int) Math.min(SMALL, Math.max(64, exchange.request().contentLength));
        output.start(context, sink, room);
    }

    @Override
    public void body(ByteBuf piece) {
        output.body(context, piece, chunks ? Http1Output.Kind.CHUNK : Http1Output.Kind.PLAIN);
    }

    @Override
    public void end(Head trailers) {
        if (chunks) {
            output.lastChunk(context, trailers);
        }
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
            context.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void resume() {
        if (paused) {
            paused = false;
            context.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void abort() {
        exchange = null;
        close();
    }

    @Override
    public boolean reused() {
        return reused;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange != null && context.channel().isWritable()) {
            exchange.backWritable();
        }
    }

    // ---- the response ----

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable()) {
                if (!take(in)) {
                    return;
                }
            }
        } finally {
            ReferenceCountUtil.release(in);
        }
    }

    /** Takes what belongs to the present state; false if nothing more can be made of the bytes. */
    private boolean take(ByteBuf in) {
        switch (state) {
            case HEAD -> {
                HeadParser.Result result = HeadParser.read(head, in, HeadParser.Kind.RESPONSE);
                if (result == HeadParser.Result.COMPLETE) {
                    return head(in);
                }
                if (result != HeadParser.Result.MORE) {
                    fail(Fault.MALFORMED);
                    return false;
                }
            }
            case BODY -> {
                BodyReader.Result result = body.read(in, exchange::responseBody);
                if (exchange == null) {
                    return false;           // the client went away while it was written to
                }
                if (result == BodyReader.Result.MALFORMED) {
                    fail(Fault.MALFORMED);
                    return false;
                }
                if (result == BodyReader.Result.DONE) {
                    complete(in);
                }
            }
            case TUNNEL -> exchange.responseBody(in.readRetainedSlice(in.readableBytes()));
            case RESTING -> {
                close();                    // a response to no request: nobody's
                return false;
            }
            case CLOSED -> {
                return false;
            }
        }
        return state != State.CLOSED && exchange != null || state == State.RESTING;
    }

    private boolean head(ByteBuf in) {
        if (head.status / 100 == 1 && head.status != 101) {
            exchange.interim(head);
            head.clear();
            return true;
        }
        if (head.status == 101) {
            if (!exchange.upgrades() || head.find(Field.UPGRADE) < 0) {
                fail(Fault.MALFORMED);
                return false;
            }
            state = State.TUNNEL;
            exchange.responseHead(head, Framing.STREAM);
            return exchange != null;
        }
        Framing framing = framing();
        state = State.BODY;
        exchange.responseHead(head, framing);
        if (exchange == null) {
            return false;
        }
        if (body.done()) {
            complete(in);
        }
        return true;
    }

    /** RFC 9112, 6.3. */
    private Framing framing() {
        boolean toHead = exchange.request().methodIs("HEAD");
        if (toHead || head.status == 204 || head.status == 304) {
            body.none();
            return Framing.NONE;
        }
        if (head.chunked) {
            body.chunks();
            return Framing.STREAM;
        }
        if (head.contentLength >= 0) {
            body.length(head.contentLength);
            return Framing.LENGTH;
        }
        body.untilClose();
        return Framing.STREAM;
    }

    /** The response is complete: back to the pool before the client's next request, which may want this connection. */
    private void complete(ByteBuf rest) {
        Exchange ended = exchange;
        boolean keeps = !head.closes && (head.version == 11 || head.keepsAlive) && !ended.closesBack()
                && ended.requestEnded() && !rest.isReadable() && context.channel().isActive();
        exchange = null;
        resume();
        if (keeps) {
            state = State.RESTING;
            reused = true;
            pool.offer(this, ended.routes().settings().idleTimeoutSeconds());
        } else {
            rest.skipBytes(rest.readableBytes());
            close();
        }
        ended.responseEnd(body.trailers());
    }

    private void fail(Fault fault) {
        Exchange ended = exchange;
        exchange = null;
        close();
        if (ended != null) {
            ended.failed(fault);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (lastFront != null) {
            lastFront.flush();
            if (exchange == null) {
                lastFront = null;
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        pool.removed(this);
        State last = state;
        state = State.CLOSED;
        output.release();
        Exchange ended = exchange;
        exchange = null;
        if (ended == null) {
            return;
        }
        Front front = ended.front();
        if (last == State.TUNNEL || last == State.BODY && body.endsWithConnection() && trouble == null) {
            ended.responseEnd(body.trailers());
        } else {
            boolean nothing = last == State.HEAD && head.length == 0;
            ended.failed(trouble instanceof SSLException ? Fault.TLS : nothing ? Fault.CLOSED : Fault.MALFORMED);
        }
        front.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        trouble = cause.getCause() instanceof SSLException ? cause.getCause() : cause;
        context.close();
    }
}
