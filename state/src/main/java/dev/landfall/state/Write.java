package dev.landfall.state;

import java.util.Objects;

/** One change of one row; what a decision asks for and the journal keeps. */
public sealed interface Write<R> {
    Table<R> table();

    String key();

    record Put<R>(Table<R> table, R row) implements Write<R> {
        public Put {
            Objects.requireNonNull(table.key().apply(row), "a row needs a key");
        }

        @Override
        public String key() {
            return table.key().apply(row);
        }
    }

    record Delete<R>(Table<R> table, String key) implements Write<R> {
        public Delete {
            Objects.requireNonNull(table, "a row is deleted from a table");
            Objects.requireNonNull(key, "a row is deleted by its key");
        }
    }

    static <R> Write<R> put(Table<R> table, R row) {
        return new Put<>(table, row);
    }

    static <R> Write<R> delete(Table<R> table, String key) {
        return new Delete<>(table, key);
    }
}
