package dev.landfall.app;

import dev.landfall.app.data.DataDirectory;
import dev.landfall.app.data.Running;
import dev.landfall.app.options.DataOption;
import dev.landfall.app.options.EventsOption;
import dev.landfall.app.options.ListenOptions;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code landfall server}: the control plane alone; agents join it from other processes and machines. */
@Command(name = "server", description = "Start the control plane alone.", mixinStandardHelpOptions = true)
final class Server implements Runnable {
    @Mixin private DataOption data;
    @Mixin private ListenOptions listen;
    @Mixin private EventsOption events;

    @Option(names = {"-d", "--detach"}, description = "Return when it is ready; it logs to DIR/landfall.log.")
    private boolean detach;

    @Override
    public void run() {
        var shutdown = Shutdown.onSignal();
        try (var directory = DataDirectory.claim(data.path());
             var _ = detach ? Log.toFile(directory.path()) : Log.toStandardError();
             var control = ControlPlane.start(directory, listen.host(), listen.port(), events.events())) {
            directory.announce(new Running(
                    ProcessHandle.current().pid(), control.endpoint(), Instant.now(), Version.NUMBER));
            System.out.println(Ready.line(control.endpoint(), directory.path()));
            shutdown.await();
        } finally {
            shutdown.finished();
        }
    }
}
