package dev.landfall.wire.model;

import java.util.function.Supplier;

/** A value made on first use and kept. Safe for any thread; a failed attempt is not kept. */
public final class Lazy<T> implements Supplier<T> {
    private final Supplier<T> source;
    private volatile T value;

    public Lazy(Supplier<T> source) {
        this.source = source;
    }

    @Override
    public T get() {
        T known = value;
        if (known != null) {
            return known;
        }
        synchronized (this) {
            if (value == null) {
                value = source.get();
            }
            return value;
        }
    }
}
