package dev.landfall.agent.stats;

import dev.landfall.protocol.Message.ContainerMetric;
import dev.landfall.protocol.Message.StatsSet;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The readings of one container since they were last published. Safe for several threads. */
final class Samples {
    private static final double MEBIBYTE = 1 << 20;

    /** The engine's counters by the names they are published under. */
    private static final Map<String, String> NETWORK = Map.of(
            "rx_bytes", "rxBytes", "rx_packets", "rxPackets", "rx_errors", "rxErrors", "rx_dropped", "rxDropped",
            "tx_bytes", "txBytes", "tx_packets", "txPackets", "tx_errors", "txErrors", "tx_dropped", "txDropped");

    /** The last published reading comes first: differences need a beginning. */
    private final List<ResourceUse.Reading> readings = new ArrayList<>();

    synchronized void add(ResourceUse.Reading reading) {
        readings.add(reading);
    }

    synchronized Optional<ContainerMetric> drain(String name) {
        if (readings.size() < 2) {
            return Optional.empty();
        }
        var cpu = new DoubleSummaryStatistics();
        var memory = new DoubleSummaryStatistics();
        for (int i = 1; i < readings.size(); i++) {
            var before = readings.get(i - 1);
            var after = readings.get(i);
            double elapsed = Math.max(1, after.nanos() - before.nanos());
            cpu.accept(Math.max(0, after.cpuNanos() - before.cpuNanos()) / elapsed * 100);
            memory.accept(after.memoryBytes() / MEBIBYTE);
        }
        var first = readings.getFirst();
        var last = readings.getLast();
        var network = new TreeMap<String, Object>();
        last.network().forEach((counter, value) -> network.put(NETWORK.get(counter),
                counter(Math.max(0, value - first.network().getOrDefault(counter, 0L)))));
        var storage = new TreeMap<String, Object>();
        storage.put("readSizeBytes", counter(Math.max(0, last.readBytes() - first.readBytes())));
        storage.put("writeSizeBytes", counter(Math.max(0, last.writtenBytes() - first.writtenBytes())));
        readings.clear();
        readings.add(last);
        return Optional.of(new ContainerMetric(name, set(cpu), set(memory), network.isEmpty() ? null : network,
                storage));
    }

    private static StatsSet set(DoubleSummaryStatistics values) {
        return new StatsSet(values.getMin(), values.getMax(), (int) values.getCount(), values.getSum());
    }

    private static Map<String, Object> counter(long grown) {
        return Map.of("min", grown, "max", grown, "sampleCount", 1, "sum", grown, "overflowMin", 0, "overflowMax", 0,
                "overflowSum", 0);
    }
}
