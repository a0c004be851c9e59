package dev.landfall.bench.api;

import dev.landfall.bench.Cleanup;
import dev.landfall.bench.Progress;
import dev.landfall.bench.child.Child;
import dev.landfall.bench.child.Installation;
import dev.landfall.bench.child.Landfall;
import dev.landfall.bench.child.Recording;
import dev.landfall.bench.fleet.Population;
import dev.landfall.bench.report.OutOption;
import dev.landfall.bench.report.Report;
import dev.landfall.bench.report.Samples;
import dev.landfall.bench.wire.Api;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./landfall bench api}: calls per second and their times, with many tasks in the state. */
@Command(name = "api", mixinStandardHelpOptions = true,
        description = "Durable writes and reads per second over HTTP, beside the bare server and the bare database.")
public final class ApiBench implements Callable<Integer> {
    private static final double GOAL_WRITES = 5_000;
    private static final double GOAL_READS = 15_000;
    private static final double GOAL_P99_MILLIS = 10;
    private static final int FLOOR_ANSWER_BYTES = 1_500;
    private static final int GROUP = 64;
    private static final int WARM_UP_CALLERS = 16;

    @Mixin private OutOption out;

    @Option(names = "--tasks", defaultValue = "10000",
            description = "Running tasks in the state (default ${DEFAULT-VALUE}).")
    private int tasks;

    @Option(names = "--seconds", defaultValue = "2",
            description = "Length of one measurement (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--warm-up-seconds", defaultValue = "5", description = "For each call (default ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(names = "--rounds", defaultValue = "3",
            description = "Measurements of each kind (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--callers", split = ",", defaultValue = "1,16,64",
            description = "Callers at once (default ${DEFAULT-VALUE}).")
    private List<Integer> callers;

    @Option(names = "--operations", split = ",", description = "Some of ${COMPLETION-CANDIDATES} (default all).")
    private Set<Operation> operations = EnumSet.allOf(Operation.class);

    @Option(names = "--jfr", paramLabel = "FILE", description = "Record the server with Flight Recorder.")
    private Path recording;

    private final Map<Operation, Map<Integer, List<Load.Result>>> measured = new EnumMap<>(Operation.class);
    private final Map<Integer, List<Load.Result>> floor = new TreeMap<>();
    private final Map<Integer, List<Double>> commits = new TreeMap<>();

    @Override
    public Integer call() throws SQLException {
        var report = new Report("api");
        report.setting("tasks", tasks);
        report.setting("warmUpSeconds", warmUpSeconds);
        report.setting("secondsEach", seconds);
        report.setting("rounds", rounds);
        try (var cleanup = new Cleanup()) {
            Path data = Landfall.temporaryData(cleanup);
            Landfall.Running server = Landfall.start(
                    cleanup, data, Recording.to(Optional.ofNullable(recording)), "server", "--port", "0");
            Landfall.Running bare = startFloor(cleanup);
            Progress.say("starting " + tasks + " simulated tasks");
            long begin = System.nanoTime();
            List<String> arns = Population.start(server.endpoint(), tasks);
            report.setting("tasksMadePerSecond", Math.round(tasks / ((System.nanoTime() - begin) / 1e9)));
            createServices(server.endpoint());
            warmUp(server, bare, arns);
            for (int round = 1; round <= rounds; round++) {
                Progress.say("round " + round + " of " + rounds);
                measure(server, bare, arns, Landfall.temporaryData(cleanup));
            }
            report.setting("serverResidentMib", Math.round(server.child().residentMib()));
        }
        report(report);
        report.finish(out.directory());
        return 0;
    }

