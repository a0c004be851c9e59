package dev.landfall.bench.edge;

import dev.landfall.bench.Cleanup;
import dev.landfall.bench.Progress;
import dev.landfall.bench.Refusal;
import dev.landfall.bench.child.Child;
import dev.landfall.bench.child.Installation;
import dev.landfall.bench.child.Landfall;
import dev.landfall.bench.child.Recording;
import dev.landfall.bench.edge.Scenario.Door;
import dev.landfall.bench.report.OutOption;
import dev.landfall.bench.report.Report;
import dev.landfall.protocol.edge.EdgeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./landfall bench edge}: the data plane beside HAProxy and nginx, one processor each. */
@Command(name = "edge", mixinStandardHelpOptions = true,
        description = "The data plane beside HAProxy and nginx, and how soon changes of targets take effect.")
public final class EdgeBench implements Callable<Integer> {
    /** The measured server's processor; load and targets have the other one. */
    private static final int SERVER = 1;
    private static final int LOAD = 0;
    private static final int TARGETS = 8;
    private static final int MEGABYTE = 1_000_000;
    /** What {@code landfall edge} is started with beside the flags of all commands. */
    private static final String LAUNCHER_FLAG = "-XX:TrimNativeHeapInterval=5000";

    /** The parts of the benchmark that are no {@link Scenario}. */
    private enum Part { REQUESTS, CHURN, DISCOVERY }

    @Mixin private OutOption out;

    @Option(names = "--seconds", defaultValue = "3",
            description = "Length of one measurement (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "3",
            description = "Measurements of each kind (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--warm-up-seconds", defaultValue = "10",
            description = "Of ours, for each kind (default ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(names = "--churn-seconds", defaultValue = "60",
            description = "How long targets change (default ${DEFAULT-VALUE}).")
    private int churnSeconds;

    @Option(names = "--only", split = ",", description = "Some of ${COMPLETION-CANDIDATES} (default all).")
    private Set<Scenario> only = EnumSet.allOf(Scenario.class);

    @Option(names = "--parts", split = ",", description = "Some of ${COMPLETION-CANDIDATES} (default all).")
    private Set<Part> parts = EnumSet.allOf(Part.class);

    @Option(names = "--jvm", paramLabel = "OPTION", description = "Another option of our JVM; may be repeated.")
    private List<String> jvmOptions = List.of();

    @Option(names = "--jfr", paramLabel = "FILE", description = "Record the data plane with Flight Recorder.")
    private Path recording;

