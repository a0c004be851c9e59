package dev.landfall.edge.http;

import dev.landfall.edge.http.Http2.Code;
import dev.landfall.edge.http.Http2Output.End;
import dev.landfall.edge.metric.Counter;
import dev.landfall.edge.net.Budget;
import dev.landfall.edge.net.ByteSink;
import dev.landfall.edge.route.Routes;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * A stream of a client's HTTP/2 connection: one request and its response, and what either side's windows hold back. Of
 * one event loop.
 */
final class Http2Front implements Front {
    /** What may wait for the client's windows; the target is not read meanwhile. */
    private static final int MAX_WAITING = 32 * 1_024;

    /** What small pieces that wait are copied to, in bytes. */
    private static final int GATHERED = 2_048;

    private final Http2Connection connection;
    private final Http2Output output;
    private final int id;
    private final Head head;
    private final Budget.Share share;
    private long heldBytes;
    /** What came before the target could take it; the stream's window bounds it. */
    private final ArrayDeque<ByteBuf> ahead = new ArrayDeque<>(0);
    private int aheadBytes;
    /** The last of these, if it is one that more may be copied to. */
    private ByteBuf gathered;
    /** What the client's windows do not take yet. */
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>(0);
    private Head requestTrailers = Head.NONE;
    private Head responseTrailers = Head.NONE;
    private Exchange exchange;
    /** What the client may still send, and what of it has been passed on and not yet been given back. */
    private int receiveWindow;
    private int consumed;
    private int sendWindow;
    private int waitingBytes;
    /** What the request's content-length leaves to come; -1 if it gave none. */
    private long announced = -1;
    private boolean inputEnded;
    private boolean endTold;
    /** The response is complete but for what waits; and it is sent. */
    private boolean outputEnded;
    private boolean outputSent;
    private boolean closed;
    private boolean paused;
    private long activeNanos = System.nanoTime();
    private long received;
    private long sent;

    Http2Front(Http2Connection connection, int id, Head head, int receiveWindow, int sendWindow) {
        this.connection = connection;
        this.id = id;
        this.head = head;
        this.receiveWindow = receiveWindow;
        this.sendWindow = sendWindow;
        output = connection.output();
        share = connection.peer().loop().transport().heads().new Share();
    }

    /** Counts a head as one that the stream keeps. @return whether there is room for it */
    boolean holds(int bytes) {
        heldBytes += bytes;
        return share.hold(heldBytes);
    }

    int id() {
        return id;
    }

    // ---- the request ----

    void begin(Routes routes, Http2Request.Result result, End end) {
        inputEnded = end == End.LAST;
        received = Http2.FRAME_HEAD + head.length;
        if (result == Http2Request.Result.BAD || routes.settings().desyncMode().blocks(head.desync.level())) {
            exchange = new Exchange(this, routes, head, Framing.NONE);
            exchange.refuse(Answer.fatal(400));
            return;
        }
        announced = head.contentLength;
        if (inputEnded && announced > 0) {
            connection.reset(this, Code.PROTOCOL_ERROR);        // RFC 9113, 8.1.1
            return;
        }
        Framing framing = inputEnded ? Framing.NONE : announced >= 0 ? Framing.LENGTH : Framing.STREAM;
        endTold = framing == Framing.NONE;
        exchange = new Exchange(this, routes, head, framing);
        exchange.start();
    }

    boolean inputEnded() {
        return inputEnded;
    }

    /** Counts a frame against the stream's window. @return false if it does not fit */
    boolean takes(int length) {
        receiveWindow -= length;
        return receiveWindow >= 0;
    }

    void data(ByteBuf in, int length, End end) {
        activeNanos = System.nanoTime();
        received += Http2.FRAME_HEAD + length;
        inputEnded = end == End.LAST;
        if (announced >= 0) {
            announced -= length;
            if (announced < 0 || inputEnded && announced > 0) {
                connection.consumed(length);
                connection.reset(this, Code.PROTOCOL_ERROR);    // RFC 9113, 8.1.1
                return;
            }
        }
        if (exchange == null || exchange.over() || length == 0) {
            consumed(length);
        } else {
            keep(in, length);
        }
        pass();
    }

