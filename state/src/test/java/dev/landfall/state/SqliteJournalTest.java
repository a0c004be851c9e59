package dev.landfall.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.landfall.state.Journal.DataDirectoryException;
import dev.landfall.state.Entries.Entry;
import dev.landfall.state.Journal.JournalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

class SqliteJournalTest {
    private static final List<String> TABLES = List.of("few", "large", "order", "small");
    private static final String NAME = "state.db";
    /** Of the log: a page and what is written of it. */
    private static final int FRAME_HEAD_BYTES = 24;
    private static final int FRAME_BYTES = FRAME_HEAD_BYTES + 8192;

    /** What a journal holds: the rows of each table, as text for easy comparison. */
    private record Content(Map<String, TreeMap<String, String>> tables) {
        Content() {
            this(new TreeMap<>());
            TABLES.forEach(table -> tables.put(table, new TreeMap<>()));
        }

        Content after(List<Entry> entries) {
            var next = new Content();
            tables.forEach((table, rows) -> next.tables.get(table).putAll(rows));
            for (Entry entry : entries) {
                var rows = next.tables.get(entry.table());
                entry.row().ifPresentOrElse(row -> rows.put(entry.key(), text(row)), () -> rows.remove(entry.key()));
            }
            return next;
        }
    }

    /** A directory as it is after a clean close, and one as after a crash, with what each step had made of the rows. */
    private static SavedDirectory closed;
    private static SavedDirectory crashed;
    private static final List<SavedDirectory> CRASHED_BEFORE = new ArrayList<>();
    private static final List<Content> STEPS = new ArrayList<>();
    private static Path scratch;

    @TempDir
    private Path directory;

    private static String text(byte[] row) {
        return new String(row, StandardCharsets.ISO_8859_1);
    }

