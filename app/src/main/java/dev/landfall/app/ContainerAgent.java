package dev.landfall.app;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.EcsClient;

/** This machine's agent, connected to a control plane. Closing it leaves the containers running. */
interface ContainerAgent extends AutoCloseable {
    /**
     * What an agent is started with.
     *
     * @param gpus ids of GPUs that tasks may have
     */
    record Settings(
            URI server, String cluster, Path dataDirectory, boolean managed, Map<String, String> attributes,
            List<String> gpus, Optional<PullBehavior> pull) {
        public Settings {
            attributes = Map.copyOf(attributes);
            gpus = List.copyOf(gpus);
        }
    }

    enum PullBehavior { DEFAULT, ONCE, ALWAYS, PREFER_CACHED }

    /** Starts it and returns when it is registered and connected. */
    static ContainerAgent start(Settings settings, EcsClient ecs) {
        return Wiring.agent(settings, ecs);
    }

    String containerInstanceArn();

    /** Whether no task runs here, so that nothing needs to be left on the host. */
    boolean idle();

    /** Stops the containers of every task here, and waits for them. */
    void stopAllTasks();

    @Override
    void close();
}
