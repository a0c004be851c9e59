package dev.landfall.edge.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Ground;
import dev.landfall.protocol.edge.EdgeReport.State;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.protocol.edge.TargetGroup.Target;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may be chosen, by health and by the group's settings; and how slowly a new target starts. */
class CandidatesTest {
    private static final String HEALTH = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.";

    private static Group group(Map<String, String> attributes) {
        return new Group(new TargetGroup("tg", "tg", TargetGroup.Protocol.HTTP, null, TargetGroup.TargetType.IP,
                Ground.UNCHECKED, attributes, List.of()));
    }

    private static List<Member> members(Group group, String states) {
        return IntStream.range(0, states.length()).mapToObj(i -> {
            var member = new Member(group, new Target("t" + i, "127.0.0.1", 1_000 + i, ""), 1);
            member.become(switch (states.charAt(i)) {
                case 'h' -> State.HEALTHY;
                case 'u' -> State.UNHEALTHY;
                case 'i' -> State.INITIAL;
                case 'd' -> State.DRAINING;
                default -> State.UNAVAILABLE;
            }, 0);
            return member;
        }).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "hhh, count, 1, t0 t1 t2", "huu, count, 1, t0", "huu, count, 2, t0 t1 t2", "hhu, count, 2, t0 t1",
        "uuu, count, 1, t0 t1 t2", "uid, count, 1, t0 t1", "ddd, count, 1, ''", "hiu, count, 1, t0",
        "aau, count, 1, t0 t1",
        "huuu, percentage, 50, t0 t1 t2 t3", "hhuu, percentage, 50, t0 t1", "h, count, 5, t0", "hd, count, off, t0"})
    void failOpen(String states, String key, String value, String expected) {
        Group group = group(Map.of(HEALTH + key, value));
        Candidates candidates = Candidates.of(members(group, states), group.settings());
        assertThat(String.join(" ", List.of(candidates.all()).stream().map(member -> member.target().id()).toList()))
                .isEqualTo(expected);
    }

    @Test
    void aNewTargetStartsSlowly() {
        Group group = group(Map.of("slow_start.duration_seconds", "30"));
        var member = new Member(group, new Target("t", "127.0.0.1", 1, ""), 1);
        assertThat(member.shareOf1000(0, 30)).isEqualTo(1_000);
        member.become(State.HEALTHY, 0);
        assertThat(member.shareOf1000(TimeUnit.SECONDS.toNanos(3), 30)).isEqualTo(100);
        assertThat(member.shareOf1000(TimeUnit.SECONDS.toNanos(15), 30)).isEqualTo(500);
        assertThat(member.shareOf1000(TimeUnit.SECONDS.toNanos(30), 30)).isEqualTo(1_000);
        member.become(State.UNHEALTHY, TimeUnit.SECONDS.toNanos(40));
        member.become(State.HEALTHY, TimeUnit.SECONDS.toNanos(50));
        assertThat(member.shareOf1000(TimeUnit.SECONDS.toNanos(53), 30)).isEqualTo(100);
    }

    @Test
    void fewClientsMoveWhenATargetGoes() {
        Group group = group(Map.of());
        List<Member> all = members(group, "hhhhh");
        group.refresh(all);
        var before = IntStream.range(0, 1_000)
                .mapToObj(i -> group.byHash(i, "", GroupSettings.CrossZone.ON)).toList();
        group.refresh(all.subList(0, 4));
        for (int i = 0; i < before.size(); i++) {
            Member now = group.byHash(i, "", GroupSettings.CrossZone.ON);
            if (before.get(i) != all.get(4)) {
                assertThat(now).isSameAs(before.get(i));
            }
        }
        assertThat(before.stream().filter(member -> member == all.get(4)).count()).isBetween(140L, 260L);
    }
}