    private static Entry put(String table, String key, String row) {
        return new Entry(table, key, Optional.of(row.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static Entry delete(String table, String key) {
        return new Entry(table, key, Optional.empty());
    }

    private static SqliteJournal loaded(Path directory) {
        var journal = new SqliteJournal(directory.resolve(NAME));
        Entries.load(journal, entry -> {});
        return journal;
    }

    private static Content read(SqliteJournal journal) {
        var content = new Content();
        var seen = new HashSet<String>();
        Entries.load(journal, entry -> {
            if (seen.add(entry.table() + ' ' + entry.key())) {
                entry.row().ifPresent(row -> content.tables.get(entry.table()).put(entry.key(), text(row)));
            }
        });
        return content;
    }

    private static Content read(Path directory) {
        try (var journal = new SqliteJournal(directory.resolve(NAME))) {
            return read(journal);
        }
    }

    /** Rows of every size up to several pages; most batches change and delete some rows of earlier ones. */
    private static List<Entry> batch(Random random, int number) {
        var entries = new TreeMap<String, Entry>();
        for (int i = 0; i < 12; i++) {
            String table = TABLES.get(random.nextInt(TABLES.size()));
            String key = "key-" + random.nextInt(30);
            int size = switch (table) {
                case "large" -> random.nextInt(14_000);
                case "small" -> random.nextInt(20);
                default -> random.nextInt(2_500);
            };
            entries.put(table + key, random.nextInt(5) == 0
                    ? delete(table, key)
                    : put(table, key, number + ":" + Integer.toString(random.nextInt(), 36).repeat(size / 6)));
        }
        return List.copyOf(entries.values());
    }

    @BeforeContainer
    static void makeDirectories() throws IOException {
        scratch = Files.createTempDirectory("journal");
        Path made = Files.createDirectories(scratch.resolve("made"));
        var random = new Random(20);
        try (var journal = loaded(made)) {
            var content = new Content();
            STEPS.add(content);
            for (int i = 0; i < 12; i++) {
                var entries = batch(random, i);
                Entries.append(journal, entries);
                content = content.after(entries);
                STEPS.add(content);
                crashed = SavedDirectory.of(made); // a process that ends here leaves exactly these files
                CRASHED_BEFORE.add(crashed);
            }
        }
        closed = SavedDirectory.of(made);
        assertThat(closed.files()).containsOnlyKeys(NAME);
        assertThat(crashed.files()).containsOnlyKeys(NAME, NAME + "-wal");
    }

    @AfterContainer
    static void deleteDirectories() throws IOException {
        SavedDirectory.delete(scratch);
    }

    @Property(tries = 15, shrinking = ShrinkingMode.OFF)
    void whatWasAppendedIsLoaded(@ForAll long seed) throws IOException {
        Path fresh = Files.createTempDirectory(scratch, "round trip ?#%");
        var random = new Random(seed);
        var content = new Content();
        for (int opened = 0; opened < 3; opened++) {
            try (var journal = loaded(fresh)) {
                for (int i = 0; i < random.nextInt(8); i++) {
                    var entries = batch(random, i);
                    Entries.append(journal, entries);
                    content = content.after(entries);
                }
                assertThat(read(journal)).isEqualTo(content);
            }
            assertThat(read(fresh)).isEqualTo(content);
        }
    }

    @Property(tries = 1)
    void keysAndRowsComeBackAsTheyWere() throws IOException {
        Path fresh = Files.createTempDirectory(scratch, "order");
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        var keys = List.of("", "\0", "A", "a", "a\0b", "b'", "ä", "\uD83D\uDE00");
        try (var journal = loaded(fresh)) {
            Entries.append(journal,
                    keys.reversed().stream().map(key -> new Entry("order", key, Optional.of(bytes))).toList());
            Entries.append(journal, List.of(new Entry("order", "empty", Optional.of(new byte[0]))));
            Entries.append(journal, List.of(delete("order", "empty"), delete("order", "never there")));
        }
        var found = new ArrayList<String>();
        try (var journal = new SqliteJournal(fresh.resolve(NAME))) {
            var seen = new HashSet<String>();
            Entries.load(journal, entry -> {
                if (seen.add(entry.key()) && entry.row().isPresent()) {
                    found.add(entry.key());
                    assertThat(entry.row().get()).isEqualTo(bytes);
                }
            });
        }
        assertThat(found).containsExactlyElementsOf(keys);
    }

    @Property(tries = 1)
    void whatACrashLeavesIsLoadedAndNotChangedByIt() throws IOException {
        Path copy = scratch.resolve("crashed");
        for (int i = 0; i < CRASHED_BEFORE.size(); i++) {
            CRASHED_BEFORE.get(i).writeTo(copy);
            assertThat(read(copy)).isEqualTo(STEPS.get(i + 1));
            assertThat(SavedDirectory.of(copy).isSameAs(CRASHED_BEFORE.get(i))).isTrue();
        }
        closed.writeTo(copy);
        assertThat(read(copy)).isEqualTo(STEPS.getLast());
        assertThat(SavedDirectory.of(copy).isSameAs(closed)).isTrue();
    }

    /** Half of the flips hit the first two pages, where a bit means the most. */
    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void aFlippedBitIsFoundOrHarmless(@ForAll Random random) throws IOException {
        long bits = closed.files().get(NAME).length * 8L;
        var flipped = closed.flipped(NAME, random.nextLong(random.nextBoolean() ? 2 * 4096 * 8 : bits));
        assertRefusedOrOneOf(flipped, List.of(STEPS.getLast()), "flip");
    }

    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void severalDamagedBytesAreFoundOrHarmless(@ForAll Random random) throws IOException {
        byte[] content = closed.files().get(NAME).clone();
        int from = random.nextInt(content.length);
        for (int i = from; i < Math.min(content.length, from + 1 + random.nextInt(5000)); i++) {
            content[i] = (byte) (random.nextBoolean() ? 0 : random.nextInt());
        }
        assertRefusedOrOneOf(closed.with(NAME, content), List.of(STEPS.getLast()), "bytes");
    }

    /** Only in the last transaction damage looks like a crash in the middle of it, and then it has never been. */
    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void aFlippedBitInTheLogIsFoundOrHarmless(@ForAll Random random) throws IOException {
        String log = NAME + "-wal";
        long bits = crashed.files().get(log).length * 8L;
        var flipped = crashed.flipped(log, random.nextInt(4) == 0 ? random.nextLong(100 * 8) : random.nextLong(bits));
        assertRefusedOrOneOf(flipped, STEPS.subList(STEPS.size() - 2, STEPS.size()), "log");
    }

    /** The frame that ended the last transaction but one: whatever is wrong with its head, two would be lost. */
    @Property(tries = 1)
    void aDamagedEndOfATransactionInTheLogIsFound() throws IOException {
        String log = NAME + "-wal";
        int end = CRASHED_BEFORE.get(CRASHED_BEFORE.size() - 2).files().get(log).length - FRAME_BYTES;
        for (int bit = 0; bit < FRAME_HEAD_BYTES * 8; bit++) {
            assertRefusedOrOneOf(crashed.flipped(log, end * 8L + bit), STEPS.subList(STEPS.size() - 1, STEPS.size()),
                    "end");
        }
        for (byte value : new byte[] {0, 1, -1}) {
            byte[] content = crashed.files().get(log).clone();
            Arrays.fill(content, end, end + FRAME_HEAD_BYTES, value);
            assertRefusedOrOneOf(crashed.with(log, content), STEPS.subList(STEPS.size() - 1, STEPS.size()), "end");
        }
    }

    /** Sectors of the last transaction reach the disk in any order; in the place of others is what was there before. */
    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void whatALossOfPowerLeavesOfATransactionIsForgotten(@ForAll Random random) throws IOException {
        String log = NAME + "-wal";
        int begin = CRASHED_BEFORE.get(CRASHED_BEFORE.size() - 2).files().get(log).length;
        byte[] content = crashed.files().get(log).clone();
        int sector = random.nextBoolean() ? 512 : 4096;
        int losses = 1 + random.nextInt(4);
        for (int i = 0; i < losses; i++) {
            int at = Math.max(begin, (begin + random.nextInt(content.length - begin)) / sector * sector);
            int end = Math.min(content.length, (at / sector + 1) * sector);
            byte[] before = random.nextBoolean() ? new byte[end - at] : strange(random, end - at);
            System.arraycopy(before, 0, content, at, before.length);
        }
        Path copy = scratch.resolve("power");
        crashed.with(log, content).writeTo(copy);
        assertThat(read(copy)).isIn(STEPS.get(STEPS.size() - 2), STEPS.getLast()); // a page's end may be empty anyway
    }

    private static byte[] strange(Random random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void aCutFileIsFoundOrHarmless(@ForAll Random random) throws IOException {
        var cut = closed.cut(NAME, random.nextInt(1, closed.files().get(NAME).length));
        assertRefusedOrOneOf(cut, List.of(STEPS.getLast()), "cut"); // the end of the last page may have been empty
    }

    /** As a crash while a transaction is being written may leave it. */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void aCutLogHoldsTheTransactionsBeforeTheCut(@ForAll Random random) throws IOException {
        String log = NAME + "-wal";
        int length = random.nextInt(crashed.files().get(log).length);
        Path copy = scratch.resolve("cut log");
        crashed.cut(log, length).writeTo(copy);
        int complete = 0;
        while (CRASHED_BEFORE.get(complete).files().get(log).length <= length) {
            complete++;
        }
        if (length < CRASHED_BEFORE.getFirst().files().get(log).length) {
            // The first transaction made the tables: what is left may end before it.
            assertRefusedOrOneOf(SavedDirectory.of(copy), STEPS.subList(0, 2), "cut log");
        } else {
            assertThat(read(copy)).isEqualTo(STEPS.get(complete));
        }
    }

    @Property(tries = 1)
    void theLogOfAnotherTimeIsRefusedOrHarmless() throws IOException {
        String log = NAME + "-wal";
        for (var old : CRASHED_BEFORE) {
            assertRefusedOrOneOf(closed.with(log, old.files().get(log)), STEPS, "stale log");
        }
        var other = Files.createTempDirectory(scratch, "other");
        try (var journal = loaded(other)) {
            Entries.append(journal, batch(new Random(7), 1));
            assertRefusedOrOneOf(closed.with(log, SavedDirectory.of(other).files().get(log)), STEPS, "foreign log");
        }
    }

    private static void assertRefusedOrOneOf(SavedDirectory saved, List<Content> allowed, String name)
            throws IOException {
        Path copy = scratch.resolve(name);
        saved.writeTo(copy);
        Content found;
        try {
            found = read(copy);
        } catch (DataDirectoryException e) {
            assertThat(e).hasMessageContaining(NAME).hasMessageContaining("was left untouched");
            assertThat(SavedDirectory.of(copy).isSameAs(saved)).as("the refused directory is as it was").isTrue();
            return;
        }
        assertThat(allowed).contains(found);
        var more = List.of(put("few", "added", "later"), delete("large", "key-3"));
        try (var journal = loaded(copy)) {
            Entries.append(journal, more);
        } catch (DataDirectoryException | JournalException e) {
            return; // the flip says that the file cannot be written
        }
        assertThat(read(copy)).isEqualTo(found.after(more));
    }

    private void assertRefused(String... message) throws IOException {
        var before = SavedDirectory.of(directory);
        assertThatThrownBy(() -> read(directory)).isInstanceOf(DataDirectoryException.class)
                .hasMessageContainingAll(message).hasMessageContaining(NAME);
        assertThat(SavedDirectory.of(directory).isSameAs(before)).isTrue();
    }

    @Test
    void aNewerFormatIsRefused() throws Exception {
        loaded(directory).close();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(NAME));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version=" + (SqliteJournal.FORMAT_VERSION + 1));
        }
        assertRefused("newer Landfall", "format " + (SqliteJournal.FORMAT_VERSION + 1), "left untouched");
        Files.write(directory.resolve(NAME + "-wal"), new byte[5_000]);
        assertRefused("newer Landfall");
    }

    /** Each is sound to SQLite, and every row that is left matches its checksum. */
    @Test
    void rowsThatAreMissingOrOfAnotherTimeAreRefused() throws Exception {
        for (String damage : List.of("DELETE FROM log WHERE sequence = 2", "DELETE FROM log", "DROP TABLE log",
                "UPDATE log SET batch = x'39' WHERE sequence = 3", "DELETE FROM head", "UPDATE head SET last = 1, "
                        + "log_digest = 0", "UPDATE log SET (batch, checksum) = (SELECT batch, checksum FROM log "
                        + "WHERE sequence = 2) WHERE sequence = 3", "UPDATE log SET sequence = 9 WHERE sequence = 3",
                "DELETE FROM snapshot", "UPDATE snapshot SET generation = 2",
                "UPDATE snapshot SET batch = x'39'")) {
            new SavedDirectory(Map.of()).writeTo(directory);
            try (var journal = new SqliteJournal(directory.resolve(NAME))) {
                Entries.append(journal, List.of(put("few", "a", "0")));
                journal.snapshot(journal.position(), Entries.parts(List.of(put("few", "a", "0")).iterator()));
                Entries.append(journal, List.of(put("few", "a", "1"), put("few", "b", "2"), put("small", "a", "3")));
                Entries.append(journal, List.of(put("few", "a", "4")));
                Entries.append(journal, List.of(put("few", "a", "5")));
            }
            try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(NAME));
                    var statement = connection.createStatement()) {
                statement.execute(damage);
            }
            assertRefused("is damaged", "left untouched");
        }
    }

