package dev.landfall.ecs.express;

import dev.landfall.ecs.Background;
import dev.landfall.state.Decisions;
import dev.landfall.state.KeyedQueue;
import java.time.Duration;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/**
 * Has the infrastructure of Express services looked at: whenever it is to change, and in a slow pass over all. This is
 * the thread, and there is one only, as services share their load balancers; what a look is stands in {@link
 * ExpressLooks}.
 */
public final class ExpressScheduler implements AutoCloseable {
    /** How soon to look again after a look that failed. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** How often all are looked at, to make up for what was lost. */
    private static final Duration FULL_PASS = Duration.ofSeconds(30);

    private final Background background;

    public ExpressScheduler(Decisions decisions, ElasticLoadBalancingV2Client elb, AcmClient acm,
            Background background) {
        this.background = background;
        var looks = new ExpressLooks(decisions, elb, acm);
        var queue = new KeyedQueue<String>();
        decisions.follow(commit -> looks.concerned(commit).forEach(queue::add));
        background.look("express", queue, looks::look, RETRY);
        background.repeat("express-pass", FULL_PASS, () -> looks.all().forEach(queue::add));
    }

    /** Returns when no look is under way any more. */
    @Override
    public void close() {
        background.close();
    }
}
