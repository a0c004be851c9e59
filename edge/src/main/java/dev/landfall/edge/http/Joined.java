package dev.landfall.edge.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Bytes that came in two reads, as one piece. */
final class Joined {
    private Joined() {}

    /** @param first may be null: there was nothing yet */
    static ByteBuf of(ByteBufAllocator allocator, ByteBuf first, ByteBuf next) {
        if (first == null) {
            return next;
        }
        ByteBuf joined = allocator.directBuffer(first.readableBytes() + next.readableBytes());
        joined.writeBytes(first).writeBytes(next);
        first.release();
        next.release();
        return joined;
    }
}
