package dev.landfall.state;

import dev.landfall.state.Journal.DataDirectoryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.sqlite.JDBC;

/**
 * The file of a {@link SqliteJournal}, with its write-ahead log beside it: makes it, judges it, opens it. Nothing but
 * {@link #openToWrite} changes a file that was there. Confined to one thread.
 *
 * <p>To read without a trace is not what SQLite does by itself. A read-only connection to a database in WAL mode makes
 * a {@code -wal} and a {@code -shm} file if they are missing. Therefore: with an empty log or none, the file is opened
 * as immutable, where SQLite looks at nothing else. With a log, a crash has left rows in it; the connection is
 * read-only, which also keeps SQLite from copying the log into the file at the end, and the {@code -shm} file is
 * removed afterwards.
 */
final class SqliteFile {
    /** "LFAL"; tells our files from other SQLite files. */
    private static final int APPLICATION_ID = 0x4C46414C;

    /**
     * Where SQLite keeps PRAGMA user_version and application_id in its file header (SQLite, Database File Format, 1.3).
     */
    private static final int HEADER_BYTES = 100;

    private static final int USER_VERSION_OFFSET = 60;
    private static final int APPLICATION_ID_OFFSET = 68;
    private static final String MAGIC = "SQLite format 3\0";

    /**
     * The format is the lowest byte of the user version. The others are drawn once for each file: they go into its log
     * with its first page, and tell when a log comes from another file, which SQLite would play back all the same.
     */
    private static final int FORMAT_MASK = 0xFF;

    /** Small enough that a batch of one row, with the head, costs little; large enough for batches of many. */
    private static final int PAGE_BYTES = 8192;

    /**
     * Pages in the log before they are copied into the file: rare enough to write each page of the file once for many.
     */
    private static final int CHECKPOINT_PAGES = 4_000;

    /** Rows may be secrets, such as private keys. */
    private static final Set<PosixFilePermission> OWNERS_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path file;
    private final Path log;
    private final Path shared;
    private final boolean sharedWasThere;

    SqliteFile(Path file) {
        this.file = file.toAbsolutePath();
        this.log = beside("-wal");
        this.shared = beside("-shm");
        this.sharedWasThere = Files.exists(shared);
    }

