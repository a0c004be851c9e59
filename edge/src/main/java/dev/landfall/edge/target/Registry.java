package dev.landfall.edge.target;

import dev.landfall.edge.health.HealthChecks;
import dev.landfall.edge.health.Outcome;
import dev.landfall.edge.health.Standing;
import dev.landfall.edge.net.Transport;
import dev.landfall.protocol.edge.EdgeReport.State;
import dev.landfall.protocol.edge.EdgeReport.TargetHealth;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.protocol.edge.TargetGroup.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The target groups with their members, their health and their draining. Of the control thread; what event loops see of
 * it are the {@link Group}s.
 */
public final class Registry {
    /** How often it is seen whether a target that drains still has work: long after an event loop last chose it. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Transport transport;
    private final ScheduledExecutorService control;
    private final HealthChecks checks;
    private final Consumer<List<TargetHealth>> reports;
    private final Map<String, Entry> entries = new HashMap<>();

    /** @param reports is told of every change of health, at once */
    public Registry(
            Transport transport, ScheduledExecutorService control, Consumer<List<TargetHealth>> reports) {
        this.transport = transport;
        this.control = control;
        this.reports = reports;
        checks = new HealthChecks(transport, control);
    }

    private record Key(String id, int port, String address, long registeredMillis) {
        static Key of(Target target) {
            return new Key(target.id(), target.port(), target.address(), target.registeredMillis());
        }
    }

    private final class Entry {
        private final Group group;
        private TargetGroup configured;
        private boolean used;
        private boolean changing;
        private final Map<Key, Watched> members = new LinkedHashMap<>();

        Entry(TargetGroup configured) {
            this.configured = configured;
            group = new Group(configured);
        }

        /** Not while members are changed: who chooses in between must not find the old gone and the new not there. */
        void refresh() {
            if (changing) {
                return;
            }
            group.refresh(members.values().stream().map(watched -> watched.member).toList());
        }
    }

    private final class Watched {
        private final Entry entry;
        private final Member member;
        private Standing standing = Standing.REGISTERING;
        private Optional<HealthChecks.Running> running = Optional.empty();

        Watched(Entry entry, Target target) {
            this.entry = entry;
            member = new Member(entry.group, target, transport.loops());
        }

        void become(Standing next) {
            boolean tells = next.state() != standing.state() || !next.reason().equals(standing.reason())
                    || !next.description().equals(standing.description());
            boolean changes = next.state() != standing.state();
            standing = next;
            if (changes) {
                member.become(next.state(), System.nanoTime());
                entry.refresh();
                if (next.state() == State.UNHEALTHY && isNetwork(entry.configured)
                        && entry.group.settings().endsConnectionsWhenUnhealthy()) {
                    member.abort(transport);
                }
            }
            if (tells) {
                reports.accept(List.of(health()));
            }
        }

        TargetHealth health() {
            return new TargetHealth(entry.group.arn(), member.target().id(), member.target().port(),
                    standing.state(), standing.reason(), standing.description());
        }

        /** Begins, ends or begins anew to check, as the group now wants it. */
        void check() {
            stop();
            if (standing.state() == State.DRAINING) {
                return;
            }
            if (!entry.used) {
                become(Standing.UNUSED);
            } else if (!entry.configured.healthCheck().enabled()) {
                become(Standing.UNCHECKED);
            } else {
                if (standing.state() != State.HEALTHY && standing.state() != State.UNHEALTHY) {
                    become(Standing.INITIAL);
                }
                try {
                    running = Optional.of(checks.start(member.address(), entry.configured, this::checked));
                } catch (IllegalArgumentException e) {
                    become(Standing.UNUSABLE);
                }
            }
        }

        void checked(Outcome outcome) {
            var check = entry.configured.healthCheck();
            become(standing.after(outcome, check.healthyThresholdCount(), check.unhealthyThresholdCount()));
        }

        void stop() {
            running.ifPresent(HealthChecks.Running::stop);
            running = Optional.empty();
        }

        /**
         * No new requests from now on; what is under way has the whole delay, even if it is told late. Who has the
         * target stopped waits for that.
         */
        void drain() {
            stop();
            if (standing.state() == State.DRAINING) {
                return;
            }
            become(Standing.DRAINING);
            member.drain(transport);
            GroupSettings settings = entry.group.settings();
            if (!isNetwork(entry.configured) || settings.endsConnectionsAfterDelay()) {
                leave(System.nanoTime() + TimeUnit.SECONDS.toNanos(settings.deregistrationDelaySeconds()));
            }
        }

        /**
         * Ends what is still under way when the delay is over. AWS too waits no longer than there is something; who is
         * not waited for need not be remembered.
         */
        private void leave(long dueNanos) {
            long left = dueNanos - System.nanoTime();
            if (left <= 0) {
                control.execute(() -> member.abort(transport));     // not before nobody can choose it any more
            } else {
                control.schedule(() -> {
                    if (member.outstanding() > 0) {
                        leave(dueNanos);
                    }
                }, Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS);
            }
        }
    }

