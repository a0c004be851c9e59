package dev.landfall.agent.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The container engine, as far as the agent needs it. Calls block, are safe for any thread, and fail with
 * {@link EngineError}. Removing what is already gone is no failure.
 */
public interface Engine extends AutoCloseable {
    EngineFacts facts();

    // ---- images ----

    Optional<ImageFacts> image(String reference);

    /**
     * Pulls an image.
     *
     * @param firstAnswer how long the registry may take to say anything at all
     */
    void pull(String reference, Duration firstAnswer);

    /** Makes an image of one layer from a tar of its files; {@code changes} are Dockerfile instructions. */
    void importImage(byte[] tar, String repository, String tag, List<String> changes);

    // ---- containers ----

    /** Creates a container from the engine's own document for it, and answers its id. */
    String create(String name, ObjectNode document);

    void start(String id);

    /** Sends the container's stop signal, and SIGKILL after {@code timeout}; returns when it has stopped. */
    void stop(String id, Duration timeout);

    /** Waits for a container to end and answers its exit code. */
    int await(String id);

    /** Removes a container with its anonymous volumes, killing it if it runs. */
    void remove(String id);

    Optional<ContainerFacts> inspect(String idOrName);

    /** Ids of all containers, also stopped ones, that bear the label ({@code name=value}). */
    List<String> containers(String label);

    /** One sample of the container's resource use, in the engine's words; empty if it does not run. */
    Optional<JsonNode> stats(String id);

    // ---- volumes and networks ----

    boolean volumeExists(String name);

    void createVolume(String name, String driver, Map<String, String> options, Map<String, String> labels);

    void removeVolume(String name);

    List<NetworkFacts> networks();

    /** Creates a network from the engine's own document for it, and answers its id. */
    String createNetwork(ObjectNode document);

    void removeNetwork(String idOrName);

    void connect(String network, String container, String ipv4Address);

    void disconnect(String network, String container);

    // ---- events ----

    /**
     * Follows the events of containers that bear the label. Blocks until the stream ends, however it ends.
     *
     * @param opened run once the stream stands: whatever happens from then on is told
     */
    void follow(String label, Runnable opened, Consumer<EngineEvent> listener);

    @Override
    void close();
}
