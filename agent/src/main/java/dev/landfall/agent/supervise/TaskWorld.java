package dev.landfall.agent.supervise;

import dev.landfall.agent.engine.Engine;
import dev.landfall.agent.network.TaskNetwork;
import dev.landfall.agent.task.TaskState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/**
 * What the supervisors of tasks work with.
 *
 * @param starts bounds how many containers are created or started at once: the engine gets slower with more
 * @param environment what the agent adds to a container's environment
 * @param healthChanged run when a container's health changed
 */
record TaskWorld(
        String agentId,
        Engine engine,
        Images images,
        Volumes volumes,
        TaskNetwork network,
        TaskCgroups cgroups,
        TaskStore store,
        Reports reports,
        Environment environment,
        Runnable healthChanged,
        Starts starts,
        Duration stopTimeout,
        Duration keepStopped,
        InstantSource clock) {

    interface Environment {
        Map<String, String> of(TaskState task, String metadataId);
    }
}