    private static boolean isNetwork(TargetGroup group) {
        return group.protocol() != TargetGroup.Protocol.HTTP && group.protocol() != TargetGroup.Protocol.HTTPS;
    }

    /** The group of that ARN; one that has not been described yet is there, without targets. */
    public Group group(String arn) {
        return entries.computeIfAbsent(arn, absent -> new Entry(unknown(absent))).group;
    }

    private static TargetGroup unknown(String arn) {
        return new TargetGroup(arn, "unknown", TargetGroup.Protocol.HTTP, TargetGroup.ProtocolVersion.HTTP1,
                TargetGroup.TargetType.IP,
                new TargetGroup.HealthCheck(false, TargetGroup.Protocol.HTTP, null, null, 30, 5, 5, 2, ""),
                Map.of(), List.of());
    }

    /** @param used the groups that some listener forwards to: only their targets are checked */
    public void apply(List<TargetGroup> groups, Set<String> used) {
        var seen = new HashMap<String, TargetGroup>();
        groups.forEach(group -> seen.put(group.arn(), group));
        for (TargetGroup group : groups) {
            apply(entries.computeIfAbsent(group.arn(), absent -> new Entry(group)), group,
                    used.contains(group.arn()));
        }
        for (var known : List.copyOf(entries.entrySet())) {
            if (!seen.containsKey(known.getKey())) {
                apply(known.getValue(), unknown(known.getKey()), used.contains(known.getKey()));
                if (!used.contains(known.getKey())) {
                    entries.remove(known.getKey());
                }
            }
        }
    }

    private void apply(Entry entry, TargetGroup group, boolean used) {
        TargetGroup old = entry.configured;
        boolean fresh = entry.members.isEmpty() && !group.targets().isEmpty();
        if (old.equals(group) && entry.used == used && !fresh) {
            return;
        }
        boolean recheck = entry.used != used || !old.healthCheck().equals(group.healthCheck())
                || old.protocolVersion() != group.protocolVersion() || old.protocol() != group.protocol();
        entry.configured = group;
        entry.used = used;
        entry.group.settings(GroupSettings.of(group));
        entry.changing = true;
        try {
            change(entry, group, recheck);
        } finally {
            entry.changing = false;
        }
        // Before they can be chosen.
        if (used && entry.group.settings().preservesClientAddress() && !entry.members.isEmpty()) {
            transport.clientAddresses().expect(entry.members.values().stream()
                    .map(watched -> watched.member.address().getAddress()).toList());
        }
        entry.refresh();
    }

    private void change(Entry entry, TargetGroup group, boolean recheck) {
        var wanted = new LinkedHashMap<Key, Target>();
        group.targets().forEach(target -> wanted.put(Key.of(target), target));
        for (var present : List.copyOf(entry.members.entrySet())) {
            Target target = wanted.get(present.getKey());
            Watched watched = present.getValue();
            if (target == null) {
                entry.members.remove(present.getKey());
                watched.drain();
            } else if (target.draining()) {
                watched.drain();
            } else if (watched.standing.state() == State.DRAINING) {
                entry.members.remove(present.getKey());     // registered again: it begins anew
            } else if (recheck) {
                watched.check();
            }
        }
        wanted.forEach((key, target) -> {
            if (!entry.members.containsKey(key)) {
                add(entry, key, target);
            }
        });
    }

    /** A target whose address is none concerns nobody else. */
    private void add(Entry entry, Key key, Target target) {
        Watched watched;
        try {
            watched = new Watched(entry, target);
        } catch (IllegalArgumentException e) {
            reports.accept(List.of(unusable(entry.configured, target)));
            return;
        }
        entry.members.put(key, watched);
        if (target.draining()) {
            watched.drain();
        } else {
            watched.check();
        }
    }

    private static TargetHealth unusable(TargetGroup group, Target target) {
        return new TargetHealth(group.arn(), target.id(), target.port(), Standing.UNUSABLE.state(),
                Standing.UNUSABLE.reason(), Standing.UNUSABLE.description());
    }

    /** The health of all registered targets. */
    public List<TargetHealth> health() {
        var all = new ArrayList<TargetHealth>();
        for (Entry entry : entries.values()) {
            entry.members.values().forEach(watched -> all.add(watched.health()));
            entry.configured.targets().stream().filter(target -> !entry.members.containsKey(Key.of(target)))
                    .forEach(target -> all.add(unusable(entry.configured, target)));
        }
        return all;
    }

    /** Ends all checks. */
    public void stop() {
        entries.values().forEach(entry -> entry.members.values().forEach(Watched::stop));
    }
}
