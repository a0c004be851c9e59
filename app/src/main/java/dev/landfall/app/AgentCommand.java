package dev.landfall.app;

import dev.landfall.app.data.DataDirectory;
import dev.landfall.app.data.Running;
import dev.landfall.app.data.StopRequest;
import dev.landfall.app.options.DataOption;
import dev.landfall.protocol.Capabilities;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code landfall agent}: makes this machine a container instance of a cluster, of a Landfall that runs elsewhere. */
@Command(name = "agent", description = "Make this machine a container instance.", mixinStandardHelpOptions = true)
final class AgentCommand implements Runnable {
    @Mixin private DataOption data;

    @Option(names = "--server", paramLabel = "URL", required = true, description = "The control plane's endpoint.")
    private URI server;

    @Option(names = "--cluster", paramLabel = "NAME", defaultValue = "default",
            description = "The cluster to join (default '${DEFAULT-VALUE}').")
    private String cluster;

    @Option(names = "--managed", description = "Offer this machine for FARGATE tasks.")
    private boolean managed;

    @Option(names = "--capacity-provider", paramLabel = "NAME",
            description = "The Auto Scaling group capacity provider this instance belongs to.")
    private String capacityProvider = "";

    @Option(names = "--spot", description = "Be a Spot instance, which may be interrupted.")
    private boolean spot;

    @Option(names = "--attribute", paramLabel = "NAME=VALUE", description = "A custom attribute; may be repeated.")
    private Map<String, String> attributes = new TreeMap<>();

    @Option(names = "--gpu", paramLabel = "ID",
            description = "A GPU that tasks may have, as nvidia-smi -L names it; may be repeated.")
    private List<String> gpus = new ArrayList<>();

    @Option(names = "--pull", paramLabel = "WHEN",
            description = "Pull images: default, once, always or prefer-cached.")
    private String pull = "";

    @Option(names = {"-d", "--detach"}, description = "Return when it is ready; it logs to DIR/landfall.log.")
    private boolean detach;

    @Option(names = "--no-install", description = "Install nothing; say what is missing instead.")
    private boolean noInstall;

    @Override
    public void run() {
        var shutdown = Shutdown.onSignal();
        try (var directory = DataDirectory.claim(data.agentPath());
             var _ = detach ? Log.toFile(directory.path()) : Log.toStandardError();
             var ecs = Clients.ecs(server);
             var agent = ContainerAgent.start(
                     new ContainerAgent.Settings(
                             server, cluster, directory.path(), managed, allAttributes(), gpus, pullBehavior()),
                     ecs)) {
            directory.announce(new Running(
                    ProcessHandle.current().pid(), server, Instant.now(), Version.NUMBER));
            System.out.println(Ready.line(server, directory.path()) + " as " + agent.containerInstanceArn());
            shutdown.await();
            if (StopRequest.wantsTasksStopped(directory.path()) || agent.idle()) {
                agent.stopAllTasks();
            }
        } finally {
            shutdown.finished();
        }
    }

    private Map<String, String> allAttributes() {
        var all = new TreeMap<>(attributes);
        if (!capacityProvider.isEmpty()) {
            all.put(Capabilities.CAPACITY_PROVIDER, capacityProvider);
        }
        if (spot) {
            all.put(Capabilities.CAPACITY_OPTION, Capabilities.CAPACITY_OPTION_SPOT);
        }
        return all;
    }

    private Optional<ContainerAgent.PullBehavior> pullBehavior() {
        if (pull.isEmpty()) {
            return Optional.empty();
        }
        String name = pull.toUpperCase(Locale.ROOT).replace('-', '_');
        return Optional.of(Arrays.stream(ContainerAgent.PullBehavior.values())
                .filter(behavior -> behavior.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        "--pull knows default, once, always and prefer-cached, not '" + pull + "'")));
    }
}
