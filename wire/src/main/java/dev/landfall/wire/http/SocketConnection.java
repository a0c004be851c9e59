package dev.landfall.wire.http;

import dev.landfall.wire.SocketEndpoint;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One open websocket. Frames are read here rather than by Helidon, which decodes each fragment of a text by itself:
 * Go's clients cut messages at any byte, also inside a character. One virtual thread reads and calls the handler; any
 * thread may send, under a lock.
 */
final class SocketConnection implements ServerConnection, SocketEndpoint.Socket {
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    /** RFC 6455: control frames are at most this long, so that a close reason has two bytes fewer. */
    private static final int MAX_CONTROL_BYTES = 125;

    static final int NO_CLOSE_FRAME = 1006;
    private static final int NO_CLOSE_CODE = 1005;

    private final DataReader in;
    private final DataWriter out;
    private final SocketEndpoint.Handler handler;
    private final int maxMessageBytes;
    private final Faults faults;
    private final ReentrantLock sending = new ReentrantLock();
    private boolean closeSent;
    private volatile long lastFrameNanos = System.nanoTime();
    private volatile Thread reader;

    SocketConnection(ConnectionContext context, SocketEndpoint.Handler handler, int maxMessageBytes, Faults faults) {
        in = context.dataReader();
        out = context.dataWriter();
        this.handler = handler;
        this.maxMessageBytes = maxMessageBytes;
        this.faults = faults;
    }

    /** Ends the reading loop with the close code that the handler is told. */
    private static final class Ended extends Exception {
        private final int code;

        Ended(int code, String message) {
            super(message, null, false, false);
            this.code = code;
        }
    }

    @Override
    public void handle(Limit limit) {
        reader = Thread.currentThread();
        int code = NO_CLOSE_FRAME;
        try {
            handler.opened(this);
            while (true) {
                readMessage();
            }
        } catch (Ended e) {
            code = e.code;
            if (code != NO_CLOSE_CODE && code != NO_CLOSE_FRAME) {
                tryClose(code, e.getMessage());
            } else {
                tryClose(1000, "");
            }
        } catch (RuntimeException e) {
            // The other side, or the idle check, ended the connection without a close frame; or the handler failed.
            if (!isConnectionEnd(e)) {
                faults.add("a websocket's handler", e);
                code = 1011;
                tryClose(code, "internal failure");
            }
        } finally {
            end();
            handler.closed(code);
        }
    }

    private static boolean isConnectionEnd(RuntimeException e) {
        return e instanceof Gone
                || e instanceof CloseConnectionException
                || e instanceof UncheckedIOException
                || e instanceof DataReader.InsufficientDataAvailableException;
    }

    /** A handler that does not catch it has met the end of its connection, and failed in nothing. */
    private static final class Gone extends IllegalStateException {
        private Gone() {
            super("the socket is closed");
        }
    }

    /** Reads frames up to the end of one message, answering control frames between its fragments. */
    private void readMessage() throws Ended {
        ByteArrayOutputStream message = null;
        int type = CONTINUATION;
        while (true) {
            int first = in.read() & 0xFF;
            int second = in.read() & 0xFF;
            int opcode = first & 0x0F;
            boolean last = (first & 0x80) != 0;
            if ((first & 0x70) != 0 || (second & 0x80) == 0) {
                throw new Ended(1002, "protocol error");
            }
            byte[] payload = readPayload(second & 0x7F, opcode, message == null ? 0 : message.size());
            lastFrameNanos = System.nanoTime();
            if (opcode >= CLOSE) {
                control(opcode, last, payload);
                continue;
            }
            if (opcode > BINARY || (opcode == CONTINUATION) == (message == null)) {
                throw new Ended(1002, "protocol error");
            }
            if (message == null) {
                type = opcode;
                if (last) {
                    deliver(type, payload);
                    return;
                }
                message = new ByteArrayOutputStream(payload.length * 2);
            }
            message.writeBytes(payload);
            if (last) {
                deliver(type, message.toByteArray());
                return;
            }
        }
    }

    private byte[] readPayload(int shortLength, int opcode, int before) throws Ended {
        long length = shortLength;
        if (shortLength == 126) {
            length = (in.read() & 0xFFL) << 8 | in.read() & 0xFFL;
        } else if (shortLength == 127) {
            length = 0;
            for (int i = 0; i < 8; i++) {
                length = length << 8 | in.read() & 0xFFL;
            }
        }
        if (opcode >= CLOSE && length > MAX_CONTROL_BYTES) {
            throw new Ended(1002, "protocol error");
        }
        if (length < 0 || length > maxMessageBytes - before) {
            throw new Ended(1009, "message too big");
        }
        byte[] mask = in.readBytes(4);
        // Reading nothing would wait for something.
        byte[] payload = length == 0 ? new byte[0] : in.readBytes((int) length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
        return payload;
    }

    private void control(int opcode, boolean last, byte[] payload) throws Ended {
        if (!last) {
            throw new Ended(1002, "protocol error");
        }
        switch (opcode) {
            case CLOSE -> throw new Ended(
                    payload.length < 2 ? NO_CLOSE_CODE : (payload[0] & 0xFF) << 8 | payload[1] & 0xFF, "");
            case PING -> sendUnlessClosed(PONG, payload);
            case PONG -> { }
            default -> throw new Ended(1002, "protocol error");
        }
    }

    private void deliver(int type, byte[] payload) throws Ended {
        if (type == BINARY) {
            throw new Ended(1003, "text expected");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
        } catch (CharacterCodingException e) {
            throw new Ended(1007, "not UTF-8");
        }
        handler.text(text);
    }

    @Override
    public void send(String text) {
        if (!sendUnlessClosed(TEXT, text.getBytes(StandardCharsets.UTF_8))) {
            throw new Gone();
        }
    }

    @Override
    public void close(int code, String reason) {
        tryClose(code, reason);
    }

    private void tryClose(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, MAX_CONTROL_BYTES - 2);
        byte[] payload = new byte[length + 2];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, length);
        try {
            sendUnlessClosed(CLOSE, payload);
        } catch (IllegalStateException e) {
            // The connection is gone, which is what was wanted.
        }
    }

    private boolean sendUnlessClosed(int opcode, byte[] payload) {
        sending.lock();
        try {
            if (closeSent) {
                return false;
            }
            closeSent = opcode == CLOSE;
            out.writeNow(frame(opcode, payload));
            return true;
        } catch (RuntimeException e) {
            closeSent = true;
            throw new Gone();
        } finally {
            sending.unlock();
        }
    }

    private static BufferData frame(int opcode, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 10);
        frame.put((byte) (0x80 | opcode));
        if (payload.length <= MAX_CONTROL_BYTES) {
            frame.put((byte) payload.length);
        } else if (payload.length < 1 << 16) {
            frame.put((byte) 126).putShort((short) payload.length);
        } else {
            frame.put((byte) 127).putLong(payload.length);
        }
        frame.put(payload);
        return BufferData.create(frame.array(), 0, frame.position());
    }

    private void end() {
        sending.lock();
        closeSent = true;
        sending.unlock();
    }

    @Override
    public Duration idleTime() {
        return Duration.ofNanos(System.nanoTime() - lastFrameNanos);
    }

    /** Called by the server when the connection has been idle too long or the server stops. */
    @Override
    public void close(boolean interrupt) {
        tryClose(1001, "going away");
        Thread reading = reader;
        if (reading != null) {
            reading.interrupt();
        }
    }
}
