package dev.landfall.state;

import dev.landfall.state.row.BatchWriter;
import dev.landfall.state.row.Forms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Prints how many durable decisions a second this machine makes, and how fast it loads; no test, run by hand. */
final class Throughput {
    record Sized(String id, String owner, String status, long count, Map<String, String> labels, List<String> parts) {}

    private static final Table.Index<Sized> BY_OWNER = Table.Index.on("owner", Sized::owner);
    private static final Table.Index<Sized> BY_STATUS = Table.Index.on("status", Sized::status);
    private static final Table<Sized> SIZED = Table.of("sized", Sized.class, Sized::id, BY_OWNER, BY_STATUS);
    private static final Duration RUN = Duration.ofSeconds(3);
    private static final int LOADED_ROWS = 100_000;

    private Throughput() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments.length > 0 ? arguments[0] : "."), "throughput");
        try {
            for (int callers : List.of(64, 1, 16, 64, 256)) {
                decisions(directory.resolve("callers-" + callers), callers);
            }
            Path loaded = directory.resolve("loaded");
            fill(loaded);
            for (int i = 0; i < 4; i++) {
                load(loaded);
            }
        } finally {
            try (var files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }

    private static Sized row(String id, long count) {
        var labels = new TreeMap<String, String>();
        for (int i = 0; i < 20; i++) {
            labels.put("label-" + i, "value of label " + i + " of " + id);
        }
        var parts = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            parts.add("part " + i + ", one of several, each with some forty characters");
        }
        String owner = "arn:aws:ecs:eu-west-1:000000000000:service/shop/" + count % 100;
        return new Sized(id, owner, "RUNNING", count, labels, parts);
    }

    private static void decisions(Path file, int callers) throws Exception {
        var appended = new AtomicLong();
        var groups = new AtomicLong();
        Journal journal = timed(new SqliteJournal(file), appended, groups);
        var decided = new AtomicLong();
        var latencies = new ConcurrentLinkedQueue<Long>();
        long start = System.nanoTime();
        long until = start + RUN.toNanos();
        try (var writer = new Writer(journal, List.of(SIZED), Forms.ofRecords(), Clock.systemUTC(), () -> "");
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < callers; caller++) {
                String prefix = "arn:aws:ecs:eu-west-1:000000000000:task/shop/" + caller + "-";
                executor.submit(() -> {
                    for (int i = 0; System.nanoTime() < until; i++) {
                        var row = row(prefix + i % 200, i);
                        long asked = System.nanoTime();
                        writer.submit((image, context) -> Decision.of(row.id(), Write.put(SIZED, row)));
                        latencies.add(System.nanoTime() - asked);
                        decided.incrementAndGet();
                    }
                    return true;
                });
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        var sorted = latencies.stream().sorted().toList();
        System.out.printf("%3d callers: %,9.0f decisions/s, %,5.0f groups/s, %2.0f%% of the time in append, "
                        + "p50 %.2f ms, p99 %.2f ms%n",
                callers, decided.get() / seconds, groups.get() / seconds, appended.get() / seconds / 1e7,
                sorted.get(sorted.size() / 2) / 1e6, sorted.get(sorted.size() * 99 / 100) / 1e6);
    }

    private static Journal timed(Journal journal, AtomicLong nanos, AtomicLong groups) {
        return new Journal() {
            @Override
            public void load(Consumer<byte[]> appended, Consumer<byte[]> snapshot) {
                journal.load(appended, snapshot);
            }

            @Override
            public void start() {
                journal.start();
            }

            @Override
            public void append(List<byte[]> batches) {
                long start = System.nanoTime();
                journal.append(batches);
                nanos.addAndGet(System.nanoTime() - start);
                groups.incrementAndGet();
            }

            @Override
            public void close() {
                journal.close();
            }
        };
    }

    private static void fill(Path file) throws Exception {
        var form = Forms.ofRecords().of(Sized.class);
        long start = System.nanoTime();
        try (var journal = new SqliteJournal(file)) {
            journal.start();
            for (int from = 0; from < LOADED_ROWS; from += 2_000) {
                var batch = new BatchWriter();
                for (int i = from; i < from + 2_000; i++) {
                    String id = "arn:aws:ecs:eu-west-1:000000000000:task/shop/" + Integer.toHexString(i * 0x9E3779B9);
                    batch.put("sized", id, form, row(id, i));
                }
                journal.append(List.of(batch.take()));
            }
        }
        System.out.printf("filled with %,d rows, %,d bytes, in %.2f s%n", LOADED_ROWS, Files.size(file),
                (System.nanoTime() - start) / 1e9);
    }

    private static void load(Path file) {
        long start = System.nanoTime();
        var journal = new SqliteJournal(file);
        long checked = System.nanoTime();
        try (var writer = new Writer(journal, List.of(SIZED), Forms.ofRecords(), Clock.systemUTC(), () -> "")) {
            System.out.printf("loaded %,d rows in %.2f s, of it %.2f s structure check%n", writer.image().size(SIZED),
                    (System.nanoTime() - start) / 1e9, (checked - start) / 1e9);
        }
    }
}
