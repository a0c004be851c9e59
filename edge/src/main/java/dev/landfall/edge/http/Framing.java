package dev.landfall.edge.http;

/** How long a body is, as far as its head says. */
enum Framing {
    /** There is none. */
    NONE,
    /** As many bytes as Content-Length says. */
    LENGTH,
    /** Nobody knows before its end. */
    STREAM
}
