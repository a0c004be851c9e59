package dev.landfall.edge.hpack;

/** A field section that cannot be read: the connection's COMPRESSION_ERROR, as nobody knows its table any more. */
public final class HpackException extends Exception {
    static final HpackException MALFORMED = new HpackException();

    private HpackException() {
        super("a field section that cannot be read", null, false, false);   // the client's fault needs no stack trace
    }
}
