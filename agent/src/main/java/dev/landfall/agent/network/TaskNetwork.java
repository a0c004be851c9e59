package dev.landfall.agent.network;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.agent.engine.ContainerDocument;
import dev.landfall.agent.engine.ContainerDocument.NamespaceNeeds;
import dev.landfall.agent.engine.ContainerDocument.NetworkPlace;
import dev.landfall.agent.engine.Engine;
import dev.landfall.agent.engine.EngineError;
import dev.landfall.agent.engine.NetworkFacts;
import dev.landfall.protocol.TaskPayload;
import dev.landfall.protocol.TaskPayload.Ipv4Address;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The agent's own bridge network, on which every awsvpc task gets its address through a pause container. Safe for any
 * thread.
 *
 * <p>Making a network namespace costs the kernel more than anything else in starting a task, so namespaces are made
 * ahead: see {@link WarmNamespaces}. A task that wants a host name, name servers or extra hosts of its own needs a
 * pause container made for it, because these cannot be changed afterwards.
 */
public final class TaskNetwork {
    public static final String ROLE_LABEL = "dev.landfall.role";
    public static final String ROLE_PAUSE = "pause";
    private static final System.Logger LOG = System.getLogger(TaskNetwork.class.getName());
    private static final String NAME_PREFIX = "landfall-";

    /** The engine takes a container's endpoint off the network a moment after the container is gone: 2 s in all. */
    private static final int REMOVALS_MAX = 20;

    private static final Duration REMOVE_AGAIN = Duration.ofMillis(100);

    private final Engine engine;
    private final String agentId;
    private final String agentLabel;
    private final PauseSource pauses;
    private final WarmNamespaces warm;
    private volatile String network = "";
    private volatile AddressBlock block = new AddressBlock(0, 0);

    /** Where the reference of the pause image comes from; it may still be in the making. */
    public interface PauseSource {
        String image();
    }

    /** {@code agentLabel}: the label's name; its value is the agent's id. */
    public TaskNetwork(Engine engine, String agentId, String agentLabel, PauseSource pauses, int warmNamespaces) {
        this.engine = engine;
        this.agentId = agentId;
        this.agentLabel = agentLabel;
        this.pauses = pauses;
        this.warm = new WarmNamespaces(engine, this::pauseDocument, warmNamespaces);
    }

    public WarmNamespaces warm() {
        return warm;
    }

    /**
     * Finds the network again, or makes it: with {@code wanted}, or else on the first free block for which the engine
     * takes it. The engine refuses overlaps, so two agents that choose at the same moment get different blocks.
     */
    public AddressBlock open(Optional<String> wanted) {
        block = opened(wanted);
        return block;
    }

    private AddressBlock opened(Optional<String> wanted) {
        List<NetworkFacts> networks = engine.networks();
        warm.foundNetworks(networks);
        for (NetworkFacts known : networks) {
            if (known.name().equals(name())) {
                network = known.id();
                return AddressBlock.parse(known.subnets().getFirst()).orElseThrow();
            }
        }
        if (wanted.isPresent()) {
            AddressBlock given = AddressBlock.parse(wanted.get()).orElseThrow(
                    () -> new IllegalArgumentException("not an IPv4 block: " + wanted.get()));
            network = create(given);
            return given;
        }
        try {
            for (AddressBlock free : FreeBlocks.candidates(
                    FreeBlocks.taken(networks, Path.of("/proc/net/route")), agentId.hashCode())) {
                try {
                    network = create(free);
                    return free;
                } catch (EngineError e) {
                    if (!e.getMessage().contains("overlaps")) {
                        throw e;
                    }
                }
            }
        } catch (SocketException e) {
            throw new IllegalStateException("cannot list the network interfaces", e);
        }
        throw new IllegalStateException("no free IPv4 block for awsvpc tasks: give one in the configuration");
    }

    private String create(AddressBlock subnet) {
        ObjectNode document = JsonNodeFactory.instance.objectNode()
                .put("Name", name()).put("Driver", "bridge").put("CheckDuplicate", true);
        document.putObject("IPAM").put("Driver", "default").putArray("Config").addObject()
                .put("Subnet", subnet.toString()).put("Gateway", subnet.address(1));
        document.putObject("Options")
                .put("com.docker.network.bridge.name", "lf-" + agentId.substring(0, Math.min(12, agentId.length())));
        document.putObject("Labels").put(agentLabel, agentId);
        return engine.createNetwork(document);
    }

