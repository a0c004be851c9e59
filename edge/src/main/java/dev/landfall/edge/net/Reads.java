package dev.landfall.edge.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * How much the connections of one event loop read at once: as much as they lately did, or a little while memory is
 * scarce. Counts what that takes, and asks now and then whether it is.
 */
@SuppressWarnings("deprecation")        // of the types that epoll wants all the same
final class Reads implements RecvByteBufAllocator {
    private static final int SMALL = 2_048;
    /** Reads before others have their turn; Netty's own number. */
    private static final int IN_A_ROW = 16;

    private final Scarcity scarcity;
    private final AdaptiveRecvByteBufAllocator usual = new AdaptiveRecvByteBufAllocator();
    private long untilCompared;

    Reads(Scarcity scarcity) {
        this.scarcity = scarcity;
        usual.maxMessagesPerRead(IN_A_ROW);
    }

    @Override
    public Handle newHandle() {
        return new Bounded((ExtendedHandle) usual.newHandle());
    }

    private final class Bounded extends DelegatingHandle implements ExtendedHandle {
        private final ExtendedHandle adaptive;

        Bounded(ExtendedHandle adaptive) {
            super(adaptive);
            this.adaptive = adaptive;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            ByteBuf buffer = scarcity.scarce() ? allocator.ioBuffer(SMALL) : adaptive.allocate(allocator);
            untilCompared -= buffer.capacity();     // that is what it takes, however little is read into it
            return buffer;
        }

        @Override
        public int guess() {
            return scarcity.scarce() ? SMALL : adaptive.guess();
        }

        @Override
        public void lastBytesRead(int bytes) {
            adaptive.lastBytesRead(bytes);
            if (untilCompared <= 0) {
                untilCompared = scarcity.compare();
            }
        }

        /** While memory is scarce what was read goes out before more is read. */
        @Override
        public boolean continueReading() {
            return adaptive.continueReading() && !scarcity.scarce();
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return adaptive.continueReading(maybeMore) && !scarcity.scarce();
        }
    }
}
