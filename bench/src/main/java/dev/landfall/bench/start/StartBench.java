package dev.landfall.bench.start;

import dev.landfall.bench.Cleanup;
import dev.landfall.bench.Progress;
import dev.landfall.bench.engine.Swarm;
import dev.landfall.bench.report.OutOption;
import dev.landfall.bench.report.Report;
import dev.landfall.bench.start.Ground.Mode;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./landfall bench start}: how long containers take from the wish to the fact. */
@Command(name = "start", mixinStandardHelpOptions = true,
        description = "Task start, bursts and replacement, beside the raw Engine and Docker Swarm.")
public final class StartBench implements Callable<Integer> {
    /** What a start may cost more than the engine's own work. */
    static final double GOAL_MILLIS = 25;

    private enum Part { SINGLE, BURST, REPLACE }

    @Mixin private OutOption out;

    @Option(names = "--samples", defaultValue = "20", description = "Samples of each mode (default ${DEFAULT-VALUE}).")
    private int samples;

    @Option(names = "--warmups", defaultValue = "5",
            description = "Pairs before the first sample (default ${DEFAULT-VALUE}).")
    private int warmups;

    @Option(names = "--bursts", defaultValue = "5", description = "Bursts of 40 (default ${DEFAULT-VALUE}).")
    private int bursts;

    @Option(names = "--replacements", defaultValue = "10",
            description = "Containers to kill (default ${DEFAULT-VALUE}).")
    private int replacements;

    @Option(names = "--parts", split = ",", description = "Some of single, burst and replace (default all).")
    private Set<Part> parts = EnumSet.allOf(Part.class);

    @Option(names = "--modes", split = ",",
            description = "Some of bridge, bridge_port, host, none and awsvpc (default all).")
    private List<Mode> modes = Mode.all();

    @Option(names = "--jfr", paramLabel = "FILE",
            description = "Record 'up' with Flight Recorder, and the agent in agent-FILE.")
    private Path recording;

    @Override
    public Integer call() throws Exception {
        var report = new Report("start");
        report.setting("warmups", warmups);
        try (var cleanup = new Cleanup()) {
            Progress.say("starting a Landfall of its own");
            var ground = Ground.prepare(cleanup, Optional.ofNullable(recording));
            report.machine("docker", ground.docker.version());
            report.machine("containersRunning", ground.docker.runningContainers());
            if (parts.contains(Part.SINGLE)) {
                new SingleStarts(ground).measure(modes, samples, warmups, report);
            }
            if (parts.contains(Part.BURST) || parts.contains(Part.REPLACE)) {
                compareWithSwarm(ground, report);
            }
        }
        report.finish(out.directory());
        return 0;
    }

    private void compareWithSwarm(Ground ground, Report report) throws Exception {
        var swarm = Swarm.join(ground.docker, ground.cleanup);
        if (parts.contains(Part.BURST)) {
            new Bursts(ground, swarm).measure(bursts, report);
        }
        if (parts.contains(Part.REPLACE)) {
            new Replacements(ground, swarm).measure(replacements, report);
        }
    }
}
