package dev.landfall.edge.http;

import io.netty.buffer.ByteBuf;

/**
 * Finds where a body of HTTP/1.1 ends, and takes its chunks apart. Bytes are handed on as slices, not copied. Strict:
 * a chunk's lines end with CRLF, its size is hexadecimal digits, its extensions are dropped.
 */
final class BodyReader {
    enum Result { MORE, DONE, MALFORMED }

    /** Takes the pieces of a body. Each is the receiver's to release. */
    @FunctionalInterface
    interface Receiver {
        void body(ByteBuf piece);
    }

    private enum State { LENGTH, UNTIL_CLOSE, SIZE, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF, TRAILERS, DONE }

    /** No chunk is larger than what its remaining count can hold with room to spare. */
    private static final int MAX_SIZE_DIGITS = 15;
    private static final int MAX_EXTENSION = 4_096;

    private final Head trailers = new Head();
    private State state = State.DONE;
    private long remaining;
    private int digits;
    private int extension;

    void none() {
        state = State.DONE;
        trailers.clear();
    }

    void length(long length) {
        state = length == 0 ? State.DONE : State.LENGTH;
        remaining = length;
        trailers.clear();
    }

    void chunks() {
        state = State.SIZE;
        remaining = 0;
        digits = 0;
        trailers.clear();
    }

    void untilClose() {
        state = State.UNTIL_CLOSE;
        trailers.clear();
    }

    boolean done() {
        return state == State.DONE;
    }

    /** Whether the end of the connection is the end of the body. */
    boolean endsWithConnection() {
        return state == State.UNTIL_CLOSE;
    }

    /** The fields behind the last chunk; without any for most bodies. */
    Head trailers() {
        return trailers;
    }

    Result read(ByteBuf in, Receiver receiver) {
        while (state != State.DONE && in.isReadable()) {
            switch (state) {
                case LENGTH, DATA -> {
                    int count = (int) Math.min(remaining, in.readableBytes());
                    remaining -= count;
                    if (remaining == 0) {
                        state = state == State.LENGTH ? State.DONE : State.DATA_CR;
                    }
                    receiver.body(in.readRetainedSlice(count));
                }
                case UNTIL_CLOSE -> receiver.body(in.readRetainedSlice(in.readableBytes()));
                case TRAILERS -> {
                    HeadParser.Result result = HeadParser.read(trailers, in, HeadParser.Kind.TRAILERS);
                    if (result == HeadParser.Result.COMPLETE) {
                        state = State.DONE;
                    }
                    if (result != HeadParser.Result.COMPLETE && result != HeadParser.Result.MORE
                            || trailers.desync.level() == Desync.Level.SEVERE) {
                        return Result.MALFORMED;
                    }
                }
                case SIZE, EXTENSION, SIZE_LF, DATA_CR, DATA_LF -> {
                    if (!sizeLine(in.readByte())) {
                        return Result.MALFORMED;
                    }
                }
                case DONE -> throw new IllegalStateException("the loop ends before");
            }
        }
        return state == State.DONE ? Result.DONE : Result.MORE;
    }

    /** One byte of what stands between the data of two chunks; false if it may not stand there. */
    private boolean sizeLine(byte value) {
        switch (state) {
            case SIZE -> {
                int digit = Character.digit(value, 16);
                if (digit >= 0 && value > 0) {
                    remaining = remaining << 4 | digit;
                    return ++digits <= MAX_SIZE_DIGITS;
                }
                extension = 0;
                state = value == '\r' ? State.SIZE_LF : State.EXTENSION;
                return digits > 0 && (value == '\r' || value == ';' || value == ' ' || value == '\t');
            }
            case EXTENSION -> {
                if (value == '\r') {
                    state = State.SIZE_LF;
                }
                return value != '\n' && value != 0 && ++extension <= MAX_EXTENSION;
            }
            case SIZE_LF -> {
                state = remaining == 0 ? State.TRAILERS : State.DATA;
                return value == '\n';
            }
            case DATA_CR -> {
                state = State.DATA_LF;
                return value == '\r';
            }
            case DATA_LF -> {
                state = State.SIZE;
                digits = 0;
                remaining = 0;
                return value == '\n';
            }
            case LENGTH, DATA, UNTIL_CLOSE, TRAILERS, DONE -> throw new IllegalStateException("not within a line");
        }
        return false;
    }
}