    private Path beside(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /** Makes the file if there is none, or refuses it if it is foreign, newer or damaged. */
    void prepare(String... definitions) {
        try {
            if (isFilled(file)) {
                checkHeader();
                checkLog();
            } else if (isFilled(log)) {
                throw damaged("its log " + log.getFileName() + " is there, but the file itself is "
                        + (Files.exists(file) ? "empty" : "missing"), null);
            } else {
                create(definitions);
            }
        } catch (SQLException | IOException e) {
            throw new DataDirectoryException("cannot open " + file + ": " + e.getMessage(), e);
        }
    }

    private static boolean isFilled(Path path) throws IOException {
        return Files.exists(path) && Files.size(path) > 0;
    }

    /**
     * In a file beside it, moved into place when complete: a crash leaves no half-made file to be taken for a damaged
     * one.
     */
    private void create(String... definitions) throws SQLException, IOException {
        Path draft = beside(".new");
        Files.deleteIfExists(draft);
        Files.deleteIfExists(beside(".new-journal"));
        try (var connection = connect(url(draft, ""));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA page_size=" + PAGE_BYTES);
            statement.execute("PRAGMA application_id=" + APPLICATION_ID);
            statement.execute("PRAGMA user_version="
                    + (ThreadLocalRandom.current().nextInt() & ~FORMAT_MASK | SqliteJournal.FORMAT_VERSION));
            for (String definition : definitions) {
                statement.execute(definition);
            }
        }
        Files.setPosixFilePermissions(draft, OWNERS_ONLY); // its logs get the same
        Files.deleteIfExists(log);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (var directory = FileChannel.open(file.getParent())) {
            directory.force(true);
        }
    }

    private void checkHeader() throws IOException {
        ByteBuffer header = header();
        boolean sqlite = header.limit() == HEADER_BYTES
                && new String(header.array(), 0, MAGIC.length(), StandardCharsets.ISO_8859_1).equals(MAGIC);
        if (!sqlite || header.getInt(APPLICATION_ID_OFFSET) != APPLICATION_ID) {
            throw new DataDirectoryException(file + " is damaged or not Landfall's. It was left untouched. "
                    + "Restore it from a backup, or start with another --data directory.");
        }
        int version = header.getInt(USER_VERSION_OFFSET) & FORMAT_MASK;
        if (version > SqliteJournal.FORMAT_VERSION) {
            throw new DataDirectoryException(file + " was written by a newer Landfall (format " + version
                    + ", this one knows " + SqliteJournal.FORMAT_VERSION + "). It was left untouched. "
                    + "Use the newer version, or another --data directory.");
        }
        if (version < SqliteJournal.FORMAT_VERSION) {
            throw new DataDirectoryException(file + " was written by an older Landfall (format " + version
                    + ", this one knows " + SqliteJournal.FORMAT_VERSION + "). It was left untouched. "
                    + "Use the older version, or another --data directory.");
        }
    }

    private ByteBuffer header() throws IOException {
        try (var in = Files.newInputStream(file)) {
            return ByteBuffer.wrap(in.readNBytes(HEADER_BYTES));
        }
    }

    private void checkLog() throws IOException {
        var damage = isFilled(log) ? WriteAheadLog.damage(log) : Optional.<String>empty();
        if (damage.isPresent()) {
            throw damaged(damage.get(), null);
        }
    }

    /** A connection that changes nothing, neither the file nor its log; to be given back to {@link #doneReading}. */
    Connection openToRead() {
        try {
            return connect(url(file, isFilled(log) ? "?mode=ro" : "?mode=ro&immutable=1"));
        } catch (SQLException | IOException e) {
            throw damaged(e.getMessage(), e);
        }
    }

    /**
     * Whether the log belongs to the file, and every page is where it belongs; a write could lose rows otherwise.
     */
    void checkStructure(Connection reading) {
        try (var statement = reading.createStatement()) {
            try (ResultSet version = statement.executeQuery("PRAGMA user_version")) {
                if (!version.next() || version.getInt(1) != header().getInt(USER_VERSION_OFFSET)) {
                    throw damaged("its log " + log.getFileName() + " is another file's", null);
                }
            }
            try (ResultSet result = statement.executeQuery("PRAGMA quick_check(1)")) {
                if (!result.next() || !"ok".equals(result.getString(1))) {
                    throw damaged(result.getString(1), null);
                }
            }
        } catch (SQLException | IOException e) {
            throw damaged(e.getMessage(), e);
        }
    }

    void doneReading(Connection reading) {
        try {
            reading.close();
            if (!sharedWasThere) {
                Files.deleteIfExists(shared);
            }
        } catch (SQLException | IOException e) {
            throw new DataDirectoryException("cannot close " + file + ": " + e.getMessage(), e);
        }
    }

    /** The one connection that may change the file, outside any transaction and in manual commit mode. */
    Connection openToWrite() throws SQLException {
        var connection = connect(url(file, ""));
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA locking_mode=EXCLUSIVE"); // before the first access: then no -shm file is needed
            try (ResultSet mode = statement.executeQuery("PRAGMA journal_mode=WAL")) {
                if (!mode.next() || !"wal".equals(mode.getString(1))) {
                    throw new SQLException("its disk does not support a write-ahead log");
                }
            }
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute("PRAGMA wal_autocheckpoint=" + CHECKPOINT_PAGES);
            statement.execute("PRAGMA cache_size=-65536");
            statement.execute("PRAGMA cache_spill=OFF"); // pages of a transaction in order: see WriteAheadLog
            // The driver opens a transaction here and after each of its commits. After a failure that SQLite itself has
            // rolled back it would not, and rows would be committed one by one: our transactions are statements of
            // ours.
            connection.setAutoCommit(false);
            statement.execute("COMMIT");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    DataDirectoryException damaged(String how, Throwable cause) {
        String message = file + " is damaged (" + how + "). It was left untouched. "
                + "Restore it from a backup, or start with another --data directory.";
        return cause == null ? new DataDirectoryException(message) : new DataDirectoryException(message, cause);
    }

    /** By the driver itself: java.sql.DriverManager would look for others in every archive of the class path. */
    static void loadSqlite() {
        try (var connection = connect("jdbc:sqlite::memory:"); var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version");
        } catch (SQLException e) {
            throw new IllegalStateException("SQLite cannot be loaded: " + e.getMessage(), e);
        }
    }

    private static Connection connect(String url) throws SQLException {
        return JDBC.createConnection(url, new Properties());
    }

    /** As a URI, in which any character of a path is safe. */
    private static String url(Path path, String parameters) {
        return "jdbc:sqlite:file:" + path.toUri().getRawPath() + parameters;
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