    @Test
    void nobodyElseReadsTheFileAndItsLog() throws IOException {
        try (var journal = new SqliteJournal(directory.resolve(NAME))) {
            journal.load(batch -> { }, batch -> { });
            try (var files = Files.list(directory)) {
                assertThat(files).isNotEmpty().allSatisfy(file -> assertThat(
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------"));
            }
        }
    }

    @Test
    void aForeignFileIsRefused() throws Exception {
        for (String content : List.of("x", "SQLite format 3\0", "not a database ".repeat(1000))) {
            Files.writeString(directory.resolve(NAME), content);
            assertRefused("not Landfall's");
        }
        Files.delete(directory.resolve(NAME));
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(NAME));
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE few (key TEXT PRIMARY KEY, row BLOB, checksum INTEGER)");
        }
        assertRefused("not Landfall's");
    }

    @Test
    void aLogWithoutItsFileIsRefused() throws Exception {
        Files.write(directory.resolve(NAME + "-wal"), new byte[5_000]);
        assertRefused("is there, but the file itself is missing");
        Files.write(directory.resolve(NAME), new byte[0]);
        assertRefused("is there, but the file itself is empty");
    }

    @Test
    void aMissingDirectoryAndADirectoryInPlaceAreRefused() throws Exception {
        assertThatThrownBy(() -> read(directory.resolve("missing"))).isInstanceOf(DataDirectoryException.class);
        Files.createDirectories(directory.resolve(NAME).resolve("inner"));
        assertThatThrownBy(() -> read(directory)).isInstanceOf(DataDirectoryException.class);
    }

