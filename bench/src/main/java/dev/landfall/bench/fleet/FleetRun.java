package dev.landfall.bench.fleet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.app.data.DataDirectory;
import dev.landfall.bench.Progress;
import dev.landfall.bench.Refusal;
import dev.landfall.bench.child.Child;
import dev.landfall.bench.report.Machine;
import dev.landfall.bench.report.Samples;
import dev.landfall.ecs.Ecs;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Commit;
import dev.landfall.state.RandomIds;
import dev.landfall.state.SqliteJournal;
import dev.landfall.state.Write;
import dev.landfall.state.Writer;
import dev.landfall.wire.SdkForms;
import dev.landfall.wire.SocketEndpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.LaunchType;

/**
 * The process that {@link FleetBench} measures: the control plane with its real journal, and a fleet of simulated
 * agents within it. Fills the fleet, writes what it measured to a file, and ends as if it were killed.
 */
final class FleetRun {
    static final String CLUSTER = "fleet";
    private static final List<String> ZONES = List.of("us-east-1a", "us-east-1b", "us-east-1c");
    private static final int TASK_CPU = 10;
    private static final int TASK_MEMORY = 64;

    /** Room beyond the tasks, in percent: a full fleet would measure refusals. */
    private static final int SPARE_PERCENT = 10;

    private static final int TENTHS = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final long TELL_NANOS = Duration.ofSeconds(5).toNanos();

    private final int instances;
    private final int services;
    private final int tasks;
    private final AtomicLong placed = new AtomicLong();
    private final AtomicLong running = new AtomicLong();

    /** When each tenth of the tasks had been placed, durably. Written by the journal's thread. */
    private final long[] tenthNanos = new long[TENTHS];

    private FleetRun(int instances, int services, int tasks) {
        this.instances = instances;
        this.services = services;
        this.tasks = tasks;
    }

    /** Arguments: data directory, instances, services, tasks, result file. */
    public static void main(String[] arguments) throws IOException {
        var run = new FleetRun(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]));
        Files.writeString(Path.of(arguments[4]), run.measure(Path.of(arguments[0])).toString());
        Runtime.getRuntime().halt(0); // nothing is closed in order: the restart that is measured next is a recovery
    }

    private ObjectNode measure(Path directory) {
        DataDirectory data = DataDirectory.claim(directory);
        var writer = new Writer(new SqliteJournal(data.path().resolve("state.db")), EcsTables.ALL, SdkForms.rows(),
                Clock.systemUTC(), new RandomIds());
        var decisions = new TimedDecisions(writer);
        var ecs = new Ecs(decisions, () -> URI.create("http://127.0.0.1:1"));
        ecs.createCluster(cluster -> cluster.clusterName(CLUSTER));
        join(ecs);
        writer.follow(this::count);
        ecs.registerTaskDefinition(definition -> definition.family("app").containerDefinitions(container()));
        long began = System.nanoTime();
        createServices(ecs);
        await(began);
        long placedNanos = tenthNanos[TENTHS - 1] - began;
        long runningNanos = System.nanoTime() - began;
        return result(data.path(), decisions, began, placedNanos, runningNanos);
    }

    private void join(Ecs ecs) {
        SocketEndpoint control = ecs.sockets().stream()
                .filter(each -> each.path().contains("acs")).findFirst().orElseThrow();
        int perInstance = Math.ceilDiv(tasks, instances) * (100 + SPARE_PERCENT) / 100 + 1;
        try (var joining = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < instances; i++) {
                String zone = ZONES.get(i % ZONES.size());
                joining.submit(() -> FleetAgent.join(
                        ecs, control, CLUSTER, zone, perInstance * TASK_CPU, perInstance * TASK_MEMORY));
            }
        }
        Progress.say(instances + " instances joined");
    }

    private static ContainerDefinition container() {
        var environment = new ArrayList<KeyValuePair>();
        for (int i = 0; i < 4; i++) {
            environment.add(KeyValuePair.builder().name("SETTING_" + i).value("value of setting " + i).build());
        }
        return ContainerDefinition.builder().name("app").image("registry.example/app:1")
                .cpu(TASK_CPU).memory(TASK_MEMORY).essential(true).environment(environment).build();
    }

    private void createServices(EcsClient ecs) {
        try (var creating = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < services; i++) {
                String name = "service-" + i;
                int desired = tasks / services + (i < tasks % services ? 1 : 0);
                creating.submit(() -> ecs.createService(service -> service.cluster(CLUSTER).serviceName(name)
                        .taskDefinition("app").desiredCount(desired).launchType(LaunchType.EC2)));
            }
        }
    }

    private void count(Commit commit) {
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, var row) && table == EcsTables.TASKS) {
                TaskRow task = (TaskRow) row;
                if (task.running()) {
                    running.incrementAndGet();
                } else if (task.task().version() == 1) {
                    long count = placed.incrementAndGet();
                    if (count % (tasks / TENTHS) == 0) {
                        tenthNanos[(int) (count / (tasks / TENTHS)) - 1] = System.nanoTime();
                    }
                }
            }
        }
    }

    private void await(long began) {
        long told = System.nanoTime();
        while (running.get() < tasks) {
            if (System.nanoTime() - began > PATIENCE.toNanos()) {
                throw new Refusal("only " + running + " of " + tasks + " tasks run after " + PATIENCE);
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            if (System.nanoTime() - told > TELL_NANOS) {
                told = System.nanoTime();
                Progress.say("%,d of %,d tasks placed, %,d run, after %d s".formatted(
                        placed.get(), tasks, running.get(), (told - began) / 1_000_000_000));
            }
        }
    }

    private ObjectNode result(
            Path data, TimedDecisions decisions, long began, long placedNanos, long runningNanos) {
        ObjectNode result = new ObjectMapper().createObjectNode();
        result.put("placedPerSecond", tasks / (placedNanos / 1e9))
                .put("runningPerSecond", tasks / (runningNanos / 1e9));
        var tenths = result.putArray("tenths");
        long before = began;
        for (long nanos : tenthNanos) {
            tenths.add(tasks / TENTHS / ((nanos - before) / 1e9));
            before = nanos;
        }
        var micros = Samples.of(decisions.microsPerPlacement());
        result.put("decisionMicrosP50", micros.p50()).put("decisionMicrosP99", micros.p99());
        result.put("cpuMicrosPerTask", Child.cpuSeconds(ProcessHandle.current().pid()) * 1e6 / tasks);
        result.put("residentMib", Machine.kib("/proc/self/status", "VmRSS") / 1024.0);
        System.gc();
        result.put("heapMib", (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / 1048576.0);
        result.put("journalMib", size(data) / 1048576.0);
        return result;
    }

    private static long size(Path data) {
        try (var files = Files.walk(data)) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
