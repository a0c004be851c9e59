package dev.landfall.edge.http;

import dev.landfall.edge.net.ByteSink;
import dev.landfall.edge.route.ListenerSettings;
import java.nio.charset.StandardCharsets;

/** Writes the heads clients get: those of targets, with what belongs to one connection replaced, and our own. */
final class ResponseEncoder {
    /** What becomes of the connection, as its Connection field says. */
    enum After { KEEP_ALIVE, CLOSE, UPGRADE, UNSAID }

    private static final byte[] HTTP_11 = ascii("HTTP/1.1 ");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] UPGRADE = ascii("Connection: upgrade\r\nUpgrade: ");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
    private static final byte[] SERVER = ascii("Server: " + Answer.SERVER + "\r\n");
    private static final byte[] DATE = ascii("Date: ");

    private ResponseEncoder() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A target's head. {@code chunked}: whether a body of unknown length goes out in chunks. */
    static void write(ByteSink sink, Exchange exchange, Head head, Framing framing, After after, Chunking chunking) {
        sink.put(HTTP_11).putDecimal(head.status).put(' ').put(head.bytes, head.reasonStart, head.reasonEnd)
                .put(CRLF);
        fields(sink, head, framing, exchange.routes().listenerSettings());
        for (ListenerSettings.Inserted inserted : exchange.routes().listenerSettings().inserted()) {
            sink.put(inserted.name()).put(": ").put(inserted.value()).put(CRLF);
        }
        exchange.cookies(sink, head);
        after(sink, head, after);
        if (framing == Framing.STREAM && chunking == Chunking.CHUNKS) {
            sink.put(CHUNKED);
        }
        sink.put(CRLF);
    }

    /** How a body of unknown length is told apart from what follows. */
    enum Chunking { CHUNKS, OTHER }

    private static void after(ByteSink sink, Head head, After after) {
        switch (after) {
            case KEEP_ALIVE -> sink.put(KEEP_ALIVE);
            case CLOSE -> sink.put(CLOSE);
            case UPGRADE -> {
                int upgrade = head.find(Field.UPGRADE);
                sink.put(UPGRADE).put(head.bytes, head.valueStart(upgrade), head.valueEnd(upgrade)).put(CRLF);
            }
            case UNSAID -> { }
        }
    }

    private static void fields(ByteSink sink, Head head, Framing framing, ListenerSettings settings) {
        int runStart = -1;
        int runEnd = -1;
        boolean checks = !settings.inserted().isEmpty();
        for (int i = 0; i < head.fields; i++) {
            Field field = head.field(i);
            boolean sent = !head.dropped(i) && !field.hopByHop()
                    && !(field == Field.CONTENT_LENGTH && framing == Framing.STREAM)
                    && !(field == Field.SERVER && !settings.serverHeader())
                    && !(checks && replaced(head, i, settings));
            if (!sent) {
                continue;
            }
            if (!head.clean(i)) {
                if (runStart >= 0) {
                    sink.put(head.bytes, runStart, runEnd);
                }
                runStart = -1;
                runEnd = -1;
                RequestEncoder.line(sink, head, i);
                continue;
            }
            if (runEnd != head.nameStart(i)) {
                if (runStart >= 0) {
                    sink.put(head.bytes, runStart, runEnd);
                }
                runStart = head.nameStart(i);
            }
            runEnd = head.lineEnd(i);
        }
        if (runStart >= 0) {
            sink.put(head.bytes, runStart, runEnd);
        }
    }

    private static boolean replaced(Head head, int i, ListenerSettings settings) {
        for (ListenerSettings.Inserted inserted : settings.inserted()) {
            if (inserted.name().length() == head.nameEnd(i) - head.nameStart(i)
                    && head.text(head.nameStart(i), head.nameEnd(i)).equalsIgnoreCase(inserted.name())) {
                return true;
            }
        }
        return false;
    }

    /** A 1xx response, without changes. */
    static void interim(ByteSink sink, Head head) {
        sink.put(HTTP_11).putDecimal(head.status).put(' ').put(head.bytes, head.reasonStart, head.reasonEnd)
                .put(CRLF);
        for (int i = 0; i < head.fields; i++) {
            if (!head.dropped(i) && !head.field(i).hopByHop() && head.field(i) != Field.CONTENT_LENGTH) {
                RequestEncoder.line(sink, head, i);
            }
        }
        sink.put(CRLF);
    }

    /** An answer of our own, with its body unless it answers HEAD. */
    static void write(ByteSink sink, Answer answer, ListenerSettings settings, byte[] date, After after, Body body) {
        sink.put(HTTP_11).putDecimal(answer.status()).put(' ').put(answer.reason()).put(CRLF);
        if (settings.serverHeader()) {
            sink.put(SERVER);
        }
        sink.put(DATE).put(date).put(CRLF);
        sink.put("Content-Type: ").put(answer.contentType()).put(CRLF);
        sink.put(CONTENT_LENGTH).putDecimal(answer.body().length).put(CRLF);
        if (after != After.UNSAID) {
            sink.put(after == After.CLOSE ? CLOSE : KEEP_ALIVE);
        }
        if (!answer.location().isEmpty()) {
            sink.put("Location: ").put(answer.location()).put(CRLF);
        }
        for (ListenerSettings.Inserted inserted : settings.inserted()) {
            sink.put(inserted.name()).put(": ").put(inserted.value()).put(CRLF);
        }
        sink.put(CRLF);
        if (body == Body.SENT) {
            sink.put(answer.body());
        }
    }

    /** Whether the body goes with it: not to HEAD, and not in the same bytes for HTTP/2. */
    enum Body { SENT, LEFT_OUT }
}
