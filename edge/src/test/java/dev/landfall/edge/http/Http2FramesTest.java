package dev.landfall.edge.http;

import static dev.landfall.edge.http.H2Wire.GET;
import static dev.landfall.edge.http.H2Wire.POST;
import static dev.landfall.edge.http.H2Wire.and;
import static dev.landfall.edge.http.H2Wire.number;
import static dev.landfall.edge.http.H2Wire.section;
import static dev.landfall.edge.http.H2Wire.setting;
import static dev.landfall.edge.http.Http2.ACK;
import static dev.landfall.edge.http.Http2.CONTINUATION;
import static dev.landfall.edge.http.Http2.DATA;
import static dev.landfall.edge.http.Http2.END_HEADERS;
import static dev.landfall.edge.http.Http2.END_STREAM;
import static dev.landfall.edge.http.Http2.GOAWAY;
import static dev.landfall.edge.http.Http2.HEADERS;
import static dev.landfall.edge.http.Http2.PADDED;
import static dev.landfall.edge.http.Http2.PING;
import static dev.landfall.edge.http.Http2.PRIORITY;
import static dev.landfall.edge.http.Http2.PUSH_PROMISE;
import static dev.landfall.edge.http.Http2.RST_STREAM;
import static dev.landfall.edge.http.Http2.SETTINGS;
import static dev.landfall.edge.http.Http2.WINDOW_UPDATE;
import static dev.landfall.edge.http.Http2.WITH_PRIORITY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Ground;
import dev.landfall.edge.tls.TestCertificates;
import dev.landfall.protocol.edge.Listener;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What a client may and may not send, frame by frame, in the order of RFC 9113 and RFC 7541: each case is answered with
 * the code that they demand. A connection that was told of a fault is closed, and a listener with such clients serves
 * others.
 */
class Http2FramesTest {
    private static final Ground GROUND = new Ground(1);
    /** Answers when a request is whole: what has no end stays open. */
    private static final Backend TARGET = Backend.answering("fine");
    private static final String PROTOCOL = "GOAWAY PROTOCOL_ERROR";
    private static final String FRAME_SIZE = "GOAWAY FRAME_SIZE_ERROR";
    private static final String FLOW = "GOAWAY FLOW_CONTROL_ERROR";
    private static final String COMPRESSION = "GOAWAY COMPRESSION_ERROR";
    private static final String CALM = "GOAWAY ENHANCE_YOUR_CALM";
    private static final String MALFORMED = "RST 1 PROTOCOL_ERROR";
    private static final long TOO_LARGE_WINDOW = 0x7fffffffL;

    @BeforeAll
    static void serve() {
        GROUND.protocol = Listener.Protocol.HTTPS;
        GROUND.sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
        GROUND.certificates = List.of(TestCertificates.of("cert", "localhost"));
        GROUND.group("tg", Map.of(), TARGET).apply();
    }

    @AfterAll
    static void close() {
        GROUND.close();
        TARGET.close();
    }

    /** @param sent after preface and settings, unless it says them itself */
    private record Case(String name, String expected, Consumer<H2Wire> sent) {}

    private static Case of(String name, String expected, Consumer<H2Wire> sent) {
        return new Case(name, expected, sent);
    }

