package dev.landfall.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * The embedded journal: one SQLite file in WAL mode with {@code synchronous=FULL}, so that a committed transaction survives
 * the loss of power (<a href="https://www.sqlite.org/pragma.html#pragma_synchronous">SQLite, PRAGMA synchronous</a>). Each
 * table of the image is a table here, with a checksum beside each row. Before anything is written the file is read
 * through a read-only connection and refused if it is foreign, newer or damaged.
 */
public final class SqliteJournal implements Journal {
    /** "LFAL"; tells our files from other SQLite files. */
    private static final int APPLICATION_ID = 0x4C46414C;

    /** Raised when rows written by this version cannot be read by the one before. */
    static final int FORMAT_VERSION = 1;

    /** Where SQLite keeps PRAGMA user_version and application_id in its file header (SQLite, Database File Format, 1.3). */
    private static final int HEADER_BYTES = 100;

    private static final int USER_VERSION_OFFSET = 60;
    private static final int APPLICATION_ID_OFFSET = 68;
    private static final String MAGIC = "SQLite format 3\0";

    /** The stages of an append, for tests that crash in between. */
    enum Stage { BEFORE, HALF_WRITTEN, WRITTEN, COMMITTED }

    private final Path file;
    private final Consumer<Stage> onStage;
    private final Connection connection;
    private final Map<String, PreparedStatement> puts = new HashMap<>();
    private final Map<String, PreparedStatement> deletes = new HashMap<>();

    /** Opens the journal in {@code file}, or makes it. The directory must exist and be locked by the caller. */
    public SqliteJournal(Path file) {
        this(file, stage -> {});
    }

    SqliteJournal(Path file, Consumer<Stage> onStage) {
        this.file = file;
        this.onStage = onStage;
        boolean exists = Files.exists(file);
        try {
            if (exists) {
                checkHeader();
                checkStructure();
            }
            connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA journal_mode=WAL");
                statement.execute("PRAGMA synchronous=FULL");
                statement.execute("PRAGMA locking_mode=EXCLUSIVE");
                if (!exists) {
                    statement.execute("PRAGMA application_id=" + APPLICATION_ID);
                    statement.execute("PRAGMA user_version=" + FORMAT_VERSION);
                    statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
                }
            }
            connection.setAutoCommit(false);
        } catch (SQLException | IOException e) {
            throw new DataDirectoryException("cannot open " + file + ": " + e.getMessage(), e);
        }
    }

    private void checkHeader() throws IOException {
        ByteBuffer header;
        try (var in = Files.newInputStream(file)) {
            header = ByteBuffer.wrap(in.readNBytes(HEADER_BYTES));
        }
        if (header.limit() == 0) {
            return; // made, but a crash came before the first page: there is nothing to lose
        }
        boolean sqlite = header.limit() == HEADER_BYTES
                && new String(header.array(), 0, MAGIC.length(), StandardCharsets.ISO_8859_1).equals(MAGIC);
        if (!sqlite || header.getInt(APPLICATION_ID_OFFSET) != APPLICATION_ID) {
            throw new DataDirectoryException(file + " is damaged or not Landfall's. It was left untouched. "
                    + "Restore it from a backup, or start with another --data directory.");
        }
        int version = header.getInt(USER_VERSION_OFFSET);
        if (version > FORMAT_VERSION) {
            throw new DataDirectoryException(file + " was written by a newer Landfall (format " + version
                    + ", this one knows " + FORMAT_VERSION + "). It was left untouched. "
                    + "Use the newer version, or another --data directory.");
        }
    }

    private void checkStructure() throws SQLException, IOException {
        if (Files.size(file) == 0) {
            return;
        }
        try (var reading = readOnly(); var statement = reading.createStatement();
                ResultSet result = statement.executeQuery("PRAGMA quick_check(1)")) {
            if (!result.next() || !result.getString(1).equals("ok")) {
                throw damaged(result.getString(1), null);
            }
        } catch (SQLException e) {
            throw damaged(e.getMessage(), e);
        }
    }

    private Connection readOnly() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:file:" + file + "?mode=ro");
    }

    private DataDirectoryException damaged(String how, Throwable cause) {
        return new DataDirectoryException(file + " is damaged (" + how + "). It was left untouched. "
                + "Restore it from a backup, or start with another --data directory.", cause);
    }

    @Override
    public void load(String table, Rows rows) {
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS " + table
                    + " (key TEXT PRIMARY KEY, row BLOB NOT NULL, checksum INTEGER NOT NULL) WITHOUT ROWID");
            connection.commit();
            try (ResultSet result = statement.executeQuery("SELECT key, row, checksum FROM " + table + " ORDER BY key")) {
                while (result.next()) {
                    String key = result.getString(1);
                    byte[] row = result.getBytes(2);
                    if (checksum(key, row) != result.getLong(3)) {
                        throw damaged("row " + key + " of table " + table + " does not match its checksum", null);
                    }
                    rows.row(key, row);
                }
            }
            puts.put(table, connection.prepareStatement("INSERT INTO " + table
                    + " (key, row, checksum) VALUES (?, ?, ?)"
                    + " ON CONFLICT (key) DO UPDATE SET row = excluded.row, checksum = excluded.checksum"));
            deletes.put(table, connection.prepareStatement("DELETE FROM " + table + " WHERE key = ?"));
        } catch (SQLException e) {
            throw damaged(e.getMessage(), e);
        }
    }

    @Override
    public void append(List<Entry> entries) {
        onStage.accept(Stage.BEFORE);
        try {
            int written = 0;
            for (Entry entry : entries) {
                write(entry);
                if (++written == entries.size() / 2) {
                    onStage.accept(Stage.HALF_WRITTEN);
                }
            }
            onStage.accept(Stage.WRITTEN);
            connection.commit();
            onStage.accept(Stage.COMMITTED);
        } catch (SQLException e) {
            rollback(e);
            throw new JournalException("nothing was changed, as " + file + " could not be written: " + e.getMessage()
                    + ". Check the space left on its disk.", e);
        }
    }

    private void write(Entry entry) throws SQLException {
        if (entry.row().isEmpty()) {
            PreparedStatement delete = deletes.get(entry.table());
            delete.setString(1, entry.key());
            delete.executeUpdate();
            return;
        }
        byte[] row = entry.row().get();
        PreparedStatement put = puts.get(entry.table());
        put.setString(1, entry.key());
        put.setBytes(2, row);
        put.setLong(3, checksum(entry.key(), row));
        put.executeUpdate();
    }

    private void rollback(SQLException cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static long checksum(String key, byte[] row) {
        var crc = new CRC32C();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        crc.update(row);
        return crc.getValue();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new JournalException("closing " + file + " failed", e);
        }
    }
}
