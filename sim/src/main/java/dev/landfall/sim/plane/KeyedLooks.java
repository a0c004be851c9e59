package dev.landfall.sim.plane;

import dev.landfall.sim.Timeline;
import dev.landfall.state.Journal.JournalException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** Keys that need another look: what a scheduler does with a KeyedQueue and its workers, on virtual time. */
final class KeyedLooks {
    private final Steps steps;
    private final Function<String, Optional<Duration>> look;
    private final Duration retry;
    private final Set<String> waiting = new LinkedHashSet<>();
    private final TreeMap<String, Timeline.Planned> later = new TreeMap<>();

    KeyedLooks(Steps steps, Function<String, Optional<Duration>> look, Duration retry) {
        this.steps = steps;
        this.look = look;
        this.retry = retry;
    }

    void add(String key) {
        if (waiting.add(key)) {
            steps.soon("look", key.substring(key.lastIndexOf(':') + 1), () -> look(key));
        }
    }

    private void look(String key) {
        waiting.remove(key);
        try {
            look.apply(key).ifPresent(delay -> addAfter(key, delay));
        } catch (JournalException | SdkServiceException e) { // not durable, or another service does not answer
            addAfter(key, retry);
        }
    }

    /** Of several delays the shortest counts. */
    private void addAfter(String key, Duration delay) {
        var next = steps.in(delay, "", "", () -> {
            later.remove(key);
            add(key);
        });
        var before = later.get(key);
        if (before != null && before.compareTo(next) < 0) {
            next.cancel();
        } else {
            later.put(key, next);
            if (before != null) {
                before.cancel();
            }
        }
    }
}
