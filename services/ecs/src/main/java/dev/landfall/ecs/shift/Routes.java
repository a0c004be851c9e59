package dev.landfall.ecs.shift;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.AdvancedConfiguration;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;

/**
 * Finds out which of the two target groups of each load balancer is blue and which is green: blue is the one that blue's
 * tasks are in, or where that says nothing, the one that has the production traffic. Reads nothing but its arguments.
 */
final class Routes {
    private static final String INVALID = "invalid networking configuration. ";

    private Routes() {}

    sealed interface Found {
        record Resolved(List<Route> routes) implements Found {}

        /** @param because in ECS's words (ECS Developer Guide, Troubleshooting Amazon ECS blue/green deployments) */
        record Invalid(String because) implements Found {}
    }

    /** What load balancers with advanced settings name, as far as they do. */
    static String testRule(LoadBalancer balancer) {
        return Optional.ofNullable(balancer.advancedConfiguration().testListenerRule()).orElse("");
    }

    static Stream<String> rules(LoadBalancer balancer) {
        return Stream.of(balancer.advancedConfiguration().productionListenerRule(), testRule(balancer))
                .filter(arn -> !arn.isEmpty());
    }

    /**
     * @param occupied the target groups that blue's tasks are in; none where there is no blue
     * @param rules those that the load balancers name and that exist, by their ARNs
     */
    static Found of(List<LoadBalancer> balancers, SortedSet<String> occupied, SortedMap<String, RuleSeen> rules) {
        var routes = new ArrayList<Route>();
        for (LoadBalancer balancer : balancers) {
            Optional<String> wrong = wrong(balancer, occupied, rules);
            if (wrong.isPresent()) {
                return new Found.Invalid(wrong.get());
            }
            routes.add(route(balancer, occupied, rules));
        }
        return new Found.Resolved(routes);
    }

    private static Route route(
            LoadBalancer balancer, SortedSet<String> occupied, SortedMap<String, RuleSeen> rules) {
        AdvancedConfiguration advanced = balancer.advancedConfiguration();
        String first = balancer.targetGroupArn();
        String second = advanced.alternateTargetGroupArn();
        RuleSeen production = rules.get(advanced.productionListenerRule());
        boolean blueIsSecond = occupied.contains(first) != occupied.contains(second) ? occupied.contains(second)
                : production.percent(second) > production.percent(first);
        return new Route(production.arn(), testRule(balancer),
                blueIsSecond ? second : first, blueIsSecond ? first : second);
    }

    private static Optional<String> wrong(
            LoadBalancer balancer, SortedSet<String> occupied, SortedMap<String, RuleSeen> rules) {
        if (rules(balancer).anyMatch(arn -> !rules.containsKey(arn))) {
            return Optional.of(INVALID + "One or more rules not found");
        }
        AdvancedConfiguration advanced = balancer.advancedConfiguration();
        List<String> groups = List.of(balancer.targetGroupArn(), advanced.alternateTargetGroupArn());
        RuleSeen production = rules.get(advanced.productionListenerRule());
        Optional<RuleSeen> test = Optional.ofNullable(rules.get(testRule(balancer)));
        boolean network = !production.arn().contains(":listener-rule/");
        if (!network && test.isEmpty() && !groups.stream().allMatch(production::names)) {
            return Optional.of(INVALID + "For Application LoadBalancer, testListenerRule is required when "
                    + "productionListenerRule is not associated with both targetGroup and alternateTargetGroup");
        }
        Optional<String> stray = groups.stream().filter(group -> !network && !production.names(group)
                && test.filter(rule -> rule.names(group)).isEmpty()).findFirst();
        if (stray.isPresent()) {
            return Optional.of("invalid networking configuration: Target group " + stray.get() + " is not associated "
                    + "with either productionListenerRule or testListenerRule.");
        }
        boolean known = groups.stream().filter(occupied::contains).count() == 1;
        return known ? Optional.empty() : astray(production, groups);
    }

    /** What stands against finding blue by its traffic. */
    private static Optional<String> astray(RuleSeen production, List<String> groups) {
        List<String> serving = production.weights().entrySet().stream().filter(each -> each.getValue() > 0)
                .map(each -> each.getKey()).toList();
        if (serving.size() != 1) {
            return Optional.of(INVALID + "productionListenerRule " + production.arn() + " should have exactly one "
                    + "target group serving traffic but found " + serving.size()
                    + " target groups which are serving traffic");
        }
        return groups.contains(serving.getFirst()) ? Optional.empty()
                : Optional.of(INVALID + "Production listener rule is forwarding traffic to unexpected target group "
                        + serving.getFirst() + ". Expected traffic to be forwarded to either targetGroupArn: "
                        + groups.getFirst() + " or alternateTargetGroupArn: " + groups.getLast());
    }
}
