package dev.landfall.agent.task;

import java.time.Instant;

/** What a container's own health check last said. {@code NONE}: it has no health check. */
public record Health(Status status, Instant since, String output) {
    public enum Status {
        NONE,
        UNKNOWN,
        HEALTHY,
        UNHEALTHY
    }

    public static final Health NOT_CHECKED = new Health(Status.NONE, Instant.EPOCH, "");

    public static Health unknown(Instant since) {
        return new Health(Status.UNKNOWN, since, "");
    }
}
