package dev.landfall.edge.target;

import dev.landfall.edge.net.Loop;
import dev.landfall.edge.net.Transport;
import dev.landfall.protocol.edge.EdgeReport.State;
import dev.landfall.protocol.edge.TargetGroup.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * A registered target as the data plane sees it: one object for as long as it is registered, so that connections and
 * counts outlive every change of configuration. The control thread writes the state; event loops read it.
 */
public final class Member {
    private final Group group;
    private final Target target;
    private final InetSocketAddress address;
    private final String stickyKey;
    private final AtomicInteger outstanding = new AtomicInteger();
    private final AtomicReferenceArray<Connections> perLoop;
    private volatile State state = State.INITIAL;
    private volatile long slowStartSince;
    private volatile boolean slowStarting;

    /** @throws IllegalArgumentException if the target's address is none; nothing is looked up */
    Member(Group group, Target target, int loops) {
        this.group = group;
        this.target = target;
        address = new InetSocketAddress(InetAddress.ofLiteral(target.address()), target.port());
        stickyKey = key(group.arn() + " " + target.id() + " " + target.port());
        perLoop = new AtomicReferenceArray<>(loops);
    }

    /** Names a thing in a cookie without telling what it is. The same in every process. */
    static String key(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public Group group() {
        return group;
    }

    public Target target() {
        return target;
    }

    public InetSocketAddress address() {
        return address;
    }

    public String stickyKey() {
        return stickyKey;
    }

    public State state() {
        return state;
    }

    /** Requests under way. Of all loops. */
    public int outstanding() {
        return outstanding.get();
    }

    public void started() {
        outstanding.incrementAndGet();
    }

    public void ended() {
        outstanding.decrementAndGet();
    }

    /** This loop's connections to the target. */
    public Connections connections(Loop loop, Supplier<Connections> absent) {
        Connections present = perLoop.get(loop.index());
        if (present == null) {
            present = absent.get();
            perLoop.set(loop.index(), present);
        }
        return present;
    }

    /** Sets the state; a target that becomes healthy starts slowly where its group says so. */
    void become(State state, long nowNanos) {
        if (state == State.HEALTHY && this.state != State.HEALTHY && group.settings().slowStartSeconds() > 0) {
            slowStartSince = nowNanos;
            slowStarting = true;
        }
        this.state = state;
    }

    /** The share of its load that the target may have by now, of 1,000. */
    int shareOf1000(long nowNanos, int slowStartSeconds) {
        if (!slowStarting) {
            return 1_000;
        }
        long elapsedMillis = (nowNanos - slowStartSince) / 1_000_000;
        if (elapsedMillis >= slowStartSeconds * 1_000L) {
            slowStarting = false;
            return 1_000;
        }
        return (int) Math.max(10, elapsedMillis / slowStartSeconds);
    }

    boolean slowStarting() {
        return slowStarting;
    }

    /** On every loop that has connections: no more new work. */
    void drain(Transport transport) {
        for (int i = 0; i < perLoop.length(); i++) {
            int loop = i;
            transport.loop(i).events().execute(() -> {
                Connections connections = perLoop.get(loop);
                if (connections != null) {
                    connections.drain();
                }
            });
        }
    }

    /** On every loop that has connections: the end. */
    void abort(Transport transport) {
        for (int i = 0; i < perLoop.length(); i++) {
            int loop = i;
            transport.loop(i).events().execute(() -> {
                Connections connections = perLoop.get(loop);
                if (connections != null) {
                    connections.abort();
                }
            });
        }
    }

    @Override
    public String toString() {
        return target.id() + ":" + target.port();
    }
}
