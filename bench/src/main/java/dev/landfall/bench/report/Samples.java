package dev.landfall.bench.report;

import java.util.Arrays;
import java.util.List;

/** Measured values of one kind, in order of size. Immutable. */
public final class Samples {
    private final double[] sorted;

    private Samples(double[] sorted) {
        this.sorted = sorted;
    }

    public static Samples of(List<Double> values) {
        return of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    public static Samples of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Samples(sorted);
    }

    public int count() {
        return sorted.length;
    }

    /** The smallest value that at least {@code share} of all do not exceed (nearest rank); NaN without values. */
    public double quantile(double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
    }

    public double p50() {
        return quantile(0.50);
    }

    public double p90() {
        return quantile(0.90);
    }

    public double p99() {
        return quantile(0.99);
    }

    public double min() {
        return quantile(0);
    }
}
