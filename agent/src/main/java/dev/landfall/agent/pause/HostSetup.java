package dev.landfall.agent.pause;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.agent.engine.Engine;
import java.util.Arrays;
import java.util.UUID;

/**
 * Readies the host for the metadata endpoint, through a short-lived container in the host's network namespace with the
 * few capabilities it takes: so an agent without root, but allowed to use the engine, can do it too. The rules are made
 * with the host's own iptables, which Docker Engine needs as well.
 */
public final class HostSetup {
    private static final String HOST_ROOT = "/host";

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
     * Gives {@code address} to the host's loopback, and has what is sent to its port 80 delivered to {@code port}, as
     * Amazon's agent does: a listener on port 80 itself would keep tasks from publishing that port.
     *
     * @return whether the container said that it succeeded
     */
    public boolean giveAddress(String address, String alias, int port) {
        return run("host", address, alias, HOST_ROOT, "/bin/sh", "-c", eachChain("""
                iptables -w -t nat -C "$chain" %1$s 2>/dev/null || iptables -w -t nat -I "$chain" 1 %1$s
                """.formatted(rule(address, port))));
    }

    /** Takes the address and its rules away from the host. */
    public boolean takeAddress(String address, String alias, int port) {
        return run("unhost", alias, HOST_ROOT, "/bin/sh", "-c", eachChain("""
                iptables -w -t nat -D "$chain" %s 2>/dev/null || true
                """.formatted(rule(address, port))));
    }

    /** PREROUTING for containers with a network of their own, OUTPUT for those in the host's. */
    private static String eachChain(String command) {
        return """
                PATH=/usr/sbin:/sbin:/usr/bin:/bin
                for chain in PREROUTING OUTPUT; do
                %s|| exit 1
                done
                """.formatted(command.stripTrailing() + " ");
    }

    private static String rule(String address, int port) {
        return "-d %s/32 -p tcp --dport 80 -m comment --comment landfall -j DNAT --to-destination %1$s:%2$d"
                .formatted(address, port);
    }

    private boolean run(String... command) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("Image", pauseImage);
        var arguments = document.putArray("Cmd");
        Arrays.stream(command).forEach(arguments::add);
        String[] label = agentLabel.split("=", 2);
        document.putObject("Labels").put(label[0], label[1]).put("dev.landfall.role", "host-setup");
        ObjectNode host = document.putObject("HostConfig").put("NetworkMode", "host");
        host.putArray("CapDrop").add("ALL");
        host.putArray("CapAdd").add("NET_ADMIN").add("NET_RAW").add("SYS_CHROOT");
        host.putArray("Binds").add("/:" + HOST_ROOT);
        String id = engine.create("landfall-host-setup-" + UUID.randomUUID(), document);
        try {
            engine.start(id);
            return engine.await(id) == 0;
        } finally {
            // An agent that is closed meanwhile interrupts this thread; the container is to go all the same.
            boolean interrupted = Thread.interrupted();
            try {
                engine.remove(id);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
