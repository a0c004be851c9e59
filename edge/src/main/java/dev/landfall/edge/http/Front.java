package dev.landfall.edge.http;

import dev.landfall.edge.net.Loop;
import dev.landfall.edge.tls.TlsInfo;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** The client's side of an exchange: a connection of HTTP/1.1 or a stream of HTTP/2. Called on its loop. */
interface Front {
    Peer peer();

    default Loop loop() {
        return peer().loop();
    }

    default InetSocketAddress client() {
        return peer().address();
    }

    default String zone() {
        return peer().zone();
    }

    default TlsInfo tls() {
        return peer().tls();
    }

    /** HTTP/1.0, HTTP/1.1 or HTTP/2.0. */
    String protocol();

    /** Sends the head of a target's response. */
    void head(Head response, Framing framing);

    /** Sends a 1xx response. */
    void interim(Head response);

    /** Sends a piece of the body, which is then this side's to release. */
    void body(ByteBuf piece);

    /** Ends the response, with its trailers if it has some. */
    void end(Head trailers);

    /** Sends an answer of our own, whole. */
    void answer(Answer answer);

    /** Breaks a response off that cannot be finished. */
    void abort();

    /** Sends what was written. */
    void flush();

    boolean writable();

    /** Stops reading the request's body. */
    void pause();

    /** Goes on reading the request's body, also what has been read already. */
    void resume();

    /** The exchange is over: both sides are through, or it has been answered or broken off. */
    void done();

    long sentBytes();

    long receivedBytes();
}
