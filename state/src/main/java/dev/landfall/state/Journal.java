package dev.landfall.state;

import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where batches of rows are durable, whatever is in them. Used in three steps: everything is loaded, which changes
 * nothing in the store; the journal is {@linkplain #start started}; batches are appended. One thread at a time, but for
 * {@link #snapshot}; nothing else touches the store while it is open.
 */
public interface Journal extends AutoCloseable {

    /**
     * Hands over what is stored: what was appended, the newest batch first, and then what was a snapshot before that.
     *
     * @throws DataDirectoryException if what is stored cannot be trusted
     */
    void load(Consumer<byte[]> appended, Consumer<byte[]> snapshot);

    /**
     * Ends the loading and prepares the store for {@link #append}: what was loaded is trusted from here on.
     *
     * @throws DataDirectoryException if the store cannot be written
     */
    default void start() {}

    /**
     * Makes all these batches durable, or none.
     *
     * @throws JournalException if they are not durable; the store is as it was before
     */
    void append(List<byte[]> batches);

    /** Whether so much has been appended that it is time for a {@link #snapshot}. */
    default boolean snapshotDue() {
        return false;
    }

    /** Where the journal stands after the last {@link #append}. */
    default Position position() {
        return new Position(0, 0);
    }

    /**
     * Replaces all that was appended up to {@code position}, and the snapshot before it, by {@code parts}, which hold
     * what it comes to. Called on another thread, while batches are appended. Until it is done nothing is replaced.
     *
     * @throws JournalException if that failed; nothing is lost then
     */
    default void snapshot(Position position, Iterator<byte[]> parts) {}

    @Override
    void close();

    /**
     * A point between two batches.
     *
     * @param sequence of the last batch before it
     * @param digest of all batches in the log up to there
     */
    record Position(long sequence, long digest) {}

    /** The store refused a batch, for example on a full disk. Later batches may succeed. */
    final class JournalException extends RuntimeException {
        public JournalException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The data directory cannot be used; its content was left as it is. The message says what to do. */
    final class DataDirectoryException extends RuntimeException {
        public DataDirectoryException(String message, Throwable cause) {
            super(message, cause);
        }

        public DataDirectoryException(String message) {
            super(message);
        }
    }
}
