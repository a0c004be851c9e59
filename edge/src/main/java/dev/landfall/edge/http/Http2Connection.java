package dev.landfall.edge.http;

import dev.landfall.edge.http.Http2.Code;
import dev.landfall.edge.http.Http2.Fault;
import dev.landfall.edge.http.Http2Output.End;
import dev.landfall.edge.metric.BalancerMeter;
import dev.landfall.edge.metric.Counter;
import dev.landfall.edge.net.Budget;
import dev.landfall.edge.net.Loop;
import dev.landfall.edge.net.Scarcity;
import dev.landfall.edge.route.Routes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A client's connection of HTTP/2 (RFC 9113), read frame by frame without a channel for each stream. A fault of the
 * connection is answered with GOAWAY and its end, one of a stream with RST_STREAM. Nothing that a client sends makes it
 * keep more than the windows allow; while its answers are not read, nothing is read from it. PING does not count as
 * activity (AWS). Of one event loop.
 */
final class Http2Connection extends ChannelInboundHandlerAdapter {
    /** AWS: up to 128 requests at once on one HTTP/2 connection. */
    private static final int MAX_STREAMS = 128;
    /** What a client may send ahead on one stream, in bytes; it is what may wait for a slow target. */
    static final int STREAM_WINDOW = 64 * 1_024;
    /** Empty DATA in a row that end nothing: they cost us and not the windows. */
    private static final int MAX_EMPTY = 16;
    /** Values in one frame of SETTINGS: each may touch all streams (CVE-2020-11080). */
    private static final int MAX_SETTINGS = 64;

    /** How long a client may still send what nobody reads, so that it can read our last answer. */
    private static final int LINGER_SECONDS = 2;

    private final Site site;
    private final Peer peer;
    private final BalancerMeter meter;
    private final Http2Request request;
    private final IntObjectHashMap<Http2Front> streams = new IntObjectHashMap<>();
    private final Http2Closed closed = new Http2Closed();
    private final ArrayDeque<Http2Front> blocked = new ArrayDeque<>();
    private final ArrayDeque<Http2Front> touched = new ArrayDeque<>();
    private ChannelHandlerContext context;
    private Http2Output output;
    private Http2Intake intake;
    private Future<?> timer;
    private ByteBuf ahead;
    private boolean reading;
    private int prefaceRead;
    private boolean settled;
    private boolean over;
    private boolean retired;
    private int lastStream;
    private int initialWindow = Http2.USUAL_WINDOW;
    private final Http2Section section = new Http2Section();
    private final Budget.Share share;
    private int empties;
    private final Http2Resets resets = new Http2Resets();
    private final long openedNanos = System.nanoTime();
    private long activeNanos = openedNanos;

    /** @param request is shared by the connections of a loop */
    Http2Connection(Site site, Peer peer, Http2Request request) {
        this.site = site;
        this.peer = peer;
        this.request = request;
        share = peer.loop().transport().heads().new Share();
        meter = site.routes().meter();
    }

    Peer peer() {
        return peer;
    }

    Http2Output output() {
        return output;
    }

    BalancerMeter meter() {
        return meter;
    }

    ByteBuf allocate(int bytes) {
        return context.alloc().directBuffer(bytes);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        output = new Http2Output(context, peer.loop());
        intake = new Http2Intake(this, context.channel().config());
        output.settings(MAX_STREAMS, STREAM_WINDOW, Head.MAX_BYTES);
        output.windowUpdate(0, Http2Intake.WINDOW - Http2.USUAL_WINDOW);
        output.flushSoon();
        meter.activeConnections().incrementAndGet();
        meter.total().add(peer.loop(), Counter.NEW_CONNECTIONS, 1);
        schedule(timeoutNanos());
    }

