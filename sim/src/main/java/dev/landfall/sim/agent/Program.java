package dev.landfall.sim.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a container does, said by its image: {@code ok}, {@code slow} (takes its stop timeout to end), {@code nopull}
 * (its image cannot be pulled), {@code exit:CODE:MILLIS} (ends by itself), {@code sick:MILLIS} (its health check fails
 * from then on). What follows {@code exit:CODE:MILLIS} holds for the next start: {@code :CODE:MILLIS} another end,
 * {@code :ok} that it goes on; the last of these holds for all starts behind it too.
 *
 * @param ends how it ends by itself when it is started for the first, the second time; nothing where it does not
 * @param sickAfter when its health check begins to fail; of others than SICK zero
 */
public record Program(Kind kind, List<Optional<End>> ends, Duration sickAfter) {
    public enum Kind {
        OK,
        SLOW,
        NOPULL,
        EXIT,
        SICK
    }

    /** An end by itself, so long after the start. */
    record End(int exitCode, Duration after) {}

    static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    public Program {
        ends = List.copyOf(ends);
    }

    /** @throws IllegalArgumentException for an image that no scenario should use */
    static Program of(String image) {
        String[] parts = image.split(":");
        return switch (parts[0]) {
            case "ok" -> lasting(Kind.OK);
            case "slow" -> lasting(Kind.SLOW);
            case "nopull" -> lasting(Kind.NOPULL);
            case "exit" -> new Program(Kind.EXIT, ends(parts), Duration.ZERO);
            case "sick" -> new Program(Kind.SICK, List.of(Optional.empty()), millis(parts[1]));
            default -> throw new IllegalArgumentException("no such program: " + image);
        };
    }

    private static Program lasting(Kind kind) {
        return new Program(kind, List.of(Optional.empty()), Duration.ZERO);
    }

    private static List<Optional<End>> ends(String[] parts) {
        var ends = new ArrayList<Optional<End>>();
        for (int at = 1; at < parts.length; at += 2) {
            ends.add(parts[at].equals("ok") ? Optional.empty()
                    : Optional.of(new End(Integer.parseInt(parts[at]), millis(parts[at + 1]))));
        }
        return ends;
    }

    private static Duration millis(String number) {
        return Duration.ofMillis(Long.parseLong(number));
    }

    /** How it ends by itself after having been started again so often. */
    Optional<End> end(int restarts) {
        return ends.get(Math.min(restarts, ends.size() - 1));
    }
}
