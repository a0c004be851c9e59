package dev.landfall.edge.tcp;

import dev.landfall.edge.client.ClientAddresses;
import dev.landfall.edge.http.Site;
import dev.landfall.edge.metric.Counter;
import dev.landfall.edge.net.Loop;
import dev.landfall.edge.net.Transport;
import dev.landfall.edge.route.RouteAction;
import dev.landfall.edge.route.Routes;
import dev.landfall.edge.target.Group;
import dev.landfall.edge.target.GroupSettings;
import dev.landfall.edge.target.Member;
import dev.landfall.edge.tls.ServerTls;
import dev.landfall.edge.tls.TargetTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Sets up the connections of a TCP or TLS listener: each is relayed to one target, chosen by a hash of both ends, or of
 * the client's address alone where the group is sticky. Whom targets see is up to {@link ClientAddresses}.
 */
public final class TcpListener extends ChannelInitializer<Channel> {
    private final Site site;
    private final Transport transport;
    private final Optional<Supplier<ServerTls>> tls;

    /** @param tls the listener's certificates as they are now; empty for TCP */
    public TcpListener(Site site, Transport transport, Optional<Supplier<ServerTls>> tls) {
        this.site = site;
        this.transport = transport;
        this.tls = tls;
    }

    @Override
    protected void initChannel(Channel channel) {
        Loop loop = transport.of(channel.eventLoop());
        if (!transport.admits(channel)) {
            site.routes().meter().total().add(loop, Counter.REJECTED_CONNECTIONS, 1);
            return;
        }
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, tls.isEmpty());
        if (tls.isPresent()) {
            channel.pipeline().addLast(tls.get().get().handler(), new Negotiated(loop));
        } else {
            channel.config().setAutoRead(false);
            channel.pipeline().addLast(new Waiting());
            connect(channel, loop);
        }
    }

    /** Waits for the handshake first. */
    private final class Negotiated extends Waiting {
        private final Loop loop;

        Negotiated(Loop loop) {
            this.loop = loop;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (handshake.isSuccess()) {
                    context.channel().config().setAutoRead(false);
                    connect(context.channel(), loop);
                } else {
                    site.routes().meter().total().add(loop, Counter.CLIENT_TLS_ERRORS, 1);
                    context.close();
                }
            }
            super.userEventTriggered(context, event);
        }
    }

    private void connect(Channel client, Loop loop) {
        Routes routes = site.routes();
        Member member = member(routes, client, loop);
        if (member == null) {
            site.routes().meter().total().add(loop, Counter.REJECTED_CONNECTIONS, 1);
            Relay.reset(client);
            return;
        }
        boolean secure = member.group().settings().secure();
        var flow = new Flow(site, loop, client, member, tls.isEmpty() && !secure);
        Flows ofTarget = Flows.of(member, loop);
        int aborts = ofTarget.aborts();
        Bootstrap bootstrap = transport.client(loop.events())
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, !secure)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel target) {
                        if (secure) {
                            target.pipeline().addLast(TargetTls.plain(target.alloc()));
                        }
                        target.pipeline().addLast(new Relay(client, flow, Counter.TARGET_RESETS));
                    }
                });
        transport.clientAddresses().connectStream(
                bootstrap, member, (InetSocketAddress) client.remoteAddress(), done -> {
                    Channel target = done.channel();
                    if (done.isSuccess() && client.isActive()) {
                        ofTarget.add(target, aborts);
                        join(client, target, member, flow);
                    } else {
                        routes.meter().total().add(
                                loop, Counter.TARGET_CONNECTION_ERRORS, done.isSuccess() ? 0 : 1);
                        flow.ended();
                        target.close();
                        Relay.reset(client);
                    }
                });
    }

    private void join(Channel client, Channel target, Member member, Flow flow) {
        flow.joined(target);
        if (member.group().settings().proxyProtocol()) {
            target.writeAndFlush(ProxyProtocol.header(target.alloc(), ProxyProtocol.Carried.STREAM,
                    (InetSocketAddress) client.remoteAddress(), (InetSocketAddress) client.localAddress()));
        }
        client.pipeline().addLast(new Relay(target, flow, Counter.CLIENT_RESETS));
        client.pipeline().remove(Waiting.class);
        target.config().setAutoRead(true);
        client.config().setAutoRead(true);
    }

    private Member member(Routes routes, Channel client, Loop loop) {
        if (!(routes.defaultAction() instanceof RouteAction.Forward forward)) {
            return null;
        }
        Group group = forward.choose(loop);
        if (group == null) {
            return null;
        }
        return group.byHash(hash(group, (InetSocketAddress) client.remoteAddress()), site.zone(),
                routes.crossZone());
    }

    /** AWS: a flow hash, or the source address where stickiness says so. */
    public static long hash(Group group, InetSocketAddress client) {
        long hash = Arrays.hashCode(client.getAddress().getAddress());
        return group.settings().stickiness() == GroupSettings.Stickiness.SOURCE_IP
                ? hash : hash * 31 + client.getPort();
    }
}
