package dev.landfall.edge.http;

import dev.landfall.edge.net.ByteSink;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;

/**
 * What is about to be written to one connection of HTTP/1.1: heads, and small bodies behind them in the same buffer.
 * Larger pieces go out as they came in.
 */
final class Http1Output {
    /** Whether a piece is framed as a chunk. */
    enum Kind { PLAIN, CHUNK }

    private static final byte[] CRLF = "\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    /** A chunk that is not larger is copied. */
    private static final int SMALL_CHUNK = 1_024;

    private ByteBuf pending;
    private long written;

    /** Bytes that are gathered and not yet on their way. */
    int pendingBytes() {
        return pending == null ? 0 : pending.readableBytes();
    }

    long written() {
        return written;
    }

    /** Begins a message with what is in {@code sink}, with room for a small body. */
    void start(ChannelHandlerContext context, ByteSink sink, int room) {
        written += sink.length();
        if (pending == null) {
            pending = sink.copy(context.alloc(), room);
        } else {
            pending.writeBytes(sink.bytes(), 0, sink.length());
        }
    }

    void body(ChannelHandlerContext context, ByteBuf piece, Kind kind) {
        int length = piece.readableBytes();
        if (length == 0) {
            piece.release();
            return;
        }
        written += length;
        if (kind == Kind.CHUNK) {
            chunk(context, piece, length);
        } else if (pending != null && pending.writableBytes() >= length) {
            pending.writeBytes(piece);
            piece.release();
        } else {
            writePending(context);
            context.write(piece, context.voidPromise());
        }
    }

    private void chunk(ChannelHandlerContext context, ByteBuf piece, int length) {
        ByteBuf out = room(context, length <= SMALL_CHUNK ? length + 20 : 20);
        int shift = 28;
        while (shift > 0 && length >>> shift == 0) {
            shift -= 4;
        }
        for (; shift >= 0; shift -= 4) {
            out.writeByte(HEX[length >>> shift & 15]);
        }
        out.writeBytes(CRLF);
        if (length <= SMALL_CHUNK) {
            out.writeBytes(piece).writeBytes(CRLF);
            piece.release();
        } else {
            writePending(context);
            context.write(piece, context.voidPromise());
            room(context, 64).writeBytes(CRLF);
        }
    }

    void lastChunk(ChannelHandlerContext context, Head trailers) {
        ByteBuf out = room(context, 8);
        out.writeByte('0').writeBytes(CRLF);
        for (int i = 0; i < trailers.fields; i++) {
            Field field = trailers.field(i);
            if (!trailers.dropped(i) && !field.hopByHop() && field != Field.CONTENT_LENGTH && field != Field.HOST) {
                out.writeBytes(trailers.bytes, trailers.nameStart(i), trailers.nameEnd(i) - trailers.nameStart(i));
                out.writeByte(':').writeByte(' ');
                out.writeBytes(trailers.bytes, trailers.valueStart(i),
                        trailers.valueEnd(i) - trailers.valueStart(i));
                out.writeBytes(CRLF);
            }
        }
        out.writeBytes(CRLF);
    }

    private ByteBuf room(ChannelHandlerContext context, int count) {
        if (pending != null && pending.writableBytes() < count && pending.readableBytes() > 4_096) {
            writePending(context);
        }
        if (pending == null) {
            pending = context.alloc().directBuffer(Math.max(256, count));
        }
        return pending;
    }

    private void writePending(ChannelHandlerContext context) {
        if (pending != null) {
            ByteBuf out = pending;
            pending = null;
            context.write(out, context.voidPromise());
        }
    }

    void flush(ChannelHandlerContext context) {
        writePending(context);
        context.flush();
    }

    void release() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }
}
