package dev.landfall.edge.target;

import dev.landfall.protocol.edge.EdgeReport.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who of a group's members may be chosen, worked out once for every change of members or health. Immutable.
 *
 * @param all of every zone
 * @param byZone those of one zone, with those that are in every zone
 * @param bySticky the same members by what cookies call them
 */
record Candidates(Member[] all, Map<String, Member[]> byZone, Map<String, Member> bySticky) {
    static final Candidates NONE = new Candidates(new Member[0], Map.of(), Map.of());

    static Candidates of(List<Member> members, GroupSettings settings) {
        List<Member> registered = members.stream().filter(member -> member.state() != State.DRAINING).toList();
        Map<String, List<Member>> zones = new HashMap<>();
        for (Member member : registered) {
            zones.computeIfAbsent(member.target().zone(), zone -> new ArrayList<>()).add(member);
        }
        Map<String, Member[]> byZone = new HashMap<>();
        List<Member> everywhere = zones.getOrDefault("", List.of());
        zones.forEach((zone, own) -> {
            var both = new ArrayList<>(own);
            if (!zone.isEmpty()) {
                both.addAll(everywhere);
            }
            byZone.put(zone, eligible(both, settings));
        });
        Map<String, Member> bySticky = new HashMap<>();
        Member[] all = eligible(registered, settings);
        for (Member member : all) {
            bySticky.put(member.stickyKey(), member);
        }
        return new Candidates(all, Map.copyOf(byZone), Map.copyOf(bySticky));
    }

    /**
     * The healthy ones, or all when fewer are healthy than the group demands (AWS: fail open). A group without health
     * checks counts as healthy.
     */
    private static Member[] eligible(List<Member> registered, GroupSettings settings) {
        Member[] healthy = registered.stream()
                .filter(member -> member.state() == State.HEALTHY || member.state() == State.UNAVAILABLE)
                .toArray(Member[]::new);
        boolean enough = healthy.length > 0
                && healthy.length >= Math.min(settings.minimumHealthyCount(), registered.size())
                && healthy.length * 100 >= settings.minimumHealthyPercent() * registered.size();
        return enough ? healthy : registered.toArray(Member[]::new);
    }

    /**
     * Those of a zone. Where AWS takes the address of a zone without targets out of its DNS name, there is nobody to go
     * elsewhere: its clients get the targets of other zones.
     */
    Member[] in(String zone) {
        Member[] own = byZone.getOrDefault(zone, byZone.getOrDefault("", NONE.all()));
        return own.length > 0 ? own : all;
    }
}
