package dev.landfall.edge.target;

import dev.landfall.edge.net.Loop;
import dev.landfall.protocol.edge.TargetGroup;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A target group as the data plane sees it: one object for as long as the group exists, which rules point to, so that a
 * change of its targets or their health touches no rule. The control thread writes; event loops choose.
 */
public final class Group {
    private final String arn;
    private final String stickyKey;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile GroupSettings settings;
    private volatile Candidates candidates = Candidates.NONE;
    private volatile boolean slowStarting;

    public Group(TargetGroup group) {
        arn = group.arn();
        stickyKey = Member.key(arn);
        settings = GroupSettings.of(group);
    }

    public String arn() {
        return arn;
    }

    public String stickyKey() {
        return stickyKey;
    }

    public GroupSettings settings() {
        return settings;
    }

    void settings(GroupSettings settings) {
        this.settings = settings;
    }

    /** Takes a new look at who may be chosen. */
    void refresh(List<Member> members) {
        slowStarting = members.stream().anyMatch(Member::slowStarting);
        candidates = Candidates.of(members, settings);
    }

    /** Whether nobody could be chosen. */
    public boolean empty() {
        return candidates.all().length == 0;
    }

    /** The member a cookie names, if it may still be chosen; null otherwise. */
    public Member sticky(String key) {
        return candidates.bySticky().get(key);
    }

    /**
     * The member for the next request; null if there is none.
     *
     * @param zone the zone of the address the client came to; only its members are chosen unless zones are crossed
     */
    public Member choose(Loop loop, String zone, GroupSettings.CrossZone balancer) {
        GroupSettings now = settings;
        GroupSettings.CrossZone cross =
                now.crossZone() == GroupSettings.CrossZone.AS_THE_BALANCER ? balancer : now.crossZone();
        Candidates current = candidates;
        Member[] from = cross == GroupSettings.CrossZone.OFF && !zone.isEmpty() ? current.in(zone) : current.all();
        if (from.length <= 1) {
            return from.length == 0 ? null : from[0];
        }
        return switch (now.algorithm()) {
            case LEAST_OUTSTANDING_REQUESTS -> leastOutstanding(loop, from);
            case ROUND_ROBIN -> slowStarting ? slowly(loop, from, now) : from[next(from.length)];
            case WEIGHTED_RANDOM -> slowStarting ? slowly(loop, from, now) : from[loop.random(from.length)];
        };
    }

    /** The member that a hash of the client names. Few clients move when members come and go (rendezvous hashing). */
    public Member byHash(long hash, String zone, GroupSettings.CrossZone balancer) {
        GroupSettings.CrossZone cross = settings.crossZone() == GroupSettings.CrossZone.AS_THE_BALANCER
                ? balancer : settings.crossZone();
        Candidates current = candidates;
        Member[] from = cross == GroupSettings.CrossZone.OFF && !zone.isEmpty() ? current.in(zone) : current.all();
        Member best = null;
        long highest = Long.MIN_VALUE;
        for (Member member : from) {
            long score = mix(hash ^ member.stickyKey().hashCode() * 0x9E3779B97F4A7C15L);
            if (best == null || score > highest) {
                best = member;
                highest = score;
            }
        }
        return best;
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    private int next(int bound) {
        return (turn.getAndIncrement() & Integer.MAX_VALUE) % bound;
    }

    /** From a random place on, so that ties go to all alike. */
    private static Member leastOutstanding(Loop loop, Member[] from) {
        int start = loop.random(from.length);
        Member best = from[start];
        for (int i = 1; i < from.length && best.outstanding() > 0; i++) {
            Member other = from[(start + i) % from.length];
            if (other.outstanding() < best.outstanding()) {
                best = other;
            }
        }
        return best;
    }

    /** A member in its slow start is passed over as often as it is not yet entitled to its share. */
    private Member slowly(Loop loop, Member[] from, GroupSettings now) {
        long nanos = System.nanoTime();
        boolean anySlow = false;
        for (int i = 0; i < from.length; i++) {
            Member member = from[next(from.length)];
            int share = member.shareOf1000(nanos, now.slowStartSeconds());
            anySlow |= share < 1_000;
            if (share >= 1_000 || loop.random(1_000) < share) {
                return member;
            }
        }
        slowStarting = anySlow;
        return from[next(from.length)];
    }
}
