package dev.landfall.sim.agent;

import java.time.Duration;

/**
 * What a container does, said by its image: {@code ok}, {@code slow} (takes its stop timeout to end), {@code nopull}
 * (its image cannot be pulled), {@code exit:CODE:MILLIS} (ends by itself), {@code sick:MILLIS} (its health check fails
 * from then on).
 */
public record Program(Kind kind, int exitCode, Duration after) {
    public enum Kind {
        OK,
        SLOW,
        NOPULL,
        EXIT,
        SICK
    }

    static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    /** @throws IllegalArgumentException for an image that no scenario should use */
    static Program of(String image) {
        String[] parts = image.split(":");
        return switch (parts[0]) {
            case "ok" -> new Program(Kind.OK, 0, Duration.ZERO);
            case "slow" -> new Program(Kind.SLOW, 0, Duration.ZERO);
            case "nopull" -> new Program(Kind.NOPULL, 0, Duration.ZERO);
            case "exit" -> new Program(
                    Kind.EXIT, Integer.parseInt(parts[1]), Duration.ofMillis(Long.parseLong(parts[2])));
            case "sick" -> new Program(Kind.SICK, 0, Duration.ofMillis(Long.parseLong(parts[1])));
            default -> throw new IllegalArgumentException("no such program: " + image);
        };
    }
}
