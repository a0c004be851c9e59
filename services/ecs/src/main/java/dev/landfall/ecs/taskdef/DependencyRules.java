package dev.landfall.ecs.taskdef;

import static dev.landfall.ecs.taskdef.ContainerRules.invalid;
import static dev.landfall.ecs.taskdef.TaskRules.refuseWhen;
import static dev.landfall.ecs.taskdef.TaskRules.requireContainer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.ContainerCondition;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerDependency;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.VolumeFrom;

/**
 * The rules for what containers need of each other: {@code dependsOn}, {@code links} and {@code volumesFrom}. All three
 * make one container start after another, so that together they must not go in a circle.
 */
final class DependencyRules {
    private DependencyRules() {}

    static void require(TaskDefinition task) {
        var needs = new TreeMap<String, List<String>>();
        var linked = new TreeMap<String, List<String>>();
        for (ContainerDefinition container : task.containerDefinitions()) {
            var needed = new ArrayList<String>();
            for (ContainerDependency dependency : container.dependsOn()) {
                requireDependency(task, container, dependency);
                needed.add(dependency.containerName());
            }
            List<String> links = container.links().stream().map(link -> link.split(":", 2)[0]).toList();
            links.forEach(name -> requireContainer(task, name));
            needed.addAll(links);
            linked.put(container.name(), links);
            for (VolumeFrom volumes : container.volumesFrom()) {
                requireContainer(task, volumes.sourceContainer());
                needed.add(volumes.sourceContainer());
            }
            needs.put(container.name(), needed);
        }
        refuseWhen(isCyclic(linked), "Container links should not have a cycle");
        refuseWhen(isCyclic(needs), "Container dependencies should not have a cycle");
    }

    private static void requireDependency(
            TaskDefinition task, ContainerDefinition container, ContainerDependency dependency) {
        requireContainer(task, dependency.containerName());
        refuseWhen(dependency.containerName().equals(container.name()),
                invalid(container, "A container cannot depend on itself."));
        refuseWhen(container.dependsOn().stream()
                        .filter(other -> dependency.containerName().equals(other.containerName())).count() > 1,
                invalid(container, "Container '" + dependency.containerName() + "' is depended on more than once."));
        ContainerDefinition needed = task.containerDefinitions().stream()
                .filter(other -> other.name().equals(dependency.containerName())).findFirst().orElseThrow();
        ContainerCondition condition = dependency.condition();
        refuseWhen(condition == null || condition == ContainerCondition.UNKNOWN_TO_SDK_VERSION,
                invalid(container, "The valid values for the condition of a dependency are: "
                        + "START, COMPLETE, SUCCESS, HEALTHY"));
        refuseWhen((condition == ContainerCondition.COMPLETE || condition == ContainerCondition.SUCCESS)
                        && !Boolean.FALSE.equals(needed.essential()),
                "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container");
        refuseWhen(condition == ContainerCondition.HEALTHY && needed.healthCheck() == null,
                "A dependency container with HEALTHY condition must have a health check");
    }

    /** Takes away containers that need none of those left, until nothing is left or nothing can be taken. */
    private static boolean isCyclic(SortedMap<String, List<String>> needs) {
        var left = new TreeSet<>(needs.keySet());
        boolean taken = true;
        while (taken) {
            taken = left.removeIf(name -> needsNone(needs.get(name), left));
        }
        return !left.isEmpty();
    }

    private static boolean needsNone(List<String> needed, Collection<String> left) {
        return needed.stream().noneMatch(left::contains);
    }
}
