package dev.landfall.app;

import dev.landfall.app.balancing.RemoteEdge;
import dev.landfall.app.data.DataDirectory;
import dev.landfall.app.data.Running;
import dev.landfall.app.options.BalancerAddressOption;
import dev.landfall.app.options.DataOption;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code landfall edge}: the traffic of load balancers, in a process that outlives the control plane's. */
@Command(name = "edge", description = "Serve the load balancers of a Landfall that runs elsewhere. Goes on with what "
        + "it was told last while that is away.", mixinStandardHelpOptions = true)
final class EdgeCommand implements Runnable {
    @Mixin private DataOption data;
    @Mixin private BalancerAddressOption addresses;

    @Option(names = "--server", paramLabel = "URL", required = true, description = "The control plane's endpoint.")
    private URI server;

    @Option(names = {"-d", "--detach"}, description = "Return when it is ready; it logs to DIR/landfall.log.")
    private boolean detach;

    @Override
    public void run() {
        URI endpoint = checked(server);
        var shutdown = Shutdown.onSignal();
        try (var directory = DataDirectory.claim(data.edgePath());
             var _ = detach ? Log.toFile(directory.path()) : Log.toStandardError();
             var edge = RemoteEdge.start(endpoint, Env.REGION, key("AWS_ACCESS_KEY_ID"),
                     key("AWS_SECRET_ACCESS_KEY"), directory.path(), addresses.addresses())) {
            directory.announce(new Running(
                    ProcessHandle.current().pid(), endpoint, Instant.now(), Version.NUMBER));
            System.out.println(Ready.line(endpoint, directory.path())
                    + " with " + edge.balancers() + " load balancers");
            shutdown.await();
        } finally {
            shutdown.finished();
        }
    }

    private static URI checked(URI server) {
        String scheme = Optional.ofNullable(server.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        if (server.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new Refusal("--server is a URL such as http://127.0.0.1:4566, not '" + server + "'");
        }
        return server;
    }

    /** As for the AWS CLI; without one what {@code landfall env} sets. */
    private static String key(String variable) {
        return Optional.ofNullable(System.getenv(variable)).filter(value -> !value.isEmpty()).orElse(Env.KEY);
    }
}
