package dev.landfall.edge.health;

import dev.landfall.edge.net.Transport;
import dev.landfall.edge.tls.TargetTls;
import dev.landfall.protocol.edge.TargetGroup;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Makes one health check: connects, asks, and tells what came of it, once. Its connection ends with it. */
final class Probe {
    private final InetSocketAddress address;
    private final TargetGroup group;
    private final Consumer<Outcome> result;
    private boolean told;

    private Probe(InetSocketAddress address, TargetGroup group, Consumer<Outcome> result) {
        this.address = address;
        this.group = group;
        this.result = result;
    }

    /** @param result is told on {@code events} */
    static void send(Transport transport, EventLoop events, InetSocketAddress address, TargetGroup group,
            Consumer<Outcome> result) {
        var probe = new Probe(address, group, result);
        events.execute(() -> probe.start(transport, events));
    }

    private void start(Transport transport, EventLoop events) {
        int timeoutSeconds = group.healthCheck().timeoutSeconds();
        Bootstrap bootstrap = transport.client(events)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutSeconds * 1_000)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        prepare(channel);
                    }
                });
        var connecting = bootstrap.connect(address);
        Channel channel = connecting.channel();
        var timeout = events.schedule(() -> tell(Outcome.TIMEOUT, channel), timeoutSeconds, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> {
            timeout.cancel(false);
            tell(Outcome.FAILED, channel);
        });
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                tell(done.cause() instanceof ConnectTimeoutException ? Outcome.TIMEOUT : Outcome.FAILED, channel);
            } else if (group.healthCheck().protocol() == TargetGroup.Protocol.TCP) {
                tell(Outcome.PASSED, channel);
            }
        });
    }

    private void prepare(Channel channel) {
        boolean secure = group.healthCheck().protocol() == TargetGroup.Protocol.HTTPS;
        if (group.healthCheck().protocol() == TargetGroup.Protocol.TCP) {
            return;
        }
        boolean http1 = group.protocolVersion() == TargetGroup.ProtocolVersion.HTTP1;
        if (secure) {
            channel.pipeline().addLast(http1 ? TargetTls.http1(channel.alloc()) : TargetTls.http2(channel.alloc()));
        }
        if (http1) {
            channel.pipeline().addLast(new Http1Probe(address, group.healthCheck(), matcher(),
                    outcome -> tell(outcome, channel)));
        } else {
            Http2Probe.add(channel, address, group, matcher(), outcome -> tell(outcome, channel));
        }
    }

    /** AWS's defaults: 200 for ALB, 200-399 for NLB, 12 for gRPC. */
    private CodeMatcher matcher() {
        String absent = group.protocolVersion() == TargetGroup.ProtocolVersion.GRPC ? "12"
                : group.protocol() == TargetGroup.Protocol.HTTP || group.protocol() == TargetGroup.Protocol.HTTPS
                ? "200" : "200-399";
        return CodeMatcher.of(group.healthCheck().matcher(), absent);
    }

    private void tell(Outcome outcome, Channel channel) {
        if (!told) {
            told = true;
            result.accept(outcome);
            channel.close();
        }
    }
}
