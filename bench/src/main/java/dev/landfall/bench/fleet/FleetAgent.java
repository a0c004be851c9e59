package dev.landfall.bench.fleet;

import dev.landfall.protocol.Frames;
import dev.landfall.protocol.Message;
import dev.landfall.wire.Call;
import dev.landfall.wire.SocketEndpoint;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerStateChange;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.Resource;

/**
 * A simulated container instance within the control plane's process: it gets the frames of the agent protocol as text,
 * acknowledges them as text, and reports each task as running through the ECS interface. Only TCP and HTTP are left
 * out, which would cost both sides more than all that is measured. Reports go out one after the other.
 */
final class FleetAgent implements SocketEndpoint.Socket {
    private static final String REMOTE_API = "com.amazonaws.ecs.capability.docker-remote-api.1.";
    private static final int RUNTIME_ID_LENGTH = 64;

    private final EcsClient ecs;
    private final String instanceArn;
    // Bounded by the tasks that fit on the instance.
    private final LinkedBlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final SocketEndpoint.Handler session;
    private final Thread thread;

    private FleetAgent(EcsClient ecs, String instanceArn, SocketEndpoint control) {
        this.ecs = ecs;
        this.instanceArn = instanceArn;
        this.session = control.open(new SocketEndpoint.Request(
                Map.of("containerInstanceArn", instanceArn, "sendCredentials", "true", "seqNum", "1"), Call.current()));
        this.thread = Thread.ofVirtual().name("agent").unstarted(this::work);
    }

    /** Registers in {@code cluster} and connects. */
    static FleetAgent join(EcsClient ecs, SocketEndpoint control, String cluster, String zone, int cpu, int memory) {
        String arn = ecs.registerContainerInstance(registration(cluster, zone, cpu, memory))
                .containerInstance().containerInstanceArn();
        var agent = new FleetAgent(ecs, arn, control);
        agent.thread.start();
        agent.session.opened(agent);
        return agent;
    }

    private static RegisterContainerInstanceRequest registration(String cluster, String zone, int cpu, int memory) {
        return RegisterContainerInstanceRequest.builder().cluster(cluster)
                .totalResources(integer("CPU", cpu), integer("MEMORY", memory), ports("PORTS"), ports("PORTS_UDP"))
                .attributes(attribute("ecs.availability-zone", zone), attribute("ecs.os-type", "linux"),
                        attribute("ecs.cpu-architecture", "x86_64"), attribute("ecs.instance-type", "m5.4xlarge"),
                        attribute("ecs.capability.task-cpu-mem-limit", ""), attribute(REMOTE_API + 18, ""),
                        attribute(REMOTE_API + 19, ""), attribute(REMOTE_API + 21, ""))
                .versionInfo(version -> version.agentVersion("1.0.0").agentHash("simulated"))
                .build();
    }

    private static Resource integer(String name, int value) {
        return Resource.builder().name(name).type("INTEGER").integerValue(value).build();
    }

    private static Resource ports(String name) {
        return Resource.builder().name(name).type("STRINGSET").stringSetValue(List.of()).build();
    }

    private static Attribute attribute(String name, String value) {
        return Attribute.builder().name(name).value(value.isEmpty() ? null : value).build();
    }

    @Override
    public void send(String text) {
        frames.add(text);
    }

    @Override
    public void close(int code, String reason) {
        thread.interrupt();
    }

    /** Ends it without a word, as a machine that loses its power. */
    void close() {
        thread.interrupt();
        session.closed(1006);
    }

    private void work() {
        try {
            while (true) {
                Told told = Told.read(frames.take());
                switch (told.type()) {
                    case "PayloadMessage" -> {
                        session.text(Frames.write(
                                new Message.AckRequest(told.clusterArn(), instanceArn, told.messageId())));
                        told.tasks().forEach(this::report);
                    }
                    case "HeartbeatMessage" ->
                            session.text(Frames.write(new Message.HeartbeatAckRequest(told.messageId())));
                    default -> { } // the manifest of an instance without tasks
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            if (!Thread.currentThread().isInterrupted()) {
                throw e;
            }
        }
    }

    private void report(Told.Task task) {
        String status = "STOPPED".equals(task.desiredStatus()) ? "STOPPED" : "RUNNING";
        String id = task.arn().substring(task.arn().lastIndexOf('/') + 1);
        ecs.submitTaskStateChange(change -> change.cluster(task.clusterArn()).task(task.arn()).status(status)
                .containers(task.containers().stream().map(container -> ContainerStateChange.builder()
                        .containerName(container).status(status)
                        .runtimeId(id.repeat(2).substring(0, RUNTIME_ID_LENGTH)).build()).toList()));
    }
}
