package dev.landfall.edge.route;

import dev.landfall.edge.http.Head;
import dev.landfall.edge.target.Group;
import dev.landfall.protocol.edge.Rule;
import java.util.Optional;
import java.util.function.Function;

/** A rule, compiled. Immutable. */
public final class Route {
    private final String arn;
    private final Matcher[] matchers;
    private final Optional<Rewrites> rewrites;
    private final RouteAction action;

    private Route(String arn, Matcher[] matchers, Optional<Rewrites> rewrites, RouteAction action) {
        this.arn = arn;
        this.matchers = matchers;
        this.rewrites = rewrites;
        this.action = action;
    }

    /**
     * @param groups finds target groups by ARN
     * @throws IllegalArgumentException if a value of a condition or transform is none
     */
    public static Route of(Rule rule, Function<String, Group> groups) {
        Matcher[] matchers = rule.conditions().stream().map(Matcher::of).toArray(Matcher[]::new);
        return new Route(rule.arn(), matchers,
                rule.transforms().isEmpty() ? Optional.empty() : Optional.of(Rewrites.of(rule.transforms())),
                RouteAction.of(rule.action(), groups));
    }

    public boolean matches(Head head, byte[] client) {
        for (Matcher matcher : matchers) {
            if (!matcher.matches(head, client)) {
                return false;
            }
        }
        return true;
    }

    public String arn() {
        return arn;
    }

    public Optional<Rewrites> rewrites() {
        return rewrites;
    }

    public RouteAction action() {
        return action;
    }
}
