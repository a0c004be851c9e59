package dev.landfall.edge.http;

import dev.landfall.protocol.edge.TargetGroup.ProtocolVersion;
import java.nio.charset.StandardCharsets;

/** Which requests a target group's protocol version can take (AWS: HTTP 464). */
final class Protocols {
    private static final byte[] GRPC = "application/grpc".getBytes(StandardCharsets.US_ASCII);

    private Protocols() {}

    static boolean compatible(String protocol, ProtocolVersion version, Head request) {
        boolean http2 = protocol.equals("HTTP/2.0");
        return switch (version) {
            case HTTP1 -> !http2 || !isGrpc(request);
            case HTTP2 -> http2;
            case GRPC -> http2 && request.methodIs("POST");
        };
    }

    static boolean isGrpc(Head request) {
        int type = request.find(Field.CONTENT_TYPE);
        if (type < 0) {
            return false;
        }
        int start = request.valueStart(type);
        return request.valueEnd(type) - start >= GRPC.length
                && Ascii.equalsIgnoreCase(request.bytes, start, start + GRPC.length, GRPC);
    }
}
