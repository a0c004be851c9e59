package dev.landfall.state;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * The embedded journal: one SQLite file in WAL mode with {@code synchronous=FULL}, so that a committed transaction
 * survives the loss of power (<a href="https://www.sqlite.org/pragma.html#pragma_synchronous">SQLite, PRAGMA
 * synchronous</a>). Until {@link #start} the file is only read, through {@link SqliteFile#openToRead}, and refused if
 * it is foreign, newer or damaged.
 *
 * <p>Batches are appended to a log, one row for each, so that what a write costs depends on its size alone and not on
 * how much there is already (docs/adr/0008). When the log has outgrown what it comes to, a snapshot of all rows takes
 * the place of its older part. It is written in parts between the batches; one update of the head makes it valid.
 *
 * <p>A checksum beside each batch and part finds one that was changed. One that is missing, or from another time, is
 * found by the digests in the head, which are updated in the same transaction: the sum of the checksums, each mixed
 * with its number to 64 bits, of the log and of the snapshot.
 */
public final class SqliteJournal implements Journal {
    /** Raised when what this version writes cannot be read by the one before. */
    static final int FORMAT_VERSION = 3;

    /** How large the log may grow before there is a snapshot; a start reads that in about a second. */
    private static final long LOG_BYTES = 256L << 20;

    /** And how much larger than the snapshot: so each row is written a bounded number of times. */
    private static final int LOG_TO_SNAPSHOT = 3;

    /** Old rows go in steps, for the same reason. */
    private static final int DELETED_AT_ONCE = 16;

    /** The stages of an append and of a snapshot, for tests that crash in between. */
    enum Stage { BEFORE, HALF_WRITTEN, WRITTEN, COMMITTED, PART_OF_SNAPSHOT, SNAPSHOT_VALID }

    /**
     * The one row that says what is valid.
     *
     * @param generation of the valid snapshot; 0 if there is none yet
     * @param covered the last batch that the snapshot covers
     * @param last the last batch
     */
    private record Head(long generation, long snapshotBytes, long snapshotDigest, long covered, long last,
            long logBytes, long logDigest) {
        static final Head EMPTY = new Head(0, 0, 0, 0, 0, 0, 0);

        Head appended(long sequence, byte[] batch, long checksum) {
            return new Head(generation, snapshotBytes, snapshotDigest, covered, sequence, logBytes + batch.length,
                    logDigest + mixed(sequence, checksum));
        }
    }

    /** Spreads number and checksum over 64 bits, so that sums do not meet by accident (the finisher of SplitMix64). */
    private static long mixed(long number, long checksum) {
        long z = (number << 32 ^ checksum) + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** What every batch needs. */
    private record Statements(PreparedStatement insert, PreparedStatement update) {}

    private final SqliteFile file;
    private final Consumer<Stage> onStage;
    private final long snapshotAfterBytes;

    /** Held while the connection is used: batches and the parts of a snapshot take turns. */
    private final ReentrantLock using = new ReentrantLock();

    /** Changed by whoever holds {@code using}. */
    private volatile Head head = Head.EMPTY;
    /** Used and changed by whoever holds {@code using}. */
    private Optional<Statements> statements = Optional.empty();

    private Optional<Connection> reading;
    private Optional<Connection> writing = Optional.empty();

    /** Opens the journal in {@code file}, or makes it. The directory must exist and be locked by the caller. */
    public SqliteJournal(Path file) {
        this(file, LOG_BYTES, stage -> {});
    }

    SqliteJournal(Path file, long snapshotAfterBytes, Consumer<Stage> onStage) {
        this.file = new SqliteFile(file);
        this.snapshotAfterBytes = snapshotAfterBytes;
        this.onStage = onStage;
        this.file.prepare(
                "CREATE TABLE log (sequence INTEGER PRIMARY KEY, batch BLOB NOT NULL, checksum INTEGER NOT NULL)",
                "CREATE TABLE snapshot (generation INTEGER NOT NULL, part INTEGER NOT NULL, batch BLOB NOT NULL, "
                        + "checksum INTEGER NOT NULL, PRIMARY KEY (generation, part))",
                "CREATE TABLE head (id INTEGER PRIMARY KEY, generation INTEGER NOT NULL, "
                        + "snapshot_bytes INTEGER NOT NULL, snapshot_digest INTEGER NOT NULL, "
                        + "covered INTEGER NOT NULL, last INTEGER NOT NULL, log_bytes INTEGER NOT NULL, "
                        + "log_digest INTEGER NOT NULL)",
                "INSERT INTO head VALUES (1, 0, 0, 0, 0, 0, 0, 0)");
        var connection = this.file.openToRead();
        this.reading = Optional.of(connection);
        try {
            this.file.checkStructure(connection);
        } catch (DataDirectoryException e) {
            close();
            throw e;
        }
    }

    /** Loads SQLite, which every journal needs and the first one would wait for. */
    public static void prepare() {
        SqliteFile.loadSqlite();
    }

    // ---- loading ----

    @Override
    public void load(Consumer<byte[]> appended, Consumer<byte[]> snapshot) {
        var connection = reading.or(() -> writing).orElseThrow(() -> new IllegalStateException(file + " is closed"));
        try (var statement = connection.createStatement()) {
            head = storedHead(statement);
            long digest = read(statement, "SELECT sequence, batch, checksum FROM log WHERE sequence > " + head.covered
                    + " ORDER BY sequence DESC", appended);
            if (digest != head.logDigest) {
                throw file.damaged("batches of its log are missing or from another time", null);
            }
            digest = read(statement, "SELECT part, batch, checksum FROM snapshot WHERE generation = "
                    + head.generation + " ORDER BY part", snapshot);
            if (digest != head.snapshotDigest) {
                throw file.damaged("parts of its snapshot are missing or from another time", null);
            }
        } catch (SQLException e) {
            throw file.damaged(e.getMessage(), e);
        }
    }

    private Head storedHead(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT generation, snapshot_bytes, snapshot_digest, covered, "
                + "last, log_bytes, log_digest FROM head WHERE id = 1")) {
            if (!row.next()) {
                throw file.damaged("its head is missing", null);
            }
            return new Head(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5),
                    row.getLong(6), row.getLong(7));
        }
    }

    /** The digest of what was read. */
    private long read(Statement statement, String query, Consumer<byte[]> batches) throws SQLException {
        long digest = 0;
        try (ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                long number = result.getLong(1);
                byte[] batch = result.getBytes(2);
                long checksum = result.getLong(3);
                if (batch == null || checksum != checksum(number, batch)) {
                    throw file.damaged("batch " + number + " does not match its checksum", null);
                }
                digest += mixed(number, checksum);
                batches.accept(batch);
            }
        }
        return digest;
    }

    // ---- writing ----

    @Override
    public void start() {
        if (writing.isPresent()) {
            return;
        }
        reading.ifPresent(file::doneReading);
        reading = Optional.empty();
        try {
            writing = Optional.of(file.openToWrite());
            // Even with nothing to change: says at once if the file cannot be written.
            transaction(() -> execute("DELETE FROM snapshot WHERE generation <> " + head.generation));
        } catch (SQLException e) {
            throw new DataDirectoryException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public void append(List<byte[]> batches) {
        start();
        onStage.accept(Stage.BEFORE);
        using.lock();
        try {
            var next = new Head[] {head};
            transaction(() -> {
                for (int i = 0; i < batches.size(); i++) {
                    next[0] = insert(next[0], batches.get(i));
                    if (i == batches.size() / 2) {
                        onStage.accept(Stage.HALF_WRITTEN);
                    }
                }
                store(next[0]);
                onStage.accept(Stage.WRITTEN);
            });
            head = next[0];
        } catch (SQLException e) {
            throw notWritten(e);
        } finally {
            using.unlock();
        }
        onStage.accept(Stage.COMMITTED);
    }

    private JournalException notWritten(SQLException e) {
        return new JournalException("nothing was changed, as " + file + " could not be written: " + e.getMessage()
                + ". Check the space left on its disk.", e);
    }

    private Head insert(Head before, byte[] batch) throws SQLException {
        long sequence = before.last + 1;
        long checksum = checksum(sequence, batch);
        var insert = statements().insert;
        insert.setLong(1, sequence);
        insert.setBytes(2, batch);
        insert.setLong(3, checksum);
        insert.executeUpdate();
        return before.appended(sequence, batch, checksum);
    }

    private void store(Head next) throws SQLException {
        var update = statements().update;
        long[] values = {next.generation, next.snapshotBytes, next.snapshotDigest, next.covered, next.last,
                next.logBytes, next.logDigest};
        for (int i = 0; i < values.length; i++) {
            update.setLong(i + 1, values[i]);
        }
        update.executeUpdate();
    }

    /** Kept from batch to batch; made again after a failure, as the driver closes a statement that fails. */
    private Statements statements() throws SQLException {
        if (statements.isEmpty()) {
            statements = Optional.of(new Statements(
                    prepare("INSERT INTO log VALUES (?, ?, ?)"),
                    prepare("UPDATE head SET generation = ?, snapshot_bytes = ?, snapshot_digest = ?, "
                            + "covered = ?, last = ?, log_bytes = ?, log_digest = ? WHERE id = 1")));
        }
        return statements.get();
    }

    // ---- snapshots ----

    @Override
    public boolean snapshotDue() {
        return head.logBytes > Math.max(snapshotAfterBytes, LOG_TO_SNAPSHOT * head.snapshotBytes);
    }

    @Override
    public Position position() {
        return new Position(head.last, head.logDigest);
    }

    @Override
    public void snapshot(Position position, Iterator<byte[]> parts) {
        long generation = head.generation + 1; // only snapshots change it, and there is one at a time
        long bytes = 0;
        long digest = 0;
        try {
            alone(() -> execute("DELETE FROM snapshot WHERE generation <> " + head.generation)); // of one that failed
            for (int part = 1; parts.hasNext(); part++) {
                byte[] stored = parts.next();
                long checksum = checksum(part, stored);
                long number = part;
                alone(() -> insertPart(generation, number, stored, checksum));
                onStage.accept(Stage.PART_OF_SNAPSHOT);
                bytes += stored.length;
                digest += mixed(part, checksum);
            }
            replace(generation, bytes, digest, position);
            onStage.accept(Stage.SNAPSHOT_VALID);
            for (boolean left = true; left; ) {
                left = deleteCovered(position.sequence());
            }
            alone(() -> execute("DELETE FROM snapshot WHERE generation <> " + generation));
        } catch (SQLException e) {
            throw notWritten(e);
        }
    }

    private void insertPart(long generation, long part, byte[] batch, long checksum) throws SQLException {
        try (var insert = prepare("INSERT INTO snapshot VALUES (?, ?, ?, ?)")) {
            insert.setLong(1, generation);
            insert.setLong(2, part);
            insert.setBytes(3, batch);
            insert.setLong(4, checksum);
            insert.executeUpdate();
        }
    }

    private void replace(long generation, long bytes, long digest, Position position) throws SQLException {
        using.lock();
        try {
            long left = bytesAfter(position.sequence());
            var next = new Head(generation, bytes, digest, position.sequence(), head.last, left,
                    head.logDigest - position.digest());
            transaction(() -> store(next));
            head = next;
        } finally {
            using.unlock();
        }
    }

    private long bytesAfter(long sequence) throws SQLException {
        try (var statement = writing.orElseThrow().createStatement();
                ResultSet sum = statement.executeQuery(
                        "SELECT coalesce(sum(length(batch)), 0) FROM log WHERE sequence > " + sequence)) {
            return sum.next() ? sum.getLong(1) : 0;
        }
    }

    /** Whether there may be more. */
    private boolean deleteCovered(long sequence) throws SQLException {
        var deleted = new int[1];
        alone(() -> {
            try (var delete = prepare("DELETE FROM log WHERE sequence IN (SELECT sequence FROM log WHERE sequence <= "
                    + sequence + " ORDER BY sequence LIMIT " + DELETED_AT_ONCE + ")")) {
                deleted[0] = delete.executeUpdate();
            }
        });
        return deleted[0] == DELETED_AT_ONCE;
    }

    // ---- transactions ----

    @FunctionalInterface
    private interface Step {
        void run() throws SQLException;
    }

    private void alone(Step step) throws SQLException {
        using.lock();
        try {
            transaction(step);
        } finally {
            using.unlock();
        }
    }

    /**
     * All of the step, or nothing. After a failure SQLite may have ended the transaction by itself already; should it
     * be open still, the next one could not begin, and what was written must not be committed with it.
     */
    private void transaction(Step step) throws SQLException {
        execute("BEGIN IMMEDIATE");
        try {
            step.run();
            execute("COMMIT");
        } catch (SQLException | RuntimeException | Error e) {
            var used = statements;
            statements = Optional.empty();
            if (used.isPresent()) {
                suppressed(e, used.get().insert::close);
                suppressed(e, used.get().update::close);
            }
            suppressed(e, () -> execute("ROLLBACK"));
            throw e;
        }
    }

    private static void suppressed(Throwable cause, Step step) {
        try {
            step.run();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private PreparedStatement prepare(String sql) throws SQLException {
        return writing.orElseThrow(() -> new SQLException(file + " is closed")).prepareStatement(sql);
    }

    private void execute(String sql) throws SQLException {
        try (var statement = writing.orElseThrow(() -> new SQLException(file + " is closed")).createStatement()) {
            statement.execute(sql);
        }
    }

    /** Lets the file grow to so many pages and no further, as a full disk would; for tests. */
    void limit(long pages) {
        start();
        try {
            execute("PRAGMA max_page_count=" + pages);
        } catch (SQLException e) {
            throw new IllegalStateException("the limit could not be set", e);
        }
    }

    /** Covers the number, too: no batch can pass for another. */
    private static long checksum(long number, byte[] batch) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
        crc.update(batch);
        return crc.getValue();
    }

    @Override
    public void close() {
        reading.ifPresent(file::doneReading);
        reading = Optional.empty();
        using.lock();
        try {
            if (writing.isPresent()) {
                writing.get().close();
            }
        } catch (SQLException e) {
            throw new JournalException("closing " + file + " failed", e);
        } finally {
            writing = Optional.empty();
            statements = Optional.empty();
            using.unlock();
        }
    }
}
