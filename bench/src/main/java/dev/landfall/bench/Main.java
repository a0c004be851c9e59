package dev.landfall.bench;

import dev.landfall.bench.api.ApiBench;
import dev.landfall.bench.boot.BootBench;
import dev.landfall.bench.edge.EdgeBench;
import dev.landfall.bench.fleet.FleetBench;
import dev.landfall.bench.sim.SimBench;
import dev.landfall.bench.start.StartBench;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program behind {@code ./landfall bench}. */
@Command(name = "landfall bench", mixinStandardHelpOptions = true,
        description = "Measures Landfall beside its peers, in the same run. How it is done: docs/PERFORMANCE.md",
        subcommands = {StartBench.class, ApiBench.class, BootBench.class, FleetBench.class, EdgeBench.class,
            SimBench.class})
public final class Main implements Runnable {
    private Main() {}

    public static void main(String... arguments) {
        var line = new CommandLine(new Main());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, _, _) -> {
            System.err.println("landfall bench: " + failure.getMessage());
            if (!(failure instanceof Refusal)) {
                failure.printStackTrace();
            }
            return 1;
        });
        int status = line.execute(arguments);
        System.out.flush();
        System.exit(status);
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
