package dev.landfall.state;

import dev.landfall.state.Journal.DataDirectoryException;
import dev.landfall.state.row.BatchReader;
import dev.landfall.state.row.BatchReader.Entry;
import dev.landfall.state.row.Form;
import dev.landfall.state.row.Forms;
import dev.landfall.state.row.SharedTexts;
import java.util.ArrayList;
import java.util.Arrays;
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
 * Makes an image of what a journal holds. The caller's thread reads batches and finds out which of their entries count:
 * of several for one row, the newest. All cores make the rows of these meanwhile. Confined to one thread.
 */
final class Loading implements AutoCloseable {
    /** Batches read whose rows have not been made, per core; bounds the memory for them. */
    private static final int BATCHES_AHEAD = 8;

    private final Journal journal;
    private final Forms forms;
    private final SharedTexts texts = new SharedTexts();
    private final ExecutorService makers;
    private final Semaphore ahead;
    private final List<Future<?>> making = new ArrayList<>();

    /** @param head as {@link Heads} has it: rows are compared by it alone, mostly */
    private record Keyed<R>(long head, String key, R row) implements Comparable<Keyed<R>> {
        @Override
        public int compareTo(Keyed<R> other) {
            int order = Long.compareUnsigned(head, other.head);
            return order == 0 ? key.compareTo(other.key) : order;
        }
    }

    /** One table's rows so far. */
    private final class Part<R> {
        private final Table<R> table;
        private final Form<R> form;

        /** The keys of the entries since the snapshot. */
        private final Set<String> seen = new HashSet<>();

        /** Of each batch. Added to by the caller's thread, filled by others. */
        private final List<Made<R>> made = new ArrayList<>();

        Part(Table<R> table) {
            this.table = table;
            this.form = forms.of(table.rowType());
        }

        /** What makes the rows of the entries; to be run on another thread. */
        Runnable later(BatchReader batch, List<Entry> entries) {
            var rows = new Made<R>(entries.size());
            made.add(rows);
            return () -> {
                for (Entry entry : entries) {
                    rows.add(new Keyed<>(0, entry.key(), row(batch, entry)));
                }
            };
        }

        private R row(BatchReader batch, Entry entry) {
            try {
                R row = batch.row(entry, form);
                if (!entry.key().equals(table.key().apply(row))) {
                    throw new IllegalArgumentException("it is another row's");
                }
                return row;
            } catch (RuntimeException e) { // also what a record's constructor or the key throws
                throw new DataDirectoryException("the row " + entry.key() + " of table " + table.name()
                        + " cannot be read: " + e.getMessage(), e);
            }
        }

        /** In plain loops: this runs once, before the compilers know a stream's many small steps. */
        Image into(Image image) {
            seen.clear();
            if (made.isEmpty()) {
                return image;
            }
            var all = new ArrayList<Keyed<R>>();
            int common = Integer.MAX_VALUE;
            for (Made<R> batch : made) {
                common = Math.min(common, batch.commonWith(made.getFirst().rows.getFirst().key));
                all.addAll(batch.rows);
            }
            made.clear();
            int from = common;
            @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types
            Keyed<R>[] rows = all.toArray(Keyed[]::new);
            Arrays.parallelSetAll(rows, i -> new Keyed<>(Heads.of(rows[i].key, from), rows[i].key, rows[i].row));
            Arrays.parallelSort(rows);
            var keys = new String[rows.length];
            var values = new ArrayList<R>(rows.length);
            for (int i = 0; i < rows.length; i++) {
                keys[i] = rows[i].key;
                values.add(rows[i].row);
            }
            return Image.withRows(image, table, Arrays.asList(keys), values);
        }
    }

    /** A batch's rows of a table, none of which is missing, and with how many characters their keys begin alike. */
    private static final class Made<R> {
        private final List<Keyed<R>> rows;
        private int common = Integer.MAX_VALUE;

        Made(int size) {
            this.rows = new ArrayList<>(size);
        }

        void add(Keyed<R> row) {
            rows.add(row);
            common = Heads.common(common, rows.getFirst().key, row.key);
        }

        int commonWith(String key) {
            return Heads.common(common, key, rows.getFirst().key);
        }
    }

    Loading(Journal journal, Forms forms) {
        int cores = Runtime.getRuntime().availableProcessors();
        this.journal = journal;
        this.forms = forms;
        this.makers = Executors.newFixedThreadPool(cores, Thread.ofPlatform().name("load-", 0).daemon().factory());
        this.ahead = new Semaphore(cores * BATCHES_AHEAD);
    }

    /** @throws DataDirectoryException if a row cannot be read */
    Image load(List<Table<?>> schema) {
        Map<String, Part<?>> parts = new TreeMap<>();
        for (Table<?> table : schema) {
            parts.put(table.name(), new Part<>(table));
        }
        journal.load(batch -> add(read(batch), true, parts), batch -> add(read(batch), false, parts));
        making.forEach(Loading::await);
        Image loaded = Image.empty(schema);
        for (Part<?> part : parts.values()) {
            loaded = part.into(loaded);
        }
        return loaded;
    }

    private BatchReader read(byte[] batch) {
        try {
            return new BatchReader(batch, texts);
        } catch (IllegalArgumentException e) {
            throw new DataDirectoryException("a batch cannot be read: " + e.getMessage(), e);
        }
    }

    /** @param appended since the snapshot, in which each row is once */
    private void add(BatchReader batch, boolean appended, Map<String, Part<?>> parts) {
        var counting = new TreeMap<String, List<Entry>>();
        for (Entry entry : batch.entries().reversed()) {
            Part<?> part = parts.get(entry.table());
            if (part == null) {
                continue; // a table of another version
            }
            boolean newest = appended ? part.seen.add(entry.key()) : !part.seen.contains(entry.key());
            if (newest && !entry.deleted()) {
                counting.computeIfAbsent(entry.table(), any -> new ArrayList<>()).add(entry);
            }
        }
        if (!counting.isEmpty()) {
            makeLater(counting.entrySet().stream()
                    .map(each -> parts.get(each.getKey()).later(batch, each.getValue())).toList());
        }
    }

    /** One thread for all of a batch: its texts are shared. */
    private void makeLater(List<Runnable> tasks) {
        ahead.acquireUninterruptibly();
        making.add(makers.submit(() -> {
            try {
                tasks.forEach(Runnable::run);
            } finally {
                ahead.release();
            }
        }));
    }

    private static void await(Future<?> made) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    made.get();
                    return;
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
        makers.shutdownNow();
    }
}
