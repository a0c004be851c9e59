package dev.landfall.app;

import dev.landfall.app.doctor.Doctor;
import dev.landfall.app.events.Events;
import dev.landfall.app.logs.Logs;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;

/** The program behind the {@code landfall} script. */
public final class Main {
    /** Only the command that was asked for is loaded; the others cost nothing. */
    private static final Map<String, Supplier<Object>> COMMANDS = Map.ofEntries(
            Map.entry("up", Up::new),
            Map.entry("down", Down::new),
            Map.entry("status", Status::new),
            Map.entry("env", Env::new),
            Map.entry("logs", Logs::new),
            Map.entry("events", Events::new),
            Map.entry("interrupt", InterruptCommand::new),
            Map.entry("doctor", Doctor::new),
            Map.entry("server", Server::new),
            Map.entry("agent", AgentCommand::new),
            Map.entry("edge", EdgeCommand::new),
            Map.entry("rehearse", Rehearse::new),
            Map.entry("version", Version::new));

    /** Those that begin with what a journal holds. */
    private static final Set<String> CONTROL_PLANES = Set.of("server", "up");

    private static final int USAGE = 2;

    private Main() {}

    public static void main(String... arguments) {
        int status = run(List.of(arguments));
        System.out.flush();
        System.exit(status);
    }

    static int run(List<String> arguments) {
        String name = arguments.isEmpty() ? "" : arguments.getFirst();
        if (!COMMANDS.containsKey(name)) {
            System.err.println("landfall: there is no command '" + name + "'; './landfall help' lists them");
            return USAGE;
        }
        if (CONTROL_PLANES.contains(name)) {
            Preparation.begin();
        }
        var line = new CommandLine(COMMANDS.get(name).get());
        line.setCommandName("landfall " + name);
        line.setExecutionExceptionHandler((failure, _, _) -> report(failure));
        return line.execute(arguments.subList(1, arguments.size()).toArray(String[]::new));
    }

    /** A refusal needs one line; anything else is our fault, and whoever reports it needs the trace. */
    private static int report(Exception failure) {
        if (failure instanceof Refusal) {
            System.err.println("landfall: " + failure.getMessage());
        } else {
            System.err.println("landfall: a fault of its own, please report it:");
            failure.printStackTrace();
        }
        return 1;
    }
}
