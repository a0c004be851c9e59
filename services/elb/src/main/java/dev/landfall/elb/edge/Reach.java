package dev.landfall.elb.edge;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * How far changes have come: in which version each was told, and which version each data plane has in effect. A change
 * has come to all when every data plane has said that a version with it is in effect. Until then some send requests
 * where they did before. Safe for any thread; not journaled, as after a restart everything is told anew.
 *
 * <p>What is asked for are targets that drain and load balancers, by {@link dev.landfall.elb.target.TargetRow#key} and
 * by ARN. What has not changed since the start was told in the first version.
 *
 * <p>A data plane that is away, or connected and silent, goes on with what it has, and is waited for: but only so long
 * as {@link #PATIENCE}, as it may be gone for good, with its machine.
 */
public final class Reach {
    /**
     * A data plane notices within 35 seconds that its connection is dead, and connects again within three; what it then
     * is told takes effect at once.
     */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    /** In no version yet. */
    private static final long UNTOLD = Long.MAX_VALUE;

    private final InstantSource clock;
    private final long first;
    private final Map<String, Long> toldIn = new HashMap<>();
    private final Map<String, Plane> planes = new TreeMap<>();
    private final List<Runnable> followers = new CopyOnWriteArrayList<>();

    /** One data plane, in this process or another. Guarded by the reach. */
    private static final class Plane {
        private Optional<EdgeConnection> connection = Optional.empty();
        private long told;
        private long has;
        /** Since when it is away, or owes an answer. */
        private Instant since;

        Plane(Instant since) {
            this.since = since;
        }

        boolean waits() {
            return connection.isEmpty() || has < told;
        }

        boolean isLost(Instant now) {
            return waits() && !now.isBefore(since.plus(PATIENCE));
        }
    }

    /**
     * @param first the version of the first snapshot, which has all there is
     * @param known data planes that may be serving something older
     */
    Reach(InstantSource clock, long first, Collection<String> known) {
        this.clock = clock;
        this.first = first;
        known.forEach(id -> planes.put(id, new Plane(clock.instant())));
    }

    // ---- what is told ----

    /** These are not as they were told any more. */
    synchronized void changed(Collection<String> keys) {
        keys.forEach(key -> toldIn.put(key, UNTOLD));
    }

    /**
     * These are about to be told. To be called before the image is read that is told: what changes after that is untold
     * again.
     */
    synchronized void telling(Collection<String> keys, long version) {
        keys.forEach(key -> toldIn.put(key, version));
    }

    /** Nobody will ask for these again. */
    synchronized void gone(Collection<String> keys) {
        toldIn.keySet().removeAll(keys);
    }

    /** All that are connected are told that version. */
    synchronized void told(long version) {
        for (Plane plane : planes.values()) {
            if (plane.connection.isPresent()) {
                if (plane.has >= plane.told) {
                    plane.since = clock.instant();
                }
                plane.told = version;
            }
        }
    }

    // ---- what data planes say ----

    /** @param version that it is told first */
    synchronized void connected(String id, EdgeConnection connection, long version) {
        var plane = new Plane(clock.instant());
        plane.connection = Optional.of(connection);
        plane.told = version;
        planes.put(id, plane);
    }

    void inEffect(EdgeConnection connection, long version) {
        boolean further;
        synchronized (this) {
            long before = everywhere();
            planes.values().stream().filter(plane -> is(plane, connection)).forEach(plane -> {
                plane.has = Math.max(plane.has, version);
                plane.since = clock.instant();
            });
            further = settle() || before < first && everywhere() >= first;
        }
        if (further) {
            tell();
        }
    }

    /** It goes on with what it has, and may come back. */
    void disconnected(EdgeConnection connection) {
        synchronized (this) {
            planes.values().stream().filter(plane -> is(plane, connection)).forEach(plane -> {
                plane.connection = Optional.empty();
                plane.since = clock.instant();
            });
        }
        tell();     // there is something to wait for
    }

    /** It carries no traffic any more; its id. */
    Optional<String> ended(EdgeConnection connection) {
        Optional<String> id;
        synchronized (this) {
            id = planes.entrySet().stream().filter(each -> is(each.getValue(), connection)).map(Map.Entry::getKey)
                    .findFirst();
            id.ifPresent(planes::remove);
            settle();
        }
        tell();
        return id;
    }

    private static boolean is(Plane plane, EdgeConnection connection) {
        return plane.connection.filter(present -> present == connection).isPresent();
    }

    /** The data planes that are away and are not waited for any more. */
    public synchronized List<String> lost() {
        Instant now = clock.instant();
        return planes.entrySet().stream()
                .filter(each -> each.getValue().connection.isEmpty() && each.getValue().isLost(now))
                .map(Map.Entry::getKey).toList();
    }

    void forget(Collection<String> lost) {
        synchronized (this) {
            lost.forEach(planes::remove);
            settle();
        }
        tell();
    }

    /** What all data planes have need not be remembered by its name. */
    private boolean settle() {
        long all = everywhere();
        return toldIn.values().removeIf(version -> version <= all);
    }

    /** The newest version that all data planes have. */
    private long everywhere() {
        return planes.values().stream().mapToLong(plane -> plane.has).min().orElse(UNTOLD - 1);
    }

    private void tell() {
        followers.forEach(Runnable::run);
    }

    // ---- what others ask ----

    /** @param follower is told when {@link #reached} may have become true; must not block */
    public void follow(Runnable follower) {
        followers.add(follower);
    }

    /** Whether every data plane that is waited for has in effect what became of that target or load balancer. */
    public synchronized boolean reached(String key) {
        long version = toldIn.getOrDefault(key, first);
        Instant now = clock.instant();
        return planes.values().stream().allMatch(plane -> plane.has >= version || plane.isLost(now));
    }

    /** When a data plane that is waited for will have been waited for long enough, if none comes. */
    public synchronized Optional<Instant> patience() {
        Instant now = clock.instant();
        return planes.values().stream().filter(Plane::waits).map(plane -> plane.since.plus(PATIENCE))
                .filter(now::isBefore).min(Instant::compareTo);
    }
}
