package dev.landfall.ecs.capacity;

import java.time.Instant;

/** That a Spot container instance has been told to go, and when it will be gone. */
public record InterruptionNotice(String instanceArn, Instant reclaimAt) {}