    private static Landfall.Running startFloor(Cleanup cleanup) {
        Path directory = Landfall.temporaryData(cleanup);
        var command = new ArrayList<>(Installation.java(Installation.Start.WITHOUT_AOT_CACHE, List.of()));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FloorServer.class.getName(),
                "" + FLOOR_ANSWER_BYTES));
        Child child = Child.start(command, directory.resolve("floor.log"));
        cleanup.add(child::close);
        return Landfall.ready(child);
    }

    private void createServices(URI server) {
        try (var api = new Api(server)) {
            int most = Math.max(WARM_UP_CALLERS, callers.stream().mapToInt(Integer::intValue).max().orElse(1));
            for (int i = 0; i < most; i++) {
                api.call("CreateService", Api.object().put("cluster", Population.CLUSTER)
                        .put("serviceName", Operation.service(i)).put("taskDefinition", Population.FAMILY)
                        .put("desiredCount", 0).put("launchType", "EC2"));
            }
        }
    }

    /**
     * Until the JVM has compiled what each call runs, which takes seconds of a processor: a server lives longer than
     * that, and a measurement of the compiler would tell nothing of it.
     */
    private void warmUp(Landfall.Running server, Landfall.Running bare, List<String> arns) {
        Duration time = Duration.ofSeconds(warmUpSeconds);
        for (Operation operation : operations) {
            Progress.say("warming up with " + operation.title());
            Load.run(server.endpoint(), server.child(), WARM_UP_CALLERS, time,
                    caller -> operation.requests(caller, arns));
        }
        Load.run(bare.endpoint(), bare.child(), WARM_UP_CALLERS, time,
                caller -> Operation.DESCRIBE_TASK.requests(caller, arns));
    }

    /** One measurement of each kind in turn, the floors among them. */
    private void measure(Landfall.Running server, Landfall.Running bare, List<String> arns, Path directory)
            throws SQLException {
        Duration time = Duration.ofSeconds(seconds);
        for (int count : callers) {
            for (Operation operation : operations) {
                measured.computeIfAbsent(operation, _ -> new TreeMap<>())
                        .computeIfAbsent(count, _ -> new ArrayList<>())
                        .add(Load.run(server.endpoint(), server.child(), count, time,
                                caller -> operation.requests(caller, arns)));
            }
            floor.computeIfAbsent(count, _ -> new ArrayList<>())
                    .add(Load.run(bare.endpoint(), bare.child(), count, time,
                            caller -> Operation.DESCRIBE_TASK.requests(caller, arns)));
        }
        for (int group : List.of(1, GROUP)) {
            commits.computeIfAbsent(group, _ -> new ArrayList<>())
                    .add(SqliteFloor.rowsPerSecond(directory, group, time));
        }
    }

    private void report(Report report) {
        var table = report.table("API calls, closed loop", "call", "callers", "n", "calls/s", "of bare server", "goal",
                "p50 ms", "p90 ms", "p99 ms", "p99 goal", "server CPU us", "client CPU us");
        measured.forEach((operation, byCallers) -> byCallers.forEach((count, results) ->
                row(table, operation.title(), count, results, operation.writes() ? GOAL_WRITES : GOAL_READS)));
        floor.forEach((count, results) ->
                row(table, "bare server, " + FLOOR_ANSWER_BYTES + " bytes", count, results, 0));
        var sqlite = report.table("SQLite alone, WAL, synchronous=FULL, rows of 1 kB", "rows per commit", "n",
                "rows/s", "commits/s");
        commits.forEach((group, rows) -> {
            double median = Samples.of(rows).p50();
            sqlite.row(group, rows.size(), median, median / group);
        });
    }

    /** Rates are the median round's; times are those of all rounds' medians, since each round has its own noise. */
    private void row(Report.Table table, String title, int count, List<Load.Result> results, double goal) {
        double rate = median(results, Load.Result::perSecond);
        double bare = median(floor.get(count), Load.Result::perSecond);
        double p99 = median(results, result -> result.millis().p99());
        table.row(title, count, results.stream().mapToInt(result -> result.millis().count()).sum(), rate, rate / bare,
                goal == 0 ? "" : ">= %,.0f %s".formatted(goal, rate >= goal ? "met" : "missed"),
                median(results, result -> result.millis().p50()), median(results, result -> result.millis().p90()), p99,
                goal == 0 ? "" : p99 <= GOAL_P99_MILLIS ? "<= 10 met" : "<= 10 missed",
                median(results, Load.Result::serverMicros), median(results, Load.Result::clientMicros));
    }

    private static double median(List<Load.Result> results, java.util.function.ToDoubleFunction<Load.Result> value) {
        return Samples.of(results.stream().mapToDouble(value).toArray()).p50();
    }
}
