package dev.landfall.state;

import dev.landfall.state.row.BatchReader;
import dev.landfall.state.row.BatchWriter;
import dev.landfall.state.row.Form;
import dev.landfall.state.row.Forms;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The process that {@link CrashTest} crashes. Its threads move money between accounts, without end; each transfer is
 * one decision of four rows. It prints a line for each that was acknowledged: the number of the thread, and of its
 * transfer.
 */
final class CrashChild {
    record Account(String id, long balance) {}

    record Transfer(String id, String from, String to, long amount) {}

    /** How many transfers a thread has made; their ids are {@code thread-1} to {@code thread-last}. */
    record Progress(String id, long last) {}

    static final Table<Account> ACCOUNTS = Table.of("accounts", Account.class, Account::id);
    static final Table<Transfer> TRANSFERS = Table.of("transfers", Transfer.class, Transfer::id);
    static final Table<Progress> PROGRESS = Table.of("progress", Progress.class, Progress::id);
    static final List<Table<?>> SCHEMA = List.of(ACCOUNTS, TRANSFERS, PROGRESS);
    static final int ACCOUNT_COUNT = 6;

    /** A snapshot every few batches. */
    private static final int SNAPSHOT_AFTER_BYTES = 2_000;

    /** The second and third are bugs, planted to see that the test finds them. */
    enum Kind { SOUND, ACKNOWLEDGES_EARLY, COMMITS_ROW_BY_ROW }

    private CrashChild() {}

    static final Forms FORMS = Forms.ofRecords();

    /** File, kind, number of threads; and the stage and number of the append at which to end, if any. */
    public static void main(String[] arguments) {
        var file = Path.of(arguments[0]);
        int threads = Integer.parseInt(arguments[2]);
        var appends = new AtomicInteger();
        var sqlite = new SqliteJournal(file, SNAPSHOT_AFTER_BYTES, stage -> {
            if (stage == SqliteJournal.Stage.BEFORE) {
                appends.incrementAndGet();
            }
            if (arguments.length > 3 && stage.name().equals(arguments[3])
                    && appends.get() >= Integer.parseInt(arguments[4])) {
                Runtime.getRuntime().halt(9);
            }
        });
        var journal = switch (Kind.valueOf(arguments[1])) {
            case SOUND -> sqlite;
            case ACKNOWLEDGES_EARLY -> new Early(sqlite);
            case COMMITS_ROW_BY_ROW -> new RowByRow(sqlite);
        };
        var writer = new Writer(journal, SCHEMA, FORMS, Clock.systemUTC(), () -> "");
        for (int thread = 0; thread < threads; thread++) {
            String name = "thread" + thread;
            Thread.ofPlatform().start(() -> transferForEver(writer, name));
        }
    }

    private static void transferForEver(Writer writer, String name) {
        while (true) {
            long number = writer.submit((image, context) -> transfer(image, name));
            synchronized (System.out) {
                System.out.println(name + " " + number);
                System.out.flush();
            }
        }
    }

    private static Decision<Long> transfer(Image image, String name) {
        var random = ThreadLocalRandom.current();
        int from = random.nextInt(ACCOUNT_COUNT);
        int to = (from + 1 + random.nextInt(ACCOUNT_COUNT - 1)) % ACCOUNT_COUNT;
        long amount = random.nextLong(1, 100);
        long number = image.get(PROGRESS, name).map(Progress::last).orElse(0L) + 1;
        var draft = new Draft(image);
        draft.put(ACCOUNTS, new Account("a" + from, balance(image, "a" + from) - amount));
        draft.put(ACCOUNTS, new Account("a" + to, balance(image, "a" + to) + amount));
        draft.put(TRANSFERS, new Transfer(name + '-' + number, "a" + from, "a" + to, amount));
        draft.put(PROGRESS, new Progress(name, number));
        return draft.reply(number);
    }

    static long balance(Image image, String account) {
        return image.get(ACCOUNTS, account).map(Account::balance).orElse(0L);
    }

    private abstract static class Wrapped implements Journal {
        final Journal journal;

        Wrapped(Journal journal) {
            this.journal = journal;
        }

        @Override
        public void load(Consumer<byte[]> appended, Consumer<byte[]> snapshot) {
            journal.load(appended, snapshot);
        }

        @Override
        public void start() {
            journal.start();
        }

        @Override
        public boolean snapshotDue() {
            return journal.snapshotDue();
        }

        @Override
        public Position position() {
            return journal.position();
        }

        @Override
        public void snapshot(Position position, Iterator<byte[]> parts) {
            journal.snapshot(position, parts);
        }

        @Override
        public void close() {
            journal.close();
        }
    }

    private static final class Early extends Wrapped {
        private static final int BATCHES = 10;
        private final List<List<byte[]>> kept = new ArrayList<>();

        Early(Journal journal) {
            super(journal);
        }

        @Override
        public void append(List<byte[]> batches) {
            kept.add(batches);
            if (kept.size() == BATCHES) {
                kept.forEach(journal::append);
                kept.clear();
            }
        }
    }

    private static final class RowByRow extends Wrapped {
        RowByRow(Journal journal) {
            super(journal);
        }

        @Override
        public void append(List<byte[]> batches) {
            for (byte[] batch : batches) {
                var reader = new BatchReader(batch);
                reader.entries().forEach(entry -> journal.append(List.of(alone(reader, entry))));
            }
        }

        private static byte[] alone(BatchReader reader, BatchReader.Entry entry) {
            var table = SCHEMA.stream().filter(each -> each.name().equals(entry.table())).findFirst().orElseThrow();
            return alone(reader, entry, FORMS.of(table.rowType()));
        }

        private static <R> byte[] alone(BatchReader reader, BatchReader.Entry entry, Form<R> form) {
            var batch = new BatchWriter();
            batch.put(entry.table(), entry.key(), form, reader.row(entry, form));
            return batch.take();
        }
    }
}
