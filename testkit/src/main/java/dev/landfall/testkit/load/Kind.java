package dev.landfall.testkit.load;

import java.io.IOException;
import java.time.Duration;

/** What a client does, and how often. */
public enum Kind {
    /** A connection for each request. */
    FRESH(Duration.ofMillis(20)),
    /** One connection for all. */
    KEPT(Duration.ofMillis(10)),
    /** A body of two MiB whose length is told. */
    UPLOAD(Duration.ofMillis(20)),
    /** A body of two MiB in chunks. */
    UPLOAD_IN_CHUNKS(Duration.ofMillis(20)),
    /** The answer comes after two seconds. */
    LATE(Duration.ZERO),
    /** The answer takes two seconds. */
    STREAM(Duration.ZERO),
    /** A websocket that is held open; a request is a message and its echo. */
    WEB_SOCKET(Duration.ofMillis(50)),
    /** Several requests at once over one connection of HTTP/2; needs a door with TLS. */
    MULTIPLEXED(Duration.ZERO),
    /** A TCP connection for each request, a line and its echo. */
    FRESH_LINES(Duration.ofMillis(20)),
    /** One TCP connection that is held open. */
    LINES(Duration.ofMillis(50));

    private final Duration pause;

    Kind(Duration pause) {
        this.pause = pause;
    }

    /** Between two requests. */
    Duration pause() {
        return pause;
    }

    /** @return its first connection is open, where it keeps one */
    Client open(Door door) throws IOException {
        return switch (this) {
            case FRESH -> new Client.Fresh(door);
            case KEPT -> new Client.Kept(door, Client::page);
            case UPLOAD -> new Client.Kept(door, Client::upload);
            case UPLOAD_IN_CHUNKS -> new Client.Kept(door, Client::uploadInChunks);
            case LATE -> new Client.Kept(door, Client::late);
            case STREAM -> new Client.Kept(door, Client::stream);
            case WEB_SOCKET -> new Client.WebSocket(door);
            case MULTIPLEXED -> new Multiplexed(door);
            case FRESH_LINES -> new Client.FreshLines(door);
            case LINES -> new Client.Lines(door);
        };
    }
}
