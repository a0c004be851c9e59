package dev.landfall.edge.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One event loop with what belongs to it alone. A connection of a client, and those to targets that serve it, stay on
 * one loop, so that nothing here is shared and nothing is locked.
 */
public final class Loop {
    private final int index;
    private final EventLoop events;
    private final Transport transport;
    private final Open open;
    private final ByteSink sink = new ByteSink();
    private final ByteSink section = new ByteSink();
    private long random = ThreadLocalRandom.current().nextLong() | 1;
    private long dateSecond = -1;
    private byte[] date = {};
    private long logSecond = -1;
    private byte[] logTime = {};

    Loop(int index, EventLoop events, Transport transport) {
        this.index = index;
        this.events = events;
        this.transport = transport;
        open = new Open(transport.scarcity());
    }

    /** From 0; less than {@link Transport#loops()}. */
    public int index() {
        return index;
    }

    public EventLoop events() {
        return events;
    }

    public Transport transport() {
        return transport;
    }

    /** A connection is one of the loop's until it is closed. */
    <C extends Channel> C opened(C channel) {
        if (events.inEventLoop()) {
            open.add(channel);
        } else {
            events.execute(() -> open.add(channel));
        }
        return channel;
    }

    void told(Scarcity.Event event) {
        open.told(event);
    }

    void endHeaviest(long bytes) {
        open.endHeaviest(bytes);
    }

    /** Scratch space, valid until control returns to the loop. */
    public ByteSink sink() {
        return sink;
    }

    /** More of it, for what is made of what the first one holds. */
    public ByteSink section() {
        return section;
    }

    /** A fast random number (xorshift64*), good enough for spreading load and naming traces. */
    public long random() {
        random ^= random >>> 12;
        random ^= random << 25;
        random ^= random >>> 27;
        return random * 0x2545F4914F6CDD1DL;
    }

    /** From 0 to {@code bound} - 1. */
    public int random(int bound) {
        return (int) ((random() >>> 33) % bound);
    }

    /** A second as access logs have it, "2026-01-31T23:59:59"; usually the one that was asked for last. */
    public byte[] logSecond(long epochSecond) {
        if (epochSecond != logSecond) {
            logTime = HttpDate.iso(epochSecond);
            logSecond = epochSecond;
        }
        return logTime;
    }

    /** Now, as a Date header has it. Made anew once a second. */
    public byte[] date() {
        long second = System.currentTimeMillis() / 1_000;
        if (second != dateSecond) {
            date = HttpDate.of(second);
            dateSecond = second;
        }
        return date;
    }
}
