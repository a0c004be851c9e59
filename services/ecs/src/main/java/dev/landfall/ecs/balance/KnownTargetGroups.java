package dev.landfall.ecs.balance;

import dev.landfall.ecs.Scope;
import dev.landfall.wire.Call;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.AdvancedConfiguration;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/** The target groups that a request names, as they were before it is decided on; others do not exist. */
public record KnownTargetGroups(SortedMap<String, TargetGroup> byArn) {
    public static final KnownTargetGroups NONE = new KnownTargetGroups(Collections.emptySortedMap());

    private static final int CALLER_MISTAKEN = 400;

    public KnownTargetGroups {
        byArn = Collections.unmodifiableSortedMap(new TreeMap<>(byArn));
    }

    /** Asks for those that the load balancers name, in the caller's scope. */
    public static KnownTargetGroups of(ElasticLoadBalancingV2Client elb, List<LoadBalancer> balancers) {
        var found = new TreeMap<String, TargetGroup>();
        balancers.stream().limit(LoadBalancerRules.MAX).flatMap(KnownTargetGroups::named).distinct()
                .forEach(arn -> find(elb, arn).ifPresent(group -> found.put(arn, group)));
        return new KnownTargetGroups(found);
    }

    private static Stream<String> named(LoadBalancer balancer) {
        return Stream.of(Optional.ofNullable(balancer.targetGroupArn()),
                        Optional.ofNullable(balancer.advancedConfiguration())
                                .map(AdvancedConfiguration::alternateTargetGroupArn))
                .flatMap(Optional::stream).filter(arn -> !arn.isEmpty());
    }

    /** One at a time, since an ARN that does not exist fails the whole call. */
    private static Optional<TargetGroup> find(ElasticLoadBalancingV2Client elb, String arn) {
        try {
            return elb.describeTargetGroups(request -> request.targetGroupArns(arn)).targetGroups().stream()
                    .filter(group -> arn.equals(group.targetGroupArn())).findFirst();
        } catch (ElasticLoadBalancingV2Exception e) {
            if (e.statusCode() == CALLER_MISTAKEN) { // not there, or no ARN at all
                return Optional.empty();
            }
            throw e;
        }
    }

    Optional<TargetGroup> get(String arn) {
        return Optional.ofNullable(byArn.get(arn));
    }

    /** For what is done for a resource without a caller. */
    static Call callFor(Scope scope) {
        return new Call("service-targets", scope.accountId(), scope.region(), "landfall");
    }
}
