package dev.landfall.edge.http;

import dev.landfall.edge.net.ByteSink;
import dev.landfall.edge.route.Routes;
import java.time.Instant;

/** A line of an access log, field by field as AWS documents it ("Access log entries"). */
final class LogLine {
    /** AWS: a longer User-Agent is cut. */
    private static final int MAX_AGENT = 8 * 1_024;

    private LogLine() {}

    static void write(ByteSink sink, Exchange exchange, ExchangeLog log) {
        Routes routes = exchange.routes();
        Front front = exchange.front();
        Head request = exchange.request();
        long nowNanos = System.nanoTime();
        Instant now = Instant.now();
        boolean hasTarget = exchange.hasMember();
        String target = hasTarget
                ? exchange.member().target().address() + ":" + exchange.member().target().port() : "-";
        String arn = routes.balancer().arn();
        int id = arn.indexOf("loadbalancer/");
        sink.put(type(exchange, log)).put(' ');
        time(sink, front, now);
        sink.put(' ').put(id < 0 ? arn : arn.substring(id + 13)).put(' ')
                .put(exchange.clientText()).put(':').putDecimal(front.client().getPort()).put(' ')
                .put(target).put(' ');
        boolean dispatched = log.sentNanos != 0 && !log.failed;
        seconds(sink, dispatched ? log.sentNanos - log.receivedNanos : -1);
        seconds(sink, dispatched && log.firstByteNanos != 0 ? log.firstByteNanos - log.sentNanos : -1);
        seconds(sink, dispatched && log.firstByteNanos != 0 ? nowNanos - log.firstByteNanos : -1);
        sink.putDecimal(log.status).put(' ').put(dash(log.targetStatus)).put(' ')
                .putDecimal(front.receivedBytes()).put(' ').putDecimal(front.sentBytes()).put(' ');
        requestLine(sink, exchange, log);
        int agent = log.refused ? -1 : request.find(Field.USER_AGENT);
        sink.put(' ');
        if (agent < 0) {
            quoted(sink, "-");
        } else {
            String value = request.value(agent);
            quoted(sink, value.length() > MAX_AGENT ? value.substring(0, MAX_AGENT) : value);
        }
        sink.put(' ').put(front.tls().cipher()).put(' ').put(front.tls().protocol()).put(' ')
                .put(exchange.groupArn()).put(' ');
        quoted(sink, log.trace).put(' ');
        quoted(sink, front.tls().serverName()).put(' ');
        quoted(sink, front.tls().certificateArn()).put(' ');
        int rule = exchange.routeIndex();
        sink.put(rule < 0 ? "-" : Integer.toString(routes.listener().rules().get(rule).priority())).put(' ');
        time(sink, front, now.minusNanos(nowNanos - log.receivedNanos));
        sink.put(' ');
        quoted(sink, log.action.isEmpty() ? "-" : log.action).put(' ');
        quoted(sink, log.redirect).put(' ');
        quoted(sink, "-").put(' ');
        quoted(sink, target).put(' ');
        quoted(sink, dash(log.targetStatus)).put(' ');
        quoted(sink, request.desync.level().text()).put(' ');
        quoted(sink, request.desync.text()).put('\n');
    }

    /** To the microsecond. */
    private static void time(ByteSink sink, Front front, Instant time) {
        sink.put(front.loop().logSecond(time.getEpochSecond())).put('.');
        int micros = time.getNano() / 1_000;
        for (int digit = 100_000; digit > 0; digit /= 10) {
            sink.put('0' + micros / digit % 10);
        }
        sink.put('Z');
    }

    private static String type(Exchange exchange, ExchangeLog log) {
        boolean secure = exchange.routes().secure();
        if (log.targetStatus == 101) {
            return secure ? "wss" : "ws";
        }
        if (exchange.front().protocol().equals("HTTP/2.0")) {
            return Protocols.isGrpc(exchange.request()) ? "grpcs" : "h2";
        }
        return secure ? "https" : "http";
    }

    private static String dash(int status) {
        return status == 0 ? "-" : Integer.toString(status);
    }

    /** With millisecond precision. */
    private static void seconds(ByteSink sink, long nanos) {
        if (nanos < 0) {
            sink.put("-1 ");
            return;
        }
        long millis = nanos / 1_000_000;
        sink.putDecimal(millis / 1_000).put('.');
        long rest = millis % 1_000;
        sink.put(rest < 100 ? rest < 10 ? "00" : "0" : "").putDecimal(rest).put(' ');
    }

    private static void requestLine(ByteSink sink, Exchange exchange, ExchangeLog log) {
        Head request = exchange.request();
        Routes routes = exchange.routes();
        boolean known = !log.refused && request.methodEnd >= 0;
        sink.put('"');
        if (known) {
            escaped(sink, request.bytes, 0, request.methodEnd);
        } else {
            sink.put('-');
        }
        sink.put(' ').put(routes.secure() ? "https" : "http").put("://");
        if (known) {
            escaped(sink, request.bytes, request.hostStart, request.hostEnd);
        } else {
            sink.put('-');
        }
        sink.put(':').putDecimal(routes.listener().port());
        if (known) {
            escaped(sink, request.bytes, request.targetStart, request.targetEnd);
            sink.put(' ').put(exchange.front().protocol());
        } else {
            sink.put("- -");
        }
        sink.put('"');
    }

    private static void escaped(ByteSink sink, byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            escaped(sink, (char) (bytes[i] & 0xff));
        }
    }

    private static void escaped(ByteSink sink, char c) {
        if (c < ' ' || c == '"' || c == '\\' || c >= 127) {
            sink.put("\\x").putHex(c, 2);
        } else {
            sink.put(c);
        }
    }

    /** Quotes and control characters are written as AWS does: \x and two digits. */
    private static ByteSink quoted(ByteSink sink, String text) {
        sink.put('"');
        for (int i = 0; i < text.length(); i++) {
            escaped(sink, text.charAt(i));
        }
        return sink.put('"');
    }
}
