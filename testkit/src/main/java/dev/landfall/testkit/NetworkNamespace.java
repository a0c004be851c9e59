package dev.landfall.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network namespace of a test's own: another machine, as far as addresses, routes and rules go. What {@link #in} does
 * is done in it: sockets that are opened there, programs and threads that are started there stay in it.
 */
public final class NetworkNamespace implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int CLONE_NEWNET = 0x4000_0000;

    private final String name;
    private final ExecutorService inside;

    private NetworkNamespace(String name) {
        this.name = name;
        inside = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
    }

    /** Why there can be none, or an empty text: they take root and programs of Debian's iproute2 and nftables. */
    public static String missing() {
        if (!System.getProperty("user.name").equals("root")) {
            return "network namespaces take root";
        }
        for (String program : List.of("ip", "nft")) {
            boolean found = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin").stream()
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
            if (!found) {
                return program + " is not installed";
            }
        }
        try (var tried = create()) {
            tried.run("nft", "add table ip t; add chain ip t c { type filter hook prerouting priority 0; };"
                    + " add rule ip t c socket transparent 1 socket mark 1 ct mark set 1");
            return "";
        } catch (UncheckedIOException e) {
            return "no network namespace with rules can be made here: " + e.getMessage();
        }
    }

    /** With loopback and nothing else. */
    public static NetworkNamespace create() {
        String name = "lft-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        execute("ip", "netns", "add", name);
        var created = new NetworkNamespace(name);
        created.in(() -> {
            enter(Path.of("/run/netns", name));
            return null;
        });
        created.run("ip", "link", "set", "lo", "up");
        return created;
    }

    /**
     * Connects two by a cable.
     *
     * @param address of this end, with the length of its network's prefix
     * @param otherAddress of the other's, which has this one as its gateway
     */
    public void connect(String address, NetworkNamespace other, String otherAddress) {
        String link = plug(other, otherAddress, address.replaceAll("/.*", ""));
        run("ip", "address", "add", address, "dev", link);
    }

    /** Makes a bridge with that address, as container engines do, and connects others to it. */
    public void bridge(String bridge, String address) {
        run("ip", "link", "add", bridge, "type", "bridge");
        run("ip", "address", "add", address, "dev", bridge);
        run("ip", "link", "set", bridge, "up");
    }

    /**
     * Connects it to this machine by a cable, which goes when it is closed.
     *
     * @param machineAddress of the machine's end, with the length of its network's prefix
     * @param ownAddress of this one's, which has the machine as its gateway
     * @return the machine's interface
     */
    public String connectToMachine(String machineAddress, String ownAddress) {
        String link = name.replace("lft-", "lf");
        execute("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name);
        execute("ip", "link", "set", link, "up");
        execute("ip", "address", "add", machineAddress, "dev", link);
        run("ip", "address", "add", ownAddress, "dev", "eth0");
        run("ip", "link", "set", "eth0", "up");
        run("ip", "route", "add", "default", "via", machineAddress.replaceAll("/.*", ""));
        return link;
    }

    /** Connects another to a bridge of this one. */
    public void connectToBridge(String bridge, NetworkNamespace other, String otherAddress, String gateway) {
        run("ip", "link", "set", plug(other, otherAddress, gateway), "master", bridge);
    }

    private String plug(NetworkNamespace other, String otherAddress, String gateway) {
        String link = "v" + COUNT.incrementAndGet();
        run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", other.name);
        run("ip", "link", "set", link, "up");
        other.run("ip", "address", "add", otherAddress, "dev", "eth0");
        other.run("ip", "link", "set", "eth0", "up");
        other.run("ip", "route", "add", "default", "via", gateway);
        return link;
    }

    /** Does something here; fails as it does. */
    public <T> T in(Callable<T> work) {
        try {
            return inside.submit(work).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case IOException io -> throw new UncheckedIOException(io);
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    /** What a program prints here. */
    public String run(String... command) {
        return execute(command(command).toArray(String[]::new));
    }

    /** What starts a program here. */
    public List<String> command(String... command) {
        var all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(List.of(command));
        return all;
    }

    public String name() {
        return name;
    }

    private static String execute(String... command) {
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().merge("PATH", "/usr/sbin:/sbin", (old, more) -> old + File.pathSeparator + more);
            Process process = builder.start();
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + printed);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
    }

    /** The calling thread, and what it starts, from now on. */
    @SuppressWarnings("restricted")
    private static void enter(Path namespace) throws IOException {
        Linker linker = Linker.nativeLinker();
        MethodHandle open = linker.downcallHandle(linker.defaultLookup().find("open").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        MethodHandle setns = linker.downcallHandle(linker.defaultLookup().find("setns").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        MethodHandle close = linker.downcallHandle(linker.defaultLookup().find("close").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try (var arena = Arena.ofConfined()) {
            int file = (int) open.invokeExact(arena.allocateFrom(namespace.toString()), 0);
            int entered = (int) setns.invokeExact(file, CLONE_NEWNET);
            int closed = (int) close.invokeExact(file);
            if (file < 0 || entered != 0 || closed != 0) {
                throw new IOException("cannot enter " + namespace);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a call of the C library throws nothing", e);
        }
    }

    /** With all that is in it; programs that still run there keep it. */
    @Override
    public void close() {
        inside.shutdownNow();
        execute("ip", "netns", "delete", name);
    }
}
