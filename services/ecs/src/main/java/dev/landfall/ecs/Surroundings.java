package dev.landfall.ecs;

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
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/**
 * What ECS is handed beside its own state.
 *
 * @param alarms knows the alarms that fail deployments
 * @param events is told of everything that changes; nobody where it is empty
 * @param capacity what happens to capacity that is taken back or lost
 * @param balancers has the target groups that services' tasks are registered with
 * @param propagation how far changes of the balancers have come
 * @param hooks calls the targets of deployments' lifecycle hooks
 * @param certificates issues those of Express services, which there are none of where it is empty
 * @param beginning what works by itself waits for this: callers are answered first
 */
public record Surroundings(CloudWatchClient alarms, Optional<EventBridgeClient> events, CapacityPolicy capacity,
        ElasticLoadBalancingV2Client balancers, Propagation propagation, HookCaller hooks,
        Optional<AcmClient> certificates, Future<?> beginning) {
    /** No alarms, nobody to tell, capacity as in AWS, and no target groups, hooks and certificates. */
    public static final Surroundings NONE = new Surroundings(
            new NoAlarms(), Optional.empty(), CapacityPolicy.AS_AWS, new NoLoadBalancers(),
            Propagation.IMMEDIATE, HookCaller.NOBODY, Optional.empty(), CompletableFuture.completedFuture(null));

    public Surroundings with(CloudWatchClient nextAlarms) {
        return new Surroundings(nextAlarms, events, capacity, balancers, propagation, hooks, certificates, beginning);
    }

    public Surroundings with(EventBridgeClient nextEvents) {
        return new Surroundings(alarms, Optional.of(nextEvents), capacity, balancers, propagation, hooks, certificates,
                beginning);
    }

    public Surroundings with(CapacityPolicy nextCapacity) {
        return new Surroundings(
                alarms, events, nextCapacity, balancers, propagation, hooks, certificates, beginning);
    }

    public Surroundings with(ElasticLoadBalancingV2Client nextBalancers) {
        return new Surroundings(alarms, events, capacity, nextBalancers, propagation, hooks, certificates, beginning);
    }

    public Surroundings with(Propagation nextPropagation) {
        return new Surroundings(alarms, events, capacity, balancers, nextPropagation, hooks, certificates, beginning);
    }

    public Surroundings with(HookCaller nextHooks) {
        return new Surroundings(alarms, events, capacity, balancers, propagation, nextHooks, certificates, beginning);
    }

    public Surroundings with(AcmClient nextCertificates) {
        return new Surroundings(
                alarms, events, capacity, balancers, propagation, hooks, Optional.of(nextCertificates), beginning);
    }

    /** What works by itself begins when that is done, and never if that fails. */
    public Surroundings after(Future<?> nextBeginning) {
        return new Surroundings(
                alarms, events, capacity, balancers, propagation, hooks, certificates, nextBeginning);
    }
}
