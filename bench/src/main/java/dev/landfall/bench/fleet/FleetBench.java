package dev.landfall.bench.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.landfall.bench.Cleanup;
import dev.landfall.bench.Progress;
import dev.landfall.bench.Refusal;
import dev.landfall.bench.child.Child;
import dev.landfall.bench.child.Installation;
import dev.landfall.bench.child.Installation.Start;
import dev.landfall.bench.child.Landfall;
import dev.landfall.bench.report.OutOption;
import dev.landfall.bench.report.Report;
import dev.landfall.bench.report.Samples;
import dev.landfall.bench.wire.Api;
import dev.landfall.bench.wire.Connection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ./landfall bench fleet}: services fill a fleet of simulated instances; every task is durable, delivered over
 * the agent protocol and reported RUNNING. Then a server starts on what the killed one left.
 */
@Command(name = "fleet", mixinStandardHelpOptions = true,
        description = "Placements per second on a simulated fleet, memory, journal and restart.")
public final class FleetBench implements Callable<Integer> {
    private static final double GOAL_PER_SECOND = 20_000;
    private static final double GOAL_LAST_TO_FIRST = 1.2;
    private static final Duration RESTART_PATIENCE = Duration.ofMinutes(5);

    /** Up to here the stricter goal for a restart holds. */
    private static final int FEW_TASKS = 100_000;

    @Mixin private OutOption out;

    @Option(names = "--instances", defaultValue = "5000", description = "Instances, in three zones (${DEFAULT-VALUE}).")
    private int instances;

    @Option(names = "--services", defaultValue = "1000", description = "Services (${DEFAULT-VALUE}).")
    private int services;

    @Option(names = "--tasks", defaultValue = "1000000",
            description = "Tasks of all services, a multiple of ten (${DEFAULT-VALUE}).")
    private int tasks;

    /** By itself the young generation takes a third of the heap, and each new page of it is cleared by the system. */
    private static final String YOUNG = "1g";

    @Option(names = "--heap", defaultValue = "14g",
            description = "The control plane's largest heap (${DEFAULT-VALUE}).")
    private String heap;

    @Option(names = "--jvm", description = "Another option for the control plane's JVM, such as one for a recording.")
    private List<String> jvmOptions = List.of();

    @Option(names = "--restarts", defaultValue = "5", description = "Servers started and killed (${DEFAULT-VALUE}).")
    private int restarts;

    @Option(names = "--data", description = "An empty directory for the journal (a temporary one if not given).")
    private Path data;

    @Override
    public Integer call() throws Exception {
        if (tasks < 10 || tasks % 10 != 0) {
            throw new Refusal("--tasks must be a multiple of ten");
        }
        if (restarts < 1) {
            throw new Refusal("--restarts must be 1 or more");
        }
        var report = new Report("fleet");
        report.setting("instances", instances);
        report.setting("services", services);
        report.setting("tasks", tasks);
        report.setting("heap", heap);
        try (var cleanup = new Cleanup()) {
            Path directory = data == null ? Landfall.temporaryData(cleanup) : data;
            Path result = directory.resolve("fleet.json");
            fill(cleanup, directory, result);
            filled(report, new ObjectMapper().readTree(result.toFile()));
            var restarted = new ArrayList<Restarted>();
            for (int i = 1; i <= restarts; i++) {
                Progress.say("starting a server on what is there, %d of %d".formatted(i, restarts));
                restarted.add(restart(cleanup, directory));
            }
            report(report, restarted);
        }
        report.finish(out.directory());
        return 0;
    }

    private void fill(Cleanup cleanup, Path directory, Path result) throws IOException, InterruptedException {
        var command = new ArrayList<>(Installation.java(Start.WITHOUT_AOT_CACHE, List.of()));
        command.addAll(List.of("-Xmx" + heap, "-Xmn" + YOUNG, "-XX:-UseSerialGC", "-XX:+UseParallelGC"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FleetRun.class.getName(),
                directory.toString(), "" + instances, "" + services, "" + tasks, result.toString()));
        Process process = new ProcessBuilder(command).inheritIO().start();
        cleanup.add(process::destroyForcibly);
        if (process.waitFor() != 0) {
            throw new Refusal("the control plane ended with status " + process.exitValue());
        }
    }