    private static Stream<DynamicTest> tests(List<Case> cases) {
        return cases.stream().map(one -> DynamicTest.dynamicTest(one.name(), () -> {
            try (H2Wire wire = H2Wire.greeted(GROUND.port)) {
                one.sent().accept(wire);
                assertThat(wire.outcome()).isEqualTo(one.expected());
                if (one.expected().startsWith("GOAWAY")) {
                    assertThat(wire.outcome()).isEqualTo("CLOSED");
                }
            }
            try (H2Wire wire = H2Wire.greeted(GROUND.port)) {
                assertThat(wire.get(1).outcome()).isEqualTo("END 1");
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> prefaces() {
        return Stream.of(
                of("3.4 not a preface", PROTOCOL, wire -> wire.raw("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes())),
                of("3.4 settings are missing", PROTOCOL, wire -> wire.raw(Http2.PREFACE).get(1)),
                of("3.4 settings begin with an acknowledgement", PROTOCOL,
                        wire -> wire.raw(Http2.PREFACE).frame(SETTINGS, ACK, 0)),
                of("3.4 a preface that comes in pieces", "END 1", wire -> {
                    for (byte one : Http2.PREFACE) {
                        wire.raw(new byte[] {one});
                    }
                    wire.frame(SETTINGS, 0, 0).get(1);
                })
        ).map(one -> DynamicTest.dynamicTest(one.name(), () -> {
            try (var wire = new H2Wire(GROUND.port)) {
                one.sent().accept(wire);
                assertThat(wire.outcome()).isEqualTo(one.expected());
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> frames() {
        return tests(List.of(
                of("4.1 an unknown type is ignored", "END 1", wire -> wire.frame(0x16, 0xff, 0, new byte[8]).get(1)),
                of("4.1 undefined flags are ignored", "END 1",
                        wire -> wire.headers(1, END_STREAM | 0x52 & ~PADDED, GET)),
                of("4.1 the reserved bit is ignored", "END 1", wire -> wire.frame(
                        HEADERS, END_HEADERS | END_STREAM, 0x80000001, section(GET))),
                of("4.2 DATA of the largest size", "END 1",
                        wire -> wire.post(1).frame(DATA, END_STREAM, 1, new byte[16_384])),
                of("4.2 DATA that is too large", FRAME_SIZE,
                        wire -> wire.post(1).frame(DATA, END_STREAM, 1, new byte[16_385])),
                of("4.2 HEADERS that is too large", FRAME_SIZE, wire -> wire.frame(
                        HEADERS, END_HEADERS | END_STREAM, 1, new byte[16_385])),
                of("4.3 an unreadable section", COMPRESSION, wire -> wire.frame(
                        HEADERS, END_HEADERS | END_STREAM, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff)),
                of("4.3 PRIORITY within a section", PROTOCOL, wire -> wire.frame(HEADERS, END_STREAM, 1, section(GET))
                        .frame(PRIORITY, 0, 1, new byte[5]).frame(CONTINUATION, END_HEADERS, 1)),
                of("4.3 a section of another stream within one", PROTOCOL,
                        wire -> wire.frame(HEADERS, END_STREAM, 1, section(GET)).get(3)),
                of("4.3 an unknown type within a section", PROTOCOL, wire -> wire
                        .frame(HEADERS, END_STREAM, 1, section(GET)).frame(0x16, 0, 1))));
    }

    @TestFactory
    Stream<DynamicTest> streamStates() {
        return tests(List.of(
                of("5.1 idle: DATA", PROTOCOL, wire -> wire.data(1, END_STREAM, "x")),
                of("5.1 idle: RST_STREAM", PROTOCOL, wire -> wire.frame(RST_STREAM, 0, 1, number(8))),
                of("5.1 idle: WINDOW_UPDATE", PROTOCOL, wire -> wire.frame(WINDOW_UPDATE, 0, 1, number(100))),
                of("5.1 idle: CONTINUATION", PROTOCOL, wire -> wire.frame(CONTINUATION, END_HEADERS, 1, section(GET))),
                of("5.1 idle: PRIORITY", "END 1", wire -> wire.frame(PRIORITY, 0, 1, new byte[5]).get(1)),
                of("5.1 closed: DATA", "RST 1 STREAM_CLOSED", wire -> {
                    assertThat(wire.get(1).outcome()).isEqualTo("END 1");
                    wire.data(1, END_STREAM, "x");
                }),
                of("5.1 closed: HEADERS", "GOAWAY STREAM_CLOSED", wire -> {
                    assertThat(wire.get(1).outcome()).isEqualTo("END 1");
                    wire.get(1);
                }),
                of("5.1 closed: WINDOW_UPDATE, RST_STREAM and PRIORITY", "END 3", wire -> {
                    assertThat(wire.get(1).outcome()).isEqualTo("END 1");
                    wire.frame(WINDOW_UPDATE, 0, 1, number(1)).frame(RST_STREAM, 0, 1, number(8))
                            .frame(PRIORITY, 0, 1, new byte[5]).get(3);
                }),
                of("5.1 closed by the client's reset: HEADERS", "GOAWAY STREAM_CLOSED",
                        wire -> wire.post(1).frame(RST_STREAM, 0, 1, number(8)).get(1)),
                of("5.1 closed by our reset: what was under way is ignored", "END 3", wire -> {
                    wire.raw(concat(H2Wire.bytes(HEADERS, END_HEADERS | END_STREAM, 1, section("x", "y")),
                            H2Wire.bytes(DATA, 0, 1, new byte[10]),
                            H2Wire.bytes(HEADERS, END_HEADERS | END_STREAM, 1, section("x", "y"))));
                    assertThat(wire.outcome()).isEqualTo(MALFORMED);
                    wire.get(3);
                }),
                of("5.1.1 an even stream", PROTOCOL, wire -> wire.get(2)),
                of("5.1.1 stream 0", PROTOCOL, wire -> wire.get(0)),
                of("5.1.1 a smaller number than before", PROTOCOL, wire -> {
                    assertThat(wire.get(5).outcome()).isEqualTo("END 5");
                    wire.get(3);
                }),
                of("5.3.1 a stream that depends on itself", MALFORMED, wire -> wire.frame(HEADERS,
                        END_HEADERS | END_STREAM | WITH_PRIORITY, 1, concat(number(1), new byte[1], section(GET)))),
                of("5.5 an unknown setting", "END 1",
                        wire -> wire.frame(SETTINGS, 0, 0, setting(0x99, 7)).get(1))));
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] concat(byte[]... parts) {
        var out = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    @TestFactory
    Stream<DynamicTest> definitions() {
        return tests(List.of(
                of("6.1 DATA on stream 0", PROTOCOL, wire -> wire.data(0, END_STREAM, "x")),
                of("6.1 DATA with as much padding as payload", PROTOCOL,
                        wire -> wire.post(1).frame(DATA, PADDED | END_STREAM, 1, (byte) 6, (byte) 0, (byte) 0)),
                of("6.1 padded DATA without the length", FRAME_SIZE, wire -> wire.post(1).frame(DATA, PADDED, 1)),
                of("6.1 DATA of padding alone", "END 1",
                        wire -> wire.post(1).frame(DATA, PADDED | END_STREAM, 1, (byte) 2, (byte) 0, (byte) 0)),
                of("6.2 HEADERS on stream 0", PROTOCOL, wire -> wire.headers(0, END_STREAM, GET)),
                of("6.2 HEADERS with more padding than payload", PROTOCOL, wire -> wire.frame(
                        HEADERS, END_HEADERS | END_STREAM | PADDED, 1, concat(new byte[] {(byte) 200}, section(GET)))),
                of("6.2 padded HEADERS", "END 1", wire -> wire.frame(HEADERS, END_HEADERS | END_STREAM | PADDED, 1,
                        concat(new byte[] {3}, section(GET), new byte[3]))),
                of("6.2 HEADERS too short for its priority", FRAME_SIZE,
                        wire -> wire.frame(HEADERS, END_HEADERS | WITH_PRIORITY, 1, new byte[3])),
                of("6.3 PRIORITY on stream 0", PROTOCOL, wire -> wire.frame(PRIORITY, 0, 0, new byte[5])),
                of("6.3 PRIORITY of a wrong length", "RST 1 FRAME_SIZE_ERROR", wire -> {
                    assertThat(wire.get(1).outcome()).isEqualTo("END 1");
                    wire.frame(PRIORITY, 0, 1, new byte[4]);
                }),
                of("6.4 RST_STREAM on stream 0", PROTOCOL, wire -> wire.frame(RST_STREAM, 0, 0, number(8))),
                of("6.4 RST_STREAM of a wrong length", FRAME_SIZE,
                        wire -> wire.post(1).frame(RST_STREAM, 0, 1, new byte[3])),
                of("6.5 SETTINGS acknowledged with a payload", FRAME_SIZE,
                        wire -> wire.frame(SETTINGS, ACK, 0, setting(1, 1))),
                of("6.5 SETTINGS on a stream", PROTOCOL, wire -> wire.frame(SETTINGS, 0, 1, setting(1, 1))),
                of("6.5 SETTINGS of a wrong length", FRAME_SIZE, wire -> wire.frame(SETTINGS, 0, 0, new byte[7])),
                of("6.5.2 ENABLE_PUSH", PROTOCOL, wire -> wire.frame(SETTINGS, 0, 0, setting(2, 2))),
                of("6.5.2 INITIAL_WINDOW_SIZE", FLOW, wire -> wire.frame(SETTINGS, 0, 0, setting(4, 0x80000000L))),
                of("6.5.2 MAX_FRAME_SIZE too small", PROTOCOL,
                        wire -> wire.frame(SETTINGS, 0, 0, setting(5, 16_383))),
                of("6.5.2 MAX_FRAME_SIZE too large", PROTOCOL,
                        wire -> wire.frame(SETTINGS, 0, 0, setting(5, 16_777_216))),
                of("6.6 PUSH_PROMISE", PROTOCOL, wire -> wire.frame(
                        PUSH_PROMISE, END_HEADERS, 1, concat(number(2), section(GET)))),
                of("6.7 PING on a stream", PROTOCOL, wire -> wire.frame(PING, 0, 1, new byte[8])),
                of("6.7 PING of a wrong length", FRAME_SIZE, wire -> wire.frame(PING, 0, 0, new byte[6])),
                of("6.7 PING is answered with its own bytes", "END 1", wire -> {
                    wire.frame(PING, 0, 0, "12345678".getBytes());
                    H2Wire.Frame pong = wire.next();
                    assertThat(pong.is(PING) && pong.flags() == ACK).isTrue();
                    assertThat(pong.text()).isEqualTo("12345678");
                    wire.frame(PING, ACK, 0, "87654321".getBytes()).get(1);
                }),
                of("6.8 GOAWAY on a stream", PROTOCOL, wire -> wire.frame(GOAWAY, 0, 1, number(0, 0))),
                of("6.8 GOAWAY does not end what it leaves", "END 1",
                        wire -> wire.frame(GOAWAY, 0, 0, number(0, 0)).get(1)),
                of("6.10 CONTINUATION on stream 0", PROTOCOL, wire -> wire.frame(
                        HEADERS, END_STREAM, 1, section(GET)).frame(CONTINUATION, END_HEADERS, 0)),
                of("6.10 CONTINUATION after the end", PROTOCOL,
                        wire -> wire.post(1).frame(CONTINUATION, END_HEADERS, 1, section("a", "b"))),
                of("6.10 a section in many frames", "END 1", wire -> {
                    byte[] whole = section(GET);
                    wire.frame(HEADERS, END_STREAM, 1, java.util.Arrays.copyOf(whole, 10));
                    wire.frame(CONTINUATION, 0, 1, java.util.Arrays.copyOfRange(whole, 10, 20));
                    wire.frame(CONTINUATION, END_HEADERS, 1, java.util.Arrays.copyOfRange(whole, 20, whole.length));
                })));
    }

    @TestFactory
    Stream<DynamicTest> flowControl() {
        return tests(List.of(
                of("6.9 WINDOW_UPDATE by 0 of the connection", PROTOCOL,
                        wire -> wire.frame(WINDOW_UPDATE, 0, 0, number(0))),
                of("6.9 WINDOW_UPDATE by 0 of a stream", MALFORMED,
                        wire -> wire.post(1).frame(WINDOW_UPDATE, 0, 1, number(0))),
                of("6.9 WINDOW_UPDATE of a wrong length", FRAME_SIZE,
                        wire -> wire.frame(WINDOW_UPDATE, 0, 0, new byte[3])),
                of("6.9.1 a window of the connection that is too large", FLOW,
                        wire -> wire.frame(WINDOW_UPDATE, 0, 0, number(TOO_LARGE_WINDOW))),
                of("6.9.1 a window of a stream that is too large", "RST 1 FLOW_CONTROL_ERROR", wire -> wire
                        .frame(SETTINGS, 0, 0, setting(4, 1)).post(1)
                        .frame(WINDOW_UPDATE, 0, 1, number(TOO_LARGE_WINDOW))),
                of("6.9.2 settings that make a window too large", FLOW, wire -> wire
                        .frame(SETTINGS, 0, 0, setting(4, 1)).post(1)
                        .frame(SETTINGS, 0, 0, setting(4, 0))
                        .frame(WINDOW_UPDATE, 0, 1, number(TOO_LARGE_WINDOW))
                        .frame(SETTINGS, 0, 0, setting(4, TOO_LARGE_WINDOW)))));
    }

    @TestFactory
    Stream<DynamicTest> messages() {
        return tests(List.of(
                of("8.1 a second section without the end", MALFORMED,
                        wire -> wire.post(1).headers(1, 0, "x", "y")),
                of("8.1.1 less DATA than content-length", MALFORMED, wire -> wire
                        .post(1, "content-length", "2").data(1, END_STREAM, "x")),
                of("8.1.1 more DATA than content-length", MALFORMED, wire -> wire
                        .post(1, "content-length", "1").data(1, 0, "xx")),
                of("8.1.1 no DATA for a content-length", MALFORMED, wire -> wire.get(1, "content-length", "1")),
                of("8.1.1 DATA for a content-length in pieces", "END 1", wire -> wire
                        .post(1, "content-length", "4").data(1, 0, "ab").data(1, END_STREAM, "cd")),
                of("8.2.1 upper case", MALFORMED, wire -> wire.get(1, "X-Test", "a")),
                of("8.2.1 an empty name", MALFORMED, wire -> wire.get(1, "", "a")),
                of("8.2.1 a space in a name", MALFORMED, wire -> wire.get(1, "x y", "a")),
                of("8.2.1 a colon in a name", MALFORMED, wire -> wire.get(1, "x:y", "a")),
                of("8.2.1 a line feed in a value", MALFORMED, wire -> wire.get(1, "x", "a\nb")),
                of("8.2.1 a carriage return in a value", MALFORMED, wire -> wire.get(1, "x", "a\rb")),
                of("8.2.1 a null in a value", MALFORMED, wire -> wire.get(1, "x", "a\0b")),
                of("8.2.2 connection", MALFORMED, wire -> wire.get(1, "connection", "keep-alive")),
                of("8.2.2 keep-alive", MALFORMED, wire -> wire.get(1, "keep-alive", "1")),
                of("8.2.2 proxy-connection", MALFORMED, wire -> wire.get(1, "proxy-connection", "a")),
                of("8.2.2 transfer-encoding", MALFORMED, wire -> wire.get(1, "transfer-encoding", "chunked")),
                of("8.2.2 upgrade", MALFORMED, wire -> wire.get(1, "upgrade", "websocket")),
                of("8.2.2 te: trailers", "END 1", wire -> wire.get(1, "te", "trailers")),
                of("8.2.2 te: anything else", MALFORMED, wire -> wire.get(1, "te", "trailers, deflate")),
                of("8.3 an unknown pseudo field", MALFORMED,
                        wire -> wire.headers(1, END_STREAM, and(GET, ":test", "a"))),
                of("8.3 a response's pseudo field", MALFORMED,
                        wire -> wire.headers(1, END_STREAM, and(GET, ":status", "200"))),
                of("8.3 a pseudo field after others", MALFORMED, wire -> wire.headers(1, END_STREAM, ":method", "GET",
                        ":scheme", "https", "x", "y", ":path", "/")),
                of("8.3 a pseudo field in trailers", MALFORMED,
                        wire -> wire.post(1)
                                .headers(1, END_STREAM, ":method", "POST")),
                of("8.3.1 no method", MALFORMED, wire -> wire.headers(1, END_STREAM, ":scheme", "https", ":path", "/")),
                of("8.3.1 no scheme", MALFORMED, wire -> wire.headers(1, END_STREAM, ":method", "GET", ":path", "/")),
                of("8.3.1 no path", MALFORMED,
                        wire -> wire.headers(1, END_STREAM, ":method", "GET", ":scheme", "https")),
                of("8.3.1 an empty path", MALFORMED, wire -> wire.headers(1, END_STREAM, ":method", "GET",
                        ":scheme", "https", ":authority", "a", ":path", "")),
                of("8.3.1 two methods", MALFORMED, wire -> wire.headers(1, END_STREAM, and(GET, ":method", "GET"))),
                of("8.3.1 two schemes", MALFORMED, wire -> wire.headers(1, END_STREAM, and(GET, ":scheme", "https"))),
                of("8.3.1 two paths", MALFORMED, wire -> wire.headers(1, END_STREAM, and(GET, ":path", "/")))));
    }

    @TestFactory
    Stream<DynamicTest> fieldCompression() {
        byte[] get = section(GET);
        return tests(List.of(
                of("RFC 7541 2.3.3 an index that is nowhere", COMPRESSION, wire -> wire.frame(
                        HEADERS, END_HEADERS | END_STREAM, 1, concat(get, new byte[] {(byte) 0xff, 0}))),
                of("RFC 7541 4.2 a table size at the end", COMPRESSION, wire -> wire.frame(
                        HEADERS, END_HEADERS | END_STREAM, 1, concat(get, new byte[] {0x20}))),
                of("RFC 7541 4.2 a table size at the beginning", "END 1", wire -> wire.frame(
                        HEADERS, END_HEADERS | END_STREAM, 1, concat(new byte[] {0x20}, get))),
                of("RFC 7541 5.1 an integer without end", COMPRESSION, wire -> wire.frame(
                        HEADERS, END_HEADERS | END_STREAM, 1, new byte[] {(byte) 0xff, -1, -1, -1, -1, -1, -1, 1})),
                of("RFC 7541 5.2 padding of more than seven bits", COMPRESSION, wire -> wire.frame(HEADERS,
                        END_HEADERS | END_STREAM, 1, concat(get, hex("0085f2b24a84ff8449509fff")))),
                of("RFC 7541 5.2 padding with zeros", COMPRESSION, wire -> wire.frame(HEADERS,
                        END_HEADERS | END_STREAM, 1, concat(get, hex("0085f2b24a84ff83495090")))),
                of("RFC 7541 5.2 the end of a string within it", COMPRESSION, wire -> wire.frame(HEADERS,
                        END_HEADERS | END_STREAM, 1,
                        concat(get, hex("0085f2b24a84ff8749509ffffffaff")))),
                of("RFC 7541 5.2 a string as it should be", "END 1", wire -> wire.frame(HEADERS,
                        END_HEADERS | END_STREAM, 1, concat(get, hex("0085f2b24a84ff8349509f")))),
                of("RFC 7541 6.1 index 0", COMPRESSION, wire -> wire.frame(
                        HEADERS, END_HEADERS | END_STREAM, 1, concat(get, new byte[] {(byte) 0x80}))),
                of("RFC 7541 6.3 a table larger than was allowed", COMPRESSION, wire -> wire.frame(
                        HEADERS, END_HEADERS | END_STREAM, 1, concat(new byte[] {0x3f, (byte) 0xe2, 0x1f}, get)))));
    }

    /** A request that is whole while its response waits for a window. */
    private static H2Wire halfClosed(H2Wire wire) {
        return wire.frame(SETTINGS, 0, 0, setting(4, 0)).get(1);
    }

    /** What of h2spec's lists (generic, http2, hpack) is not among the cases above. */
    @TestFactory
    Stream<DynamicTest> halfClosedAndClosed() {
        return tests(List.of(
                of("5.1 half-closed: DATA", "RST 1 STREAM_CLOSED", wire -> halfClosed(wire).data(1, END_STREAM, "x")),
                of("5.1 half-closed: HEADERS", "RST 1 STREAM_CLOSED",
                        wire -> halfClosed(wire).headers(1, END_STREAM, "x", "y")),
                of("5.1 half-closed: CONTINUATION", PROTOCOL,
                        wire -> halfClosed(wire).frame(CONTINUATION, END_HEADERS, 1, section("x", "y"))),
                of("5.1 half-closed: WINDOW_UPDATE and PRIORITY", "END 1", wire -> halfClosed(wire)
                        .frame(PRIORITY, 0, 1, new byte[5]).frame(WINDOW_UPDATE, 0, 1, number(100))),
                of("5.1 half-closed: RST_STREAM", "END 3", wire -> halfClosed(wire)
                        .frame(RST_STREAM, 0, 1, number(8)).frame(SETTINGS, 0, 0, setting(4, 100)).get(3)),
                of("5.1 closed: CONTINUATION", PROTOCOL, wire -> {
                    assertThat(wire.get(1).outcome()).isEqualTo("END 1");
                    wire.frame(CONTINUATION, END_HEADERS, 1, section("x", "y"));
                }),
                of("5.1 closed by the client's reset: DATA", "RST 1 STREAM_CLOSED",
                        wire -> wire.post(1).frame(RST_STREAM, 0, 1, number(8)).data(1, END_STREAM, "x")),
                of("5.1 closed by the client's reset: CONTINUATION", PROTOCOL, wire -> wire.post(1)
                        .frame(RST_STREAM, 0, 1, number(8)).frame(CONTINUATION, END_HEADERS, 1, section("x", "y"))),
                of("5.3.1 PRIORITY of a stream that depends on itself", MALFORMED,
                        wire -> wire.post(1).frame(PRIORITY, 0, 1, concat(number(1), new byte[1]))),
                of("5.3.3 PRIORITY of an idle stream, then HEADERS of one before it", "END 1",
                        wire -> wire.frame(PRIORITY, 0, 5, concat(number(0x80000003L), new byte[] {-1})).get(1)),
                of("6.10 CONTINUATION after DATA", PROTOCOL, wire -> wire.post(1).data(1, 0, "x")
                        .frame(CONTINUATION, END_HEADERS, 1, section("a", "b"))),
                of("6.10 CONTINUATION after one that was the last", PROTOCOL, wire -> wire
                        .frame(HEADERS, 0, 1, section(POST)).frame(CONTINUATION, END_HEADERS, 1, section("a", "b"))
                        .frame(CONTINUATION, END_HEADERS, 1, section("c", "d"))),
                of("7 GOAWAY with an unknown code", "END 1",
                        wire -> wire.frame(GOAWAY, 0, 0, number(0, 0xffL)).get(1)),
                of("7 RST_STREAM with an unknown code", "END 3",
                        wire -> wire.post(1).frame(RST_STREAM, 0, 1, number(0xffL)).get(3))));
    }

    @TestFactory
    Stream<DynamicTest> exchanges() {
        return tests(List.of(
                of("6.2 HEADERS with a priority", "END 1", wire -> wire.frame(HEADERS,
                        END_HEADERS | END_STREAM | WITH_PRIORITY, 1, concat(number(0x80000000L), new byte[] {-1},
                                section(GET)))),
                of("6.5.3 of two values the last one holds", "END 1", wire -> {
                    wire.frame(SETTINGS, 0, 0, concat(setting(4, 100), setting(4, 1))).get(1);
                    assertThat(firstData(wire).text()).isEqualTo("f");
                    wire.frame(WINDOW_UPDATE, 0, 1, number(100));
                }),
                of("6.9.1 updates whose sum is too large", FLOW, wire -> wire
                        .frame(WINDOW_UPDATE, 0, 0, number(TOO_LARGE_WINDOW - Http2.USUAL_WINDOW))
                        .frame(WINDOW_UPDATE, 0, 0, number(1))),
                of("6.9.1 updates of a stream whose sum is too large", "RST 1 FLOW_CONTROL_ERROR", wire -> wire.post(1)
                        .frame(WINDOW_UPDATE, 0, 1, number(TOO_LARGE_WINDOW - Http2.USUAL_WINDOW))
                        .frame(WINDOW_UPDATE, 0, 1, number(1))),
                of("8.1 a request with trailers", "END 1", wire -> wire.post(1).data(1, 0, "x")
                        .headers(1, END_STREAM, "x-trailer", "y")),
                of("8.1 HEAD", "END 1", wire -> wire.headers(1, END_STREAM,
                        ":method", "HEAD", ":scheme", "https", ":authority", "localhost", ":path", "/")),
                // at once: a target may answer as soon as it has what the head promised
                of("8.1.1 several DATA whose sum is not content-length", MALFORMED, wire -> wire
                        .post(1, "content-length", "1").raw(concat(H2Wire.bytes(DATA, 0, 1, (byte) 'x'),
                                H2Wire.bytes(DATA, END_STREAM, 1, (byte) 'y'))))));
    }

    private static H2Wire.Frame firstData(H2Wire wire) {
        H2Wire.Frame frame = wire.next();
        while (!frame.is(DATA)) {
            frame = wire.next();
        }
        return frame;
    }

    @TestFactory
    Stream<DynamicTest> representations() {
        byte[] get = section(GET);
        return tests(List.of(
                of("RFC 7541 2.3.3 a name whose index is nowhere", COMPRESSION, wire -> wire.frame(HEADERS,
                        END_HEADERS | END_STREAM, 1, concat(get, hex("7f410161")))),
                of("RFC 7541 4.2 two sizes of the table, the smaller one first", "END 1", wire -> wire.frame(HEADERS,
                        END_HEADERS | END_STREAM, 1, concat(hex("203fe11f"), get))),
                of("RFC 7541 6.1 a field of the static table", "END 1", wire -> wire.frame(HEADERS,
                        END_HEADERS | END_STREAM, 1, concat(get, hex("90")))),
                of("RFC 7541 6.2.1 a name of the static table, remembered, and used again", "END 3", wire -> {
                    wire.frame(HEADERS, END_HEADERS | END_STREAM, 1, concat(get, hex("7a0474657374")));
                    assertThat(wire.outcome()).isEqualTo("END 1");
                    wire.frame(HEADERS, END_HEADERS | END_STREAM, 3, concat(get, hex("be")));
                }),
                of("RFC 7541 6.2.1 a new name, remembered, and used again", "END 3", wire -> {
                    wire.frame(HEADERS, END_HEADERS | END_STREAM, 1, concat(get, hex("4006782d746573740474657374")));
                    assertThat(wire.outcome()).isEqualTo("END 1");
                    wire.frame(HEADERS, END_HEADERS | END_STREAM, 3, concat(get, hex("be")));
                }),
                of("RFC 7541 6.2.2 a field that is not remembered", COMPRESSION, wire -> {
                    wire.frame(HEADERS, END_HEADERS | END_STREAM, 1, concat(get, hex("0f2b0474657374")));
                    assertThat(wire.outcome()).isEqualTo("END 1");
                    wire.frame(HEADERS, END_HEADERS | END_STREAM, 3, concat(get, hex("be")));
                }),
                of("RFC 7541 6.2.3 a field that is never remembered", COMPRESSION, wire -> {
                    wire.frame(HEADERS, END_HEADERS | END_STREAM, 1, concat(get, hex("1f2b0474657374")));
                    assertThat(wire.outcome()).isEqualTo("END 1");
                    wire.frame(HEADERS, END_HEADERS | END_STREAM, 3, concat(get, hex("be")));
                })));
    }

    @TestFactory
    Stream<DynamicTest> floods() {
        return tests(List.of(
                of("resets (CVE-2023-44487)", CALM, wire -> {
                    var all = new java.io.ByteArrayOutputStream();
                    for (int i = 0; i < 300; i++) {
                        all.writeBytes(H2Wire.bytes(HEADERS, END_HEADERS, 2 * i + 3, section(POST)));
                        all.writeBytes(H2Wire.bytes(RST_STREAM, 0, 2 * i + 3, number(8)));
                    }
                    wire.raw(all.toByteArray());
                }),
                of("empty DATA (CVE-2019-9518)", CALM, wire -> {
                    wire.post(1);
                    var all = new java.io.ByteArrayOutputStream();
                    for (int i = 0; i < 100; i++) {
                        all.writeBytes(H2Wire.bytes(DATA, 0, 1));
                    }
                    wire.raw(all.toByteArray());
                }),
                of("SETTINGS of many values (CVE-2020-11080)", CALM, wire -> {
                    var all = new java.io.ByteArrayOutputStream();
                    for (int i = 0; i < 2_000; i++) {
                        all.writeBytes(setting(4, i));
                    }
                    wire.frame(SETTINGS, 0, 0, all.toByteArray());
                }),
                of("CONTINUATION without end (VU#421644)", CALM, wire -> {
                    var all = new java.io.ByteArrayOutputStream();
                    all.writeBytes(H2Wire.bytes(HEADERS, END_STREAM, 1, section(GET)));
                    for (int i = 0; i < 100; i++) {
                        all.writeBytes(H2Wire.bytes(CONTINUATION, 0, 1));
                    }
                    wire.raw(all.toByteArray());
                }),
                of("a section that is too large", CALM, wire -> {
                    wire.frame(HEADERS, END_STREAM, 1, section(GET));
                    for (int i = 0; i < 5; i++) {
                        wire.frame(CONTINUATION, 0, 1, section("x", "y".repeat(16_000)));
                    }
                })));
    }
}
