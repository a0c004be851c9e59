package dev.landfall.edge.http;

import dev.landfall.edge.net.ByteSink;
import dev.landfall.edge.net.Loop;
import java.nio.charset.StandardCharsets;

/**
 * X-Amzn-Trace-Id ("Request tracing for your Application Load Balancer"): a request without one gets a Root; one with a
 * Root gets a Self in front, in place of any Self it had.
 */
final class TraceId {
    private static final byte[] NAME = "X-Amzn-Trace-Id: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ROOT = "Root=1-".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SELF = "Self=1-".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CRLF = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private TraceId() {}

    static void write(ByteSink sink, Exchange exchange) {
        Head head = exchange.request();
        sink.put(NAME);
        int start = sink.length();
        int at = head.find(Field.X_AMZN_TRACE_ID);
        if (at < 0) {
            fresh(sink.put(ROOT), exchange);
        } else {
            String old = head.value(at);
            fresh(sink.put(old.contains("Root=") ? SELF : ROOT), exchange);
            for (String part : old.split(";")) {
                if (!part.strip().startsWith("Self=") && !part.isBlank()) {
                    sink.put(';').put(part.strip());
                }
            }
        }
        if (exchange.logged()) {
            exchange.trace(sink.text(start));
        }
        sink.put(CRLF);
    }

    private static void fresh(ByteSink sink, Exchange exchange) {
        Loop loop = exchange.front().loop();
        sink.putHex(System.currentTimeMillis() / 1_000, 8).put('-').putHex(loop.random(), 16)
                .putHex(loop.random(), 8);
    }
}
