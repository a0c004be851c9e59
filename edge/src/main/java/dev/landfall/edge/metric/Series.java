package dev.landfall.edge.metric;

import dev.landfall.edge.net.Loop;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The counters of one set of dimensions. Every loop adds to a stripe of its own, without a lock or a locked
 * instruction; whoever reads sums the stripes and remembers what it has seen.
 */
public final class Series {
    private static final int COUNTERS = Counter.values().length;
    /** Eight buckets for every doubling of a time in microseconds: an error of at most 6 %. */
    private static final int SUB_BITS = 3;
    static final int BUCKETS = 40 << SUB_BITS;

    private final Map<String, String> dimensions;
    private final AtomicLongArray[] stripes;
    private final AtomicLongArray[] times;
    private final long[] seen = new long[COUNTERS];
    private final long[] seenTimes = new long[BUCKETS];

    Series(Map<String, String> dimensions, int loops) {
        this.dimensions = Map.copyOf(dimensions);
        stripes = new AtomicLongArray[loops];
        times = new AtomicLongArray[loops];
        for (int i = 0; i < loops; i++) {
            stripes[i] = new AtomicLongArray(COUNTERS);
        }
    }

    public void add(Loop loop, Counter counter, long count) {
        AtomicLongArray stripe = stripes[loop.index()];
        int at = counter.ordinal();
        stripe.lazySet(at, stripe.getPlain(at) + count);
    }

    /** TargetResponseTime. */
    public void time(Loop loop, long nanos) {
        AtomicLongArray stripe = times[loop.index()];
        if (stripe == null) {
            stripe = new AtomicLongArray(BUCKETS);
            times[loop.index()] = stripe;
        }
        int at = bucket(nanos / 1_000);
        stripe.lazySet(at, stripe.getPlain(at) + 1);
    }

    static int bucket(long micros) {
        if (micros < 1 << SUB_BITS) {
            return (int) Math.max(0, micros);
        }
        int exponent = 63 - Long.numberOfLeadingZeros(micros) - SUB_BITS;
        int bucket = (exponent + 1 << SUB_BITS) + (int) (micros >>> exponent) - (1 << SUB_BITS);
        return Math.min(bucket, BUCKETS - 1);
    }

    /** The middle of a bucket, in seconds. */
    static double seconds(int bucket) {
        if (bucket < 1 << SUB_BITS) {
            return bucket / 1e6;
        }
        int exponent = (bucket >>> SUB_BITS) - 1;
        double low = (double) ((bucket & (1 << SUB_BITS) - 1) + (1 << SUB_BITS)) * (1L << exponent);
        return (low + (1L << exponent) / 2.0) / 1e6;
    }

    Map<String, String> dimensions() {
        return dimensions;
    }

    /** What was added since the last call. */
    synchronized Map<Counter, Long> counts() {
        var counts = new TreeMap<Counter, Long>();
        for (Counter counter : Counter.values()) {
            long sum = 0;
            for (AtomicLongArray stripe : stripes) {
                sum += stripe.get(counter.ordinal());
            }
            if (sum != seen[counter.ordinal()]) {
                counts.put(counter, sum - seen[counter.ordinal()]);
                seen[counter.ordinal()] = sum;
            }
        }
        return counts;
    }

    /** The times measured since the last call, by bucket. */
    synchronized long[] times() {
        var sums = new long[BUCKETS];
        for (AtomicLongArray stripe : times) {
            for (int i = 0; stripe != null && i < BUCKETS; i++) {
                sums[i] += stripe.get(i);
            }
        }
        for (int i = 0; i < BUCKETS; i++) {
            long sum = sums[i];
            sums[i] -= seenTimes[i];
            seenTimes[i] = sum;
        }
        return sums;
    }
}
