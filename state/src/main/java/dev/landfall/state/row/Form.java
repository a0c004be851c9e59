package dev.landfall.state.row;

/** How the values of one type are stored. Stateless; safe for any thread. */
public interface Form<T> {
    /** @param value not null */
    void write(T value, RowWriter out);

    /**
     * The value that {@link #write} wrote.
     *
     * @throws IllegalArgumentException if what is stored is of another type
     */
    T read(RowReader in);
}
