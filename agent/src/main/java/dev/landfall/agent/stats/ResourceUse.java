package dev.landfall.agent.stats;

import com.fasterxml.jackson.databind.JsonNode;
import dev.landfall.agent.engine.Engine;
import dev.landfall.agent.engine.EngineError;
import dev.landfall.agent.supervise.TaskRunner;
import dev.landfall.agent.supervise.Tasks;
import dev.landfall.agent.task.ContainerState;
import dev.landfall.protocol.Message.ContainerMetric;
import dev.landfall.protocol.Message.StatsSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the containers of tasks use, sampled from the engine a few times per publishing period. Samples on a thread of
 * its own; reading is safe for any thread. CPU use is the share of one vCPU, in percent, between two samples.
 */
public final class ResourceUse implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ResourceUse.class.getName());
    private static final int SAMPLES_PER_PERIOD = 2;

    private final Engine engine;
    private final Tasks tasks;
    private final Duration interval;
    private final Map<String, Samples> samples = new ConcurrentHashMap<>();
    private volatile Thread sampler = Thread.ofVirtual().unstarted(() -> { });

    /** One reading of a container's counters. */
    record Reading(long nanos, long cpuNanos, long memoryBytes, Map<String, Long> network, long readBytes,
            long writtenBytes) {}

    public ResourceUse(Engine engine, Tasks tasks, Duration period) {
        this.engine = engine;
        this.tasks = tasks;
        this.interval = period.dividedBy(SAMPLES_PER_PERIOD);
    }

    public void start() {
        sampler = Thread.ofVirtual().name("stats").start(() -> {
            try {
                while (true) {
                    Thread.sleep(interval);
                    sample();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void sample() {
        var seen = new HashSet<String>();
        for (TaskRunner runner : tasks.all()) {
            for (ContainerState container : runner.state().containers().values()) {
                if (!container.everStarted() || container.stopped() || container.id().isEmpty()) {
                    continue;
                }
                String id = container.id().get();
                seen.add(id);
                try {
                    // The network belongs to the pause container where there is one.
                    Optional<JsonNode> own = engine.stats(id);
                    Optional<JsonNode> network = runner.state().pauseId().isEmpty()
                            ? own : engine.stats(runner.state().pauseId().get());
                    own.ifPresent(stats -> samples.computeIfAbsent(id, key -> new Samples())
                            .add(reading(stats, network.orElse(stats), System.nanoTime())));
                } catch (EngineError e) {
                    LOG.log(System.Logger.Level.DEBUG, "no statistics of {0}: {1}", id, e.getMessage());
                }
            }
        }
        samples.keySet().retainAll(seen);
    }

    static Reading reading(JsonNode stats, JsonNode network, long now) {
        JsonNode memory = stats.path("memory_stats");
        // The page cache can be given back: like the engine's own tools, do not count it.
        JsonNode detail = memory.path("stats");
        long cache = detail.path("total_inactive_file").asLong(detail.path("inactive_file").asLong(0));
        var traffic = new TreeMap<String, Long>();
        for (var card : network.path("networks").properties()) {
            for (String counter : List.of("rx_bytes", "rx_packets", "rx_errors", "rx_dropped", "tx_bytes", "tx_packets",
                    "tx_errors", "tx_dropped")) {
                traffic.merge(counter, card.getValue().path(counter).asLong(), Long::sum);
            }
        }
        long read = 0;
        long written = 0;
        for (JsonNode entry : stats.path("blkio_stats").path("io_service_bytes_recursive")) {
            String operation = entry.path("op").asText("");
            read += operation.equalsIgnoreCase("read") ? entry.path("value").asLong() : 0;
            written += operation.equalsIgnoreCase("write") ? entry.path("value").asLong() : 0;
        }
        return new Reading(now, stats.path("cpu_stats").path("cpu_usage").path("total_usage").asLong(),
                Math.max(0, memory.path("usage").asLong() - cache), traffic, read, written);
    }

    /**
     * What was sampled of a task's containers since this was last asked; containers without a full sample are left out.
     */
    public List<ContainerMetric> metrics(TaskRunner runner) {
        var metrics = new ArrayList<ContainerMetric>();
        runner.state().containers().forEach((name, container) -> container.id()
                .flatMap(id -> Optional.ofNullable(samples.get(id)))
                .flatMap(sampled -> sampled.drain(name))
                .ifPresent(metrics::add));
        return metrics;
    }

    @Override
    public void close() {
        sampler.interrupt();
    }
}
