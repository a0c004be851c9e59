package dev.landfall.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Cluster;

class RowJsonTest {
    record Inner(String name, int count) {}

    record Row(
            Cluster cluster, String arn, boolean managed, boolean isDraining, Instant since, List<Inner> inner,
            Map<String, Inner> byName) {
        public String derived() {
            return arn + "!";
        }

        public String getAnother() {
            return "another";
        }

        public boolean isFull() {
            return true;
        }
    }

    @Test
    void aRowReadsBackAsItWas() throws IOException {
        var row = new Row(Cluster.builder().clusterName("a").runningTasksCount(3).build(), "arn:1", true, true,
                Instant.parse("2026-01-02T03:04:05.678901234Z"), List.of(new Inner("x", 1)),
                Map.of("y", new Inner("y", 2)));
        var mapper = RowJson.mapper();

        assertThat(mapper.readValue(mapper.writeValueAsBytes(row), Row.class)).isEqualTo(row);
    }

    @Test
    void onlyComponentsAreStored() throws IOException {
        var row = new Row(Cluster.builder().build(), "arn:1", false, true, Instant.EPOCH, List.of(), Map.of());

        assertThat(RowJson.mapper().valueToTree(row).fieldNames()).toIterable().containsExactlyInAnyOrder(
                "cluster", "arn", "managed", "isDraining", "since", "inner", "byName");
    }
}
