package dev.landfall.bench.api;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** The floor under every durable write: SQLite's commits, as durable as the journal's, without anything around them. */
final class SqliteFloor {
    private static final int ROW_BYTES = 1_000;

    private SqliteFloor() {}

    /** Rows per second when each transaction has {@code group} rows. */
    static double rowsPerSecond(Path directory, int group, Duration time) throws SQLException {
        byte[] row = new byte[ROW_BYTES];
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("floor.db"))) {
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA journal_mode=WAL");
                statement.execute("PRAGMA synchronous=FULL");
                statement.execute("CREATE TABLE IF NOT EXISTS rows (key TEXT PRIMARY KEY, row BLOB) WITHOUT ROWID");
            }
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("INSERT OR REPLACE INTO rows VALUES (?, ?)")) {
                return write(connection, insert, row, group, time);
            }
        }
    }

    private static double write(Connection connection, PreparedStatement insert, byte[] row, int group, Duration time)
            throws SQLException {
        long begin = System.nanoTime();
        long rows = 0;
        while (System.nanoTime() - begin < time.toNanos()) {
            for (int i = 0; i < group; i++) {
                insert.setString(1, "row-" + rows++ % 100_000);
                insert.setBytes(2, row);
                insert.executeUpdate();
            }
            connection.commit();
        }
        return rows / ((System.nanoTime() - begin) / 1e9);
    }
}