    private String name() {
        return NAME_PREFIX + agentId;
    }

    /**
     * Gives the task its pause container, with its address if it is to have one of its own. For a task of one container
     * there may be none: then the container goes to {@link #place}.
     *
     * @param found told the pause container's id as soon as it is known, before the address is there
     */
    public void provide(TaskPayload task, String pauseName, Consumer<String> found) {
        if (!"awsvpc".equals(task.networkMode())) {
            ObjectNode document = pauseDocument();
            document.withObject("/HostConfig").put("NetworkMode", "none");
            startOwn(pauseName, document, found);
            return;
        }
        String address = address(task).orElseThrow(
                () -> EngineError.refused(400, "the task has no elastic network interface"));
        if (AddressBlock.parse(address).filter(block::overlaps).isEmpty()) {
            throw EngineError.refused(400, address + " is not in " + block + ", the block of this container instance");
        }
        NamespaceNeeds needs = ContainerDocument.namespaceNeeds(task);
        Optional<String> taken = needs.none() ? warm.take() : Optional.empty();
        if (taken.isPresent()) {
            found.accept(taken.get());
            engine.connect(network, taken.get(), address);
            return;
        }
        if (standsAlone(task)) {
            return;
        }
        ObjectNode document = pauseDocument();
        document.setAll(needs.config());
        document.withObject("/HostConfig").setAll(needs.hostConfig());
        new NetworkPlace(name(), address).enter(document);
        startOwn(pauseName, document, found);
    }

    /** Whether the task's only container can have the task's address itself: one container less to make. */
    public static boolean standsAlone(TaskPayload task) {
        return task.containers().size() == 1 && !"task".equals(task.pidMode()) && !"task".equals(task.ipcMode());
    }

    /** Where the only container of a task goes for which {@link #provide} found no pause container. */
    public NetworkPlace place(TaskPayload task) {
        return new NetworkPlace(name(), address(task).orElseThrow());
    }

    private void startOwn(String name, ObjectNode document, Consumer<String> found) {
        String id = createOrFind(name, document);
        found.accept(id);
        engine.start(id);
    }

    private String createOrFind(String name, ObjectNode document) {
        try {
            return engine.create(name, document);
        } catch (EngineError e) {
            if (!e.conflict()) {
                throw e;
            }
            return engine.inspect(name).orElseThrow(() -> e).id();
        }
    }

    private ObjectNode pauseDocument() {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("Image", pauses.image());
        document.putObject("Labels").put(agentLabel, agentId).put(ROLE_LABEL, ROLE_PAUSE);
        // Shareable: a task may want one IPC namespace for its containers.
        document.putObject("HostConfig").put("IpcMode", "shareable").putObject("LogConfig").put("Type", "none");
        return document;
    }

    public static Optional<String> address(TaskPayload task) {
        return task.elasticNetworkInterfaces() == null
                ? Optional.empty()
                : task.elasticNetworkInterfaces().stream()
                        .filter(card -> card.ipv4Addresses() != null)
                        .flatMap(card -> card.ipv4Addresses().stream())
                        .map(Ipv4Address::privateAddress)
                        .findFirst();
    }

    /** Removes the network; for when no task is left. */
    public void remove() {
        warm.close();
        for (int attempt = 1; ; attempt++) {
            try {
                engine.removeNetwork(network);
                return;
            } catch (EngineError e) {
                if (!e.getMessage().contains("active endpoints") || attempt == REMOVALS_MAX) {
                    throw e;
                }
                LOG.log(System.Logger.Level.DEBUG, "the engine still holds an endpoint: {0}", e.getMessage());
            }
            try {
                Thread.sleep(REMOVE_AGAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /**
     * Kept for good: a container that is renamed while another call removes it makes Docker Engine hang in the removal,
     * or count an endpoint that is gone.
     */
    static String randomName() {
        return NAME_PREFIX + "pause-" + UUID.randomUUID();
    }
}
