package dev.landfall.testkit.load;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The first line and the fields of an HTTP/1.1 message, which also say how long its body is (RFC 9112, 6). */
record Head(String first, SortedMap<String, String> fields) {
    /** Longer than any line of these tests. */
    private static final int LINE_MAX = 16_384;
    private static final int PIECE = 16_384;

    /** Takes a body as it comes. */
    @FunctionalInterface
    interface Taker {
        void take(byte[] bytes, int length) throws IOException;
    }

    /** Empty if the stream ends where a message would begin. */
    static Optional<Head> read(InputStream in) throws IOException {
        int next = in.read();
        if (next < 0) {
            return Optional.empty();
        }
        String first = line(in, next);
        var fields = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        for (String field = line(in, in.read()); !field.isEmpty(); field = line(in, in.read())) {
            int colon = field.indexOf(':');
            if (colon < 0) {
                throw new IOException("not a field: " + field);
            }
            fields.put(field.substring(0, colon), field.substring(colon + 1).strip());
        }
        return Optional.of(new Head(first, fields));
    }

    private static String line(InputStream in, int begin) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = begin; next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("ended within a line: " + line);
            }
            if (line.size() == LINE_MAX) {
                throw new IOException("a line is too long: " + line);
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    /** Without a length there is none. */
    void body(InputStream in, Taker taker) throws IOException {
        if (field("Transfer-Encoding").equalsIgnoreCase("chunked")) {
            for (int size = size(in); size > 0; size = size(in)) {
                exactly(in, size, taker);
                line(in, in.read());
            }
            while (!line(in, in.read()).isEmpty()) {
                continue;       // trailers
            }
        } else if (fields.containsKey("Content-Length")) {
            exactly(in, Long.parseLong(field("Content-Length")), taker);
        }
    }

    String body(InputStream in) throws IOException {
        var all = new ByteArrayOutputStream();
        body(in, (bytes, length) -> all.write(bytes, 0, length));
        return all.toString(StandardCharsets.UTF_8);
    }

    private static int size(InputStream in) throws IOException {
        return Integer.parseInt(line(in, in.read()), 16);
    }

    private static void exactly(InputStream in, long length, Taker taker) throws IOException {
        var piece = new byte[PIECE];
        for (long left = length; left > 0;) {
            int read = in.read(piece, 0, (int) Math.min(left, piece.length));
            if (read < 0) {
                throw new EOFException("ended " + left + " bytes before the end of a body");
            }
            taker.take(piece, read);
            left -= read;
        }
    }
}
