package dev.landfall.agent.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ResourceUseTest {
    private static JsonNode stats(long cpuNanos, long received) throws JsonProcessingException {
        return new ObjectMapper().readTree("""
                {"cpu_stats":{"cpu_usage":{"total_usage":%d}},
                 "memory_stats":{"usage":12582912,"stats":{"total_inactive_file":2097152}},
                 "networks":{"eth0":{"rx_bytes":%d,"tx_bytes":5},"eth1":{"rx_bytes":1,"tx_bytes":0}},
                 "blkio_stats":{"io_service_bytes_recursive":[{"op":"Read","value":7},{"op":"write","value":9}]}}
                """.formatted(cpuNanos, received));
    }

    private static ResourceUse.Reading reading(long second, long cpuNanos, long received)
            throws JsonProcessingException {
        return ResourceUse.reading(stats(cpuNanos, received), stats(cpuNanos, received), second * 1_000_000_000);
    }

    @Test
    void useIsWhatLiesBetweenTwoReadings() throws JsonProcessingException {
        var samples = new Samples();
        samples.add(reading(0, 0, 100));
        assertThat(samples.drain("main")).isEmpty();
        samples.add(reading(10, 5_000_000_000L, 150));
        samples.add(reading(20, 25_000_000_000L, 400));
        assertThat(samples.drain("main")).hasValueSatisfying(metric -> {
            assertThat(metric.cpuStatsSet().min()).isEqualTo(50);
            assertThat(metric.cpuStatsSet().max()).isEqualTo(200);
            assertThat(metric.cpuStatsSet().sampleCount()).isEqualTo(2);
            assertThat(metric.memoryStatsSet().max()).isEqualTo(10);
            assertThat(metric.networkStatsSet().get("rxBytes")).asString().contains("sum=300");
        });
        samples.add(reading(30, 25_000_000_000L, 400));
        assertThat(samples.drain("main")).hasValueSatisfying(metric -> {
            assertThat(metric.cpuStatsSet().sum()).isZero();
            assertThat(metric.networkStatsSet().get("rxBytes")).asString().contains("sum=0");
        });
    }
}
