package dev.landfall.ecs.balance;

/** How a target of a task was seen, or was brought to be. */
public record Sighting(String taskArn, TaskTarget target) {}
