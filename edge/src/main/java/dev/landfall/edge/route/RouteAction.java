package dev.landfall.edge.route;

import dev.landfall.edge.net.Loop;
import dev.landfall.edge.target.Group;
import dev.landfall.protocol.edge.Action;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/** What a rule does, compiled. */
public sealed interface RouteAction {
    /** @param stickinessSeconds 0: target group stickiness is off */
    record Forward(Group[] groups, int[] upTo, int stickinessSeconds) implements RouteAction {
        /** Groups by chance, as their weights say; null when all weigh nothing. */
        public Group choose(Loop loop) {
            int total = upTo[upTo.length - 1];
            if (groups.length == 1) {
                return total == 0 ? null : groups[0];
            }
            if (total == 0) {
                return null;
            }
            int point = loop.random(total);
            for (int i = 0; i < upTo.length; i++) {
                if (point < upTo[i]) {
                    return groups[i];
                }
            }
            throw new IllegalStateException("weights do not add up");
        }

        /** The group a cookie names, unless it has no weight any more; null otherwise. */
        public Group sticky(String key) {
            for (int i = 0; i < groups.length; i++) {
                boolean weighs = upTo[i] > (i == 0 ? 0 : upTo[i - 1]);
                if (weighs && groups[i].stickyKey().equals(key)) {
                    return groups[i];
                }
            }
            return null;
        }
    }

    record Redirect(RedirectTarget target) implements RouteAction {}

    record Fixed(int status, String contentType, byte[] body) implements RouteAction {}

    static RouteAction of(Action action, Function<String, Group> groups) {
        return switch (action) {
            case Action.Forward forward -> forward(forward, groups);
            case Action.Redirect redirect -> new Redirect(RedirectTarget.of(redirect));
            case Action.FixedResponse(var status, var type, var body) -> new Fixed(Integer.parseInt(status),
                    type.isEmpty() ? "text/plain" : OneLine.of(type), body.getBytes(StandardCharsets.UTF_8));
        };
    }

    private static Forward forward(Action.Forward forward, Function<String, Group> groups) {
        List<Action.WeightedGroup> weighted = forward.targetGroups();
        var upTo = new int[weighted.size()];
        int sum = 0;
        for (int i = 0; i < upTo.length; i++) {
            // A single group has all of the traffic, whatever its weight; AWS's default for it is 1.
            sum += upTo.length == 1 ? 1 : weighted.get(i).weight();
            upTo[i] = sum;
        }
        return new Forward(weighted.stream().map(group -> groups.apply(group.targetGroupArn())).toArray(Group[]::new),
                upTo, forward.stickinessSeconds());
    }
}
