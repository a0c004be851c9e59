package dev.landfall.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void takesTheNearestRank() {
        var samples = Samples.of(List.of(40.0, 10.0, 30.0, 20.0));

        assertThat(samples.min()).isEqualTo(10);
        assertThat(samples.p50()).isEqualTo(20);
        assertThat(samples.p90()).isEqualTo(40);
        assertThat(samples.p99()).isEqualTo(40);
    }

    @Test
    void knowsNothingWithoutValues() {
        assertThat(Samples.of(List.of()).p50()).isNaN();
    }

    @Property
    void atLeastTheShareDoesNotExceedTheQuantile(
            @ForAll @NotEmpty double[] values, @ForAll @DoubleRange(min = 0.01, max = 1) double share) {
        double quantile = Samples.of(values).quantile(share);

        long within = Arrays.stream(values).filter(value -> Double.compare(value, quantile) <= 0).count();
        assertThat(within).isGreaterThanOrEqualTo((long) Math.ceil(share * values.length));
        assertThat(Arrays.stream(values).filter(value -> Double.compare(value, quantile) < 0).count())
                .isLessThan((long) Math.ceil(share * values.length));
    }
}
