package dev.landfall.wire.http;

import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * Reads request bodies whole: bounded in size before and after decompression, and in time by the {@link Watchdog}.
 * Content codings are gzip and the SDKs' {@code aws-chunked}.
 */
final class Bodies {
    /** What is read and thrown away behind a body that is too large, so that the caller gets to see the refusal. */
    private static final int DRAIN_FACTOR = 4;

    private static final int BUFFER = 8192;

    private final int maxBytes;
    private final Watchdog watchdog;

    Bodies(int maxBytes, Watchdog watchdog) {
        this.maxBytes = maxBytes;
        this.watchdog = watchdog;
    }

    /** Why there is no body. */
    static final class Unreadable extends Exception {
        private final int status;
        private final String code;
        private final boolean broken;

        private Unreadable(int status, String code, String message, boolean broken) {
            super(message, null, false, false);
            this.status = status;
            this.code = code;
            this.broken = broken;
        }

        int status() {
            return status;
        }

        String code() {
            return code;
        }

        /** Whether the connection stands in the middle of a body and cannot be used again. */
        boolean isBroken() {
            return broken;
        }
    }

    /** The largest body that is worth draining. */
    static long drainLimit(int maxBytes) {
        return (long) maxBytes * DRAIN_FACTOR;
    }

    /** The body as it was sent. */
    byte[] receive(InputStream in) throws Unreadable {
        Watchdog.Watch watch = watchdog.watch();
        try (watch) {
            var bytes = new ByteArrayOutputStream(BUFFER);
            if (!copy(in, bytes, maxBytes)) {
                in.transferTo(OutputStream.nullOutputStream());
                throw tooLarge();
            }
            return bytes.toByteArray();
        } catch (IOException | RuntimeException e) {
            if (watch.isExpired()) {
                // The interrupt has closed the connection; there is nobody to answer.
                throw new CloseConnectionException("the request body came too slowly", e);
            }
            throw e instanceof RequestException refused && refused.status().code() == 413
                    ? new Unreadable(413, "RequestEntityTooLarge", tooLarge().getMessage(), true)
                    : new Unreadable(400, "IncompleteBody",
                            "The request body ended early or is not encoded as its headers say.", true);
        }
    }

    /** @param encoding the {@code Content-Encoding} header, or {@code null} */
    byte[] decode(byte[] raw, String encoding) throws Unreadable {
        if (encoding == null) {
            return raw;
        }
        byte[] body = raw;
        String[] codings = encoding.toLowerCase(Locale.ROOT).split(",");
        for (int i = codings.length - 1; i >= 0; i--) {
            body = switch (codings[i].strip()) {
                case "gzip", "x-gzip" -> gunzip(body);
                case "aws-chunked" -> unchunk(body);
                case "", "identity" -> body;
                default -> throw new Unreadable(415, "UnsupportedMediaType",
                        "The content encoding " + codings[i].strip() + " is not supported.", false);
            };
        }
        return body;
    }

    private byte[] gunzip(byte[] raw) throws Unreadable {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(raw))) {
            var bytes = new ByteArrayOutputStream(Math.max(BUFFER, raw.length * 2));
            if (!copy(in, bytes, maxBytes)) {
                throw tooLarge();
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new Unreadable(400, "SerializationException", "The request body is not valid gzip.", false);
        }
    }

    /** {@code <hex length>[;chunk-signature=…]\r\n<bytes>\r\n}, ended by a chunk of length 0 and perhaps trailers. */
    private static byte[] unchunk(byte[] raw) throws Unreadable {
        var bytes = new ByteArrayOutputStream(raw.length);
        int at = 0;
        while (true) {
            int end = at;
            while (end < raw.length && raw[end] != '\r') {
                end++;
            }
            int length = chunkLength(raw, at, end);
            at = end + 2;
            if (length == 0) {
                return bytes.toByteArray();
            }
            if (length < 0 || length > raw.length - at - 2) {
                throw new Unreadable(400, "IncompleteBody", "The aws-chunked body is not well formed.", false);
            }
            bytes.write(raw, at, length);
            at += length + 2;
        }
    }

    private static int chunkLength(byte[] raw, int from, int to) {
        int length = 0;
        int at = from;
        for (; at < to && raw[at] != ';'; at++) {
            int digit = Character.digit(raw[at], 16);
            if (digit < 0 || length > Integer.MAX_VALUE >> 5) {
                return -1;
            }
            length = length * 16 + digit;
        }
        return at == from || to >= raw.length ? -1 : length;
    }

    private static boolean copy(InputStream in, ByteArrayOutputStream out, int limit) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            if (out.size() + read > limit) {
                return false;
            }
            out.write(buffer, 0, read);
        }
        return true;
    }

    private Unreadable tooLarge() {
        return new Unreadable(413, "RequestEntityTooLarge",
                "The request body is larger than the " + maxBytes + " bytes allowed.", false);
    }
}
