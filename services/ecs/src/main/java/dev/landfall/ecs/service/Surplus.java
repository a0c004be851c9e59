package dev.landfall.ecs.service;

import dev.landfall.ecs.task.Strategy;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Image;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;

/**
 * How many tasks of a deployment each capacity provider has beyond its share of the desired count; negative where it
 * lacks some. A service that has too many tasks gives up those of the provider with most, so that what is left is what
 * the strategy would have placed.
 */
record Surplus(String deploymentId, SortedMap<String, Integer> byProvider) {
    /** Where no strategy shares tasks out. */
    static final Surplus NONE = new Surplus("", Collections.emptySortedMap());

    /** @param live the service's tasks that are wanted to run */
    static Surplus of(Image image, Recipe recipe, List<TaskRow> live, int desired) {
        return recipe.strategy().size() < 2 ? NONE
                : of(recipe.deploymentId(), recipe.strategy(),
                        StartTasks.providers(image, live, recipe.deploymentId()), desired);
    }

    static Surplus of(
            String deploymentId, List<CapacityProviderStrategyItem> strategy, Map<String, Integer> counts,
            int desired) {
        var surplus = new TreeMap<>(counts);
        Strategy.shares(strategy, desired).forEach((provider, share) -> surplus.merge(provider, -share, Integer::sum));
        return new Surplus(deploymentId, surplus);
    }

    /** What is too many once the task is gone. */
    Surplus without(TaskRow task) {
        var left = new TreeMap<>(byProvider);
        left.computeIfPresent(group(task), (provider, tasks) -> tasks - 1);
        return new Surplus(deploymentId, left);
    }

    /** What the task counts under, or nothing. */
    String group(TaskRow task) {
        return task.deploymentId().equals(deploymentId) ? provider(task) : "";
    }

    /** The capacity provider of a task, or nothing. */
    static String provider(TaskRow task) {
        return task.task().capacityProviderName() == null ? "" : task.task().capacityProviderName();
    }
}
