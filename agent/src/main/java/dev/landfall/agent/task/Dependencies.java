package dev.landfall.agent.task;

import dev.landfall.protocol.TaskPayload.ContainerPayload;
import dev.landfall.protocol.TaskPayload.Dependency;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Whether a container may start yet, by {@code dependsOn}, and by links and volumesFrom, which imply START. */
final class Dependencies {
    private Dependencies() {}

    sealed interface Verdict {
        record Met() implements Verdict {}

        /** {@code deadline}: when waiting turns into {@link Never} by itself. */
        record Wait(Optional<Instant> deadline) implements Verdict {}

        record Never(String reason) implements Verdict {}
    }

    static List<Dependency> of(ContainerPayload container) {
        var needs = new ArrayList<Dependency>(Objects.requireNonNullElse(container.dependsOn(), List.of()));
        for (String name : sources(container)) {
            if (needs.stream().noneMatch(need -> need.containerName().equals(name))) {
                needs.add(new Dependency(name, "START"));
            }
        }
        return needs;
    }

    /** Containers that must exist before {@code container} can be created. */
    static List<String> sources(ContainerPayload container) {
        var names = new ArrayList<String>();
        for (String link : Objects.requireNonNullElse(container.links(), List.<String>of())) {
            names.add(link.split(":", 2)[0]);
        }
        for (var from : Objects.requireNonNullElse(
                container.volumesFrom(), List.<dev.landfall.protocol.TaskPayload.VolumeFrom>of())) {
            names.add(from.sourceContainer());
        }
        return names;
    }

    static Verdict verdict(TaskState task, ContainerPayload container, Instant now) {
        Optional<Instant> deadline = Optional.empty();
        boolean wait = false;
        for (Dependency need : of(container)) {
            switch (verdict(task, need, now)) {
                case Verdict.Met() -> { }
                case Verdict.Never never -> {
                    return never;
                }
                case Verdict.Wait(var until) -> {
                    wait = true;
                    deadline = earlier(deadline, until);
                }
            }
        }
        return wait ? new Verdict.Wait(deadline) : new Verdict.Met();
    }

    static Optional<Instant> earlier(Optional<Instant> a, Optional<Instant> b) {
        return a.isEmpty() ? b : b.isEmpty() || a.get().isBefore(b.get()) ? a : b;
    }

    private static Verdict verdict(TaskState task, Dependency need, Instant now) {
        String name = need.containerName();
        ContainerState state = task.containers().get(name);
        if (state == null) {
            return new Verdict.Never("container " + name + " is not part of the task");
        }
        boolean met = switch (need.condition()) {
            case "COMPLETE" -> state.stopped() && state.everStarted();
            case "SUCCESS" -> state.stopped() && state.exitCode().filter(code -> code == 0).isPresent();
            case "HEALTHY" -> state.health().status() == Health.Status.HEALTHY && !state.stopped();
            default -> state.everStarted();
        };
        if (met) {
            return new Verdict.Met();
        }
        if (state.stopped()) {
            return new Verdict.Never("dependency graph: container " + name + " stopped"
                    + state.exitCode().map(code -> " with exit code " + code).orElse("")
                    + " and can no longer reach condition " + need.condition());
        }
        var deadline = task.described(name)
                .flatMap(described -> Optional.ofNullable(described.startTimeout()))
                .flatMap(seconds -> state.startedAt().map(at -> at.plusSeconds(seconds)));
        if (deadline.filter(until -> !now.isBefore(until)).isPresent()) {
            return new Verdict.Never("dependency graph: container ordering dependency [" + name
                    + "] for condition " + need.condition() + " timed out");
        }
        return new Verdict.Wait(deadline);
    }
}
