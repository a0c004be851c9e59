package dev.landfall.edge.http;

import dev.landfall.edge.net.Loop;
import io.netty.channel.Channel;

/**
 * Sends what the streams of one HTTP/2 connection have written, once for all that was written in a round of the event
 * loop: a system call and a TLS record for each stream would cost more than all else.
 */
final class Http2Flush implements Runnable {
    private final Channel connection;
    private final Loop loop;
    private boolean scheduled;

    Http2Flush(Channel connection, Loop loop) {
        this.connection = connection;
        this.loop = loop;
    }

    void soon() {
        if (!scheduled) {
            scheduled = true;
            loop.events().execute(this);
        }
    }

    @Override
    public void run() {
        scheduled = false;
        connection.flush();
    }
}
