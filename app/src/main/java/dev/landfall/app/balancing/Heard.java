package dev.landfall.app.balancing;

import dev.landfall.ecs.balance.Propagation;
import dev.landfall.elb.edge.EdgeFeed;
import java.util.function.Consumer;

/** What ECS hears of the load balancers of its own process. */
public final class Heard implements Propagation {
    private final EdgeFeed feed;

    public Heard(EdgeFeed feed) {
        this.feed = feed;
    }

    @Override
    public boolean inEffect(String ruleOrListenerArn) {
        return feed.inEffect(ruleOrListenerArn);
    }

    @Override
    public void followTargets(Consumer<String> groupArns) {
        feed.followTargets(groupArns);
    }

    @Override
    public void followEffect(Runnable more) {
        feed.reach().follow(more);
    }
}
