package dev.landfall.ecs.shift;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.balance.Propagation;
import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.Write;
import dev.landfall.wire.Call;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;

/**
 * What has traffic go where shifts want it, without threads and timers. A look compares what the rules of listeners do
 * with what they are to do, changes what differs, and says so once it has seen the change and no traffic goes
 * elsewhere any more; none depends on those before it, so that a control plane may die at any point of one.
 */
public final class TrafficLooks {
    /** When to look again where a change has not been seen yet. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private static final int CALLER_MISTAKEN = 400;

    private final Decisions decisions;
    private final ElasticLoadBalancingV2Client elb;
    private final Propagation propagation;

    /** @param propagation says when a change is more than told */
    public TrafficLooks(Decisions decisions, ElasticLoadBalancingV2Client elb, Propagation propagation) {
        this.decisions = decisions;
        this.elb = elb;
        this.propagation = propagation;
    }

    /** The services to look at after a commit, by their ARNs. */
    public Set<String> concerned(Commit commit) {
        var concerned = new LinkedHashSet<String>();
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, ShiftRow row) && moving(row)) {
                concerned.add(row.serviceArn());
            }
        }
        return concerned;
    }

    /** The ARNs of all services whose traffic may have to go elsewhere. */
    public List<String> all() {
        return decisions.image().all(EcsTables.SHIFTS).stream().filter(TrafficLooks::moving)
                .map(ShiftRow::serviceArn).toList();
    }

    private static boolean moving(ShiftRow shift) {
        boolean asks = shift.stage().forward() && !shift.resolved();
        boolean moves = shift.resolved() && shift.shiftsTraffic() && !shift.progress().trafficSeen();
        return shift.progress().refusal().isEmpty() && (asks || moves);
    }

    /**
     * Has the service's traffic go where it is to go now; when to look again, where only time will tell.
     *
     * @throws ElasticLoadBalancingV2Exception if the load balancers do not answer
     */
    public Optional<Duration> look(String serviceArn) {
        Optional<ShiftRow> shift = Shifts.of(decisions.image(), serviceArn).filter(TrafficLooks::moving);
        if (shift.isEmpty()) {
            return Optional.empty();
        }
        Scope scope = Scope.of(serviceArn);
        try {
            return Call.as(new Call("service-traffic", scope.accountId(), scope.region(), "landfall"),
                    () -> look(shift.get()));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a look at the traffic of " + serviceArn + " failed", e);
        }
    }

    private Optional<Duration> look(ShiftRow shift) {
        var rules = new TrafficRules(elb);
        if (!shift.resolved()) {
            SortedMap<String, RuleSeen> seen = new TreeMap<>();
            ResolveTraffic.declared(decisions.image(), shift).stream().flatMap(Routes::rules).distinct()
                    .forEach(arn -> rules.seen(arn).ifPresent(rule -> seen.put(arn, rule)));
            decisions.submit((image, context) -> ResolveTraffic.decide(image, shift, seen));
            return Optional.empty();
        }
        try {
            boolean settled = true;
            for (Route route : shift.routes()) {
                settled &= moved(rules, shift, route);
            }
            if (!settled) {
                return Optional.of(AGAIN);
            }
            decisions.submit((image, context) -> ObserveTraffic.settled(image, shift));
            return Optional.empty();
        } catch (ElasticLoadBalancingV2Exception e) {
            if (e.statusCode() != CALLER_MISTAKEN) {
                throw e;
            }
            String why = e.awsErrorDetails() == null ? e.getMessage() : e.awsErrorDetails().errorMessage();
            decisions.submit((image, context) -> ObserveTraffic.refused(image, shift, why));
            return Optional.of(AGAIN);
        }
    }

    /** Whether all traffic of the route was seen to go where it is to go. */
    private boolean moved(TrafficRules rules, ShiftRow shift, Route route) {
        Wanted wanted = Wanted.of(shift, route);
        boolean production = wanted.production().isEmpty()
                || moved(rules, shift, route, route.productionRule(), wanted.production().getAsDouble());
        boolean test = wanted.test().isEmpty()
                || moved(rules, shift, route, route.testRule(), wanted.test().getAsDouble());
        return production && test;
    }

    private boolean moved(TrafficRules rules, ShiftRow shift, Route route, String arn, double percent) {
        Optional<RuleSeen> seen = rules.shift(arn, route.blueGroup(), route.greenGroup(), percent);
        if (seen.isEmpty() && shift.stage().forward()) {
            decisions.submit((image, context) ->
                    ObserveTraffic.refused(image, shift, "One or more rules not found"));
            return false;
        }
        // A rule that is gone has no traffic that could go back.
        return seen.isEmpty()
                || TrafficRules.shifted(seen.get(), route.blueGroup(), route.greenGroup(), percent)
                        && propagation.inEffect(arn);
    }
}
