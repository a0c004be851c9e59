package dev.landfall.ecs.agents;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What was made of immutable objects, which are told apart by identity: to compare large ones would take as long as to
 * make it again. Forgets everything when it is full. Safe for any thread.
 */
final class Cache<K, V> {
    /** More than the containers of all definitions that start tasks at the same time. */
    private static final int MAX = 2_000;

    private final Map<Same<K>, V> known = new ConcurrentHashMap<>(); // only looked up in

    private record Same<K>(K object) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Same<?> same && same.object == object;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(object);
        }
    }

    V get(K object, Supplier<V> made) {
        var same = new Same<>(object);
        V value = known.get(same);
        if (value == null) {
            if (known.size() >= MAX) {
                known.clear();
            }
            value = made.get();
            known.put(same, value);
        }
        return value;
    }
}
