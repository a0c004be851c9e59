package dev.landfall.edge.http;

import dev.landfall.edge.hpack.HpackEncoder;
import dev.landfall.edge.net.ByteSink;
import dev.landfall.edge.net.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;

/**
 * Frames on their way to one client: what is small is gathered in one buffer, which goes out once for all that the
 * streams have written in a round of the event loop; a system call and a TLS record for each would cost more than all
 * else. Large pieces of bodies go out as they came in.
 */
final class Http2Output implements Runnable {
    /** Whether a frame is the last one of its stream. */
    enum End { MORE, LAST }

    /** A piece of a body that is not larger is copied behind its frame's head. */
    private static final int SMALL = 4_096;
    /** A full TLS record: what is gathered beyond that is written at once. */
    private static final int GATHERED = 16_384;

    private final ChannelHandlerContext context;
    private final Loop loop;
    private ByteBuf pending;
    private boolean scheduled;
    private boolean tellsTable;
    /** Where the flags are of the frame that was gathered last, and its stream; 0 if it is no DATA. */
    private int lastFlags;
    private int lastStream;
    private int window = Http2.USUAL_WINDOW;

    Http2Output(ChannelHandlerContext context, Loop loop) {
        this.context = context;
        this.loop = loop;
    }

    /** How much DATA the client takes on the whole connection. */
    int window() {
        return window;
    }

    /** @return false if no window may be so large */
    boolean widen(int increment) {
        window += increment;            // both are below 2^31, so that a sum that is too large is negative
        return window >= 0;
    }

    /** The client has said how large a table it keeps; it must be told that it has none to keep. */
    void tableLimited() {
        tellsTable = true;
    }

    boolean writable() {
        return context.channel().isWritable();
    }

    private ByteBuf room(int count) {
        if (pending != null && pending.readableBytes() + count > GATHERED) {
            writePending();
        }
        if (pending == null) {
            pending = context.alloc().directBuffer(Math.max(2_048, count));
        }
        return pending;
    }

    private ByteBuf frame(int type, int flags, int stream, int length, int inside) {
        ByteBuf out = room(Http2.FRAME_HEAD + inside);
        lastStream = 0;
        return out.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
    }

    void settings(int maxStreams, int streamWindow, int maxHeaderBytes) {
        frame(Http2.SETTINGS, 0, 0, 18, 18)
                .writeShort(Http2.SETTINGS_MAX_CONCURRENT_STREAMS).writeInt(maxStreams)
                .writeShort(Http2.SETTINGS_INITIAL_WINDOW_SIZE).writeInt(streamWindow)
                .writeShort(Http2.SETTINGS_MAX_HEADER_LIST_SIZE).writeInt(maxHeaderBytes);
    }

    void settingsAck() {
        frame(Http2.SETTINGS, Http2.ACK, 0, 0, 0);
    }

    void pingAck(long data) {
        frame(Http2.PING, Http2.ACK, 0, 8, 8).writeLong(data);
    }

    void windowUpdate(int stream, int increment) {
        frame(Http2.WINDOW_UPDATE, 0, stream, 4, 4).writeInt(increment);
    }

    void reset(int stream, Http2.Code code) {
        frame(Http2.RST_STREAM, 0, stream, 4, 4).writeInt(code.ordinal());
    }

    void goAway(int lastStream, Http2.Code code) {
        frame(Http2.GOAWAY, 0, 0, 8, 8).writeInt(lastStream).writeInt(code.ordinal());
    }

    /** A status and the fields of a head that was written for HTTP/1.1, without its first line. */
    void response(int stream, int status, ByteSink text, End end) {
        ByteSink section = section();
        HpackEncoder.status(section, status);
        byte[] bytes = text.bytes();
        int start = Ascii.indexOf(bytes, 0, text.length(), '\n') + 1;
        while (start < text.length()) {
            int lineEnd = Ascii.indexOf(bytes, start, text.length(), '\n');
            int colon = Ascii.indexOf(bytes, start, lineEnd < 0 ? text.length() : lineEnd, ':');
            if (lineEnd < 0 || colon < 0) {
                break;
            }
            int valueStart = colon + 1;
            int valueEnd = lineEnd - 1;
            while (valueStart < valueEnd && Ascii.isSpace(bytes[valueStart])) {
                valueStart++;
            }
            while (valueEnd > valueStart && Ascii.isSpace(bytes[valueEnd - 1])) {
                valueEnd--;
            }
            HpackEncoder.field(section, bytes, start, colon, valueStart, valueEnd);
            start = lineEnd + 1;
        }
        headers(stream, section, end);
    }

    void trailers(int stream, Head trailers) {
        ByteSink section = section();
        for (int i = 0; i < trailers.fields; i++) {
            if (!trailers.dropped(i) && !trailers.field(i).hopByHop() && trailers.field(i) != Field.CONTENT_LENGTH) {
                HpackEncoder.field(section, trailers.bytes, trailers.nameStart(i), trailers.nameEnd(i),
                        trailers.valueStart(i), trailers.valueEnd(i));
            }
        }
        headers(stream, section, End.LAST);
    }

    private ByteSink section() {
        ByteSink section = loop.section().clear();
        if (tellsTable) {
            tellsTable = false;
            HpackEncoder.noTable(section);
        }
        return section;
    }

    private void headers(int stream, ByteSink section, End end) {
        int length = Math.min(section.length(), Http2.FRAME_SIZE);
        int flags = (end == End.LAST ? Http2.END_STREAM : 0)
                | (length == section.length() ? Http2.END_HEADERS : 0);
        frame(Http2.HEADERS, flags, stream, length, length).writeBytes(section.bytes(), 0, length);
        for (int from = length; from < section.length(); from += length) {
            length = Math.min(section.length() - from, Http2.FRAME_SIZE);
            frame(Http2.CONTINUATION, from + length == section.length() ? Http2.END_HEADERS : 0, stream, length, length)
                    .writeBytes(section.bytes(), from, length);
        }
    }

    /** A piece that is in both windows and in one frame, which is then this side's to release. */
    void data(int stream, ByteBuf piece) {
        int length = piece.readableBytes();
        window -= length;
        if (length > SMALL) {
            frame(Http2.DATA, 0, stream, length, 0);
            writePending();
            context.write(piece, context.voidPromise());
            return;
        }
        ByteBuf out = frame(Http2.DATA, 0, stream, length, length);
        lastFlags = out.writerIndex() - 5;
        lastStream = stream;
        out.writeBytes(piece);
        piece.release();
    }

    /** Ends a stream, by the frame that was gathered last if it is the stream's. */
    void end(int stream) {
        if (lastStream == stream && pending != null) {
            pending.setByte(lastFlags, Http2.END_STREAM);
            lastStream = 0;
        } else {
            frame(Http2.DATA, Http2.END_STREAM, stream, 0, 0);
        }
    }

    private void writePending() {
        lastStream = 0;
        if (pending != null) {
            ByteBuf out = pending;
            pending = null;
            context.write(out, context.voidPromise());
        }
    }

    /** Sends what was written, at the end of this round. */
    void flushSoon() {
        if (!scheduled) {
            scheduled = true;
            loop.events().execute(this);
        }
    }

    @Override
    public void run() {
        scheduled = false;
        writePending();
        context.flush();
    }

    /** Sends what was written and then the end. */
    ChannelFuture finish() {
        ByteBuf last = pending == null ? context.alloc().buffer(0) : pending;
        pending = null;
        lastStream = 0;
        return context.writeAndFlush(last);
    }

    void release() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }
}
