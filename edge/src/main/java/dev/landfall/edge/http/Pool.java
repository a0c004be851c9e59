package dev.landfall.edge.http;

import dev.landfall.edge.net.Loop;
import dev.landfall.edge.target.Connections;
import dev.landfall.edge.target.Member;
import dev.landfall.edge.tls.TargetTls;
import dev.landfall.protocol.edge.TargetGroup;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ConnectTimeoutException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The connections of one event loop to one target: those at rest, the newest first, and those at work. As many as there
 * are requests at once; those at rest go after the load balancer's idle timeout.
 */
final class Pool implements Connections {
    /** At rest at most, for each loop and target; more are closed when they come back. */
    private static final int MAX_IDLE = 1_024;

    private static final int CLOSED_AT_ONCE = 4;

    private final Member member;
    private final Loop loop;
    private final ArrayDeque<Http1Back> idle = new ArrayDeque<>();
    private final Set<Http1Back> all = new HashSet<>();
    private boolean draining;
    private boolean sweeping;
    private Http2Targets http2;

    private Pool(Member member, Loop loop) {
        this.member = member;
        this.loop = loop;
    }

    static Pool of(Member member, Loop loop) {
        return (Pool) member.connections(loop, () -> new Pool(member, loop));
    }

    Loop loop() {
        return loop;
    }

    Member member() {
        return member;
    }

    /** Gives the exchange a connection, now or once there is one, or tells it why there is none. */
    void acquire(Exchange exchange) {
        if (member.group().settings().version() != TargetGroup.ProtocolVersion.HTTP1) {
            if (http2 == null) {
                http2 = new Http2Targets(this);
            }
            http2.acquire(exchange);
            return;
        }
        Http1Back back;
        while ((back = idle.pollLast()) != null) {
            if (back.usable()) {
                back.attach(exchange);
                exchange.connected(back);
                return;
            }
        }
        connect(exchange);
    }

    private void connect(Exchange exchange) {
        var back = new Http1Back(this);
        ChannelFuture connecting = open(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (member.group().settings().secure()) {
                    channel.pipeline().addLast(TargetTls.http1(channel.alloc()));
                }
                channel.pipeline().addLast(back);
            }
        });
        connecting.addListener(done -> {
            if (done.isSuccess()) {
                all.add(back);
                back.attach(exchange);
                exchange.connected(back);
            } else {
                exchange.failed(fault(done.cause()));
            }
        });
    }

    ChannelFuture open(ChannelInitializer<Channel> initializer) {
        return loop.transport().client(loop.events()).handler(initializer).connect(member.address());
    }

    static Exchange.Fault fault(Throwable cause) {
        return cause instanceof ConnectTimeoutException ? Exchange.Fault.CONNECT_TIMEOUT : Exchange.Fault.REFUSED;
    }

    /** Takes a connection back whose response is complete. */
    void offer(Http1Back back, int idleTimeoutSeconds) {
        if (draining || idle.size() >= MAX_IDLE) {
            back.close();
            return;
        }
        back.restsUntil(System.nanoTime() + TimeUnit.SECONDS.toNanos(idleTimeoutSeconds));
        idle.addLast(back);
        if (!sweeping) {
            sweeping = true;
            loop.events().schedule(this::sweep, Math.max(1, idleTimeoutSeconds), TimeUnit.SECONDS);
        }
    }

    /** Closes what has rested for too long: the oldest are in front. */
    private void sweep() {
        long now = System.nanoTime();
        while (!idle.isEmpty() && idle.peekFirst().restingSince(now)) {
            idle.pollFirst().close();
        }
        sweeping = !idle.isEmpty();
        if (sweeping) {
            loop.events().schedule(this::sweep, 1, TimeUnit.SECONDS);
        }
    }

    void removed(Http1Back back) {
        all.remove(back);
        if (back.resting()) {
            idle.remove(back);
        }
    }

    boolean draining() {
        return draining;
    }

    @Override
    public void drain() {
        draining = true;
        closeSome();
        if (http2 != null) {
            http2.drain();
        }
    }

    /** A few at a time: each costs as much as a request, and requests wait. */
    private void closeSome() {
        for (int i = 0; i < CLOSED_AT_ONCE && !idle.isEmpty(); i++) {
            idle.pollFirst().close();
        }
        if (!idle.isEmpty()) {
            loop.events().schedule(this::closeSome, 1, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void abort() {
        drain();
        Set.copyOf(all).forEach(Http1Back::gone);
        if (http2 != null) {
            http2.abort();
        }
    }
}
