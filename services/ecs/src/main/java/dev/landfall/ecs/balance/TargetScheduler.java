package dev.landfall.ecs.balance;

import dev.landfall.ecs.Background;
import dev.landfall.state.Decisions;
import dev.landfall.state.KeyedQueue;
import software.amazon.awssdk.services.elasticloadbalancing.ElasticLoadBalancingClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/**
 * Keeps the targets of target groups as services' tasks are: looks at a group whenever a task with a target in it or
 * one of its targets changed, again and again while there are some, and in a slow pass over all. These are the threads;
 * what a look is stands in {@link TargetLooks}.
 */
public final class TargetScheduler implements AutoCloseable {
    /** Looks wait for another service; one that is slow with a group must not hold up the others. */
    private static final int WORKERS = 4;

    private final Background background;

    public TargetScheduler(Decisions decisions, ElasticLoadBalancingV2Client elb, ElasticLoadBalancingClient classic,
            Propagation propagation, Background background) {
        this.background = background;
        var looks = new TargetLooks(decisions, elb, classic);
        var queue = new KeyedQueue<String>();
        decisions.follow(commit -> looks.concerned(commit).forEach(queue::add));
        propagation.followTargets(queue::add);
        for (int i = 0; i < WORKERS; i++) {
            background.look("targets-" + i, queue, looks::look, TargetLooks.RETRY);
        }
        background.repeat("targets-pass", TargetLooks.FULL_PASS, () -> looks.all().forEach(queue::add));
    }

    /** Returns when no look is under way any more. */
    @Override
    public void close() {
        background.close();
    }
}
