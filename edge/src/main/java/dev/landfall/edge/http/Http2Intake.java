package dev.landfall.edge.http;

import dev.landfall.edge.net.Loop;
import dev.landfall.edge.net.Scarcity;
import io.netty.channel.ChannelConfig;
import java.util.concurrent.TimeUnit;

/**
 * What a client of HTTP/2 sends ahead on all of its streams: the connection's window, and whether the connection is
 * read. It is not while the client does not read, which bounds the answers to PING and SETTINGS, nor while memory is
 * scarce and what the client has sent ahead waits for targets.
 *
 * <p>Then the client's updates of its windows are not read either, and a target that does not read on before its
 * response is taken would wait for them for ever. So when responses wait for windows, and nothing has been passed on
 * for a while, the stream that holds the most ends. Of one event loop.
 */
final class Http2Intake {
    /** What a client may send ahead on all of its streams together, in bytes. */
    static final int WINDOW = 256 * 1_024;
    /** What of it may wait while memory is scarce without holding up the connection, in bytes. */
    private static final int SMALL = 4_096;
    private static final long PATIENCE_SECONDS = 2;

    private final Http2Connection connection;
    private final ChannelConfig config;
    private final Loop loop;
    private final Scarcity scarcity;
    private int window = WINDOW;
    private int consumed;
    private boolean held;
    private boolean watched;

    Http2Intake(Http2Connection connection, ChannelConfig config) {
        this.connection = connection;
        this.config = config;
        loop = connection.peer().loop();
        scarcity = loop.transport().scarcity();
    }

    /** Counts a frame against the window. @return false if it does not fit */
    boolean takes(int length) {
        window -= length;
        return window >= 0;
    }

    /** Counts bytes that came and are not needed any more. */
    void consumed(int length) {
        consumed += length;
        if (consumed >= WINDOW / 2) {
            connection.output().windowUpdate(0, consumed);
            window += consumed;
            consumed = 0;
            connection.output().flushSoon();
        }
        look();
    }

    private int waitingBytes() {
        return WINDOW - window - consumed;
    }

    /** Whether the connection is to be read may have changed by what came or went, or by memory. */
    void look() {
        boolean holds = scarcity.scarce() && waitingBytes() > SMALL;
        if (holds != held) {
            held = holds;
            update();
            if (held && !watched) {
                watch();
            }
        }
    }

    /** The same, by whether the client reads. */
    void update() {
        if (!connection.over()) {
            config.setAutoRead(!held && connection.output().writable());
        }
    }

    private void watch() {
        watched = true;
        int before = waitingBytes();
        loop.events().schedule(() -> {
            watched = false;
            if (held && !connection.over()) {
                if (waitingBytes() >= before && connection.responsesWait()) {
                    connection.endHeaviest();
                }
                if (held) {
                    watch();
                }
            }
        }, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
