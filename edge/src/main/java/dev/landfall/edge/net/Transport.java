package dev.landfall.edge.net;

import dev.landfall.edge.client.ClientAddresses;
import dev.landfall.edge.log.LogWriter;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The event loops and what their sockets are made of: epoll where there is one, NIO elsewhere. */
public final class Transport implements AutoCloseable {
    /** How long a connection to a target may take to come about: AWS documents 10 seconds (HTTP 504). */
    public static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    private static final int BACKLOG = 4_096;
    /** Chunks of 8 KiB << 6 = 512 KiB: a data plane at rest should be small. */
    private static final int MAX_ORDER = 6;

    /** What a datagram of UDP may hold; without saying so Netty reads 2,048 bytes and throws the rest away. */
    private static final int MAX_DATAGRAM = 65_535;

    private static final String LEAK_LEVEL = "io.netty.leakDetection.level";

    /** Clients' connections at once, of all listeners: at some 6 KiB each what the heap of a data plane can hold. */
    private static final int MAX_CONNECTIONS = 16_384;

    /** The part of the heap that large heads may take. */
    private static final int HEAP_TO_HEADS = 8;

    private final Budget heads = new Budget(Runtime.getRuntime().maxMemory() / HEAP_TO_HEADS);
    private final boolean epoll = Epoll.isAvailable();
    private final EventLoopGroup group;
    private final List<Loop> loops = new ArrayList<>();
    private final PooledByteBufAllocator allocator;
    private final Scarcity scarcity;
    private final int maxConnections;
    private final LogWriter logs;
    private final ClientAddresses clientAddresses = new ClientAddresses();
    private final AtomicInteger connections = new AtomicInteger();
    private int next;

    /**
     * @param logs where access logs go; not closed with this
     * @param bufferLimitBytes from which on memory is scarce
     */
    public Transport(int threads, LogWriter logs, long bufferLimitBytes) {
        this.logs = logs;
        if (System.getProperty(LEAK_LEVEL) == null) {
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);     // costs some 3 % of a request
        }
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("edge", true), io);
        allocator = new PooledByteBufAllocator(true, 1, threads, 8_192, MAX_ORDER, 64, 32, true);
        scarcity = new Scarcity(allocator, loops, bufferLimitBytes);
        maxConnections = scarcity.connections(MAX_CONNECTIONS);
        for (int i = 0; i < threads; i++) {
            loops.add(new Loop(i, group.next(), this));
        }
    }

    public int loops() {
        return loops.size();
    }

    public Loop loop(int index) {
        return loops.get(index);
    }

    public ByteBufAllocator allocator() {
        return allocator;
    }

    /** What the heads of requests may take. */
    public Budget heads() {
        return heads;
    }

    /** Bytes of buffers in use. */
    public long bufferBytes() {
        return scarcity.bytes();
    }

    /** What all buffers may take. */
    public Scarcity scarcity() {
        return scarcity;
    }

    public LogWriter logs() {
        return logs;
    }

    /** What makes connections to targets that see their clients. */
    public ClientAddresses clientAddresses() {
        return clientAddresses;
    }

    /** Whether there is room for one more connection of a client; one for which there is none is closed. */
    public boolean admits(Channel channel) {
        if (connections.incrementAndGet() > maxConnections) {
            connections.decrementAndGet();
            channel.close();
            return false;
        }
        channel.closeFuture().addListener(closed -> connections.decrementAndGet());
        return true;
    }

    /** The loops in turn. */
    public synchronized Loop nextLoop() {
        next = (next + 1) % loops.size();
        return loops.get(next);
    }

    /** The loop that {@code events} is. */
    public Loop of(EventLoop events) {
        for (Loop loop : loops) {
            if (loop.events() == events) {
                return loop;
            }
        }
        throw new IllegalStateException("not one of this transport's loops");
    }

    /** For a listening TCP socket; {@code child} is made part of every connection. */
    public ServerBootstrap server(ChannelHandler child) {
        return new ServerBootstrap()
                .group(group)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        of(channel.eventLoop()).opened(channel);
                        channel.pipeline().addLast(child);
                    }
                });
    }

    /** For a TCP connection to a target, on the loop of the client's, and made there. */
    public Bootstrap client(EventLoop events) {
        Loop loop = of(events);
        return new Bootstrap()
                .group(events)
                .channelFactory(() -> loop.opened(epoll ? new EpollSocketChannel() : new NioSocketChannel()))
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS);
    }

    /** For a UDP socket. Its reads are as large as a datagram may be, also while memory is scarce. */
    public Bootstrap datagram(EventLoop events) {
        Loop loop = of(events);
        return new Bootstrap()
                .group(events)
                .channelFactory(() -> loop.opened(epoll ? new EpollDatagramChannel() : new NioDatagramChannel()))
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM));
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        clientAddresses.close();
    }
}
