package dev.landfall.ecs;

import dev.landfall.ecs.balance.NoClassicLoadBalancers;
import dev.landfall.ecs.balance.NoLoadBalancers;
import dev.landfall.ecs.balance.Propagation;
import dev.landfall.ecs.capacity.CapacityPolicy;
import dev.landfall.ecs.deployment.NoAlarms;
import dev.landfall.ecs.shift.HookCaller;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.elasticloadbalancing.ElasticLoadBalancingClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/**
 * What ECS is handed beside its own state.
 *
 * @param alarms knows the alarms that fail deployments
 * @param events is told of everything that changes; nobody where it is empty
 * @param capacity what happens to capacity that is taken back or lost
 * @param balancers has the target groups that services' tasks are registered with
 * @param classicBalancers has the Classic Load Balancers that services' instances are registered with
 * @param propagation how far changes of the balancers have come
 * @param hooks calls the targets of deployments' lifecycle hooks
 * @param certificates issues those of Express services, which there are none of where it is empty
 * @param beginning what works by itself waits for this: callers are answered first
 */
public record Surroundings(CloudWatchClient alarms, Optional<EventBridgeClient> events, CapacityPolicy capacity,
        ElasticLoadBalancingV2Client balancers, ElasticLoadBalancingClient classicBalancers, Propagation propagation,
        HookCaller hooks, Optional<AcmClient> certificates, Future<?> beginning) {
    /** No alarms, nobody to tell, capacity as in AWS, and no target groups, hooks and certificates. */
    public static final Surroundings NONE = new Surroundings(
            new NoAlarms(), Optional.empty(), CapacityPolicy.AS_AWS, new NoLoadBalancers(),
            new NoClassicLoadBalancers(), Propagation.IMMEDIATE, HookCaller.NOBODY, Optional.empty(),
            CompletableFuture.completedFuture(null));

    public Surroundings with(CloudWatchClient next) {
        return new Surroundings(next, events, capacity, balancers, classicBalancers,
                propagation, hooks, certificates, beginning);
    }

    public Surroundings with(EventBridgeClient next) {
        return new Surroundings(alarms, Optional.of(next), capacity, balancers, classicBalancers,
                propagation, hooks, certificates, beginning);
    }

    public Surroundings with(CapacityPolicy next) {
        return new Surroundings(alarms, events, next, balancers, classicBalancers,
                propagation, hooks, certificates, beginning);
    }

    public Surroundings with(ElasticLoadBalancingV2Client next) {
        return new Surroundings(alarms, events, capacity, next, classicBalancers,
                propagation, hooks, certificates, beginning);
    }

    public Surroundings with(ElasticLoadBalancingClient next) {
        return new Surroundings(alarms, events, capacity, balancers, next,
                propagation, hooks, certificates, beginning);
    }

    public Surroundings with(Propagation next) {
        return new Surroundings(alarms, events, capacity, balancers, classicBalancers,
                next, hooks, certificates, beginning);
    }

    public Surroundings with(HookCaller next) {
        return new Surroundings(alarms, events, capacity, balancers, classicBalancers,
                propagation, next, certificates, beginning);
    }

    public Surroundings with(AcmClient next) {
        return new Surroundings(alarms, events, capacity, balancers, classicBalancers,
                propagation, hooks, Optional.of(next), beginning);
    }

    /** What works by itself begins when that is done, and never if that fails. */
    public Surroundings after(Future<?> next) {
        return new Surroundings(alarms, events, capacity, balancers, classicBalancers,
                propagation, hooks, certificates, next);
    }
}
