package dev.landfall.edge.health;

import dev.landfall.edge.net.Loop;
import dev.landfall.edge.net.Transport;
import dev.landfall.protocol.edge.TargetGroup;
import java.net.InetSocketAddress;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Checks targets again and again: the first time at once, then at the group's interval whatever the answers take. */
public final class HealthChecks {
    private final Transport transport;
    private final ScheduledExecutorService control;

    /** @param control where outcomes are told */
    public HealthChecks(Transport transport, ScheduledExecutorService control) {
        this.transport = transport;
        this.control = control;
    }

    /** The checks of one target, until they are stopped. */
    public final class Running {
        private final ScheduledFuture<?> timer;
        private boolean stopped;

        private Running(InetSocketAddress target, TargetGroup group, Consumer<Outcome> outcomes) {
            Loop loop = transport.nextLoop();
            String port = group.healthCheck().port();
            InetSocketAddress address = port.equals("traffic-port") ? target
                    : new InetSocketAddress(target.getAddress(), Integer.parseInt(port));
            timer = control.scheduleAtFixedRate(() -> Probe.send(transport, loop.events(), address, group,
                    outcome -> control.execute(() -> {
                        if (!stopped) {
                            outcomes.accept(outcome);
                        }
                    })), 0, group.healthCheck().intervalSeconds(), TimeUnit.SECONDS);
        }

        /** No outcome is told after this. Called on the control thread. */
        public void stop() {
            stopped = true;
            timer.cancel(false);
        }
    }

    public Running start(InetSocketAddress target, TargetGroup group, Consumer<Outcome> outcomes) {
        return new Running(target, group, outcomes);
    }
}
