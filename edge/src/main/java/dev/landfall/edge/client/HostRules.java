package dev.landfall.edge.client;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What this machine needs so that what targets send to clients' addresses arrives at the sockets that are bound to
 * them: an nftables table, which marks it, and a policy rule with a routing table, which have what is marked delivered
 * here. Only packets of sockets with {@link #SOCKET_MARK} are concerned, and answers to them.
 *
 * <p>Answers are known by their socket, and, as its address may not stand in them where the machine translates that of
 * the target (published ports), by their connection; that is no longer ours once the client itself continues it, past
 * the load balancer. Those of a target on this machine itself never come in; they are routed anew on their way out.
 *
 * <p>All data planes of a network namespace share it. Who uses it holds a lock, which also ends with a process that is
 * killed; the last one removes everything. To make it again changes nothing, so that what a killed one left is taken
 * over, and what somebody else removed comes back.
 */
final class HostRules implements AutoCloseable {
    /** "LF", and 1 for what goes out and 2 for what comes back: few will think of the same. */
    static final int SOCKET_MARK = 0x4c46_0001;
    private static final int ANSWER_MARK = 0x4c46_0002;
    static final String TABLE = "landfall_clients";
    /** "LF" as a number; tables up to 255 are the system's, and those of the low thousands popular. */
    static final int ROUTING_TABLE = 0x4c46;
    /** After the table of local addresses (0), and before what VPNs and container networks use. */
    static final int PRIORITY = 64;

    /** Before what most others do with marks (mangle, -150), after connections are known (-200). */
    private static final String RULES = """
            table ip %1$s
            flush table ip %1$s
            table ip %1$s {
                chain incoming {
                    type filter hook prerouting priority -160; policy accept;
                    socket transparent 1 socket mark 0x%2$x meta mark set 0x%3$x
                    iifname != "lo" ct mark 0x%3$x ct direction original ct mark set 0
                    ct mark 0x%3$x ct direction reply meta mark set 0x%3$x
                }
                chain outgoing {
                    type route hook output priority -160; policy accept;
                    meta mark 0x%2$x ct mark set 0x%3$x
                    ct mark 0x%3$x ct direction reply meta mark set 0x%3$x
                }
            }
            """.formatted(TABLE, SOCKET_MARK, ANSWER_MARK);

    private static final Path LOCKS = Files.isWritable(Path.of("/run")) ? Path.of("/run")
            : Path.of(System.getProperty("java.io.tmpdir"));
    private static final Map<String, Shared> USED = new HashMap<>();

    /** Of all data planes of this process in one network namespace: locks of files are the process's. */
    private static final class Shared {
        private final FileChannel channel;
        private final FileLock lock;
        private int users = 1;

        Shared(FileChannel channel, FileLock lock) {
            this.channel = channel;
            this.lock = lock;
        }
    }

    private final String namespace;

    private HostRules(String namespace) {
        this.namespace = namespace;
    }

    /**
     * Makes the rules, in the network namespace of the calling thread.
     *
     * @throws IOException if that cannot be, with a message for people; then nothing is left
     */
    static HostRules make() throws IOException {
        String namespace = namespace();
        synchronized (USED) {
            Shared shared = USED.get(namespace);
            if (shared != null) {
                shared.users++;
            } else {
                USED.put(namespace, share(namespace));
            }
        }
        var made = new HostRules(namespace);
        try {
            made.renew();
            return made;
        } catch (IOException e) {
            try {
                made.close();
            } catch (IOException left) {
                e.addSuppressed(left);      // nothing was there to be removed, most likely
            }
            throw e;
        }
    }

    /** Not /proc/self, which is the process's first thread. */
    private static String namespace() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString().replaceAll("[^0-9]", "");
    }

    private static Shared share(String namespace) throws IOException {
        FileChannel channel = FileChannel.open(LOCKS.resolve("landfall-clients-" + namespace + ".lock"),
                StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            return new Shared(channel, channel.lock(0, Long.MAX_VALUE, true));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Makes again what somebody may have removed. */
    void renew() throws IOException {
        HostCommand.run(RULES, "nft", "-f", "-");
        HostCommand.run("", "ip", "-4", "route", "replace", "local", "default", "dev", "lo", "table",
                String.valueOf(ROUTING_TABLE));
        try {
            rule("add");
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("File exists")) {
                throw e;
            }
        }
    }

    private static void rule(String verb) throws IOException {
        HostCommand.run("", "ip", "-4", "rule", verb, "fwmark", "0x" + Integer.toHexString(ANSWER_MARK), "lookup",
                String.valueOf(ROUTING_TABLE), "priority", String.valueOf(PRIORITY));
    }

    /** Removes the rules if nobody else needs them; in the network namespace in which they were made. */
    @Override
    public void close() throws IOException {
        synchronized (USED) {
            Shared shared = USED.get(namespace);
            if (--shared.users > 0) {
                return;
            }
            USED.remove(namespace);
            try (FileChannel channel = shared.channel) {
                shared.lock.release();
                FileLock alone = channel.tryLock();
                if (alone != null) {
                    remove();
                }
            }
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    /** All of it, even if some of it is not there any more. */
    private static void remove() throws IOException {
        var failures = new ArrayList<IOException>();
        for (Step step : List.<Step>of(
                () -> rule("del"),
                () -> HostCommand.run("", "ip", "-4", "route", "flush", "table", String.valueOf(ROUTING_TABLE)),
                () -> HostCommand.run("", "nft", "delete", "table", "ip", TABLE))) {
            try {
                step.run();
            } catch (IOException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            IOException first = failures.removeFirst();
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }
}
