package dev.landfall.state;

/** One change of one row; what a decision asks for and the journal keeps. */
public sealed interface Write<R> {
    Table<R> table();

    String key();

    record Put<R>(Table<R> table, R row) implements Write<R> {
        @Override
        public String key() {
            return table.key().apply(row);
        }
    }

    record Delete<R>(Table<R> table, String key) implements Write<R> {}

    static <R> Write<R> put(Table<R> table, R row) {
        return new Put<>(table, row);
    }

    static <R> Write<R> delete(Table<R> table, String key) {
        return new Delete<>(table, key);
    }
}
