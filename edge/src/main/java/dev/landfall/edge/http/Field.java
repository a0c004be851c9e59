package dev.landfall.edge.http;

import java.nio.charset.StandardCharsets;

/** The header fields a proxy must know, found by length and then by letters. */
public enum Field {
    OTHER(""),
    TE("te"),
    HOST("host"),
    COOKIE("cookie"),
    EXPECT("expect"),
    SERVER("server"),
    TRAILER("trailer"),
    UPGRADE("upgrade"),
    CONNECTION("connection"),
    KEEP_ALIVE("keep-alive"),
    SET_COOKIE("set-cookie"),
    USER_AGENT("user-agent"),
    CONTENT_TYPE("content-type"),
    CONTENT_LENGTH("content-length"),
    HTTP2_SETTINGS("http2-settings"),
    X_FORWARDED_FOR("x-forwarded-for"),
    X_AMZN_TRACE_ID("x-amzn-trace-id"),
    PROXY_CONNECTION("proxy-connection"),
    X_FORWARDED_PORT("x-forwarded-port"),
    X_FORWARDED_PROTO("x-forwarded-proto"),
    TRANSFER_ENCODING("transfer-encoding");

    private static final int LONGEST = 17;
    private static final Field[][] BY_LENGTH = new Field[LONGEST + 1][];
    private static final Field[] ALL = values();

    static {
        for (int length = 0; length <= LONGEST; length++) {
            int wanted = length;
            BY_LENGTH[length] = java.util.Arrays.stream(ALL)
                    .filter(field -> field != OTHER && field.name.length == wanted).toArray(Field[]::new);
        }
    }

    private final byte[] name;

    Field(String name) {
        this.name = name.getBytes(StandardCharsets.US_ASCII);
    }

    /** The field whose name stands at {@code from}, in whatever case. */
    static Field of(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length > LONGEST) {
            return OTHER;
        }
        for (Field field : BY_LENGTH[length]) {
            if (Ascii.equalsIgnoreCase(bytes, from, to, field.name)) {
                return field;
            }
        }
        return OTHER;
    }

    static Field at(int ordinal) {
        return ALL[ordinal];
    }

    /** Whether it concerns one connection only (RFC 9110, 7.6.1); the framing fields are handled on their own. */
    boolean hopByHop() {
        return switch (this) {
            case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TE, UPGRADE, TRANSFER_ENCODING, HTTP2_SETTINGS -> true;
            case OTHER, HOST, COOKIE, EXPECT, SERVER, TRAILER, SET_COOKIE, USER_AGENT, CONTENT_TYPE, CONTENT_LENGTH,
                    X_FORWARDED_FOR, X_AMZN_TRACE_ID, X_FORWARDED_PORT, X_FORWARDED_PROTO -> false;
        };
    }
}
