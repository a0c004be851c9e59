package dev.landfall.app;

import dev.landfall.app.data.Running;
import dev.landfall.app.data.StopRequest;
import dev.landfall.app.options.DataOption;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code landfall down}: stops the process that runs on a data directory, and waits until it is gone. */
@Command(name = "down", description = "Stop Landfall; tasks keep running.", mixinStandardHelpOptions = true)
final class Down implements Runnable {
    /** The process ends itself before. */
    private static final Duration LIMIT = Shutdown.CLOSING_LIMIT.plusSeconds(10);

    @Mixin private DataOption data;

    @Option(names = "--stop-tasks", description = "Stop the containers of all tasks as well.")
    private boolean stopTasks;

    @Override
    public void run() {
        var running = Running.find(data.path()).orElse(null);
        if (running == null) {
            System.out.println("Landfall is not running on " + data.path());
            return;
        }
        if (stopTasks) {
            StopRequest.tasksToo(data.path());
        }
        var process = ProcessHandle.of(running.pid());
        if (process.isPresent()) {
            process.get().destroy();
            await(process.get());
        }
        if (StopRequest.wantsTasksStopped(data.path())) {
            throw new Refusal("pid " + running.pid() + " ended without stopping its tasks: "
                    + "start it again and repeat './landfall down --stop-tasks'");
        }
        System.out.println("Landfall has stopped (pid " + running.pid() + "); "
                + (stopTasks ? "its tasks have stopped too" : "running tasks were left alone"));
    }

    private void await(ProcessHandle process) {
        try {
            process.onExit().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Refusal("pid " + process.pid() + " is still stopping after " + LIMIT.toSeconds()
                    + " s: see " + data.path().resolve("landfall.log") + "; as a last resort 'kill -9 "
                    + process.pid() + "', which loses nothing that was acknowledged");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
