package dev.landfall.edge.http;

import dev.landfall.edge.net.Scarcity;
import dev.landfall.edge.tls.TargetTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2SettingsFrame;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsAckFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The HTTP/2 connections of one event loop to one target, each with as many streams as the target allows. */
final class Http2Targets {
    /** Streams on one connection until the target has said how many it allows (RFC 9113, 6.5.2: at least 100). */
    private static final long USUAL_STREAMS = 100;
    /** What a target may send ahead on one stream, in bytes: the client's pace sets the rest. */
    private static final int WINDOW = 64 * 1_024;
    /** The same while memory is scarce. */
    private static final int SMALL_WINDOW = 2_048;
    /** The part of the windows after which they are widened again; Netty's own. */
    private static final float WIDENED_AFTER = DefaultHttp2LocalFlowController.DEFAULT_WINDOW_UPDATE_RATIO;

    private final Pool pool;
    /** Those that take streams, and all that are open. */
    private final List<Connection> connections = new ArrayList<>();
    private final Set<Connection> all = new HashSet<>();

    Http2Targets(Pool pool) {
        this.pool = pool;
    }

    /** One connection. Streams may be opened while it is being made; they wait. */
    private final class Connection extends ChannelInboundHandlerAdapter {
        private Channel channel;
        private Http2Flush flush;
        private boolean ready;
        private boolean closing;
        private boolean used;
        private long limit = USUAL_STREAMS;
        private int toldWindow = window();
        private final Http2FrameCodec codec = codec(toldWindow);
        private final ArrayDeque<Exchange> waiting = new ArrayDeque<>();
        private final Set<Http2Back> streams = new HashSet<>();
        /** Since when it has no streams, and whether somebody will look whether that is too long. */
        private long restsSinceNanos;
        private boolean watched;

        boolean takes() {
            return !closing && streams.size() + waiting.size() < limit;
        }

        void open(Exchange exchange) {
            if (!ready) {
                waiting.add(exchange);
                return;
            }
            var back = new Http2Back(pool, exchange, flush, used);
            used = true;
            streams.add(back);
            new Http2StreamChannelBootstrap(channel).handler(back).open().addListener(opened -> {
                if (opened.isSuccess()) {
                    var stream = (Http2StreamChannel) opened.getNow();
                    stream.closeFuture().addListener(closed -> ended(back));
                    exchange.connected(back);
                } else {
                    ended(back);
                    exchange.failed(Exchange.Fault.CLOSED);
                }
            });
        }

        private void ended(Http2Back back) {
            streams.remove(back);
            if (closing && streams.isEmpty()) {
                channel.close();
            } else if (streams.isEmpty()) {
                rest(back.idleTimeoutSeconds());
            }
        }

        /** Left alone for as long as the load balancer waits, it ends. */
        private void rest(int idleTimeoutSeconds) {
            restsSinceNanos = System.nanoTime();
            if (!watched) {
                watched = true;
                look(idleTimeoutSeconds, TimeUnit.SECONDS.toNanos(idleTimeoutSeconds));
            }
        }

        private void look(int idleTimeoutSeconds, long delayNanos) {
            pool.loop().events().schedule(() -> {
                long left = restsSinceNanos + TimeUnit.SECONDS.toNanos(idleTimeoutSeconds) - System.nanoTime();
                watched = false;
                if (streams.isEmpty() && left <= 0) {
                    retire();
                } else if (streams.isEmpty()) {
                    watched = true;
                    look(idleTimeoutSeconds, left);
                }
            }, delayNanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            if (message instanceof Http2SettingsFrame settings) {
                Long most = settings.settings().maxConcurrentStreams();
                limit = most == null ? limit : Math.max(1, Math.min(most, Integer.MAX_VALUE));
            } else if (message instanceof Http2SettingsAckFrame) {
                widen();
            } else if (message instanceof Http2GoAwayFrame) {
                retire();
            }
            super.channelRead(context, message);
        }

        /** No new streams; the connection ends with the last one. */
        void retire() {
            closing = true;
            connections.remove(this);
            if (streams.isEmpty() && channel != null) {
                channel.close();
            }
        }

        /** Targets hear of it before they send more, which is soon; what is on its way is in the windows they had. */
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            if (event instanceof Scarcity.Event && ready) {
                tellWindow();
                streams.forEach(Http2Back::limit);
            }
            super.userEventTriggered(context, event);
        }

        /**
         * A window that has become smaller counts what was sent in the larger one: the target would wait to be given
         * room, and Netty gives it only after what comes, which is nothing then.
         */
        private void widen() throws Http2Exception {
            Http2LocalFlowController control = codec.connection().local().flowController();
            codec.connection().forEachActiveStream(stream -> {
                control.incrementWindowSize(stream, 0);
                return true;
            });
        }

        private void tellWindow() {
            if (toldWindow != window()) {
                toldWindow = window();
                channel.writeAndFlush(new DefaultHttp2SettingsFrame(new Http2Settings().initialWindowSize(toldWindow)));
            }
        }

        void failed(Exchange.Fault fault) {
            closing = true;
            connections.remove(this);
            while (!waiting.isEmpty()) {
                waiting.poll().failed(fault);
            }
        }

        /** After the codec has sent its preface, which must come first. */
        @Override
        public void channelActive(ChannelHandlerContext context) throws Exception {
            channel = context.channel();
            flush = new Http2Flush(channel, pool.loop());
            ready = true;
            all.add(this);
            channel.closeFuture().addListener(closed -> all.remove(this));
            super.channelActive(context);
            tellWindow();
            while (!waiting.isEmpty()) {
                open(waiting.poll());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) throws Exception {
            failed(Exchange.Fault.CLOSED);
            super.channelInactive(context);
        }
    }

    void acquire(Exchange exchange) {
        for (Connection connection : connections) {
            if (connection.takes()) {
                connection.open(exchange);
                return;
            }
        }
        var connection = new Connection();
        connections.add(connection);
        connection.open(exchange);
        connect(connection);
    }

    private void connect(Connection connection) {
        boolean secure = pool.member().group().settings().secure();
        pool.open(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (secure) {
                    channel.pipeline().addLast(TargetTls.http2(channel.alloc()));
                }
                channel.pipeline().addLast(connection.codec,
                        new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()), connection);
            }
        }).addListener(done -> {
            if (!done.isSuccess()) {
                connection.failed(Pool.fault(done.cause()));
            }
        });
    }

    /**
     * A connection's own window is always open, since only what one stream holds may wait for that stream's client: it
     * would be full of what one client does not read, and everybody else's responses would wait behind it.
     */
    private static Http2FrameCodec codec(int window) {
        Http2FrameCodec codec = Http2FrameCodecBuilder.forClient()
                .initialSettings(Http2Settings.defaultSettings().initialWindowSize(window)
                        .maxHeaderListSize(Head.MAX_BYTES).pushEnabled(false))
                .build();
        var control = new DefaultHttp2LocalFlowController(codec.connection(), WIDENED_AFTER, true);
        codec.connection().local().flowController(control.frameWriter(codec.encoder().frameWriter()));
        return codec;
    }

    private int window() {
        return pool.loop().transport().scarcity().scarce() ? SMALL_WINDOW : WINDOW;
    }

    void drain() {
        List.copyOf(connections).forEach(Connection::retire);
    }

    void abort() {
        drain();
        for (Connection connection : List.copyOf(all)) {
            Set.copyOf(connection.streams).forEach(Http2Back::gone);
            connection.channel.close();
        }
    }
}
