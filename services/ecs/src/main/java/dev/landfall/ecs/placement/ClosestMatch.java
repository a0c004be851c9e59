package dev.landfall.ecs.placement;

import dev.landfall.ecs.placement.Verdict.Refused;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Words which instance came closest to taking a service's task (ECS Developer Guide, Service event messages). */
public final class ClosestMatch {
    private ClosestMatch() {}

    /** The instance that lacks the least, of several the one with the most room, which comes first. */
    private static Optional<Refused> of(List<Refused> refused) {
        return refused.stream().min(Comparator.comparingInt(Refused::unmet));
    }

    /** "The closest matching (container-instance …) has insufficient CPU units available." and the like. */
    public static String sentence(List<Refused> refused) {
        return of(refused).map(ClosestMatch::sentence)
                .orElse("Reason: No Container Instances were found in your cluster.");
    }

    private static String sentence(Refused closest) {
        String arn = closest.instance().arn();
        String why = switch (closest.reason()) {
            case CPU -> "has insufficient CPU units available.";
            case MEMORY -> "has insufficient memory available.";
            case PORTS -> "is already using a port required by your task.";
            case ATTRIBUTE -> "is missing an attribute required by your task.";
            case INACTIVE -> "is not active.";
            case AGENT, GPU, ENI, DISTINCT_INSTANCE, MEMBER_OF ->
                    "encountered error \"" + closest.reason().wire() + "\".";
        };
        return "The closest matching (container-instance " + arn.substring(arn.lastIndexOf('/') + 1) + ") " + why;
    }
}
