package dev.landfall.agent.task;

import java.time.Duration;
import java.util.Optional;

/** Something the supervisor has to do for a task; its outcome comes back as a {@link TaskEvent}. */
public sealed interface TaskAction {
    /** Make the volumes and the network. */
    record Provide() implements TaskAction {}

    record Pull(String container) implements TaskAction {}

    record Create(String container) implements TaskAction {}

    record Start(String container) implements TaskAction {}

    /** Signal, then kill after {@code timeout}; empty: the agent's own stop timeout. */
    record Stop(String container, Optional<Duration> timeout) implements TaskAction {}

    record Submit(TaskReport report) implements TaskAction {}

    /** Container health changed and is to be published at once. */
    record PublishHealth() implements TaskAction {}

    /** Every container has stopped: free what the task held. */
    record Release() implements TaskAction {}
}
