package dev.landfall.edge.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An answer of the load balancer itself.
 *
 * @param closes whether the connection ends with it, since what follows in it has no known boundaries
 */
record Answer(int status, String reason, String contentType, byte[] body, String location, boolean closes) {
    static final String SERVER = "awselb/2.0";
    /** The phrases of the load balancer's answers. 463 and 464 are AWS's own and have none. */
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(301, "Moved Permanently"), Map.entry(302, "Found"), Map.entry(400, "Bad Request"),
            Map.entry(405, "Method Not Allowed"), Map.entry(408, "Request Time-out"),
            Map.entry(414, "Request-URI Too Large"), Map.entry(463, ""), Map.entry(464, ""),
            Map.entry(500, "Internal Server Error"), Map.entry(501, "Not Implemented"),
            Map.entry(502, "Bad Gateway"), Map.entry(503, "Service Temporarily Unavailable"),
            Map.entry(504, "Gateway Time-out"));

    /** An error after which the connection goes on. */
    static Answer error(int status) {
        return new Answer(status, REASONS.get(status), "text/html", page(status), "", false);
    }

    /** An error that ends the connection. */
    static Answer fatal(int status) {
        return new Answer(status, REASONS.get(status), "text/html", page(status), "", true);
    }

    static Answer redirect(int status, String location) {
        return new Answer(status, REASONS.get(status), "text/html", page(status), location, false);
    }

    static Answer fixed(int status, String contentType, byte[] body) {
        String type = contentType.contains("charset") ? contentType : contentType + "; charset=utf-8";
        return new Answer(status, reason(status), type, body, "", false);
    }

    Answer closing() {
        return new Answer(status, reason, contentType, body, location, true);
    }

    static String reason(int status) {
        String known = REASONS.get(status);
        return known != null ? known : io.netty.handler.codec.http.HttpResponseStatus.valueOf(status).reasonPhrase();
    }

    private static byte[] page(int status) {
        String title = (status + " " + REASONS.get(status)).strip();
        return ("<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title
                + "</h1></center>\r\n</body>\r\n</html>\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
