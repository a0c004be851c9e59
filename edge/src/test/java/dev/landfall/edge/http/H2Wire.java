package dev.landfall.edge.http;

import dev.landfall.edge.hpack.HpackDecoder;
import dev.landfall.edge.hpack.HpackException;
import dev.landfall.edge.net.ByteSink;
import dev.landfall.edge.tls.TestCertificates;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client of HTTP/2 that a test drives byte by byte, over TLS with ALPN. */
final class H2Wire implements AutoCloseable {
    /** Only to end a test that would hang; nothing depends on it. */
    private static final int HANG_MILLIS = 20_000;
    static final String[] GET = {":method", "GET", ":scheme", "https", ":authority", "localhost", ":path", "/"};
    static final String[] POST = {":method", "POST", ":scheme", "https", ":authority", "localhost", ":path", "/"};

    private final SSLSocket socket;
    private final DataInputStream in;
    private final HpackDecoder hpack = new HpackDecoder();

    /** A frame as it came. */
    record Frame(int type, int flags, int stream, byte[] payload) {
        boolean is(int wanted) {
            return type == wanted;
        }

        boolean ends() {
            return (type == Http2.DATA || type == Http2.HEADERS) && (flags & Http2.END_STREAM) != 0;
        }

        int number(int at) {
            return ByteBuffer.wrap(payload).getInt(at);
        }

        String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }
    }

    H2Wire(int port) {
        try {
            socket = (SSLSocket) TestCertificates.trusting().getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), port);
            var parameters = new SSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(HANG_MILLIS);
            socket.setTcpNoDelay(true);
            socket.startHandshake();
            in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With the preface and settings of both sides exchanged. */
    static H2Wire greeted(int port) {
        var wire = new H2Wire(port).raw(Http2.PREFACE).frame(Http2.SETTINGS, 0, 0);
        while (true) {
            Frame frame = wire.next();
            if (frame.is(Http2.SETTINGS) && frame.flags() == Http2.ACK) {
                return wire.frame(Http2.SETTINGS, Http2.ACK, 0);
            }
        }
    }

    H2Wire raw(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    H2Wire frame(int type, int flags, int stream, byte... payload) {
        return raw(bytes(type, flags, stream, payload));
    }

    static byte[] bytes(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length).putShort((short) (payload.length >> 8))
                .put((byte) payload.length).put((byte) type).put((byte) flags).putInt(stream).put(payload).array();
    }

    H2Wire headers(int stream, int flags, String... fields) {
        return frame(Http2.HEADERS, flags | Http2.END_HEADERS, stream, section(fields));
    }

    /** A request without a body. */
    H2Wire get(int stream, String... fields) {
        return headers(stream, Http2.END_STREAM, and(GET, fields));
    }

    /** A request with a body to come. */
    H2Wire post(int stream, String... fields) {
        return headers(stream, 0, and(POST, fields));
    }

    static String[] and(String[] first, String... more) {
        return java.util.stream.Stream.concat(java.util.Arrays.stream(first), java.util.Arrays.stream(more))
                .toArray(String[]::new);
    }

    H2Wire data(int stream, int flags, String text) {
        return frame(Http2.DATA, flags, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static byte[] number(long... values) {
        var buffer = ByteBuffer.allocate(4 * values.length);
        for (long value : values) {
            buffer.putInt((int) value);
        }
        return buffer.array();
    }

    static byte[] setting(int name, long value) {
        return ByteBuffer.allocate(6).putShort((short) name).putInt((int) value).array();
    }

    /** Names and values as literals without index and without Huffman's code. */
    static byte[] section(String... fields) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            out.write(0);
            string(out, fields[i]);
            string(out, fields[i + 1]);
        }
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        int length = text.length();
        if (length < 127) {
            out.write(length);
        } else {
            out.write(127);
            for (length -= 127; length >= 128; length >>= 7) {
                out.write(length & 127 | 128);
            }
            out.write(length);
        }
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next frame. @throws UncheckedIOException when the connection has ended */
    Frame next() {
        try {
            int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            return new Frame(type, flags, stream, in.readNBytes(length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What becomes of the connection or a stream: the first of "GOAWAY code", "RST stream code", "END stream" after a
     * whole response, and "CLOSED".
     */
    String outcome() {
        try {
            while (true) {
                Frame frame = next();
                if (frame.is(Http2.GOAWAY)) {
                    return "GOAWAY " + Http2.Code.values()[frame.number(4)];
                }
                if (frame.is(Http2.RST_STREAM)) {
                    return "RST " + frame.stream() + " " + Http2.Code.values()[frame.number(0)];
                }
                if (frame.ends()) {
                    return "END " + frame.stream();
                }
            }
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof java.net.SocketTimeoutException) {
                throw e;
            }
            return "CLOSED";
        }
    }

    /** The fields of a response's section, one to a line. */
    String fields(Frame frame) {
        var text = new StringBuilder();
        try {
            hpack.decode(frame.payload(), frame.payload().length, new ByteSink(),
                    (names, nameStart, nameEnd, values, valueStart, valueEnd) -> text
                            .append(new String(names, nameStart, nameEnd - nameStart, StandardCharsets.ISO_8859_1))
                            .append('=')
                            .append(new String(values, valueStart, valueEnd - valueStart, StandardCharsets.ISO_8859_1))
                            .append('\n'));
        } catch (HpackException e) {
            throw new AssertionError(e);
        }
        return text.toString();
    }

    /** The status of a stream's response; what else comes is passed over. */
    int status(int stream) {
        while (true) {
            Frame frame = next();
            if (frame.is(Http2.HEADERS) && frame.stream() == stream) {
                String status = fields(frame).lines().findFirst().orElseThrow();
                return Integer.parseInt(status.substring(":status=".length()));
            }
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