    /**
     * As it is if it is passed on at once or most of its buffer. If not, copied: a few bytes that wait would keep all
     * that they came with, and the window knows nothing of that.
     */
    private void keep(ByteBuf in, int length) {
        aheadBytes += length;
        boolean waits = paused || !ahead.isEmpty() || !exchange.takesBody();
        if (!waits || 2 * length >= in.capacity()) {
            ahead.add(in.readRetainedSlice(length));
            gathered = null;
            return;
        }
        int rest = length;
        if (gathered != null) {
            int fitting = Math.min(rest, gathered.writableBytes());
            gathered.writeBytes(in, fitting);
            rest -= fitting;
        }
        if (rest > 0) {
            gathered = connection.allocate(Math.max(GATHERED, rest)).writeBytes(in, rest);
            ahead.add(gathered);
        }
    }

    /** What waits to be passed on, in bytes. */
    int aheadBytes() {
        return aheadBytes;
    }

    private ByteBuf pollAhead() {
        ByteBuf piece = ahead.poll();
        aheadBytes -= piece.readableBytes();
        if (piece == gathered) {
            gathered = null;
        }
        return piece;
    }

    void trailers(Head trailers) {
        activeNanos = System.nanoTime();
        inputEnded = true;
        if (announced > 0) {
            connection.reset(this, Code.PROTOCOL_ERROR);
            return;
        }
        requestTrailers = trailers;
        pass();
    }

    /** Passes on what the target can take, and then the end. */
    private void pass() {
        while (exchange != null && exchange.takesBody() && !ahead.isEmpty() && !paused) {
            ByteBuf piece = pollAhead();
            int length = piece.readableBytes();
            exchange.requestBody(piece);
            consumed(length);
        }
        if (exchange != null && exchange.takesBody() && ahead.isEmpty() && inputEnded && !endTold) {
            endTold = true;
            exchange.requestEnd(requestTrailers);
        }
        connection.touched(this);
    }

    void flushBack() {
        if (exchange != null) {
            exchange.flushBack();
        }
    }

    /** Gives room back, to the stream while it still sends and to the connection. */
    void consumed(int length) {
        connection.consumed(length);
        consumed += length;
        if (!inputEnded && !closed && consumed >= Http2Connection.STREAM_WINDOW / 2) {
            output.windowUpdate(id, consumed);
            receiveWindow += consumed;
            consumed = 0;
            output.flushSoon();
        }
    }

    // ---- the exchange's side ----

    @Override
    public Peer peer() {
        return connection.peer();
    }

    @Override
    public String protocol() {
        return "HTTP/2.0";
    }

    @Override
    public void head(Head response, Framing framing) {
        activeNanos = System.nanoTime();
        ByteSink sink = loop().sink().clear();
        ResponseEncoder.write(sink, exchange, response, framing, ResponseEncoder.After.UNSAID,
                ResponseEncoder.Chunking.OTHER);
        sent += sink.length();
        outputEnded = framing == Framing.NONE;
        outputSent = outputEnded;
        output.response(id, response.status, sink, outputEnded ? End.LAST : End.MORE);
    }

    @Override
    public void interim(Head response) {
        ByteSink sink = loop().sink().clear();
        ResponseEncoder.interim(sink, response);
        output.response(id, response.status, sink, End.MORE);
        output.flushSoon();
    }

    @Override
    public void body(ByteBuf piece) {
        activeNanos = System.nanoTime();
        if (closed || !piece.isReadable()) {
            piece.release();
            return;
        }
        waiting.add(piece);
        waitingBytes += piece.readableBytes();
        drain();
    }

    @Override
    public void end(Head trailers) {
        if (!outputEnded) {
            outputEnded = true;
            responseTrailers = trailers;
            drain();
        }
    }

