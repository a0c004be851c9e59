package dev.landfall.agent.pause;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.agent.engine.Engine;
import java.util.Arrays;
import java.util.UUID;

/**
 * Readies the host for the metadata endpoint, through a short-lived container in the host's network namespace with
 * CAP_NET_ADMIN: so an agent without root, but allowed to use the engine, can do it too.
 */
public final class HostSetup {
    private final Engine engine;
    private final String pauseImage;
    private final String agentLabel;

    /** {@code agentLabel}: name and value, split by {@code =}. */
    public HostSetup(Engine engine, String pauseImage, String agentLabel) {
        this.engine = engine;
        this.pauseImage = pauseImage;
        this.agentLabel = agentLabel;
    }

    /**
     * Gives {@code address} to the host's loopback, and lets everyone listen from {@code firstPort} on.
     *
     * @return whether the container said that it succeeded
     */
    public boolean giveAddress(String address, String alias, int firstPort) {
        return run("host", address, alias, "" + firstPort);
    }

    /** Takes an alias of the host's loopback away, with its address. */
    public boolean takeAddress(String alias) {
        return run("unhost", alias);
    }

    private boolean run(String... command) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("Image", pauseImage);
        var arguments = document.putArray("Cmd");
        Arrays.stream(command).forEach(arguments::add);
        String[] label = agentLabel.split("=", 2);
        document.putObject("Labels").put(label[0], label[1]).put("dev.landfall.role", "host-setup");
        ObjectNode host = document.putObject("HostConfig").put("NetworkMode", "host");
        host.putArray("CapDrop").add("ALL");
        host.putArray("CapAdd").add("NET_ADMIN");
        // Without these the engine hides /proc/sys from the container.
        host.putArray("MaskedPaths");
        host.putArray("ReadonlyPaths");
        String id = engine.create("landfall-host-setup-" + UUID.randomUUID(), document);
        try {
            engine.start(id);
            return engine.await(id) == 0;
        } finally {
            engine.remove(id);
        }
    }
}
