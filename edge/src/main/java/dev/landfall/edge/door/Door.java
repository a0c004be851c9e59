package dev.landfall.edge.door;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The way from a port of a shared address to the load balancers that have it. What it reads to find out which is meant
 * it leaves to that one, as if the client had come there at once. Safe for any loop; where it leads is replaced whole.
 */
final class Door extends ChannelInitializer<Channel> {
    /** What a client may send before it is known where it wants to go: as much as ALB takes for a request's head. */
    private static final int LOOKED_AT_MAX = 64 * 1_024;
    private static final long PATIENCE_SECONDS = 10;
    /** Clients that have not yet said where they want to go; more are turned away. */
    private static final int UNDECIDED_MAX = 1_024;
    /** RFC 8446, 5.1: the content type of a record that greets. */
    private static final int HANDSHAKE = 22;

    private final AtomicInteger undecided = new AtomicInteger();
    private volatile Names names;

    Door(Names names) {
        this.names = names;
    }

    void lead(Names next) {
        names = next;
    }

    @Override
    protected void initChannel(Channel channel) {
        Optional<ChannelHandler> only = names.only();
        if (only.isPresent()) {
            channel.pipeline().addLast(only.get());
        } else if (undecided.incrementAndGet() > UNDECIDED_MAX) {
            undecided.decrementAndGet();
            channel.close();
        } else {
            channel.pipeline().addLast(new Look(new Place(channel)));
        }
    }

    /** A client's place among the undecided, which it gives up once. Of its loop. */
    private final class Place {
        private boolean held = true;

        Place(Channel channel) {
            channel.closeFuture().addListener(closed -> leave());
        }

        void leave() {
            if (held) {
                held = false;
                undecided.decrementAndGet();
            }
        }
    }

    /** Looks whether the first bytes are a TLS greeting or a request, and in a request for its host. */
    private final class Look extends ByteToMessageDecoder {
        private final Place place;
        private Future<?> timer;

        Look(Place place) {
            this.place = place;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            timer = context.executor().schedule(() -> context.close(), PATIENCE_SECONDS, TimeUnit.SECONDS);
            context.channel().closeFuture().addListener(closed -> timer.cancel(false));
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            if (in.getUnsignedByte(in.readerIndex()) == HANDSHAKE) {
                timer.cancel(false);            // the next one has its own
                context.pipeline().addLast(new Greeting(place));
                context.pipeline().remove(this);
                return;
            }
            String text = in.toString(
                    in.readerIndex(), Math.min(in.readableBytes(), LOOKED_AT_MAX), StandardCharsets.ISO_8859_1);
            Optional<String> host = host(text);
            if (host.isEmpty() && !text.contains("\r\n\r\n") && text.length() < LOOKED_AT_MAX) {
                return;
            }
            timer.cancel(false);
            Optional<ChannelHandler> listener = host.flatMap(names::lead);
            if (listener.isPresent()) {
                place.leave();
                context.pipeline().addLast(listener.get());
                context.pipeline().remove(this);
            } else {
                in.skipBytes(in.readableBytes());
                turnAway(context);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    /** The value of the first Host line that has come whole. */
    static Optional<String> host(String head) {
        int line = head.indexOf('\n');
        while (line >= 0) {
            int end = head.indexOf('\n', line + 1);
            if (end < 0 || end - line <= 2) {
                return Optional.empty();
            }
            if (head.regionMatches(true, line + 1, "host:", 0, 5)) {
                return Optional.of(head.substring(line + 6, end).strip());
            }
            line = end;
        }
        return Optional.empty();
    }

    /** RFC 9110, 15.5.20: a request that has come to a server that cannot answer for its host. */
    private void turnAway(ChannelHandlerContext context) {
        String body = "No load balancer of this port has the name that the request's Host header says. There are:\n"
                + names.listed() + "\n";
        String answer = "HTTP/1.1 421 Misdirected Request\r\nContent-Type: text/plain\r\nContent-Length: "
                + body.length() + "\r\nConnection: close\r\n\r\n" + body;
        context.writeAndFlush(Unpooled.copiedBuffer(answer, StandardCharsets.ISO_8859_1))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Looks for the server name; who names none that is known is not greeted. */
    private final class Greeting extends AbstractSniHandler<ChannelHandler> {
        private final Place place;

        Greeting(Place place) {
            super(LOOKED_AT_MAX, TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            this.place = place;
        }

        @Override
        protected Future<ChannelHandler> lookup(ChannelHandlerContext context, String hostname) {
            var promise = context.executor().<ChannelHandler>newPromise();
            Optional<ChannelHandler> listener = Optional.ofNullable(hostname).flatMap(names::lead);
            return listener.isPresent() ? promise.setSuccess(listener.get())
                    : promise.setFailure(new IllegalArgumentException("no such name"));
        }

        @Override
        protected void onLookupComplete(
                ChannelHandlerContext context, String hostname, Future<ChannelHandler> listener) {
            if (listener.isSuccess()) {
                place.leave();
                context.pipeline().addLast(listener.getNow());
                context.pipeline().remove(this);
            } else {
                context.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
