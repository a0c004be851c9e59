package dev.landfall.bench.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.ContainerSpec;
import com.github.dockerjava.api.model.LocalNodeState;
import com.github.dockerjava.api.model.ServiceModeConfig;
import com.github.dockerjava.api.model.ServiceReplicatedModeOptions;
import com.github.dockerjava.api.model.ServiceRestartCondition;
import com.github.dockerjava.api.model.ServiceRestartPolicy;
import com.github.dockerjava.api.model.ServiceSpec;
import com.github.dockerjava.api.model.SwarmSpec;
import com.github.dockerjava.api.model.Task;
import com.github.dockerjava.api.model.TaskSpec;
import com.github.dockerjava.api.model.TaskState;
import dev.landfall.bench.Cleanup;
import dev.landfall.bench.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Docker Swarm on the same engine: the orchestrator that everybody who has Docker has. */
public final class Swarm {
    /** The label by which Swarm marks a service's containers. */
    public static final String SERVICE_LABEL = "com.docker.swarm.service.name";

    private static final String GATEWAY = "docker_gwbridge";

    private final DockerClient client;

    private Swarm(DockerClient client) {
        this.client = client;
    }

    /** Uses the swarm that this engine is in, or makes one and leaves it in the end. */
    public static Swarm join(Docker docker, Cleanup cleanup) {
        DockerClient client = docker.client();
        var swarm = client.infoCmd().exec().getSwarm();
        if (swarm != null && swarm.getLocalNodeState() == LocalNodeState.ACTIVE) {
            return new Swarm(client);
        }
        boolean hadGateway = !client.listNetworksCmd().withNameFilter(GATEWAY).exec().isEmpty();
        client.initializeSwarmCmd(new SwarmSpec())
                .withAdvertiseAddr("127.0.0.1").withListenAddr("127.0.0.1:2377").exec();
        cleanup.add(() -> {
            client.leaveSwarmCmd().withForceEnabled(true).exec();
            if (!hadGateway) {
                removeGateway(client);
            }
        });
        return new Swarm(client);
    }

    private static void removeGateway(DockerClient client) {
        try {
            client.removeNetworkCmd(GATEWAY).exec();
        } catch (DockerException e) {
            Progress.say("Swarm's network " + GATEWAY + " is still there: " + e.getMessage());
        }
    }

    /**
     * Creates a service and answers its id. The image is named by its id, since Swarm would ask the registry for any
     * other name before each start; an absent delay is Swarm's own default, five seconds.
     */
    public String create(Cleanup cleanup, String name, String imageId, int replicas, Optional<Duration> restartDelay) {
        var task = new TaskSpec().withContainerSpec(new ContainerSpec()
                .withImage(imageId)
                .withCommand(Docker.COMMAND)
                .withLabels(Map.of(Docker.LABEL, "")));
        restartDelay.ifPresent(delay -> task.withRestartPolicy(new ServiceRestartPolicy()
                .withCondition(ServiceRestartCondition.ANY).withDelay(delay.toNanos())));
        String id = client.createServiceCmd(new ServiceSpec()
                .withName(name)
                .withTaskTemplate(task)
                .withMode(new ServiceModeConfig()
                        .withReplicated(new ServiceReplicatedModeOptions().withReplicas(replicas)))).exec().getId();
        cleanup.add(() -> remove(id));
        return id;
    }

    public int running(String serviceId) {
        List<Task> tasks = client.listTasksCmd().withServiceFilter(serviceId).exec();
        return (int) tasks.stream().filter(task -> task.getStatus().getState() == TaskState.RUNNING).count();
    }

    public void remove(String serviceId) {
        if (client.listServicesCmd().withIdFilter(List.of(serviceId)).exec().isEmpty()) {
            return;
        }
        client.removeServiceCmd(serviceId).exec();
    }
}
