package dev.landfall.edge.tcp;

import dev.landfall.edge.http.Site;
import dev.landfall.edge.metric.BalancerMeter;
import dev.landfall.edge.metric.Counter;
import dev.landfall.edge.metric.Series;
import dev.landfall.edge.net.Loop;
import dev.landfall.edge.target.Member;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A relayed connection as a whole: what it counts, and when it has been idle for too long. That ends either half, also
 * one whose other half has ended and that does not take what is left for it. Of one event loop.
 */
final class Flow {
    private final Site site;
    private final Loop loop;
    private final Channel client;
    private final Member member;
    private final BalancerMeter meter;
    private final Series series;
    private final boolean passesEnds;
    private Optional<Channel> target = Optional.empty();
    private Future<?> timer;
    private long activeNanos = System.nanoTime();
    private int directionsEnded;
    private boolean over;

    Flow(Site site, Loop loop, Channel client, Member member, boolean passesEnds) {
        this.site = site;
        this.loop = loop;
        this.client = client;
        this.member = member;
        this.passesEnds = passesEnds;
        meter = site.routes().meter();
        series = meter.of(member.group().arn());
        meter.activeConnections().incrementAndGet();
        meter.total().add(loop, Counter.NEW_FLOWS, 1);
        member.started();
        schedule(timeoutNanos());
        client.closeFuture().addListener(closed -> closed());
    }

    private long timeoutNanos() {
        return TimeUnit.SECONDS.toNanos(site.routes().listenerSettings().tcpIdleTimeoutSeconds());
    }

    private void schedule(long nanos) {
        timer = loop.events().schedule(this::check, nanos, TimeUnit.NANOSECONDS);
    }

    private void check() {
        long idle = System.nanoTime() - activeNanos;
        if (idle < timeoutNanos()) {
            schedule(timeoutNanos() - idle);
        } else {
            Relay.reset(client);
            target.ifPresent(Relay::reset);
        }
    }

    /** There is a connection to the target. */
    void joined(Channel connected) {
        target = Optional.of(connected);
        connected.closeFuture().addListener(closed -> closed());
    }

    private void closed() {
        if (!client.isOpen() && !target.map(Channel::isOpen).orElse(false)) {
            timer.cancel(false);
        }
    }

    void passed(int bytes) {
        activeNanos = System.nanoTime();
        meter.total().add(loop, Counter.PROCESSED_BYTES, bytes);
        series.add(loop, Counter.PROCESSED_BYTES, bytes);
    }

    void count(Counter counter) {
        meter.total().add(loop, counter, 1);
        series.add(loop, counter, 1);
    }

    /** Whether the end of one direction is passed on alone. */
    boolean passesEnds() {
        return passesEnds;
    }

    /** @return whether that was the second one */
    boolean directionEnded() {
        return ++directionsEnded == 2;
    }

    /** A half has ended, or there is none to the target. */
    void ended() {
        if (!over) {
            over = true;
            meter.activeConnections().decrementAndGet();
            member.ended();
        }
    }
}