    @Override
    public void answer(Answer answer) {
        ByteSink sink = loop().sink().clear();
        ResponseEncoder.write(sink, answer, exchange.routes().listenerSettings(), loop().date(),
                ResponseEncoder.After.UNSAID, ResponseEncoder.Body.LEFT_OUT);
        boolean bodiless = head.methodEnd >= 0 && head.methodIs("HEAD") || answer.body().length == 0;
        sent += sink.length();
        output.response(id, answer.status(), sink, bodiless ? End.LAST : End.MORE);
        outputSent = bodiless;
        outputEnded = true;
        if (!bodiless) {
            byte[] bytes = answer.body();
            waiting.add(connection.allocate(bytes.length).writeBytes(bytes));
            waitingBytes += bytes.length;
            drain();
        }
    }

    /**
     * Sends as much of what waits as both windows and the connection take, and then the end.
     *
     * @return whether nothing waits any more
     */
    boolean drain() {
        while (!waiting.isEmpty() && output.writable()) {
            int room = Math.min(Math.min(sendWindow, output.window()), Http2.FRAME_SIZE);
            if (room <= 0) {
                break;
            }
            ByteBuf next = waiting.peek();
            int length = Math.min(room, next.readableBytes());
            ByteBuf piece = length == next.readableBytes() ? waiting.poll() : next.readRetainedSlice(length);
            sendWindow -= length;
            waitingBytes -= length;
            sent += length;
            activeNanos = System.nanoTime();
            output.data(id, piece);
        }
        output.flushSoon();
        if (!waiting.isEmpty()) {
            connection.blocked(this);
            return false;
        }
        if (outputEnded && !outputSent) {
            outputSent = true;
            if (responseTrailers.fields > 0) {
                output.trailers(id, responseTrailers);
            } else {
                output.end(id);
            }
        }
        if (outputSent && exchange == null) {
            finish();
        }
        return true;
    }

    /** The client takes more: what waits goes first, then the target may be read again. */
    void windowWidened() {
        if (drain() && exchange != null && output.writable()) {
            exchange.frontWritable();
        }
    }

    /** @return false if no window may be so large */
    boolean widen(int increment) {
        long widened = (long) sendWindow + increment;
        sendWindow = (int) widened;
        return widened <= Integer.MAX_VALUE;
    }

    @Override
    public void abort() {
        exchange = null;
        connection.reset(this, Code.INTERNAL_ERROR);
    }

    @Override
    public void flush() {
        output.flushSoon();
    }

    @Override
    public boolean writable() {
        return waitingBytes < loop().transport().scarcity().atMost(MAX_WAITING) && output.writable();
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        pass();
        flushBack();
    }

    @Override
    public void done() {
        exchange = null;
        releaseAhead();
        if (outputSent) {
            finish();
        }
        output.flushSoon();
    }

    /** All is sent. A client that still sends may stop (RFC 9113, 8.1). */
    private void finish() {
        if (closed) {
            return;
        }
        if (inputEnded) {
            connection.finished(this);
        } else {
            connection.reset(this, Code.NO_ERROR);
        }
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
        while (!ahead.isEmpty()) {
            ByteBuf piece = pollAhead();
            connection.consumed(piece.readableBytes());
            piece.release();
        }
    }

    /** It is over, in whatever way. Called once, by the connection, which has forgotten it. */
    void close() {
        closed = true;
        share.release();
        Exchange ended = exchange;
        exchange = null;
        releaseAhead();
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        waitingBytes = 0;
        connection.meter().total().add(loop(), Counter.PROCESSED_BYTES, sent + received);
        if (ended != null) {
            ended.clientGone();
        }
    }

    /**
     * Ends what has been idle for too long.
     *
     * @return nanoseconds until it would have been
     */
    long checkIdle(long nowNanos, long timeoutNanos) {
        long idle = nowNanos - activeNanos;
        if (idle < timeoutNanos) {
            return timeoutNanos - idle;
        }
        if (exchange != null) {
            exchange.idle();
        } else {
            connection.reset(this, Code.CANCEL);        // the client does not read what is left of the response
        }
        return timeoutNanos;
    }
}
