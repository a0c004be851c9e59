package dev.landfall.bench.boot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.bench.Cleanup;
import dev.landfall.bench.Progress;
import dev.landfall.bench.Refusal;
import dev.landfall.bench.child.Child;
import dev.landfall.bench.child.Installation.Start;
import dev.landfall.bench.child.Landfall;
import dev.landfall.bench.engine.Docker;
import dev.landfall.bench.fleet.Population;
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

/** {@code ./landfall bench boot}: from the start of a process to its first right answer, and its memory then. */
@Command(name = "boot", mixinStandardHelpOptions = true,
        description = "Start, recovery after kill -9 and memory; empty and full, with and without AOT cache.")
public final class BootBench implements Callable<Integer> {
    private static final double GOAL_READY_MILLIS = 1_000;
    private static final double GOAL_RECOVERY_MILLIS = 2_000;
    private static final double GOAL_IDLE_MIB = 200;
    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ASKED_TASKS = 100;

    @Mixin private OutOption out;

    @Option(names = "--tasks", defaultValue = "10000",
            description = "Tasks in the full journal (default ${DEFAULT-VALUE}).")
    private int tasks;

    @Option(names = "--samples", defaultValue = "5", description = "Starts of each kind (default ${DEFAULT-VALUE}).")
    private int samples;

    /** A kind of start, with what it has shown so far. */
    private record Kind(String command, String journal, Path data, List<String> taskArns, Start start,
            List<Double> answered, List<Double> ready, List<Double> cpuMillis, List<Double> idleMib,
            List<Double> collectedMib) {
        Kind(String command, String journal, Path data, List<String> taskArns, Start start) {
            this(command, journal, data, taskArns, start, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(),
                    new ArrayList<>(), new ArrayList<>());
        }

        boolean full() {
            return !taskArns.isEmpty();
        }
    }

    @Override
    public Integer call() throws Exception {
        var report = new Report("boot");
        report.setting("tasks", tasks);
        try (var cleanup = new Cleanup()) {
            var docker = new Docker();
            cleanup.add(docker::close);
            report.machine("docker", docker.version());
            List<Kind> kinds = kinds(cleanup, docker);
            for (int i = -1; i < samples; i++) {
                Progress.say(i < 0 ? "first starts, not counted"
                        : "start " + (i + 1) + " of " + samples + " of each kind");
                for (Kind kind : kinds) {
                    start(cleanup, kind, i);
                }
            }
            report(kinds, report);
        }
        report.finish(out.directory());
        return 0;
    }

    private List<Kind> kinds(Cleanup cleanup, Docker docker) {
        Path empty = Landfall.temporaryData(cleanup);
        Path emptyUp = Landfall.temporaryData(cleanup);
        cleanup.add(() -> docker.sweepAgent(emptyUp));
        Path full = Landfall.temporaryData(cleanup);
        Progress.say("filling a journal with " + tasks + " tasks");
        Landfall.Running server = Landfall.start(cleanup, full, List.of(), "server", "--port", "0");
        List<String> arns = Population.start(server.endpoint(), tasks);
        server.child().kill();
        var kinds = new ArrayList<Kind>();
        for (Start start : Start.values()) {
            kinds.add(new Kind("server", "empty", empty, List.of(), start));
            kinds.add(new Kind("server", tasks + " tasks", full, arns, start));
            kinds.add(new Kind("up", "empty", emptyUp, List.of(), start));
        }
        return kinds;
    }

    /** Servers are killed in the end, so that each start but the first is a recovery; {@code up} ends in order. */
    private void start(Cleanup cleanup, Kind kind, int sample) throws InterruptedException {
        int port = Landfall.freePort();
        var endpoint = URI.create("http://127.0.0.1:" + port);
        byte[] question = question(kind);
        try (Child child = Landfall.launch(kind.data, kind.start, List.of(), kind.command, "--port", "" + port)) {
            cleanup.add(child::close);
            var ready = new ArrayList<Double>();
            Thread reader = Thread.ofVirtual().start(() -> {
                child.awaitReady();
                ready.add(child.millisSinceStart());
            });
            double answered = awaitAnswer(child, endpoint, question, Math.max(1, kind.taskArns.size()), kind.full());
            reader.join();
            if (sample >= 0) {
                kind.cpuMillis.add(child.cpuSeconds() * 1000);
                kind.answered.add(answered);
                kind.ready.add(ready.getFirst());
            }
            if (sample == samples - 1) {
                TimeUnit.NANOSECONDS.sleep(IDLE.toNanos());
                kind.idleMib.add(child.residentMib());
                child.collectGarbage();
                kind.collectedMib.add(child.residentMib());
            }
            if (kind.command.equals("server")) {
                child.kill();
            }
        }
    }

    private static byte[] question(Kind kind) {
        if (!kind.full()) {
            return Connection.request("ListClusters", "{}");
        }
        ObjectNode input = Api.object().put("cluster", Population.CLUSTER);
        var asked = input.putArray("tasks");
        kind.taskArns.reversed().stream().limit(ASKED_TASKS).forEach(asked::add);
        return Connection.request("DescribeTasks", input.toString());
    }

    /** Milliseconds from the process's start until the first right answer. */
    private static double awaitAnswer(Child child, URI endpoint, byte[] question, int known, boolean full) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline && child.isAlive()) {
            try (var connection = Connection.open(endpoint)) {
                Connection.Answer answer = connection.call(question);
                double millis = child.millisSinceStart();
                checkRight(answer, Math.min(known, ASKED_TASKS), full);
                return millis;
            } catch (IOException | UncheckedIOException e) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
        throw new Refusal("no answer from a process that was started");
    }

    private static void checkRight(Connection.Answer answer, int known, boolean full) {
        int running = answer.body().split("\"desiredStatus\":\"RUNNING\"", -1).length - 1;
        if (answer.status() != 200 || full && running != known) {
            throw new IllegalStateException("a wrong answer after a start: " + answer.status() + ", " + running
                    + " tasks instead of " + known);
        }
    }

    private static void report(List<Kind> kinds, Report report) {
        var table = report.table("From the start of the process, ms; memory in MiB", "command", "journal", "AOT cache",
                "n", "first answer p50", "p90", "ready p50", "p90", "goal", "CPU p50", "RSS idle 5 s",
                "RSS after GC", "goal ");
        for (Kind kind : kinds) {
            var answered = Samples.of(kind.answered);
            var ready = Samples.of(kind.ready);
            double idle = Samples.of(kind.idleMib).p50();
            double limit = kind.full() ? GOAL_RECOVERY_MILLIS : GOAL_READY_MILLIS;
            double judged = kind.full() ? answered.p50() : ready.p50();
            table.row(kind.command, kind.journal, kind.start == Start.WITH_AOT_CACHE ? "yes" : "no", answered.count(),
                    answered.p50(), answered.p90(), ready.p50(), ready.p90(),
                    "<= %,.0f %s".formatted(limit, judged <= limit ? "met" : "missed"),
                    Samples.of(kind.cpuMillis).p50(), idle,
                    Samples.of(kind.collectedMib).p50(),
                    kind.full() ? "" : "<= 200 " + (idle <= GOAL_IDLE_MIB ? "met" : "missed"));
        }
    }
}
