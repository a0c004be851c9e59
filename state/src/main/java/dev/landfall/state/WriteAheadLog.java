package dev.landfall.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An SQLite write-ahead log, read only to find out whether it can be trusted (SQLite, Database File Format, 4).
 *
 * <p>SQLite plays a log back up to the first frame whose checksum is wrong and forgets the rest without a word, because
 * a crash leaves such an unfinished end. Yet the same happens with one changed bit in the middle, and then transactions
 * that were acknowledged are gone. The two can be told apart. A transaction begins only after the one before it is on
 * the disk: behind the wrong frame of an unfinished transaction there is no frame of a later one. And the checksum of a
 * frame continues that of the frame before, which is stored: each frame can be judged by itself. So the log is damaged
 * if, at the first wrong frame or behind it, a frame ends a transaction and a sound frame of this log follows.
 *
 * <p>The wrong frame may be the very one that ended a transaction and no longer say so. But SQLite writes the pages of
 * a transaction by ascending number, each once, if its cache does not overflow (see {@link SqliteFile#openToWrite}):
 * where a number is not above the one before, another transaction has begun. All of ours that matter begin with low
 * ones, as they change the head.
 *
 * <p>What cannot be told apart is damage to the last transaction itself.
 */
final class WriteAheadLog {
    private static final int HEADER_BYTES = 32;
    private static final int FRAME_HEADER_BYTES = 24;

    /** The first word of a log; the lowest bit says that its checksums are over big-endian words. */
    private static final int MAGIC = 0x377F0682;

    private record Checksum(int first, int second) {}

    private final ByteBuffer bytes;

    private WriteAheadLog(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** Why the log must not be played back; none if it is sound or ends as a crash may leave it. */
    static Optional<String> damage(Path file) throws IOException {
        try (var channel = FileChannel.open(file)) {
            if (channel.size() <= HEADER_BYTES + FRAME_HEADER_BYTES) {
                return Optional.empty(); // not one frame: nothing has been committed in it
            }
            return new WriteAheadLog(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())).damage();
        }
    }

    private Optional<String> damage() {
        var header = stored(24);
        if ((bytes.getInt(0) & ~1) != MAGIC || !header.equals(sum(new Checksum(0, 0), 0, 24))) {
            return Optional.of("the head of its log does not match its checksum");
        }
        int frameBytes = FRAME_HEADER_BYTES + bytes.getInt(8);
        boolean wrong = false;
        boolean ended = false;
        long lastPage = 0;      // of the sound frames of a transaction
        Checksum before = header;
        for (int at = HEADER_BYTES; at <= bytes.capacity() - frameBytes; at += frameBytes) {
            boolean ours = bytes.getLong(at + 8) == bytes.getLong(16); // else left from before the log was begun anew
            var sum = sum(sum(before, at, 8), at + FRAME_HEADER_BYTES, frameBytes - FRAME_HEADER_BYTES);
            before = stored(at + 16);
            boolean sound = ours && sum.equals(before);
            long page = Integer.toUnsignedLong(bytes.getInt(at));
            boolean last = bytes.getInt(at + 4) != 0;
            ended |= wrong && ours && page <= lastPage;
            if (sound && ended) {
                return Optional.of("page " + at / frameBytes
                        + " of its log, or one before it, does not match its checksum");
            }
            wrong |= !sound;
            ended |= wrong && ours && last;
            if (sound) {
                lastPage = last ? 0 : page;
            }
        }
        return Optional.empty();
    }

    private Checksum stored(int at) {
        return new Checksum(bytes.getInt(at), bytes.getInt(at + 4));
    }

    private Checksum sum(Checksum before, int from, int length) {
        var words = bytes.duplicate()
                .order((bytes.getInt(0) & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int first = before.first;
        int second = before.second;
        for (int at = from; at < from + length; at += 8) {
            first += words.getInt(at) + second;
            second += words.getInt(at + 4) + first;
        }
        return new Checksum(first, second);
    }
}
