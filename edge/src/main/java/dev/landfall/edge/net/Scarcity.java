package dev.landfall.edge.net;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.internal.PlatformDependent;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Knows whether the buffers of all connections together take so much memory that each has to take less.
 *
 * <p>Every connection is bounded by itself, at some 200 KiB, but thousands of those would be gigabytes. So there is a
 * limit for their sum. It is asked for once for every so many bytes that reads take, as all that waits has been read
 * before. Beyond the limit memory is scarce, and these hold until the sum has fallen to three quarters of it:
 *
 * <ul>
 *   <li>Reads are small, one at a time ({@link Reads}), and a connection with anything unsent takes nothing more, so
 *       that one piece waits for each at most. What could be more than that has its bound from {@link #atMost}.
 *   <li>A client of HTTP/2 is not read while what it has sent ahead waits, and targets of HTTP/2 get small windows:
 *       both are told by an {@link Event}.
 *   <li>If the sum still grows to one and a half times the limit, the connections with the most unsent bytes are reset
 *       until it is below the limit again.
 * </ul>
 *
 * <p>Nobody waits for the end of scarcity: whoever was paused goes on as soon as what waits for it is gone, however
 * much there is, and all that waits belongs to a request or a flow whose idle time ends some day.
 *
 * <p>Safe for any thread.
 */
public final class Scarcity {
    /** What connections are told, as an event, each on its loop. */
    public enum Event { SCARCE, PLENTY }

    /** The part of the direct memory that buffers may take: pools are never full, and others need some too. */
    private static final int DIRECT_TO_BUFFERS = 4;
    /** The sum is asked for once for this part of the limit that reads take, and for every MiB. */
    private static final int LIMIT_TO_READS = 64;
    private static final int MAX_READS = 1 << 20;
    /** While memory is scarce it is looked at again: it becomes free without anybody reading anything. */
    private static final long LOOK_MILLIS = 20;
    /** What a client may take where nothing holds it back: a record of TLS that has not come whole. */
    private static final int CONNECTION_BYTES = 16 * 1_024;

    private static final WriteBufferWaterMark USUAL = new WriteBufferWaterMark(32 * 1_024, 128 * 1_024);
    /**
     * Not writable with anything unsent that is worth counting, and writable without. TLS writes empty buffers, which
     * Netty counts as some 100 bytes each: if these made a difference, its flushes would bring about more of them.
     */
    private static final WriteBufferWaterMark NOTHING_UNSENT = new WriteBufferWaterMark(1, 512);

    private final PooledByteBufAllocator allocator;
    private final List<Loop> loops;
    private final long limitBytes;
    private volatile boolean scarce;

    /** @param loops all there are, once there are some */
    Scarcity(PooledByteBufAllocator allocator, List<Loop> loops, long limitBytes) {
        this.allocator = allocator;
        this.loops = loops;
        this.limitBytes = limitBytes;
    }

    /** A quarter of the direct memory that the JVM allows (-XX:MaxDirectMemorySize; usually as much as the heap). */
    public static long usualLimitBytes() {
        return PlatformDependent.maxDirectMemory() / DIRECT_TO_BUFFERS;
    }

    /** Bytes of buffers in use: those of the pool that wait to be used again do not count. */
    long bytes() {
        return allocator.pinnedDirectMemory() + allocator.pinnedHeapMemory();
    }

    /** How many clients there may be at once, so that what cannot be held back is no more than the limit either. */
    int connections(int most) {
        return (int) Math.min(most, limitBytes / CONNECTION_BYTES);
    }

    public boolean scarce() {
        return scarce;
    }

    /** What may wait where {@code usual} bytes may usually: as good as nothing while memory is scarce. */
    public int atMost(int usual) {
        return scarce ? 1 : usual;
    }

    /**
     * Compares the sum with the limit.
     *
     * @return bytes that reads may take before it is to be compared again
     */
    long compare() {
        if (!scarce && bytes() > limitBytes) {
            begin();
        }
        return Math.min(MAX_READS, limitBytes / LIMIT_TO_READS);
    }

    private synchronized void begin() {
        if (!scarce) {
            scarce = true;
            tell(Event.SCARCE);
            lookAgain();
        }
    }

    private void tell(Event event) {
        loops.forEach(loop -> loop.events().execute(() -> loop.told(event)));
    }

    private void lookAgain() {
        loops.getFirst().events().schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private synchronized void look() {
        long bytes = bytes();
        if (bytes <= limitBytes - limitBytes / 4) {
            scarce = false;
            tell(Event.PLENTY);
            return;
        }
        if (bytes > limitBytes + limitBytes / 2) {
            long each = (bytes - limitBytes) / loops.size();
            loops.forEach(loop -> loop.events().execute(() -> loop.endHeaviest(each)));
        }
        lookAgain();
    }

    /** Limits what may be unsent of one stream of a connection. Streams have bounds of their own, Netty's. */
    public void limitStream(Channel stream) {
        WriteBufferWaterMark wanted = scarce ? NOTHING_UNSENT : WriteBufferWaterMark.DEFAULT;
        if (stream.config().getWriteBufferHighWaterMark() != wanted.high()) {
            stream.config().setWriteBufferWaterMark(wanted);
        }
    }

    static WriteBufferWaterMark marks(Event event) {
        return switch (event) {
            case SCARCE -> NOTHING_UNSENT;
            case PLENTY -> USUAL;
        };
    }
}
