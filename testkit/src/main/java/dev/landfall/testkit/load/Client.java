package dev.landfall.testkit.load;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;

/** One connection after another to a door, and one request after another over it. Of one thread. */
interface Client extends Closeable {
    /** Of a stream. */
    int PIECES = 40;

    /**
     * One request, and its whole answer, which is found to be right.
     *
     * @param nonce what the answer has to repeat
     */
    Answer ask(long nonce) throws IOException;

    /** Who answered. */
    record Answer(String revision, String task) {}

    /** A session that was to be held was ended by the other side between two messages, or instead of an answer. */
    final class SessionEnded extends IOException {
        private static final long serialVersionUID = 1;

        private final String task;

        SessionEnded(String task, IOException cause) {
            super(cause.toString(), cause);
            this.task = task;
        }

        String task() {
            return task;
        }
    }

    /** A connection. What takes longer than any test's request may, has failed. */
    final class Line implements Closeable {
        private static final int PATIENCE_MILLIS = 20_000;

        private final Door door;
        private final Socket socket = new Socket();
        private final InputStream in;
        private final OutputStream out;

        Line(Door door) throws IOException {
            this.door = door;
            try {
                socket.connect(door.address(), PATIENCE_MILLIS);
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.setTcpNoDelay(true);
                in = new BufferedInputStream(socket.getInputStream());
                out = socket.getOutputStream();
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }

        void send(String method, String target, long nonce, String fields) throws IOException {
            send((method + " " + door.prefix() + target + (target.contains("?") ? "&" : "?") + "nonce=" + nonce
                    + " HTTP/1.1\r\nHost: " + door.host() + "\r\n" + fields + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        }

        void send(byte[] bytes) throws IOException {
            out.write(bytes);
        }

        Head head(String status) throws IOException {
            Head head = Head.read(in).orElseThrow(() -> new EOFException("ended instead of an answer"));
            if (!head.first().startsWith("HTTP/1.1 " + status)) {
                throw new IOException("answered " + head.first() + ": " + head.body(in));
            }
            if (!head.field("X-Service").equals(door.service())) {
                throw new IOException("answered by " + head.field("X-Service") + ", not " + door.service());
            }
            return head;
        }

        Answer answer(String expected) throws IOException {
            Head head = head("200 ");
            expect(expected, head.body(in));
            return of(head);
        }

        static Answer of(Head head) {
            return new Answer(head.field("X-Revision"), head.field("X-Task"));
        }

        static void expect(String expected, String body) throws IOException {
            if (!body.equals(expected)) {
                throw new IOException("answered '" + body + "', not '" + expected + "'");
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** A connection for each request. */
    record Fresh(Door door) implements Client {
        @Override
        public Answer ask(long nonce) throws IOException {
            try (var line = new Line(door)) {
                line.send("GET", "/fresh", nonce, "Connection: close\r\n");
                return line.answer("hello " + nonce);
            }
        }

        @Override
        public void close() {}
    }

    /** What is asked over a connection that is kept. */
    interface Question {
        Answer ask(Line line, long nonce) throws IOException;
    }

    /** One connection for all requests: that it ends is a failure. */
    final class Kept implements Client {
        private final Line line;
        private final Question question;

        Kept(Door door, Question question) throws IOException {
            line = new Line(door);
            this.question = question;
        }

        @Override
        public Answer ask(long nonce) throws IOException {
            return question.ask(line, nonce);
        }

        @Override
        public void close() throws IOException {
            line.close();
        }
    }

    static Answer page(Line line, long nonce) throws IOException {
        line.send("GET", "/page", nonce, "");
        return line.answer("hello " + nonce);
    }

    static Answer late(Line line, long nonce) throws IOException {
        line.send("GET", "/late?millis=2000", nonce, "");
        return line.answer("hello " + nonce);
    }

    static Answer stream(Line line, long nonce) throws IOException {
        line.send("GET", "/stream?pieces=" + PIECES + "&millis=50", nonce, "");
        return line.answer(pieces(nonce));
    }

    /** What a stream comes to. */
    static String pieces(long nonce) {
        var all = new StringBuilder();
        for (int i = 0; i < PIECES; i++) {
            all.append(nonce).append(':').append(i).append('\n');
        }
        return all.toString();
    }

    static Answer upload(Line line, long nonce) throws IOException {
        line.send("POST", "/upload", nonce, "Content-Length: " + Upload.LENGTH + "\r\n");
        var upload = new Upload(nonce);
        while (upload.more()) {
            line.send(upload.next());
        }
        return line.answer(upload.sum() + " " + nonce);
    }

    static Answer uploadInChunks(Line line, long nonce) throws IOException {
        line.send("POST", "/upload", nonce, "Transfer-Encoding: chunked\r\n");
        var upload = new Upload(nonce);
        while (upload.more()) {
            byte[] piece = upload.next();
            line.send((Integer.toHexString(piece.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            line.send(piece);
            line.send("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        line.send("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return line.answer(upload.sum() + " " + nonce);
    }

    /** A body of some MiB that takes about a second to send, so that changes meet it half-way. */
    final class Upload {
        static final int LENGTH = 2 << 20;

        private static final int PIECE = 64 << 10;
        private static final long PAUSE_NANOS = 30_000_000;

        private final CRC32 sum = new CRC32();
        private long seed;
        private int sent;

        Upload(long nonce) {
            seed = nonce;
        }

        boolean more() {
            return sent < LENGTH;
        }

        byte[] next() {
            LockSupport.parkNanos(PAUSE_NANOS);
            var piece = new byte[PIECE];
            for (int i = 0; i < piece.length; i++) {
                seed = seed * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L; // Knuth's MMIX
                piece[i] = (byte) (seed >> 56);
            }
            sum.update(piece);
            sent += PIECE;
            return piece;
        }

        String sum() {
            return LENGTH + " " + sum.getValue();
        }
    }

    /** A websocket, held open; a request is a message. */
    final class WebSocket implements Client {
        private final Line line;
        private final Answer from;

        WebSocket(Door door) throws IOException {
            line = new Line(door);
            try {
                var random = new byte[16];
                ThreadLocalRandom.current().nextBytes(random);
                String key = Base64.getEncoder().encodeToString(random);
                line.send("GET", "/talk", 0, "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + "\r\n");
                Head head = line.head("101 ");
                Line.expect(Frame.accepted(key), head.field("Sec-WebSocket-Accept"));
                from = Line.of(head);
            } catch (IOException e) {
                line.close();
                throw e;
            }
        }

        Answer from() {
            return from;
        }

        @Override
        public Answer ask(long nonce) throws IOException {
            Frame back;
            try {
                line.send(Frame.text("message " + nonce).ofClient(ThreadLocalRandom.current().nextInt()));
                back = Frame.read(line.in);
            } catch (SocketTimeoutException e) {
                throw e;        // it was not ended, but forgotten
            } catch (IOException e) {
                throw new SessionEnded(from.task(), e);
            }
            if (back.opcode() == Frame.CLOSE) {
                throw new SessionEnded(from.task(), new EOFException("closed"));
            }
            Line.expect("message " + nonce, back.text());
            return from;
        }

        @Override
        public void close() throws IOException {
            line.close();
        }
    }

    /** A connection to the port of lines, held open; a request is a line. */
    final class Lines implements Client {
        private final Line line;
        private final Answer from;

        Lines(Door door) throws IOException {
            line = new Line(door);
            try {
                String[] who = read().split(" ");
                Line.expect(door.service(), who[0]);
                from = new Answer(who[1], who[2]);
            } catch (IOException e) {
                line.close();
                throw e;
            }
        }

        private String read() throws IOException {
            var text = new StringBuilder();
            for (int next = line.in.read(); next != '\n'; next = line.in.read()) {
                if (next < 0) {
                    throw new EOFException("ended within a line: " + text);
                }
                text.append((char) next);
            }
            return text.toString();
        }

        Answer from() {
            return from;
        }

        @Override
        public Answer ask(long nonce) throws IOException {
            String back;
            try {
                line.send(("line " + nonce + "\n").getBytes(StandardCharsets.US_ASCII));
                back = read();
            } catch (SocketTimeoutException e) {
                throw e;        // it was not ended, but forgotten
            } catch (IOException e) {
                throw new SessionEnded(from.task(), e);
            }
            Line.expect("line " + nonce, back);
            return from;
        }

        @Override
        public void close() throws IOException {
            line.close();
        }
    }

    /** A connection to the port of lines for each request. */
    record FreshLines(Door door) implements Client {
        @Override
        public Answer ask(long nonce) throws IOException {
            try (var lines = new Lines(door)) {
                return lines.ask(nonce);
            } catch (SessionEnded e) {
                throw new IOException("ended instead of an answer", e);
            }
        }

        @Override
        public void close() {}
    }
}