    private record Restarted(double answerMillis, double residentMib) {}

    /** From a server process's start to its first answer that counts every task as running. Then it is killed. */
    private Restarted restart(Cleanup cleanup, Path directory) {
        int port = Landfall.freePort();
        byte[] question = Connection.request("DescribeClusters", Api.object()
                .set("clusters", new ObjectMapper().createArrayNode().add(FleetRun.CLUSTER)).toString());
        try (Child child = Landfall.launch(
                directory, Start.WITH_AOT_CACHE, List.of("-Xmx" + heap), "server", "--port", "" + port)) {
            cleanup.add(child::close);
            long deadline = System.nanoTime() + RESTART_PATIENCE.toNanos();
            while (System.nanoTime() < deadline && child.isAlive()) {
                try (var connection = Connection.open(URI.create("http://127.0.0.1:" + port))) {
                    Connection.Answer answer = connection.call(question);
                    double millis = child.millisSinceStart();
                    if (answer.status() != 200 || !answer.body().contains("\"runningTasksCount\":" + tasks)) {
                        throw new IllegalStateException("a wrong answer after the restart: " + answer.body());
                    }
                    var restarted = new Restarted(millis, child.residentMib());
                    child.kill();
                    return restarted;
                } catch (IOException | UncheckedIOException e) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                }
            }
        }
        throw new Refusal("no answer after the restart");
    }

    private static void filled(Report report, JsonNode result) {
        var rates = report.table("Placed, durable and delivered; then reported RUNNING; tasks/s",
                "placed", "goal", "running", "last tenth / first", "goal ", "decision/task p50 us", "p99 us",
                "CPU/task us");
        double rate = result.path("placedPerSecond").asDouble();
        JsonNode tenths = result.path("tenths");
        double slowdown = tenths.path(0).asDouble() / tenths.path(tenths.size() - 1).asDouble();
        rates.row(rate, ">= 20,000 " + verdict(rate >= GOAL_PER_SECOND), result.path("runningPerSecond").asDouble(),
                slowdown, "<= 1.2 " + verdict(slowdown <= GOAL_LAST_TO_FIRST),
                result.path("decisionMicrosP50").asDouble(), result.path("decisionMicrosP99").asDouble(),
                result.path("cpuMicrosPerTask").asDouble());
        var each = report.table("Placed per second, by tenth", "tenth", "tasks/s");
        for (int i = 0; i < tenths.size(); i++) {
            each.row(i + 1, tenths.path(i).asDouble());
        }
        var sizes = report.table("With all tasks running; MiB", "RSS", "heap after GC", "journal");
        sizes.row(result.path("residentMib").asDouble(), result.path("heapMib").asDouble(),
                result.path("journalMib").asDouble());
        var published = report.table("Published by others, on larger machines", "scheduler", "tasks/s");
        published.row("Nomad, C1M (5,000 clients, 1,000,000 containers)", 3_750);
        published.row("Nomad, C2M (6,100 clients, 2,000,000 containers)", 1_500);
        published.row("Kubernetes, scheduler_perf floor, 5,000 nodes", 810);
        published.row("Kubernetes, the same with topology spreading", 460);
    }

    private void report(Report report, List<Restarted> restarted) {
        double goal = tasks <= FEW_TASKS ? 2_000 : 10_000;
        var millis = Samples.of(restarted.stream().map(Restarted::answerMillis).toList());
        report.table("kill -9, then from the process's start to the first right answer, ms", "restarts", "median",
                        "goal", "first", "least", "most", "RSS MiB")
                .row(restarted.size(), millis.p50(), "<= %,.0f %s".formatted(goal, verdict(millis.p50() <= goal)),
                        restarted.getFirst().answerMillis(), millis.min(), millis.quantile(1),
                        Samples.of(restarted.stream().map(Restarted::residentMib).toList()).p50());
    }

    private static String verdict(boolean met) {
        return met ? "met" : "missed";
    }
}
