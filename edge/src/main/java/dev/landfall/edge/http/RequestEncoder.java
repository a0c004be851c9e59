package dev.landfall.edge.http;

import dev.landfall.edge.net.ByteSink;
import dev.landfall.edge.route.BalancerSettings;
import dev.landfall.edge.route.Rewrites;
import dev.landfall.edge.route.Routes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Writes the head a target gets. Lines that need no change are copied in runs; what ALB adds or changes (Host,
 * X-Forwarded-*, X-Amzn-Trace-Id) and what belongs to one connection is written by hand.
 */
final class RequestEncoder {
    private static final byte[] HTTP_11 = ascii(" HTTP/1.1\r\nHost: ");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] FORWARDED_FOR = ascii("X-Forwarded-For: ");
    private static final byte[] FORWARDED_PROTO_HTTP = ascii("X-Forwarded-Proto: http\r\nX-Forwarded-Port: ");
    private static final byte[] FORWARDED_PROTO_HTTPS = ascii("X-Forwarded-Proto: https\r\nX-Forwarded-Port: ");
    private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] UPGRADE = ascii("Connection: upgrade\r\nUpgrade: ");
    private static final byte[] TE_TRAILERS = ascii("TE: trailers\r\n");

    private RequestEncoder() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static void write(ByteSink sink, Exchange exchange) {
        Head head = exchange.request();
        Routes routes = exchange.routes();
        Optional<Rewrites> rewrites = exchange.route().rewrites();
        sink.put(head.bytes, 0, head.methodEnd).put(' ');
        target(sink, head, rewrites);
        sink.put(HTTP_11);
        host(sink, head, routes, rewrites);
        fields(sink, head, exchange);
        forwarded(sink, exchange);
        if (exchange.upgrades()) {
            int upgrade = head.find(Field.UPGRADE);
            sink.put(UPGRADE).put(head.bytes, head.valueStart(upgrade), head.valueEnd(upgrade)).put(CRLF);
        } else if (exchange.closesBack()) {
            sink.put(CLOSE);
        }
        int te = exchange.grpc() ? head.find(Field.TE) : -1;
        if (te >= 0) {
            sink.put(TE_TRAILERS);
        }
        switch (exchange.requestFraming()) {
            case LENGTH -> sink.put(CONTENT_LENGTH).putDecimal(head.contentLength).put(CRLF);
            case STREAM -> sink.put(CHUNKED);
            case NONE -> {
                if (head.contentLength == 0) {
                    sink.put(CONTENT_LENGTH).put('0').put(CRLF);
                }
            }
        }
        sink.put(CRLF);
    }

    private static void target(ByteSink sink, Head head, Optional<Rewrites> rewrites) {
        if (rewrites.isPresent() && rewrites.get().changesUrl()) {
            sink.put(rewrites.get().url(head.text(head.targetStart, head.targetEnd)));
            return;
        }
        if (head.desync == Desync.COMPLIANT) {
            sink.put(head.bytes, head.targetStart, head.targetEnd);
            return;
        }
        for (int i = head.targetStart; i < head.targetEnd; i++) {
            byte value = head.bytes[i];
            if (value > ' ' && value != 127 || value < 0) {
                sink.put(value);
            } else {
                sink.put('%').putHex(value, 2);    // so that no target sees two targets or two lines
            }
        }
    }

    private static void host(ByteSink sink, Head head, Routes routes, Optional<Rewrites> rewrites) {
        if (rewrites.isPresent() && rewrites.get().changesHost()) {
            sink.put(rewrites.get().host(head.text(head.hostStart, head.hostEnd)));
        } else {
            sink.put(head.bytes, head.hostStart, head.authorityEnd);
        }
        boolean named = head.authorityEnd != head.hostEnd;
        if (!named && !routes.settings().preservesHost() && !routes.defaultPort() && head.hostEnd > head.hostStart) {
            sink.put(':').putDecimal(routes.listener().port());
        }
        sink.put(CRLF);
    }

    private static void fields(ByteSink sink, Head head, Exchange exchange) {
        byte[] bytes = head.bytes;
        boolean keepsForwardedFor =
                exchange.routes().settings().forwardedFor() == BalancerSettings.ForwardedFor.PRESERVE;
        int runStart = -1;
        int runEnd = -1;
        for (int i = 0; i < head.fields; i++) {
            Field field = head.field(i);
            boolean sent = !head.dropped(i) && switch (field) {
                case OTHER, COOKIE, EXPECT, USER_AGENT, CONTENT_TYPE, TRAILER, SERVER, SET_COOKIE -> true;
                case X_FORWARDED_FOR -> keepsForwardedFor;
                case HOST, TE, UPGRADE, CONNECTION, KEEP_ALIVE, CONTENT_LENGTH, PROXY_CONNECTION, TRANSFER_ENCODING,
                        X_AMZN_TRACE_ID, X_FORWARDED_PORT, X_FORWARDED_PROTO, HTTP2_SETTINGS -> false;
            };
            if (sent && head.clean(i)) {
                if (runEnd != head.nameStart(i)) {
                    flush(sink, bytes, runStart, runEnd);
                    runStart = head.nameStart(i);
                }
                runEnd = head.lineEnd(i);
                continue;
            }
            if (sent) {
                flush(sink, bytes, runStart, runEnd);
                runStart = -1;
                runEnd = -1;
                line(sink, head, i);
            }
        }
        flush(sink, bytes, runStart, runEnd);
    }

    private static void flush(ByteSink sink, byte[] bytes, int from, int to) {
        if (from >= 0) {
            sink.put(bytes, from, to);
        }
    }

    /** A line that may not be copied as it came: name, colon, value, CRLF, and nothing between. */
    static void line(ByteSink sink, Head head, int i) {
        sink.put(head.bytes, head.nameStart(i), head.nameEnd(i)).put(':').put(' ')
                .put(head.bytes, head.valueStart(i), head.valueEnd(i)).put(CRLF);
    }

    private static void forwarded(ByteSink sink, Exchange exchange) {
        Head head = exchange.request();
        Routes routes = exchange.routes();
        if (routes.settings().forwardedFor() == BalancerSettings.ForwardedFor.APPEND) {
            sink.put(FORWARDED_FOR);
            for (int i = 0; i < head.fields; i++) {
                if (head.field(i) == Field.X_FORWARDED_FOR && head.valueEnd(i) > head.valueStart(i)) {
                    sink.put(head.bytes, head.valueStart(i), head.valueEnd(i)).put(',').put(' ');
                }
            }
            sink.put(exchange.clientText());
            if (routes.settings().addsClientPort()) {
                sink.put(':').putDecimal(exchange.front().client().getPort());
            }
            sink.put(CRLF);
        }
        sink.put(routes.secure() ? FORWARDED_PROTO_HTTPS : FORWARDED_PROTO_HTTP)
                .putDecimal(routes.listener().port()).put(CRLF);
        TraceId.write(sink, exchange);
        if (routes.settings().addsTlsHeaders() && exchange.front().tls().present()) {
            sink.put(routes.listenerSettings().tlsVersionHeader()).put(": ").put(exchange.front().tls().protocol())
                    .put(CRLF);
            sink.put(routes.listenerSettings().tlsCipherHeader()).put(": ").put(exchange.front().tls().cipher())
                    .put(CRLF);
        }
    }
}
