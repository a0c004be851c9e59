package dev.landfall.state;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.landfall.state.Journal.DataDirectoryException;
import dev.landfall.state.Journal.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Makes an image of what a journal holds. The caller's thread reads; all cores decode the rows meanwhile, in chunks.
 * The journal hands over the newest entries first, so that only what counts is decoded. Confined to one thread.
 */
final class Loading implements AutoCloseable {
    /** Large enough that handing over a chunk costs nothing beside decoding it. */
    private static final int CHUNK_ROWS = 256;

    /** Chunks read and not yet decoded, per core; bounds the memory for encoded rows. */
    private static final int CHUNKS_AHEAD = 8;

    private final Journal journal;
    private final ObjectMapper json;
    private final ExecutorService decoders;
    private final Semaphore ahead;

    private record Keyed<R>(String key, R row) {}

    /** One table's entries so far. */
    private final class Part<R> {
        private final Table<R> table;
        private final ObjectReader reader;
        private final Set<String> seen = new HashSet<>();
        private final List<Future<List<Keyed<R>>>> decoded = new ArrayList<>();
        private List<Entry> chunk = new ArrayList<>(CHUNK_ROWS);

        Part(Table<R> table) {
            this.table = table;
            this.reader = json.readerFor(table.rowType());
        }

        void add(Entry entry) {
            if (seen.add(entry.key()) && entry.row().isPresent()) {
                chunk.add(entry);
                if (chunk.size() == CHUNK_ROWS) {
                    decodeLater();
                }
            }
        }

        private void decodeLater() {
            List<Entry> taken = chunk;
            chunk = new ArrayList<>(CHUNK_ROWS);
            ahead.acquireUninterruptibly();
            decoded.add(decoders.submit(() -> {
                try {
                    return decode(table, reader, taken);
                } finally {
                    ahead.release();
                }
            }));
        }

        Image into(Image image) {
            decodeLater();
            seen.clear();
            @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types
            Keyed<R>[] rows = decoded.stream().flatMap(part -> joined(part).stream()).toArray(Keyed[]::new);
            Arrays.parallelSort(rows, Comparator.comparing(Keyed::key));
            return Image.withRows(image, table, Arrays.stream(rows).map(Keyed::key).toList(),
                    Arrays.stream(rows).map(Keyed::row).toList());
        }
    }

    Loading(Journal journal, ObjectMapper json) {
        int cores = Runtime.getRuntime().availableProcessors();
        this.journal = journal;
        this.json = json;
        this.decoders = Executors.newFixedThreadPool(cores, Thread.ofPlatform().name("load-", 0).daemon().factory());
        this.ahead = new Semaphore(cores * CHUNKS_AHEAD);
    }

    /** @throws DataDirectoryException if a row cannot be read */
    Image load(List<Table<?>> schema) {
        Map<String, Part<?>> parts = new TreeMap<>();
        for (Table<?> table : schema) {
            parts.put(table.name(), new Part<>(table));
        }
        journal.load(entry -> {
            Part<?> part = parts.get(entry.table());
            if (part != null) { // else a table of an older version
                part.add(entry);
            }
        });
        Image loaded = Image.empty(schema);
        for (Part<?> part : parts.values()) {
            loaded = part.into(loaded);
        }
        return loaded;
    }

    private static <R> List<Keyed<R>> decode(Table<R> table, ObjectReader reader, List<Entry> chunk) {
        var rows = new ArrayList<Keyed<R>>(chunk.size());
        for (Entry stored : chunk) {
            try {
                R row = reader.readValue(stored.row().orElseThrow());
                if (row == null || !stored.key().equals(table.key().apply(row))) {
                    throw new IOException("it is another row's");
                }
                rows.add(new Keyed<>(stored.key(), row));
            } catch (IOException | RuntimeException e) { // also what a record's constructor or the key throws
                throw new DataDirectoryException("the row " + stored.key() + " of table " + table.name()
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