    @Test
    void aCrashWhileTheFileIsMadeDoesNoHarm() throws Exception {
        Files.write(directory.resolve(NAME), new byte[0]);
        Files.writeString(directory.resolve(NAME + ".new"), "half made");
        Files.writeString(directory.resolve(NAME + ".new-journal"), "half made");
        assertThat(read(directory)).isEqualTo(new Content());
        assertThat(SavedDirectory.of(directory).files()).containsOnlyKeys(NAME);
    }

    @Test
    void aBatchThatFailsHalfwayIsNotCommittedByTheNext() {
        var broken = new AtomicBoolean(true);
        var journal = new SqliteJournal(directory.resolve(NAME), 10_000, stage -> {
            if (stage == SqliteJournal.Stage.HALF_WRITTEN && broken.getAndSet(false)) {
                throw new IllegalStateException("planted");
            }
        });
        assertThatThrownBy(() -> Entries.append(journal, List.of(put("few", "a", "1"), put("few", "b", "2"))))
                .hasMessage("planted");
        Entries.append(journal, List.of(put("few", "c", "3")));
        journal.close();
        assertThat(read(directory)).isEqualTo(new Content().after(List.of(put("few", "c", "3"))));
    }

    /** What a snapshot covers goes; what comes meanwhile stays; one that fails changes nothing. */
    @Test
    void aSnapshotTakesThePlaceOfWhatItCovers() {
        var content = new Content();
        var random = new Random(5);
        var journal = new SqliteJournal(directory.resolve(NAME), 10_000, stage -> {});
        for (int round = 0; round < 6; round++) {
            while (!journal.snapshotDue()) {
                var entries = batch(random, round);
                Entries.append(journal, entries);
                content = content.after(entries);
            }
            var rows = new ArrayList<Entry>();
            content.tables.forEach((table, all) -> all.forEach((key, row) -> rows.add(put(table, key, row))));
            var position = journal.position();
            var meanwhile = batch(random, 100 + round);
            if (round % 2 == 0) {
                assertThatThrownBy(() -> journal.snapshot(position, Entries.parts(failing(rows.iterator()))))
                        .hasMessage("planted");
                assertThat(read(journal)).isEqualTo(content);
            }
            Entries.append(journal, meanwhile);
            content = content.after(meanwhile);
            journal.snapshot(position, Entries.parts(rows.iterator()));
            assertThat(journal.snapshotDue()).isFalse();
            assertThat(read(journal)).isEqualTo(content);
        }
        journal.close();
        assertThat(read(directory)).isEqualTo(content);
    }

