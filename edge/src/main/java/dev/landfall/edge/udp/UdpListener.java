package dev.landfall.edge.udp;

import dev.landfall.edge.http.Site;
import dev.landfall.edge.metric.Counter;
import dev.landfall.edge.metric.Series;
import dev.landfall.edge.net.Loop;
import dev.landfall.edge.net.Transport;
import dev.landfall.edge.route.RouteAction;
import dev.landfall.edge.route.Routes;
import dev.landfall.edge.target.Group;
import dev.landfall.edge.target.Member;
import dev.landfall.edge.tcp.Flows;
import dev.landfall.edge.tcp.ProxyProtocol;
import dev.landfall.edge.tcp.TcpListener;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A UDP listener: the datagrams of a client go to one target for as long as they keep coming, from a socket of their
 * own, by which the answers find back. Of one event loop.
 */
public final class UdpListener extends SimpleChannelInboundHandler<DatagramPacket> {
    /** AWS: the idle timeout of UDP flows is 120 seconds. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(120);
    /** Each is a socket. Beyond that, new clients are not heard. */
    private static final int MAX_FLOWS = 8_192;
    /** Datagrams that wait for a flow's socket, and then are lost as datagrams may be. */
    private static final int MAX_EARLY = 64;

    private final Site site;
    private final Loop loop;
    private final Map<InetSocketAddress, Flow> flows = new HashMap<>();
    private ChannelHandlerContext context;
    private Future<?> sweeping;

    private UdpListener(Site site, Loop loop) {
        this.site = site;
        this.loop = loop;
    }

    /** Opens one, on a loop that it is the turn of. */
    public static ChannelFuture bind(Transport transport, Site site, InetSocketAddress address) {
        Loop loop = transport.nextLoop();
        return transport.datagram(loop.events()).handler(new UdpListener(site, loop)).bind(address);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        sweeping = loop.events().scheduleWithFixedDelay(this::sweep, 10, 10, TimeUnit.SECONDS);
    }

    /** One client and its target. */
    private final class Flow {
        private final InetSocketAddress client;
        private final Member member;
        private final Series series;
        private final ArrayDeque<ByteBuf> early = new ArrayDeque<>();
        private Channel target;
        private long activeNanos = System.nanoTime();

        Flow(InetSocketAddress client, Member member) {
            this.client = client;
            this.member = member;
            series = site.routes().meter().of(member.group().arn());
        }

        void open() {
            Flows ofTarget = Flows.of(member, loop);
            int aborts = ofTarget.aborts();
            Bootstrap bootstrap = loop.transport().datagram(loop.events()).handler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new Answers(Flow.this));
                }
            });
            loop.transport().clientAddresses().connectDatagram(bootstrap, member, client, done -> {
                Channel channel = done.channel();
                if (!done.isSuccess()) {
                    end();
                    return;
                }
                target = channel;
                ofTarget.add(channel, aborts);
                channel.closeFuture().addListener(closed -> end());
                while (!early.isEmpty()) {
                    send(early.poll());
                }
                channel.flush();
            });
        }

        /** Datagrams that cannot go out are lost, as any network loses them. */
        void send(ByteBuf data) {
            activeNanos = System.nanoTime();
            if (target == null) {
                if (early.size() < MAX_EARLY) {
                    early.add(context.alloc().directBuffer(data.readableBytes()).writeBytes(data));
                }
                data.release();
                return;
            }
            if (!target.isWritable()) {
                data.release();
                return;
            }
            count(data);
            ByteBuf sent = data;
            if (member.group().settings().proxyProtocol()) {
                ByteBuf header = ProxyProtocol.header(target.alloc(), ProxyProtocol.Carried.DATAGRAM, client,
                        (InetSocketAddress) context.channel().localAddress());
                sent = context.alloc().buffer(header.readableBytes() + data.readableBytes())
                        .writeBytes(header).writeBytes(data);
                header.release();
                data.release();
            }
            target.writeAndFlush(sent);
        }

        private void count(ByteBuf data) {
            site.routes().meter().total().add(loop, Counter.PROCESSED_BYTES, data.readableBytes());
            series.add(loop, Counter.PROCESSED_BYTES, data.readableBytes());
        }

        void pass(DatagramPacket answer) {
            activeNanos = System.nanoTime();
            if (!context.channel().isWritable()) {
                answer.release();
                return;
            }
            count(answer.content());
            context.write(new DatagramPacket(answer.content(), client));
        }

        void end() {
            if (flows.remove(client, this)) {
                member.ended();
                site.routes().meter().activeConnections().decrementAndGet();
            }
            early.forEach(ByteBuf::release);
            early.clear();
            if (target != null) {
                target.close();
            }
        }
    }

    /** What comes from the target of a flow. */
    private final class Answers extends ChannelInboundHandlerAdapter {
        private final Flow flow;

        Answers(Flow flow) {
            this.flow = flow;
        }

        @Override
        public void channelRead(ChannelHandlerContext channel, Object message) {
            flow.pass((DatagramPacket) message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext channel) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
            channel.close();        // nobody listens there: the next datagram looks for a target anew
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        Flow flow = flows.get(packet.sender());
        if (flow == null) {
            flow = begin(packet.sender());
        }
        if (flow != null) {
            flow.send(packet.content().retain());
        }
    }

    private Flow begin(InetSocketAddress client) {
        Routes routes = site.routes();
        if (flows.size() >= MAX_FLOWS || !(routes.defaultAction() instanceof RouteAction.Forward forward)) {
            routes.meter().total().add(loop, Counter.REJECTED_CONNECTIONS, 1);
            return null;
        }
        Group group = forward.choose(loop);
        Member member = group == null ? null
                : group.byHash(TcpListener.hash(group, client), site.zone(), routes.crossZone());
        if (member == null) {
            return null;
        }
        member.started();
        routes.meter().activeConnections().incrementAndGet();
        routes.meter().total().add(loop, Counter.NEW_FLOWS, 1);
        var flow = new Flow(client, member);
        flows.put(client, flow);
        flow.open();
        return flow;
    }

    private void sweep() {
        long now = System.nanoTime();
        for (Flow flow : List.copyOf(flows.values())) {
            if (now - flow.activeNanos >= IDLE_NANOS) {
                flow.end();
            }
        }
    }

    /** A target that is gone answers with ICMP, which arrives here as an error and concerns one flow only. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        sweeping.cancel(false);
        List.copyOf(flows.values()).forEach(Flow::end);
    }
}
