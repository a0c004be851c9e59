package dev.landfall.app.options;

import dev.landfall.app.Refusal;
import dev.landfall.ecs.capacity.CapacityPolicy;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What can be chosen about capacity that AWS leaves no choice about. */
public final class CapacityOptions {
    @Option(names = "--spot-interruptions", paramLabel = "PER_HOUR", defaultValue = "0",
            description = "Interrupt Spot capacity at random, that often on average (default: never; "
                    + "'landfall interrupt' does it by hand).")
    private double interruptionsPerHour;

    @Option(names = "--spot-warning", paramLabel = "DURATION", defaultValue = "120s",
            description = "From the notice to a Spot container instance to its end (default ${DEFAULT-VALUE}, as AWS).")
    private String warning;

    @Option(names = "--replace-lost-tasks-after", paramLabel = "DURATION",
            description = "Replace the tasks of an agent that has been gone for that long, such as 90s or 5m "
                    + "(default: never, as ECS).")
    private String lostAfter = "";

    public CapacityPolicy policy() {
        if (!(interruptionsPerHour >= 0) || Double.isInfinite(interruptionsPerHour)) {
            throw new Refusal("--spot-interruptions is a number of 0 or more, not " + interruptionsPerHour);
        }
        return new CapacityPolicy(
                duration("--spot-warning", warning),
                interruptionsPerHour,
                lostAfter.isEmpty() ? Optional.empty()
                        : Optional.of(duration("--replace-lost-tasks-after", lostAfter)));
    }

    /** {@code 90s}, {@code 5m}, {@code 1h30m}: ISO 8601 without its letters in front. */
    private static Duration duration(String option, String text) {
        try {
            Duration duration = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            // refused below, as a negative one is
        }
        throw new Refusal(option + " is a time such as 90s, 5m or 1h, not '" + text + "'");
    }
}
