package dev.landfall.agent.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.agent.engine.ContainerFacts;
import dev.landfall.agent.engine.Engine;
import dev.landfall.agent.engine.EngineError;
import dev.landfall.agent.engine.EngineEvent;
import dev.landfall.agent.engine.EngineFacts;
import dev.landfall.agent.engine.ImageFacts;
import dev.landfall.agent.engine.NetworkFacts;
import dev.landfall.agent.task.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * An engine in memory. Containers run until they are told to end; what a test does not need throws. Safe for any
 * thread.
 */
public final class FakeEngine implements Engine {
    private final Map<String, Container> containers = new LinkedHashMap<>();
    private final Map<String, ImageFacts> images = new TreeMap<>();
    private final List<String> pulls = new ArrayList<>();
    private final List<String> stuck = new ArrayList<>();
    private Optional<EngineError> pullFailure = Optional.empty();
    private int created;

    private static final class Container {
        private final String id;
        private final String name;
        private final Map<String, String> labels = new TreeMap<>();
        private String status = "created";
        private int exitCode;

        Container(String id, String name) {
            this.id = id;
            this.name = name;
        }
    }

    // ---- what a test does ----

    public synchronized FakeEngine withImage(String reference, String digest) {
        images.put(reference, new ImageFacts("sha256:of-" + reference,
                digest.isEmpty() ? Optional.empty() : Optional.of(digest)));
        return this;
    }

    public synchronized void failPulls(EngineError error) {
        pullFailure = Optional.of(error);
    }

    public synchronized List<String> pulls() {
        return List.copyOf(pulls);
    }

    /** Ends a container without telling anyone, as when the engine itself was away. */
    public synchronized void endSilently(String id, int exitCode) {
        Container container = containers.get(id);
        container.status = "exited";
        container.exitCode = exitCode;
    }

    public synchronized void vanishSilently(String id) {
        containers.remove(id);
    }

    public synchronized int created() {
        return created;
    }

    public synchronized List<String> running() {
        return containers.values().stream().filter(each -> each.status.equals("running")).map(each -> each.id).toList();
    }

    public synchronized int size() {
        return containers.size();
    }

    // ---- the engine ----

    @Override
    public EngineFacts facts() {
        return new EngineFacts("20.10", "1.41", "x86_64", 2, 8L << 30, "systemd", 2);
    }

    @Override
    public synchronized Optional<ImageFacts> image(String reference) {
        return Optional.ofNullable(images.get(reference));
    }

    @Override
    public synchronized void pull(String reference, Duration firstAnswer) {
        pulls.add(reference);
        if (pullFailure.isPresent()) {
            throw pullFailure.get();
        }
        withImage(reference, "sha256:pulled");
    }

    @Override
    public synchronized String create(String name, ObjectNode document) {
        if (containers.values().stream().anyMatch(each -> each.name.equals(name))) {
            throw EngineError.refused(409, "the name is in use");
        }
        var container = new Container("id-" + ++created, name);
        document.path("Labels").properties()
                .forEach(label -> container.labels.put(label.getKey(), label.getValue().asText()));
        containers.put(container.id, container);
        return container.id;
    }

    @Override
    public synchronized void start(String id) {
        containers.get(id).status = "running";
    }

    @Override
    public synchronized void stop(String id, Duration timeout) {
        if (!containers.containsKey(id)) {
            throw EngineError.refused(404, "no such container");
        }
        if (containers.get(id).status.equals("running")) {
            endSilently(id, 143);
        }
    }

    /** Makes the engine take for ever over removing a container, as a busy mount does. */
    public synchronized void neverRemove(String id) {
        stuck.add(id);
    }

    @Override
    public void remove(String idOrName) {
        if (isStuck(idOrName)) {
            LockSupport.park(stuck);
            throw EngineError.refused(500, "interrupted");
        }
        removeNow(idOrName);
    }

    private synchronized boolean isStuck(String idOrName) {
        return inspect(idOrName).filter(facts -> stuck.contains(facts.id())).isPresent();
    }

    private synchronized void removeNow(String idOrName) {
        containers.values().removeIf(each -> each.id.equals(idOrName) || each.name.equals(idOrName));
    }

    @Override
    public synchronized Optional<ContainerFacts> inspect(String idOrName) {
        return containers.values().stream()
                .filter(each -> each.id.equals(idOrName) || each.name.equals(idOrName))
                .map(each -> new ContainerFacts(each.id, each.name, "image", each.labels, "none", each.status,
                each.exitCode,
                        false, Optional.of(Instant.EPOCH), Optional.of(Instant.EPOCH), Optional.empty(),
                        Health.Status.NONE, "", List.of(), Map.of()))
                .findFirst();
    }

    @Override
    public synchronized List<String> containers(String label) {
        String[] parts = label.split("=", 2);
        return containers.values().stream().filter(each -> parts[1].equals(each.labels.get(parts[0])))
                .map(each -> each.id).toList();
    }

    @Override
    public Optional<JsonNode> stats(String id) {
        return Optional.empty();
    }

    @Override
    public void importImage(byte[] tar, String repository, String tag, List<String> changes) {
        throw new UnsupportedOperationException("importImage");
    }

    @Override
    public int await(String id) {
        throw new UnsupportedOperationException("await");
    }

    @Override
    public boolean volumeExists(String name) {
        throw new UnsupportedOperationException("volumeExists");
    }

    @Override
    public void createVolume(String name, String driver, Map<String, String> options, Map<String, String> labels) {
        throw new UnsupportedOperationException("createVolume");
    }

    @Override
    public void removeVolume(String name) {
        throw new UnsupportedOperationException("removeVolume");
    }

    @Override
    public List<NetworkFacts> networks() {
        throw new UnsupportedOperationException("networks");
    }

    @Override
    public String createNetwork(ObjectNode document) {
        throw new UnsupportedOperationException("createNetwork");
    }

    @Override
    public void removeNetwork(String idOrName) {
        throw new UnsupportedOperationException("removeNetwork");
    }

    @Override
    public void connect(String network, String container, String ipv4Address) {
        throw new UnsupportedOperationException("connect");
    }

    @Override
    public void disconnect(String network, String container) {
        throw new UnsupportedOperationException("disconnect");
    }

    @Override
    public void follow(String label, Runnable opened, Consumer<EngineEvent> listener) {
        throw new UnsupportedOperationException("follow");
    }

    @Override
    public void close() {}
}
