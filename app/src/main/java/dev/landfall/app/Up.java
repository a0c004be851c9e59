package dev.landfall.app;

import dev.landfall.app.data.DataDirectory;
import dev.landfall.app.data.Running;
import dev.landfall.app.data.StopRequest;
import dev.landfall.app.options.CapacityOptions;
import dev.landfall.app.options.DataOption;
import dev.landfall.app.options.EdgeOption;
import dev.landfall.app.options.EventsOption;
import dev.landfall.app.options.ListenOptions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code landfall up}: control plane, agent and load balancers in one process, over the same protocols as on many. */
@Command(name = "up", description = "Start everything on this machine.", mixinStandardHelpOptions = true)
final class Up implements Runnable {
    @Mixin private DataOption data;
    @Mixin private ListenOptions listen;
    @Mixin private EventsOption events;
    @Mixin private CapacityOptions capacity;
    @Mixin private EdgeOption edge;

    @Option(names = {"-d", "--detach"}, description = "Return when it is ready; it logs to DIR/landfall.log.")
    private boolean detach;

    @Option(names = "--no-install", description = "Install nothing; say what is missing instead.")
    private boolean noInstall;

    @Override
    public void run() {
        var shutdown = Shutdown.onSignal();
        try (var directory = DataDirectory.claim(data.path());
             var _ = detach ? Log.toFile(directory.path()) : Log.toStandardError();
             var control = ControlPlane.start(
                     directory, listen.host(), listen.port(), events.events(), capacity.policy());
             var _ = edge.connected(control.edges(), directory.path().resolve("edge"));
             var agent = ContainerAgent.start(
                     new ContainerAgent.Settings(control.endpoint(), "default",
                             directory.path().resolve("agent"), true, Map.of(), List.of(), Optional.empty()),
                     control.ecs())) {
            directory.announce(new Running(
                    ProcessHandle.current().pid(), control.endpoint(), Instant.now(), Version.NUMBER));
            System.out.println(Ready.line(control.endpoint(), directory.path()));
            shutdown.await();
            if (StopRequest.wantsTasksStopped(directory.path()) || agent.idle()) {
                agent.stopAllTasks();
            }
        } finally {
            shutdown.finished();
        }
    }
}
