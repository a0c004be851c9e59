package dev.landfall.ecs.instance;

import java.time.Instant;

/** That the agent of an instance has been connected and is not now, and since when. */
public record Absence(String instanceArn, Instant since) {}
