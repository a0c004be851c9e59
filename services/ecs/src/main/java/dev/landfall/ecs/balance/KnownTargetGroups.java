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
import software.amazon.awssdk.services.elasticloadbalancing.ElasticLoadBalancingClient;
import software.amazon.awssdk.services.elasticloadbalancing.model.ElasticLoadBalancingException;
import software.amazon.awssdk.services.elasticloadbalancing.model.LoadBalancerDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/**
 * The target groups and Classic Load Balancers that a request names, as they were before it is decided on; others do
 * not exist.
 */
public record KnownTargetGroups(
        SortedMap<String, TargetGroup> byArn, SortedMap<String, LoadBalancerDescription> classicByName) {
    public static final KnownTargetGroups NONE = new KnownTargetGroups(Collections.emptySortedMap());

    private static final int CALLER_MISTAKEN = 400;

    public KnownTargetGroups {
        byArn = Collections.unmodifiableSortedMap(new TreeMap<>(byArn));
        classicByName = Collections.unmodifiableSortedMap(new TreeMap<>(classicByName));
    }

    /** Where there is no Classic Load Balancer. */
    public KnownTargetGroups(SortedMap<String, TargetGroup> byArn) {
        this(byArn, Collections.emptySortedMap());
    }

    /** Asks for those that the load balancers name, in the caller's scope. */
    public static KnownTargetGroups of(ElasticLoadBalancingV2Client elb, ElasticLoadBalancingClient classicElb,
            List<LoadBalancer> balancers) {
        var found = new TreeMap<String, TargetGroup>();
        balancers.stream().limit(LoadBalancerRules.MAX).flatMap(KnownTargetGroups::named).distinct()
                .forEach(arn -> find(elb, arn).ifPresent(group -> found.put(arn, group)));
        var classic = new TreeMap<String, LoadBalancerDescription>();
        balancers.stream().limit(LoadBalancerRules.MAX).flatMap(each -> Stream.ofNullable(each.loadBalancerName()))
                .filter(name -> !name.isEmpty()).distinct()
                .forEach(name -> find(classicElb, name).ifPresent(balancer -> classic.put(name, balancer)));
        return new KnownTargetGroups(found, classic);
    }

    private static Optional<LoadBalancerDescription> find(ElasticLoadBalancingClient elb, String name) {
        try {
            return elb.describeLoadBalancers(request -> request.loadBalancerNames(name))
                    .loadBalancerDescriptions().stream().findFirst();
        } catch (ElasticLoadBalancingException e) {
            if (e.statusCode() == CALLER_MISTAKEN) {
                return Optional.empty();
            }
            throw e;
        }
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

    Optional<LoadBalancerDescription> classic(String name) {
        return Optional.ofNullable(classicByName.get(name));
    }

    /** For what is done for a resource without a caller. */
    static Call callFor(Scope scope) {
        return new Call("service-targets", scope.accountId(), scope.region(), "landfall");
    }
}