    // ---- reading ----

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var in = (ByteBuf) message;
        if (over) {
            in.release();
            return;
        }
        ahead = Joined.of(context.alloc(), ahead, in);
        reading = true;
        try {
            while (!over && frame(ahead)) {
                continue;
            }
        } catch (Fault fault) {
            fail(fault.code());
        } finally {
            reading = false;
        }
        if (over || !ahead.isReadable()) {
            ahead.release();
            ahead = null;
        }
        intake.look();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        Http2Front stream;
        while ((stream = touched.poll()) != null) {
            stream.flushBack();
        }
        output.flushSoon();
    }

    /** A stream has passed something on that is to be flushed. */
    void touched(Http2Front stream) {
        if (touched.peekLast() != stream) {
            touched.add(stream);
        }
    }

    /** Takes one frame, if it is there. */
    private boolean frame(ByteBuf in) throws Fault {
        while (prefaceRead < Http2.PREFACE.length) {
            if (!in.isReadable()) {
                return false;
            }
            if (in.readByte() != Http2.PREFACE[prefaceRead++]) {
                throw new Fault(Code.PROTOCOL_ERROR);
            }
        }
        if (in.readableBytes() < Http2.FRAME_HEAD) {
            return false;
        }
        int start = in.readerIndex();
        int length = in.getUnsignedMedium(start);
        if (length > Http2.FRAME_SIZE) {
            throw new Fault(Code.FRAME_SIZE_ERROR);
        }
        if (in.readableBytes() < Http2.FRAME_HEAD + length) {
            return false;
        }
        int type = in.getUnsignedByte(start + 3);
        int flags = in.getUnsignedByte(start + 4);
        int id = in.getInt(start + 5) & Integer.MAX_VALUE;
        in.skipBytes(Http2.FRAME_HEAD);
        if (section.stream() != 0 && (type != Http2.CONTINUATION || id != section.stream())
                || !settled && (type != Http2.SETTINGS || (flags & Http2.ACK) != 0)) {
            throw new Fault(Code.PROTOCOL_ERROR);
        }
        switch (type) {
            case Http2.DATA -> data(id, flags, in, length);
            case Http2.HEADERS -> headers(id, flags, in, length);
            case Http2.PRIORITY -> priority(id, in, length);
            case Http2.RST_STREAM -> resetByClient(id, length);
            case Http2.SETTINGS -> settings(id, flags, in, length);
            case Http2.PING -> ping(id, flags, in, length);
            case Http2.GOAWAY -> require(id == 0 && length >= 8, id == 0 ? Code.FRAME_SIZE_ERROR : Code.PROTOCOL_ERROR);
            case Http2.WINDOW_UPDATE -> windowUpdate(id, in, length);
            case Http2.CONTINUATION -> continuation(id, flags, in, length);
            case Http2.PUSH_PROMISE -> throw new Fault(Code.PROTOCOL_ERROR);
            default -> { }              // RFC 9113, 5.5: ignored
        }
        in.readerIndex(start + Http2.FRAME_HEAD + length);
        require(!resets.tooMany(), Code.ENHANCE_YOUR_CALM);
        return true;
    }

    static void require(boolean fine, Code otherwise) throws Fault {
        if (!fine) {
            throw new Fault(otherwise);
        }
    }

    private void headers(int id, int flags, ByteBuf in, int length) throws Fault {
        require((id & 1) == 1, Code.PROTOCOL_ERROR);
        part(id, section.begin(id, flags, in, length));
    }

    private void continuation(int id, int flags, ByteBuf in, int length) throws Fault {
        part(id, section.goOn(flags, in, length));
    }

    private void part(int id, boolean complete) throws Fault {
        if (complete) {
            section(id);
        }
        require(share.hold(section.capacity()), Code.ENHANCE_YOUR_CALM);
    }

    private void section(int id) throws Fault {
        activeNanos = System.nanoTime();
        Http2Front stream = streams.get(id);
        if (stream != null) {
            more(stream);
        } else if (id <= lastStream) {
            require(closed.known(id), Code.PROTOCOL_ERROR);
            require(closed.byUs(id), Code.STREAM_CLOSED);
            skip();                     // sent before our reset had arrived
        } else {
            lastStream = id;
            open(id);
        }
    }

    private void open(int id) throws Fault {
        if (streams.size() >= MAX_STREAMS || retired) {
            skip();
            closed.add(id, Http2Closed.By.US);
            output.reset(id, Code.REFUSED_STREAM);
            return;
        }
        var head = new Head();
        request.request(head);
        section.read(peer.loop().sink(), request);
        Http2Request.Result result = request.finish();
        if (result == Http2Request.Result.MALFORMED || section.dependsOnItself()) {
            closed.add(id, Http2Closed.By.US);
            output.reset(id, Code.PROTOCOL_ERROR);
            return;
        }
        Routes routes = site.routes();
        var stream = new Http2Front(this, id, head, STREAM_WINDOW, initialWindow);
        if (!stream.holds(head.capacity())) {
            closed.add(id, Http2Closed.By.US);
            output.reset(id, Code.REFUSED_STREAM);
            return;
        }
        streams.put(id, stream);
        stream.begin(routes, result, section.end());
        if (site.retired()) {
            retire();
        }
    }

    /** A second section is trailers, and ends the stream. */
    private void more(Http2Front stream) throws Fault {
        if (stream.inputEnded()) {
            skip();
            reset(stream, Code.STREAM_CLOSED);
            return;
        }
        var trailers = new Head();
        request.trailers(trailers);
        section.read(peer.loop().sink(), request);
        Http2Request.Result result = request.finish();
        if (result == Http2Request.Result.MALFORMED || section.end() == End.MORE) {
            reset(stream, Code.PROTOCOL_ERROR);
        } else if (!stream.holds(trailers.capacity())) {
            reset(stream, Code.ENHANCE_YOUR_CALM);
        } else {
            stream.trailers(result == Http2Request.Result.FINE ? trailers : Head.NONE);
        }
    }

    private void skip() throws Fault {
        section.read(peer.loop().sink(), (names, nameStart, nameEnd, values, valueStart, valueEnd) -> { });
    }

    private void data(int id, int flags, ByteBuf in, int length) throws Fault {
        require(id != 0 && id <= lastStream, Code.PROTOCOL_ERROR);
        require(intake.takes(length), Code.FLOW_CONTROL_ERROR);
        int rest = length;
        if ((flags & Http2.PADDED) != 0) {
            require(rest >= 1, Code.FRAME_SIZE_ERROR);
            int padding = in.readUnsignedByte();
            require(padding < length, Code.PROTOCOL_ERROR);
            rest -= 1 + padding;
        }
        Http2Front stream = streams.get(id);
        if (stream == null) {
            consumed(length);
            if (!closed.byUs(id)) {
                output.reset(id, Code.STREAM_CLOSED);
            }
            return;
        }
        activeNanos = System.nanoTime();
        boolean last = (flags & Http2.END_STREAM) != 0;
        empties = rest == 0 && !last ? empties + 1 : 0;
        require(empties <= MAX_EMPTY, Code.ENHANCE_YOUR_CALM);
        if (stream.inputEnded() || !stream.takes(length)) {
            consumed(length);
            reset(stream, stream.inputEnded() ? Code.STREAM_CLOSED : Code.FLOW_CONTROL_ERROR);
            return;
        }
        if (length > rest) {
            stream.consumed(length - rest);
        }
        stream.data(in, rest, last ? End.LAST : End.MORE);
    }

    /** What it says has no meaning any more, but it has its form. */
    private void priority(int id, ByteBuf in, int length) throws Fault {
        require(id != 0, Code.PROTOCOL_ERROR);
        Http2Front stream = streams.get(id);
        boolean selfish = length == 5 && (in.readInt() & Integer.MAX_VALUE) == id;
        if (length != 5 || selfish) {
            Code code = selfish ? Code.PROTOCOL_ERROR : Code.FRAME_SIZE_ERROR;
            require(id <= lastStream, code);    // an idle stream cannot be reset
            if (stream != null) {
                reset(stream, code);
            } else {
                output.reset(id, code);
            }
        }
    }

    private void resetByClient(int id, int length) throws Fault {
        require(length == 4, Code.FRAME_SIZE_ERROR);
        require(id != 0 && id <= lastStream, Code.PROTOCOL_ERROR);
        Http2Front stream = streams.get(id);
        if (stream == null) {
            return;
        }
        remove(stream, Http2Closed.By.CLIENT);
        resets.count();
    }

    private void settings(int id, int flags, ByteBuf in, int length) throws Fault {
        require(id == 0, Code.PROTOCOL_ERROR);
        if ((flags & Http2.ACK) != 0) {
            require(length == 0, Code.FRAME_SIZE_ERROR);
            return;
        }
        require(length % 6 == 0, Code.FRAME_SIZE_ERROR);
        require(length / 6 <= MAX_SETTINGS, Code.ENHANCE_YOUR_CALM);
        for (int rest = length; rest > 0; rest -= 6) {
            setting(in.readUnsignedShort(), in.readUnsignedInt());
        }
        settled = true;
        output.settingsAck();
    }

    private void setting(int name, long value) throws Fault {
        switch (name) {
            case Http2.SETTINGS_HEADER_TABLE_SIZE -> output.tableLimited();
            case Http2.SETTINGS_ENABLE_PUSH -> require(value <= 1, Code.PROTOCOL_ERROR);
            case Http2.SETTINGS_INITIAL_WINDOW_SIZE -> {
                require(value <= Integer.MAX_VALUE, Code.FLOW_CONTROL_ERROR);
                int change = (int) value - initialWindow;
                initialWindow = (int) value;
                for (Http2Front stream : List.copyOf(streams.values())) {
                    require(stream.widen(change), Code.FLOW_CONTROL_ERROR);
                }
                drain();
            }
            case Http2.SETTINGS_MAX_FRAME_SIZE ->
                    require(value >= Http2.FRAME_SIZE && value <= Http2.MAX_FRAME_SIZE, Code.PROTOCOL_ERROR);
            default -> { }              // of servers, or unknown
        }
    }

    private void ping(int id, int flags, ByteBuf in, int length) throws Fault {
        require(id == 0, Code.PROTOCOL_ERROR);
        require(length == 8, Code.FRAME_SIZE_ERROR);
        if ((flags & Http2.ACK) == 0) {
            output.pingAck(in.readLong());
        }
    }

    private void windowUpdate(int id, ByteBuf in, int length) throws Fault {
        require(length == 4, Code.FRAME_SIZE_ERROR);
        int increment = in.readInt() & Integer.MAX_VALUE;
        if (id == 0) {
            require(increment > 0, Code.PROTOCOL_ERROR);
            require(output.widen(increment), Code.FLOW_CONTROL_ERROR);
            drain();
            return;
        }
        require(id <= lastStream, Code.PROTOCOL_ERROR);
        Http2Front stream = streams.get(id);
        if (stream == null) {
            return;                     // RFC 9113, 5.1: may come for a while after a stream's end
        }
        if (increment == 0) {
            reset(stream, Code.PROTOCOL_ERROR);
        } else if (!stream.widen(increment)) {
            reset(stream, Code.FLOW_CONTROL_ERROR);
        } else {
            stream.windowWidened();
        }
    }

    // ---- the streams' side ----

    /** Something waits in the stream for room. */
    void blocked(Http2Front stream) {
        if (!blocked.contains(stream)) {
            blocked.add(stream);
        }
    }

    /** Lets those that wait send, in turn. */
    private void drain() {
        for (int turns = blocked.size(); turns > 0 && !blocked.isEmpty() && output.writable(); turns--) {
            blocked.poll().windowWidened();
        }
    }

    /** Bytes of the connection's window that came and are not needed any more. */
    void consumed(int length) {
        if (!over) {
            intake.consumed(length);
        }
    }

    boolean over() {
        return over;
    }

    /** Whether some of what the streams have to send waits for the client. */
    boolean responsesWait() {
        return !blocked.isEmpty();
    }

    /** Ends the stream of which the most waits for its target. */
    void endHeaviest() {
        streams.values().stream().max(Comparator.comparingInt(Http2Front::aheadBytes))
                .ifPresent(stream -> reset(stream, Code.ENHANCE_YOUR_CALM));
    }

    void finished(Http2Front stream) {
        remove(stream, Http2Closed.By.CLIENT);
    }

    void reset(Http2Front stream, Code code) {
        output.reset(stream.id(), code);
        remove(stream, Http2Closed.By.US);
        if (code.isTheClientsFault()) {
            resets.count();
        }
        output.flushSoon();
    }

    private void remove(Http2Front stream, Http2Closed.By whom) {
        if (streams.remove(stream.id()) == null) {
            return;
        }
        activeNanos = System.nanoTime();
        closed.add(stream.id(), whom);
        blocked.remove(stream);
        stream.close();
        if (retired && streams.isEmpty()) {
            end();
        }
    }

    // ---- the connection ----

    /** No new streams; ends with the last one. */
    void retire() {
        if (!retired && !over) {
            retired = true;
            output.goAway(lastStream, Code.NO_ERROR);
            output.flushSoon();
            if (streams.isEmpty()) {
                end();
            }
        }
    }

    private void fail(Code code) {
        output.goAway(lastStream, code);
        end();
    }

    /**
     * Sends what there is and then the end, and reads on for a moment: closing while the client still sends would make
     * its system throw away what it has not read yet.
     */
    private void end() {
        if (over) {
            return;
        }
        over = true;
        closeStreams();
        if (!output.writable()) {
            context.close();            // it does not read anyway
            return;
        }
        context.channel().config().setAutoRead(true);
        output.finish().addListener(sent -> {
            if (sent.isSuccess()) {
                context.pipeline().get(SslHandler.class).closeOutbound();
            }
        });
        peer.loop().events().schedule(() -> context.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    }

    private void closeStreams() {
        for (Http2Front stream : List.copyOf(streams.values())) {
            streams.remove(stream.id());
            stream.close();
        }
        blocked.clear();
        touched.clear();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        intake.update();
        if (!over && context.channel().isWritable()) {
            for (Http2Front stream : List.copyOf(streams.values())) {
                stream.windowWidened();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        timer.cancel(false);
        over = true;
        meter.activeConnections().decrementAndGet();
        closeStreams();
        share.release();
        output.release();
        if (ahead != null && !reading) {
            ahead.release();
            ahead = null;
        }
        super.channelInactive(context);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event == Site.Event.RETIRED) {
            retire();
        } else if (event instanceof Scarcity.Event) {
            intake.look();
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();        // a reset by the client, or a fault of TLS: channelInactive does the rest
    }

    private long timeoutNanos() {
        return TimeUnit.SECONDS.toNanos(site.routes().settings().idleTimeoutSeconds());
    }

    private void schedule(long delayNanos) {
        timer = peer.loop().events().schedule(this::check, Math.max(delayNanos, 1_000_000), TimeUnit.NANOSECONDS);
    }

    /** One task for the connection and all of its streams, which comes again when one of them could be due. */
    private void check() {
        if (over) {
            return;
        }
        long timeout = timeoutNanos();
        long now = System.nanoTime();
        long next = timeout;
        for (Http2Front stream : List.copyOf(streams.values())) {
            next = Math.min(next, stream.checkIdle(now, timeout));
        }
        if (streams.isEmpty()) {
            next = timeout - (now - activeNanos);
        }
        long keptNanos = TimeUnit.SECONDS.toNanos(site.routes().settings().clientKeepAliveSeconds());
        if (streams.isEmpty() && next <= 0 || now - openedNanos > keptNanos) {
            retire();
        }
        output.flushSoon();
        if (!over) {
            schedule(next);
        }
    }
}
