package dev.landfall.state;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.landfall.state.Journal.DataDirectoryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Makes an image of what a journal holds. The caller's thread reads; all cores decode the rows meanwhile, in chunks.
 * Confined to one thread.
 */
final class Loading implements AutoCloseable {
    private record Stored(String key, byte[] row) {}

    /** Large enough that handing over a chunk costs nothing beside decoding it. */
    private static final int CHUNK_ROWS = 256;

    /** Chunks read and not yet decoded, per core; bounds the memory for encoded rows. */
    private static final int CHUNKS_AHEAD = 8;

    private final Journal journal;
    private final ObjectMapper json;
    private final ExecutorService decoders;
    private final Semaphore ahead;

    Loading(Journal journal, ObjectMapper json) {
        int cores = Runtime.getRuntime().availableProcessors();
        this.journal = journal;
        this.json = json;
        this.decoders = Executors.newFixedThreadPool(cores, Thread.ofPlatform().name("load-", 0).daemon().factory());
        this.ahead = new Semaphore(cores * CHUNKS_AHEAD);
    }

    /** @throws DataDirectoryException if a row cannot be read */
    Image load(List<Table<?>> schema) {
        Image loaded = Image.empty(schema);
        for (Table<?> table : schema) {
            loaded = load(loaded, table);
        }
        return loaded;
    }

    private <R> Image load(Image image, Table<R> table) {
        ObjectReader reader = json.readerFor(table.rowType());
        var decoded = new ArrayList<Future<SortedMap<String, R>>>();
        var chunk = new ArrayList<Stored>(CHUNK_ROWS);
        journal.load(table.name(), (key, row) -> {
            chunk.add(new Stored(key, row));
            if (chunk.size() == CHUNK_ROWS) {
                decoded.add(decodeLater(table, reader, List.copyOf(chunk)));
                chunk.clear();
            }
        });
        decoded.add(decodeLater(table, reader, List.copyOf(chunk)));
        var rows = new TreeMap<String, R>();
        decoded.forEach(part -> rows.putAll(joined(part)));
        return Image.withRows(image, table, rows);
    }

    private <R> Future<SortedMap<String, R>> decodeLater(Table<R> table, ObjectReader reader, List<Stored> chunk) {
        ahead.acquireUninterruptibly();
        return decoders.submit(() -> {
            try {
                return decode(table, reader, chunk);
            } finally {
                ahead.release();
            }
        });
    }

    private static <R> SortedMap<String, R> decode(Table<R> table, ObjectReader reader, List<Stored> chunk) {
        var rows = new TreeMap<String, R>();
        for (Stored stored : chunk) {
            try {
                R row = reader.readValue(stored.row);
                if (row == null || !stored.key.equals(table.key().apply(row))) {
                    throw new IOException("it is another row's");
                }
                rows.put(stored.key, row);
            } catch (IOException | RuntimeException e) { // also what a record's constructor or the key throws
                throw new DataDirectoryException("the row " + stored.key + " of table " + table.name()
                        + " cannot be read: " + e.getMessage(), e);
            }
        }
        return rows;
    }

    private static <T> T joined(Future<T> part) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return part.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException | CancellationException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        decoders.shutdownNow();
    }
}
