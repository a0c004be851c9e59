package dev.landfall.edge.http;

import dev.landfall.edge.hpack.HpackDecoder;
import dev.landfall.edge.hpack.HpackException;
import dev.landfall.edge.http.Http2.Code;
import dev.landfall.edge.http.Http2.Fault;
import dev.landfall.edge.http.Http2Output.End;
import dev.landfall.edge.net.ByteSink;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The field section that a connection is reading: one HEADERS frame and as many of CONTINUATION as the client cares to
 * send, within limits. Of one event loop.
 */
final class Http2Section {
    /** Frames of one section: each but the last may be full, and 64K are all that a head may be. */
    private static final int MAX_CONTINUATIONS = 16;
    /** The buffer of a section that is kept for the next one. */
    private static final int KEPT_BYTES = 4_096;
    private static final byte[] NOTHING = {};

    private final HpackDecoder hpack = new HpackDecoder();
    private int stream;
    private int continuations;
    private End end = End.MORE;
    private boolean dependsOnItself;
    private byte[] bytes = NOTHING;
    private int length;

    /** The stream whose section is not complete; 0 between sections. */
    int stream() {
        return stream;
    }

    /** Heap that is kept for it. */
    int capacity() {
        return bytes.length;
    }

    /** Whether the stream has only this. */
    End end() {
        return end;
    }

    /** RFC 7540, 5.3.1: a stream that depends on itself is in error; RFC 9113 reads dependencies no more. */
    boolean dependsOnItself() {
        return dependsOnItself;
    }

    /** @return whether the section is complete */
    boolean begin(int id, int flags, ByteBuf in, int frameLength) throws Fault {
        int padding = 0;
        int rest = frameLength;
        if ((flags & Http2.PADDED) != 0) {
            Http2Connection.require(rest >= 1, Code.FRAME_SIZE_ERROR);
            padding = in.readUnsignedByte();
            rest--;
        }
        dependsOnItself = false;
        if ((flags & Http2.WITH_PRIORITY) != 0) {
            Http2Connection.require(rest >= 5, Code.FRAME_SIZE_ERROR);
            dependsOnItself = (in.readInt() & Integer.MAX_VALUE) == id;
            in.skipBytes(1);
            rest -= 5;
        }
        Http2Connection.require(padding <= rest, Code.PROTOCOL_ERROR);
        stream = id;
        continuations = 0;
        length = 0;
        end = (flags & Http2.END_STREAM) != 0 ? End.LAST : End.MORE;
        return part(flags, in, rest - padding);
    }

    /** @return whether the section is complete */
    boolean goOn(int flags, ByteBuf in, int frameLength) throws Fault {
        Http2Connection.require(stream != 0, Code.PROTOCOL_ERROR);
        Http2Connection.require(++continuations <= MAX_CONTINUATIONS, Code.ENHANCE_YOUR_CALM);
        return part(flags, in, frameLength);
    }

    private boolean part(int flags, ByteBuf in, int count) throws Fault {
        Http2Connection.require(length + count <= Head.MAX_BYTES, Code.ENHANCE_YOUR_CALM);
        if (bytes.length < length + count) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, 512));
        }
        in.readBytes(bytes, length, count);
        length += count;
        if ((flags & Http2.END_HEADERS) == 0) {
            return false;
        }
        stream = 0;
        return true;
    }

    /** Reads the complete section, once; it must be read whatever becomes of it, for the table's sake. */
    void read(ByteSink scratch, HpackDecoder.Fields fields) throws Fault {
        try {
            hpack.decode(bytes, length, scratch, fields);
        } catch (HpackException e) {
            throw new Fault(Code.COMPRESSION_ERROR);
        }
        if (bytes.length > KEPT_BYTES) {
            bytes = NOTHING;
        }
    }
}
