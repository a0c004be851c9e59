package dev.landfall.edge.http;

import java.nio.charset.StandardCharsets;

/** The numbers of HTTP/2 (RFC 9113, sections 3.4, 6 and 7). */
final class Http2 {
    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    static final int FRAME_HEAD = 9;

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 0x1;
    static final int ACK = 0x1;
    static final int END_HEADERS = 0x4;
    static final int PADDED = 0x8;
    static final int WITH_PRIORITY = 0x20;

    static final int SETTINGS_HEADER_TABLE_SIZE = 1;
    static final int SETTINGS_ENABLE_PUSH = 2;
    static final int SETTINGS_MAX_CONCURRENT_STREAMS = 3;
    static final int SETTINGS_INITIAL_WINDOW_SIZE = 4;
    static final int SETTINGS_MAX_FRAME_SIZE = 5;
    static final int SETTINGS_MAX_HEADER_LIST_SIZE = 6;

    /** What every frame may be long, and all of ours are (6.5.2). */
    static final int FRAME_SIZE = 16_384;
    static final int MAX_FRAME_SIZE = 16_777_215;
    /** Windows before anybody says otherwise (6.9.2). */
    static final int USUAL_WINDOW = 65_535;

    private Http2() {}

    /** The codes of section 7, in their order. */
    enum Code {
        NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FLOW_CONTROL_ERROR, SETTINGS_TIMEOUT, STREAM_CLOSED,
        FRAME_SIZE_ERROR, REFUSED_STREAM, CANCEL, COMPRESSION_ERROR, CONNECT_ERROR, ENHANCE_YOUR_CALM;

        /** Whether a stream that ends with it does so for what the client has sent. */
        boolean isTheClientsFault() {
            return this == PROTOCOL_ERROR || this == FLOW_CONTROL_ERROR || this == STREAM_CLOSED
                    || this == FRAME_SIZE_ERROR;
        }
    }

    /** The whole connection is wrong: it ends with a GOAWAY of that code. */
    static final class Fault extends Exception {
        private final Code code;

        Fault(Code code) {
            super(code.name(), null, false, false);     // the client's fault needs no stack trace of ours
            this.code = code;
        }

        Code code() {
            return code;
        }
    }
}
