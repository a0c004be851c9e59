package dev.landfall.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/**
 * Virtual time: what was planned happens in the order of its time, and of its planning where times are equal. Between
 * two steps no time passes. Everything of a simulation happens on the one thread that calls {@link #step}.
 */
public final class Timeline {
    private static final Instant START = Instant.parse("2026-03-04T05:06:07Z");
    private static final long NANOS_PER_MICRO = 1_000;

    /** A step to come. */
    public static final class Planned implements Comparable<Planned> {
        private final long micros;
        private final long number;
        private final String what;
        private final Object whom;
        private final Runnable work;
        private boolean cancelled;

        private Planned(long micros, long number, String what, Object whom, Runnable work) {
            this.micros = micros;
            this.number = number;
            this.what = what;
            this.whom = whom;
            this.work = work;
        }

        public void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Planned other) {
            return micros != other.micros ? Long.compare(micros, other.micros) : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Planned> planned = new PriorityQueue<>();
    private final Trace trace;
    private long micros;
    private long numbers;
    private long steps;

    public Timeline(Trace trace) {
        this.trace = trace;
    }

    /** Microseconds since the beginning. */
    public long micros() {
        return micros;
    }

    public Instant now() {
        return START.plusNanos(micros * NANOS_PER_MICRO);
    }

    /** How many steps were done. */
    public long steps() {
        return steps;
    }

    /**
     * Has {@code work} done once {@code delay} has passed.
     *
     * @param what names it in the trace, together with {@code whom}; empty for what is not worth a line
     */
    public Planned after(Duration delay, String what, Object whom, Runnable work) {
        var next = new Planned(micros + delay.toNanos() / NANOS_PER_MICRO, numbers++, what, whom, work);
        planned.add(next);
        return next;
    }

    /** Notes something in the trace that is no step of its own. */
    public void note(String what, Object whom) {
        trace.add(micros, what, whom);
    }

    /** Does all that is planned up to then, and what comes of it. */
    public void run(Duration span) {
        long end = micros + span.toNanos() / NANOS_PER_MICRO;
        while (!planned.isEmpty() && planned.peek().micros <= end) {
            step();
        }
        micros = end;
    }

    /** Does the next thing; there always is one, as the control plane never rests. */
    public void step() {
        Planned next = planned.remove();
        if (next.cancelled) {
            return;
        }
        micros = next.micros;
        steps++;
        if (!next.what.isEmpty()) {
            trace.add(micros, next.what, next.whom);
        }
        next.work.run();
    }
}