    private static Iterator<Entry> failing(Iterator<Entry> rows) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Entry next() {
                if (!rows.hasNext()) {
                    throw new IllegalStateException("planted");
                }
                return rows.next();
            }
        };
    }

    @Test
    void aTableThatIsNewIsAdded() {
        try (var journal = new SqliteJournal(directory.resolve(NAME))) {
            Entries.append(journal, List.of(put("few", "a", "1")));
        }
        try (var journal = loaded(directory)) {
            Entries.append(journal, List.of(put("order", "b", "2")));
        }
        assertThat(read(directory))
                .isEqualTo(new Content().after(List.of(put("few", "a", "1"), put("order", "b", "2"))));
    }

    @Test
    void aFullDiskRefusesABatchAndTakesTheNextWhenThereIsSpace() {
        var content = new Content();
        var journal = loaded(directory);
        for (int round = 0; round < 3; round++) {
            journal.limit(100 * (round + 1));
            content = fill(journal, content, round);
            assertThat(read(journal)).isEqualTo(content);
        }
        var gone = new ArrayList<Entry>();
        content.tables.get("large").keySet().forEach(key -> gone.add(delete("large", key)));
        journal.limit(310);
        Entries.append(journal, gone);
        content = content.after(gone);
        var rows = new ArrayList<Entry>();
        content.tables.forEach((table, all) -> all.forEach((key, row) -> rows.add(put(table, key, row))));
        assertThatThrownBy(() -> journal.snapshot(journal.position(), Entries.parts(rows.iterator())))
                .isInstanceOf(JournalException.class).hasMessageContaining("Check the space left on its disk");
        assertThat(read(journal)).isEqualTo(content);
        journal.limit(600);
        journal.snapshot(journal.position(), Entries.parts(rows.iterator()));
        content = fill(journal, content, 3); // in what the snapshot has freed
        assertThat(read(journal)).isEqualTo(content);
        journal.limit(1_000);
        var more = List.of(put("large", "more", "x".repeat(500_000)));
        Entries.append(journal, more);
        assertThat(read(journal)).isEqualTo(content.after(more));
        journal.close();
        assertThat(read(directory)).isEqualTo(content.after(more));
    }

    /** Run by hand, with the property naming a directory on a file system of about 8 MiB. */
    @Test
    @EnabledIfSystemProperty(named = "landfall.test.smallDisk", matches = ".+")
    void aDiskThatIsReallyFull() throws IOException {
        Path small = Path.of(System.getProperty("landfall.test.smallDisk"));
        Path ballast = small.resolve("ballast");
        Files.write(ballast, new byte[4_000_000]);
        var journal = loaded(small);
        var content = fill(journal, new Content(), 0);
        assertThat(read(journal)).isEqualTo(content);
        Files.delete(ballast);
        var more = List.of(put("large", "more", "x".repeat(50_000)));
        Entries.append(journal, more);
        assertThat(read(journal)).isEqualTo(content.after(more));
        journal.close();
        assertThat(read(small)).isEqualTo(content.after(more));
    }

    /** Appends until it is refused; each batch has several rows, so that some would fit. */
    private static Content fill(SqliteJournal journal, Content content, int round) {
        for (int i = 0; i < 1_000; i++) {
            var entries = new ArrayList<Entry>();
            entries.add(put("small", "round-" + round, "batch " + i));
            entries.add(put("large", round + "-" + i, "y".repeat(9_000)));
            entries.add(put("few", round + "-" + i, "z".repeat(9_000)));
            try {
                Entries.append(journal, entries);
                content = content.after(entries);
            } catch (JournalException e) {
                assertThat(e).hasMessageContaining("Check the space left on its disk");
                assertThat(i).as("%s round %d", e, round).isPositive();
                return content;
            }
        }
        return fail("the limit was never reached");
    }
}
