package dev.landfall.edge.http;

import io.netty.buffer.ByteBuf;

/** The target's side of an exchange: a connection of HTTP/1.1 or a stream of HTTP/2. Called on the client's loop. */
interface Back {
    /** Sends the head of the request. */
    void send(Exchange exchange);

    /** Sends a piece of the body, which is then this side's to release. */
    void body(ByteBuf piece);

    /** Ends the request, with its trailers if it has some. */
    void end(Head trailers);

    void flush();

    boolean writable();

    /** Stops reading the response. */
    void pause();

    void resume();

    /** The exchange needs no response any more. */
    void abort();

    /** Whether this connection has served a request before, so that the target may have closed it meanwhile. */
    boolean reused();
}
