package dev.landfall.agent.engine;

/** What the engine says of itself and its host. {@code cgroupVersion} is 1 or 2. */
public record EngineFacts(
        String version, String apiVersion, String architecture, int cpus, long memoryBytes, String cgroupDriver,
        int cgroupVersion) {}
