package dev.landfall.ecs.shift;

import dev.landfall.ecs.Background;
import dev.landfall.ecs.balance.Propagation;
import dev.landfall.state.Decisions;
import dev.landfall.state.KeyedQueue;
import java.time.Duration;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/**
 * Has traffic shifted and lifecycle hooks called: whenever a shift changes, and in a slow pass over all. These are the
 * threads; what a look is stands in {@link TrafficLooks} and {@link HookLooks}.
 */
public final class ShiftScheduler implements AutoCloseable {
    /** Looks wait for another service; one that is slow must not hold up the others. */
    private static final int TRAFFIC_WORKERS = 2;

    /** Each waits for a hook's target, which may take minutes. */
    private static final int HOOK_WORKERS = 16;

    /** How soon to look again after a look that failed. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** How often all shifts are looked at, to make up for what was lost. */
    private static final Duration FULL_PASS = Duration.ofSeconds(30);

    private final Background background;

    public ShiftScheduler(Decisions decisions, ElasticLoadBalancingV2Client elb, Propagation propagation,
            HookCaller caller, Background background) {
        this.background = background;
        var traffic = new TrafficLooks(decisions, elb, propagation);
        var hooks = new HookLooks(decisions, caller);
        var services = new KeyedQueue<String>();
        var runs = new KeyedQueue<String>();
        decisions.follow(commit -> {
            traffic.concerned(commit).forEach(services::add);
            hooks.concerned(commit).forEach(runs::add);
        });
        propagation.followEffect(() -> traffic.all().forEach(services::add));
        for (int i = 0; i < TRAFFIC_WORKERS; i++) {
            background.look("traffic-" + i, services, traffic::look, RETRY);
        }
        for (int i = 0; i < HOOK_WORKERS; i++) {
            background.look("hooks-" + i, runs, hooks::look, RETRY);
        }
        background.repeat("shifts-pass", FULL_PASS, () -> {
            traffic.all().forEach(services::add);
            hooks.all().forEach(runs::add);
        });
    }

    /** Returns when no look is under way any more. */
    @Override
    public void close() {
        background.close();
    }
}