    @Override
    public Integer call() {
        if (Runtime.getRuntime().availableProcessors() < 2) {
            throw new Refusal("needs two processors: one for the server that is measured, one for those who ask");
        }
        Tools.need();
        var report = new Report("edge");
        report.setting("secondsEach", seconds);
        report.setting("rounds", rounds);
        report.setting("warmUpSeconds", warmUpSeconds);
        report.setting("jvmOptions", jvmOptions);
        report.machine("haproxy", Tools.version("haproxy", "-v"));
        report.machine("nginx", Tools.version("nginx", "-v"));
        Pinned.self(LOAD);
        try (var cleanup = new Cleanup()) {
            measure(cleanup, report);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        report.finish(out.directory());
        return 0;
    }

    private void measure(Cleanup cleanup, Report report) throws IOException {
        Path directory = Landfall.temporaryData(cleanup);
        var generator = new Generator(LOAD, directory);
        Certificate certificate = Certificate.make(directory);
        Files.writeString(directory.resolve("both.pem"), certificate.chain() + certificate.key());
        List<Integer> targets = startTargets(cleanup, directory);

        Child child = startOurs(cleanup, directory);
        Landfall.Running ours = Landfall.ready(child);
        var control = new EdgeControl(ours.endpoint());
        cleanup.add(control::close);
        Map<Door, Integer> doors = ports(EnumSet.allOf(Door.class));
        control.accept(new EdgeMessage.Everything(
                Configurations.snapshot(1, doors, certificate, targets.getFirst())));

        if (parts.contains(Part.REQUESTS)) {
            var sides = List.of(new Side("Landfall", child.pid(), doors),
                    startHaproxy(cleanup, directory, targets.getFirst()),
                    startNginx(cleanup, directory, targets.getFirst()));
            var throughput = new Throughput(sides, generator);
            throughput.warmUp(only, warmUpSeconds);
            for (int round = 1; round <= rounds; round++) {
                Progress.say("round " + round + " of " + rounds);
                for (Scenario scenario : only) {
                    throughput.round(scenario, round, seconds);
                }
            }
            throughput.report(report);
        }
        long version = 1;
        if (parts.contains(Part.CHURN)) {
            var churn = new Churn(control, generator, doors.get(Door.HTTP), targets);
            version = churn.run(churn.warmUp(version, warmUpSeconds), churnSeconds, report);
        }
        if (parts.contains(Part.DISCOVERY)) {
            new Discovery(control, generator, doors.get(Door.HTTP)).run(version, report);
        }
        report.setting("residentMibAtEnd", Math.round(child.residentMib()));
    }

    private static Map<Door, Integer> ports(Set<Door> doors) {
        var ports = new EnumMap<Door, Integer>(Door.class);
        doors.forEach(door -> ports.put(door, Landfall.freePort()));
        return ports;
    }

    private Child startOurs(Cleanup cleanup, Path directory) {
        var options = new ArrayList<>(Recording.to(Optional.ofNullable(recording)));
        options.add(LAUNCHER_FLAG);
        options.addAll(jvmOptions);
        var command = new ArrayList<>(
                Pinned.command(SERVER, Installation.java(Installation.Start.WITHOUT_AOT_CACHE, options)));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), EdgeProcess.class.getName(),
                directory.resolve("access-logs").toString()));
        Child child = Child.start(command, directory.resolve("edge.log"));
        cleanup.add(child::close);
        return child;
    }

    private static List<Integer> startTargets(Cleanup cleanup, Path directory) throws IOException {
        List<Integer> ports = IntStream.range(0, TARGETS).mapToObj(_ -> Landfall.freePort()).toList();
        Files.write(directory.resolve("megabyte"), new byte[MEGABYTE]);
        // nginx as root gives its worker up to another user, who must be let in.
        directory.toFile().setExecutable(true, false);
        directory.toFile().setReadable(true, false);
        Path file = directory.resolve("backend.conf");
        Files.writeString(file, Configurations.backend(ports, directory));
        Pinned.server(cleanup, LOAD, nginx(file), directory.resolve("backend.log"), ports.getFirst());
        return ports;
    }

    private static List<String> nginx(Path file) {
        return List.of(Tools.path("nginx"), "-c", file.toString());
    }

    private static Side startHaproxy(Cleanup cleanup, Path directory, int target) throws IOException {
        Map<Door, Integer> ports = ports(EnumSet.allOf(Door.class));
        Path file = directory.resolve("haproxy.cfg");
        Files.writeString(file, Configurations.haproxy(ports, target, directory));
        long pid = Pinned.server(cleanup, SERVER, List.of(Tools.path("haproxy"), "-db", "-f", file.toString()),
                directory.resolve("haproxy.log"), ports.get(Door.TCP));
        return new Side("HAProxy", pid, ports);
    }

    /** Without TCP: Debian has that in a package of its own. */
    private static Side startNginx(Cleanup cleanup, Path directory, int target) throws IOException {
        Map<Door, Integer> ports = ports(EnumSet.of(Door.BARE, Door.HTTP, Door.TLS));
        Path file = directory.resolve("nginx.conf");
        Files.writeString(file, Configurations.nginxProxy(ports, target, directory));
        long pid = Pinned.server(cleanup, SERVER, nginx(file), directory.resolve("nginx.log"), ports.get(Door.BARE));
        return new Side("nginx", pid, ports);
    }
}
