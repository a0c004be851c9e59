package dev.landfall.edge.client;

import dev.landfall.edge.target.Member;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Connections to targets of network load balancers that come from the client's address and port, where the target group
 * says so ({@code preserve_client_ip.enabled}) and this machine allows it; others, and why is logged once, come from
 * the load balancer's.
 *
 * <p>A port is the client's own where it is free. It is not if the client has a connection to the same target through
 * another listener, or, of a client or a server on this machine, if the port is in use here: then it is another one of
 * the client's address. AWS has such connections fail.
 *
 * <p>The control thread says which targets there are. A thread of its own looks again and again at this machine's
 * networks and at the rules. Event loops read what they found.
 */
public final class ClientAddresses implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ClientAddresses.class.getName());

    /** How soon a change of this machine's networks is seen, and that somebody has removed the rules. */
    private static final int LOOK_SECONDS = 30;
    /** A target that is on none of this machine's networks may be on a new one: no oftener than that. */
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final boolean epoll = Epoll.isAvailable();
    private final Set<Obstacle> told = ConcurrentHashMap.newKeySet();
    private volatile Neighbourhood around = Neighbourhood.UNKNOWN;
    private volatile boolean leadsBack;
    private volatile PortRange ports = PortRange.NONE;
    private volatile String problem = "";
    private Optional<HostRules> rules = Optional.empty();
    private Optional<ScheduledThreadPoolExecutor> looks = Optional.empty();
    private volatile long lookedNanos;

    /** There are targets that are to see clients. Prepares this machine before the first of them can be chosen. */
    public void expect(Collection<InetAddress> targets) {
        if (looks.isEmpty()) {
            begin();
        } else if (System.nanoTime() - lookedNanos > LOOK_AGAIN_NANOS && !targets.stream().allMatch(around::knows)) {
            look();
        }
    }

    /** The thread is started by this one, so that it is in the same network namespace. */
    private void begin() {
        var executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("edge-client-addresses").factory());
        looks = Optional.of(executor);
        lookAgain();
        executor.scheduleWithFixedDelay(this::lookAgain, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /** Also what could not be had may be there by now: somebody has installed it. */
    private void lookAgain() {
        problem = "";
        look();
        try {
            if (rules.isPresent()) {
                rules.get().renew();
            } else {
                prepare();
            }
            leadsBack = true;
        } catch (IOException | RuntimeException e) {
            // Whatever it is: load balancers go on without, and say so as soon as it matters.
            problem = String.valueOf(e.getMessage());
            leadsBack = false;
        }
    }

    private void prepare() throws IOException {
        if (!epoll) {
            throw new IOException("sockets of this system cannot have others' addresses");
        }
        ports = SocketOptions.hasPortRange() ? PortRange.read() : PortRange.NONE;
        SocketOptions.tryTransparent(HostRules.SOCKET_MARK);
        rules = Optional.of(HostRules.make());
        LOG.log(System.Logger.Level.INFO, "targets of network load balancers see their clients'' addresses by "
                + "nftables'' table {0}, and policy rule {1} with routing table {2}", HostRules.TABLE,
                String.valueOf(HostRules.PRIORITY), String.valueOf(HostRules.ROUTING_TABLE));
    }

    private synchronized void look() {
        lookedNanos = System.nanoTime();
        try {
            around = Neighbourhood.read(HostCommand.run("", "ip", "-details", "-json", "address", "show"));
        } catch (IOException | IllegalArgumentException e) {
            problem = String.valueOf(e.getMessage());       // what was known before still holds, most likely
        }
    }

    /**
     * Begins a TCP connection to a target.
     *
     * @param done is told on the event loop when there is one, or none
     */
    public void connectStream(
            Bootstrap bootstrap, Member member, InetSocketAddress client, Consumer<ChannelFuture> done) {
        if (!(origin(member, client) instanceof Origin.Client seen)) {
            connect(bootstrap, member, done);
            return;
        }
        // While it is open, and a minute longer, servers of this machine may listen on that port all the same.
        Bootstrap ours = prepared(bootstrap, seen).clone().option(ChannelOption.SO_REUSEADDR, true);
        InetAddress address = client.getAddress();
        Bootstrap anyPort = epoll ? ours.clone().option(SocketOptions.BIND_ADDRESS_NO_PORT, 1) : ours;
        var another = new Attempt(anyPort, new InetSocketAddress(address, 0));
        if (client.equals(seen.target())) {
            attempt(List.of(another), seen.target(), done);     // it would connect to itself
            return;
        }
        // Of the ports that the system gives, one that is bound to would be lost to everybody else of this machine.
        var own = ports.contains(client.getPort())
                ? new Attempt(anyPort.clone().option(
                        SocketOptions.LOCAL_PORT_RANGE, SocketOptions.onePort(client.getPort())),
                        new InetSocketAddress(address, 0))
                : new Attempt(ours, client);
        attempt(List.of(own, another), seen.target(), done);
    }

    /**
     * Begins to exchange datagrams with a target.
     *
     * @param done is told on the event loop when that may begin, or cannot
     */
    public void connectDatagram(
            Bootstrap bootstrap, Member member, InetSocketAddress client, Consumer<ChannelFuture> done) {
        if (!(origin(member, client) instanceof Origin.Client seen)) {
            connect(bootstrap, member, done);
            return;
        }
        Bootstrap ours = prepared(bootstrap, seen);
        attempt(List.of(new Attempt(ours, client),
                new Attempt(ours, new InetSocketAddress(client.getAddress(), 0))), seen.target(), done);
    }

    private Origin origin(Member member, InetSocketAddress client) {
        Origin origin = Origin.of(client, member.address(), member.group().settings(), around);
        if (origin instanceof Origin.Client seen && seen.answers() == Origin.Answers.ARE_LED_BACK && !leadsBack) {
            origin = new Origin.LoadBalancer(Optional.of(Obstacle.NOT_SET_UP));
        }
        if (origin instanceof Origin.LoadBalancer(var obstacle)) {
            obstacle.filter(told::add).ifPresent(first -> tell(first, member, client));
        }
        return origin;
    }

    private void tell(Obstacle obstacle, Member member, InetSocketAddress client) {
        System.Logger.Level level = problem.isEmpty() ? System.Logger.Level.INFO : System.Logger.Level.WARNING;
        LOG.log(level, "target {0} of {1} sees the load balancer''s address instead of {2}: {3}{4}; told once, for all "
                + "that have this reason", member, member.group().arn(), client.getAddress().getHostAddress(),
                obstacle.advice(), problem.isEmpty() ? "" : " (" + problem + ")");
    }

    private static void connect(Bootstrap bootstrap, Member member, Consumer<ChannelFuture> done) {
        bootstrap.connect(member.address()).addListener(connected -> done.accept((ChannelFuture) connected));
    }

    private static Bootstrap prepared(Bootstrap bootstrap, Origin.Client seen) {
        return switch (seen.answers()) {
            case ARRIVE -> bootstrap;
            case ARE_LED_BACK -> bootstrap.clone()
                    .option(EpollChannelOption.IP_TRANSPARENT, true)
                    .option(SocketOptions.MARK, HostRules.SOCKET_MARK);
        };
    }

    private record Attempt(Bootstrap bootstrap, InetSocketAddress local) {}

    /** One after the other, as long as the local address is the trouble: that is known at once. */
    private static void attempt(List<Attempt> attempts, InetSocketAddress target, Consumer<ChannelFuture> done) {
        Attempt first = attempts.getFirst();
        first.bootstrap().connect(target, first.local()).addListener(connected -> {
            if (attempts.size() > 1 && isTaken(connected.cause())) {
                attempt(attempts.subList(1, attempts.size()), target, done);
            } else {
                done.accept((ChannelFuture) connected);
            }
        });
    }

    /** EADDRINUSE (98) of bind, EADDRNOTAVAIL (99) of connect; Netty has the numbers in its messages alone. */
    private static boolean isTaken(Throwable cause) {
        String message = cause == null ? "" : String.valueOf(cause.getMessage());
        return cause instanceof BindException || message.contains("error(-98)") || message.contains("error(-99)");
    }

    /** Removes what this machine was prepared with, once no socket needs it any more. */
    @Override
    public void close() {
        looks.ifPresent(executor -> {
            try {
                // Where the rules are: in the network namespace of that thread.
                executor.execute(this::removeRules);
                executor.shutdown();
                if (!executor.awaitTermination(LOOK_SECONDS, TimeUnit.SECONDS)) {
                    executor.shutdownNow();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void removeRules() {
        leadsBack = false;
        rules.ifPresent(made -> {
            try {
                made.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "rules for clients'' addresses are left: {0}", e.getMessage());
            }
        });
    }
}
