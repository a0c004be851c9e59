package dev.landfall.ecs.shift;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.ecs.deployment.ServiceRevisionRow;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.ResolvedConfiguration;
import software.amazon.awssdk.services.ecs.model.ServiceRevisionLoadBalancer;

/** Notes which target groups green's tasks are for, in the revision that is deployed, or what stands against it. */
final class ResolveTraffic {
    private ResolveTraffic() {}

    /** @param rules as they were seen for {@code seen}, by their ARNs; those that do not exist are left out */
    static Decision<Void> decide(Image image, ShiftRow seen, SortedMap<String, RuleSeen> rules) {
        Optional<ShiftRow> found = Shifts.unchanged(image, seen).filter(row -> !row.resolved());
        if (found.isEmpty()) {
            return Decision.of(null);
        }
        ShiftRow shift = found.get();
        var draft = new Draft(image);
        List<LoadBalancer> balancers = declared(image, shift);
        switch (Routes.of(balancers, occupied(image, shift), rules)) {
            case Routes.Found.Resolved(var routes) -> {
                draft.put(EcsTables.SHIFTS, shift.withRoutes(routes));
                revision(image, shift).ifPresent(row -> draft.put(EcsTables.SERVICE_REVISIONS, row.with(
                        row.revision().toBuilder().resolvedConfiguration(resolved(routes)).build())));
            }
            case Routes.Found.Invalid(var because) ->
                draft.put(EcsTables.SHIFTS, shift.with(shift.progress().withRefusal("because of " + because)));
        }
        return draft.reply(null);
    }

    /** Green's load balancers as its revision has them. */
    static List<LoadBalancer> declared(Image image, ShiftRow shift) {
        return revision(image, shift).map(row -> row.revision().loadBalancers()).orElse(List.of());
    }

    private static Optional<ServiceRevisionRow> revision(Image image, ShiftRow shift) {
        return image.get(EcsTables.SERVICE_REVISIONS,
                ServiceDeployments.revisionArn(shift.serviceArn(), shift.sides().green()));
    }

    private static SortedSet<String> occupied(Image image, ShiftRow shift) {
        var occupied = new TreeSet<String>();
        if (shift.sides().hasBlue()) {
            ServiceDeployments.balancers(image, shift.serviceArn(), shift.sides().blue()).forEach(
                    each -> occupied.add(each.targetGroupArn()));
        }
        return occupied;
    }

    private static ResolvedConfiguration resolved(List<Route> routes) {
        return ResolvedConfiguration.builder().loadBalancers(routes.stream().map(route ->
                ServiceRevisionLoadBalancer.builder().targetGroupArn(route.greenGroup())
                        .productionListenerRule(route.productionRule()).build()).toList()).build();
    }
}
