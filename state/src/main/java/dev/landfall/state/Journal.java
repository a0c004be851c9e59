package dev.landfall.state;

import java.util.List;
import java.util.Optional;

/**
 * Where rows are durable. Used in three steps: every table is loaded, which changes nothing in the store; the journal
 * is {@linkplain #start started}; batches are appended. One thread at a time; nothing else touches the store while it
 * is open.
 */
public interface Journal extends AutoCloseable {

    /** A row in its stored form; empty where it was deleted. */
    record Entry(String table, String key, Optional<byte[]> row) {}

    @FunctionalInterface
    interface Rows {
        void row(String key, byte[] row);
    }

    /**
     * Hands over every row of a table, in the order of the keys.
     *
     * @throws DataDirectoryException if what is stored cannot be trusted
     */
    void load(String table, Rows rows);

    /**
     * Ends the loading and prepares the store for {@link #append}: what was loaded is trusted from here on.
     *
     * @throws DataDirectoryException if the store cannot be written
     */
    default void start() {}

    /**
     * Makes all entries durable, or none.
     *
     * @throws JournalException if they are not durable; the store is as it was before
     */
    void append(List<Entry> entries);

    @Override
    void close();

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
