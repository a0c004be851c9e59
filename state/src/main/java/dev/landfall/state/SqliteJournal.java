package dev.landfall.state;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * The embedded journal: one SQLite file in WAL mode with {@code synchronous=FULL}, so that a committed transaction
 * survives the loss of power (<a href="https://www.sqlite.org/pragma.html#pragma_synchronous">SQLite, PRAGMA
 * synchronous</a>). Until {@link #start} the file is only read, through {@link SqliteFile#openToRead}, and refused if
 * it is foreign, newer or damaged.
 *
 * <p>Each table of the image is a table here. A checksum beside each row finds a row that was changed. It cannot find a
 * row that is missing, nor a whole table whose name or root page was changed, nor pages of two times mixed by a log
 * that belongs to another file. So there is also a digest per table, updated in the same transaction as the rows: their
 * number, and the sum of their checksums, each mixed to 64 bits. It does not depend on the order of the rows, and a
 * changed row costs subtracting the old checksum and adding the new.
 */
public final class SqliteJournal implements Journal {
    /** Raised when rows written by this version cannot be read by the one before. */
    static final int FORMAT_VERSION = 1;

    /** The dot keeps the name apart from every {@link Table}'s. */
    private static final String DIGESTS = "\"landfall.digests\"";

    /** The stages of an append, for tests that crash in between. */
    enum Stage { BEFORE, HALF_WRITTEN, WRITTEN, COMMITTED }

    private record Digest(long rows, long sum) {
        static final Digest EMPTY = new Digest(0, 0);

        Digest with(long checksum) {
            return new Digest(rows + 1, sum + mixed(checksum));
        }

        Digest without(long checksum) {
            return new Digest(rows - 1, sum - mixed(checksum));
        }

        /**
         * Spreads 32 bits over 64, so that sums of different rows do not meet by accident (the finisher of SplitMix64).
         */
        private static long mixed(long checksum) {
            long z = checksum + 0x9E3779B97F4A7C15L;
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            return z ^ (z >>> 31);
        }
    }

    private record Statements(PreparedStatement checksum, PreparedStatement put, PreparedStatement delete) {
        void close() throws SQLException {
            checksum.close();
            put.close();
            delete.close();
        }
    }

    private final SqliteFile file;
    private final Consumer<Stage> onStage;
    private final Map<String, Digest> digests = new TreeMap<>();
    private final Map<String, Statements> statements = new HashMap<>();
    private Optional<Connection> reading;
    private Optional<Connection> writing = Optional.empty();

    /** Opens the journal in {@code file}, or makes it. The directory must exist and be locked by the caller. */
    public SqliteJournal(Path file) {
        this(file, stage -> {});
    }

    SqliteJournal(Path file, Consumer<Stage> onStage) {
        this.file = new SqliteFile(file);
        this.onStage = onStage;
        this.file.prepare("CREATE TABLE " + DIGESTS
                + " (name TEXT PRIMARY KEY, count INTEGER NOT NULL, sum INTEGER NOT NULL) WITHOUT ROWID");
        var connection = this.file.openToRead();
        this.reading = Optional.of(connection);
        try {
            this.file.checkStructure(connection);
        } catch (DataDirectoryException e) {
            close();
            throw e;
        }
    }

    @Override
    public void load(String table, Rows rows) {
        var connection = reading.or(() -> writing).orElseThrow(() -> new IllegalStateException(file + " is closed"));
        try (var statement = connection.createStatement()) {
            var stored = storedDigest(statement, table);
            var found = exists(statement, table) ? read(statement, table, rows) : Digest.EMPTY;
            if (!stored.orElse(Digest.EMPTY).equals(found) || stored.isPresent() != exists(statement, table)) {
                throw file.damaged("rows of table " + table + " are missing or from another time", null);
            }
            digests.put(table, found);
        } catch (SQLException e) {
            throw file.damaged(e.getMessage(), e);
        }
        if (writing.isPresent()) {
            prepareOrRefuse();
        }
    }

    private Digest read(Statement statement, String table, Rows rows) throws SQLException {
        var digest = Digest.EMPTY;
        try (ResultSet result = statement.executeQuery(
                "SELECT key, row, checksum FROM \"" + table + "\" ORDER BY key")) {
            while (result.next()) {
                String key = result.getString(1);
                byte[] row = result.getBytes(2);
                long checksum = result.getLong(3);
                if (key == null || row == null || checksum != checksum(table, key, row)) {
                    throw file.damaged("row " + key + " of table " + table + " does not match its checksum", null);
                }
                digest = digest.with(checksum);
                rows.row(key, row);
            }
        }
        return digest;
    }

    private static boolean exists(Statement statement, String table) throws SQLException {
        try (ResultSet result = statement.executeQuery(
                "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '" + table + "'")) {
            return result.next();
        }
    }

    private static Optional<Digest> storedDigest(Statement statement, String table) throws SQLException {
        try (ResultSet result = statement.executeQuery(
                "SELECT count, sum FROM " + DIGESTS + " WHERE name = '" + table + "'")) {
            return result.next() ? Optional.of(new Digest(result.getLong(1), result.getLong(2))) : Optional.empty();
        }
    }

    @Override
    public void start() {
        if (writing.isPresent()) {
            return;
        }
        reading.ifPresent(file::doneReading);
        reading = Optional.empty();
        try {
            writing = Optional.of(file.openToWrite());
        } catch (SQLException e) {
            throw new DataDirectoryException("cannot open " + file + ": " + e.getMessage(), e);
        }
        prepareOrRefuse();
    }

    private void prepareOrRefuse() {
        try {
            prepare(writing.orElseThrow());
        } catch (SQLException e) {
            throw new DataDirectoryException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Makes the tables that are new since the file was written, and the statements for all. */
    private void prepare(Connection connection) throws SQLException {
        execute("BEGIN IMMEDIATE"); // even with nothing to make: says at once if the file cannot be written
        try (var statement = connection.createStatement()) {
            for (String table : digests.keySet()) {
                statement.execute("CREATE TABLE IF NOT EXISTS \"" + table
                        + "\" (key TEXT PRIMARY KEY, row BLOB NOT NULL, checksum INTEGER NOT NULL) WITHOUT ROWID");
                statement.execute("INSERT OR IGNORE INTO " + DIGESTS + " VALUES ('" + table + "', 0, 0)");
            }
            execute("COMMIT");
        } catch (SQLException e) {
            rollback(e);
            throw e;
        }
        prepareStatements(connection);
    }

    private void prepareStatements(Connection connection) throws SQLException {
        for (String table : digests.keySet()) {
            if (!statements.containsKey(table)) {
                statements.put(table, new Statements(
                        connection.prepareStatement("SELECT checksum FROM \"" + table + "\" WHERE key = ?"),
                        connection.prepareStatement("INSERT INTO \"" + table + "\" (key, row, checksum)"
                                + " VALUES (?, ?, ?) ON CONFLICT (key)"
                                + " DO UPDATE SET row = excluded.row, checksum = excluded.checksum"),
                        connection.prepareStatement("DELETE FROM \"" + table + "\" WHERE key = ?")));
            }
        }
    }

    @Override
    public void append(List<Entry> entries) {
        start();
        onStage.accept(Stage.BEFORE);
        var changed = new TreeMap<String, Digest>();
        try {
            prepareStatements(writing.orElseThrow());
            execute("BEGIN IMMEDIATE");
            int written = 0;
            for (Entry entry : entries) {
                var before = changed.getOrDefault(entry.table(), digests.get(entry.table()));
                changed.put(entry.table(), write(entry, before));
                if (++written == entries.size() / 2) {
                    onStage.accept(Stage.HALF_WRITTEN);
                }
            }
            for (var digest : changed.entrySet()) {
                execute("UPDATE " + DIGESTS + " SET count = " + digest.getValue().rows() + ", sum = "
                        + digest.getValue().sum() + " WHERE name = '" + digest.getKey() + "'");
            }
            onStage.accept(Stage.WRITTEN);
            execute("COMMIT");
        } catch (SQLException e) {
            rollback(e);
            throw new JournalException("nothing was changed, as " + file + " could not be written: " + e.getMessage()
                    + ". Check the space left on its disk.", e);
        } catch (RuntimeException | Error e) { // what was written so far must not be committed by the next batch
            rollback(e);
            throw e;
        }
        digests.putAll(changed);
        onStage.accept(Stage.COMMITTED);
    }

    /** The table's digest after the entry. */
    private Digest write(Entry entry, Digest before) throws SQLException {
        var prepared = statements.get(entry.table());
        if (prepared == null) {
            throw new IllegalArgumentException("table " + entry.table() + " was not loaded");
        }
        var digest = before;
        prepared.checksum.setString(1, entry.key());
        try (ResultSet old = prepared.checksum.executeQuery()) {
            if (old.next()) {
                digest = digest.without(old.getLong(1));
            }
        }
        if (entry.row().isEmpty()) {
            prepared.delete.setString(1, entry.key());
            prepared.delete.executeUpdate();
            return digest;
        }
        byte[] row = entry.row().get();
        long checksum = checksum(entry.table(), entry.key(), row);
        prepared.put.setString(1, entry.key());
        prepared.put.setBytes(2, row);
        prepared.put.setLong(3, checksum);
        prepared.put.executeUpdate();
        return digest.with(checksum);
    }

    private void execute(String sql) throws SQLException {
        try (var statement = writing.orElseThrow().createStatement()) {
            statement.execute(sql);
        }
    }

    /**
     * Ends the transaction. That fails if SQLite has done so by itself already; should it be open still, the next one
     * cannot begin. The driver closes a prepared statement that fails: all are made again.
     */
    private void rollback(Throwable cause) {
        statements.values().forEach(prepared -> suppressed(cause, prepared::close));
        statements.clear();
        suppressed(cause, () -> execute("ROLLBACK"));
    }

    @FunctionalInterface
    private interface Step {
        void run() throws SQLException;
    }

    private static void suppressed(Throwable cause, Step step) {
        try {
            step.run();
        } catch (SQLException e) {
            cause.addSuppressed(e);
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

    /** Covers where each part ends, and the table, too: no row can pass for another. */
    private static long checksum(String table, String key, byte[] row) {
        byte[] name = table.getBytes(StandardCharsets.UTF_8);
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(2 * Integer.BYTES).putInt(name.length).putInt(keyBytes.length).flip());
        crc.update(name);
        crc.update(keyBytes);
        crc.update(row);
        return crc.getValue();
    }

    @Override
    public void close() {
        reading.ifPresent(file::doneReading);
        reading = Optional.empty();
        try {
            if (writing.isPresent()) {
                writing.get().close();
            }
        } catch (SQLException e) {
            throw new JournalException("closing " + file + " failed", e);
        }
    }
}
