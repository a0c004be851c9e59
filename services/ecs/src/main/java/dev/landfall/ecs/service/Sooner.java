package dev.landfall.ecs.service;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** When to look again, where several things wait for their time. */
final class Sooner {
    private Sooner() {}

    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    static Optional<Duration> of(Optional<Duration>... waits) {
        return Stream.of(waits).flatMap(Optional::stream).min(Duration::compareTo);
    }
}
