package dev.landfall.sim.agent;

import dev.landfall.protocol.Capabilities;
import dev.landfall.sim.Dice;
import dev.landfall.sim.Timeline;
import dev.landfall.sim.agent.Saved.Report;
import dev.landfall.sim.plane.ControlPlane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.SortedMap;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerStateChange;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeRequest;

/** A machine with a container engine, a disk, a network and an agent that comes and goes. */
public final class Machine {
    private static final Duration RESTART_FIRST = Duration.ofMillis(300);
    private static final Duration RESTART_LAST = Duration.ofSeconds(20);

    /**
     * What a machine offers.
     *
     * @param cpu CPU units, 1,024 a vCPU
     * @param memory MiB
     * @param addresses its block for awsvpc tasks
     */
    public record Size(int cpu, int memory, String addresses) {}

    private final Timeline timeline;
    private final Dice dice;
    private final String name;
    private final Size size;
    private final Kind kind;
    private final SortedMap<String, String> attributes;
    private final Disk disk = new Disk();
    private final Docker docker;
    private final Network network;
    private Optional<Agent> agent = Optional.empty();
    private Restarting restarting = Restarting.BY_POLICY;
    private boolean gone;

    private Machine(Timeline timeline, Dice dice, ControlPlane plane, String name, Size size, Kind kind,
            SortedMap<String, String> attributes, Docker.Listener listener) {
        this.timeline = timeline;
        this.dice = dice;
        this.name = name;
        this.size = size;
        this.kind = kind;
        this.attributes = attributes;
        this.docker = new Docker(timeline, dice.split(), name, listener);
        this.network = new Network(timeline, dice.split(), plane, name);
    }

    /** Which tasks a machine takes. */
    public enum Kind {
        /** Those of its cluster with launch type EC2. */
        CLUSTER,

        /** Those with FARGATE capacity. */
        MANAGED
    }

    /** A machine whose agent starts at once, and registers with {@code attributes} beside its capabilities. */
    public static Machine start(Timeline timeline, Dice dice, ControlPlane plane, String name, Size size, Kind kind,
            SortedMap<String, String> attributes, Docker.Listener listener) {
        var machine = new Machine(timeline, dice, plane, name, size, kind, attributes, listener);
        machine.startAgent();
        return machine;
    }

    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    Disk disk() {
        return disk;
    }

    Docker docker() {
        return docker;
    }

    Network network() {
        return network;
    }

    /** The instance it is registered as, once it is. */
    public Optional<String> instanceArn() {
        return disk.instanceArn();
    }

    /** Whether the machine exists no more. */
    public boolean gone() {
        return gone;
    }

    public boolean atRest() {
        return gone || agent.filter(Agent::atRest).isPresent() && !network.partitioned();
    }

    // ---- what may happen to it ----

    public void faults(Faults faults) {
        network.faults(faults);
    }

    public void part() {
        network.part();
    }

    public void heal() {
        network.heal();
    }

    /** The control connection breaks. */
    public void cut() {
        network.open().ifPresent(Link::cut);
    }

    private void startAgent() {
        if (agent.isEmpty() && !gone) {
            var next = new Agent(this, timeline, dice.split());
            agent = Optional.of(next);
            next.start();
        }
    }

    /** The agent's process dies and is started again a while later; containers run on. */
    public void crashAgent() {
        agent.ifPresent(each -> {
            each.die();
            agent = Optional.empty();
            timeline.after(dice.between(RESTART_FIRST, RESTART_LAST), "agent starts", name, this::startAgent);
        });
    }

    /** Everything on it ends; the agent comes back with the disk as it was. */
    public void reboot() {
        if (!gone) {
            crashAgent();
            docker.reboot();
        }
    }

    /** The machine ends for ever. */
    public void terminate() {
        agent.ifPresent(Agent::die);
        agent = Optional.empty();
        gone = true;
        docker.reboot();
    }

    /** Its containers do not end when they are told to: a bug for tests to find. */
    public void deaf() {
        docker.deaf();
    }

    /** The agent dies, and neither its disk nor the engine knows what runs on: a bug for tests to find. */
    public void forgetTasks() {
        crashAgent();
        disk.tasks().clear();
        docker.forget();
    }

    /** How its agent starts containers again. */
    public void restarting(Restarting next) {
        restarting = next;
    }

    Restarting restarting() {
        return restarting;
    }

    // ---- what its agent says ----

    RegisterContainerInstanceRequest registration(Optional<String> known) {
        var attributes = new ArrayList<Attribute>();
        attributes.add(attribute("ecs.cpu-architecture", "x86_64"));
        attributes.add(attribute("ecs.os-type", "linux"));
        attributes.add(attribute("com.amazonaws.ecs.capability.docker-remote-api.1.18", null));
        attributes.add(attribute("com.amazonaws.ecs.capability.docker-remote-api.1.24", null));
        attributes.add(attribute("ecs.capability.container-health-check", null));
        attributes.add(attribute("ecs.capability.container-restart-policy", null));
        attributes.add(attribute("ecs.capability.task-eni", null));
        attributes.add(attribute("ecs.capability.container-ordering", null));
        attributes.add(attribute(Capabilities.AWSVPC_CIDR, size.addresses()));
        attributes.add(attribute(Capabilities.REGISTRATION_TOKEN, name));
        if (kind == Kind.MANAGED) {
            attributes.add(attribute(Capabilities.CAPACITY, Capabilities.CAPACITY_MANAGED));
        }
        this.attributes.forEach((name, value) -> attributes.add(attribute(name, value)));
        return RegisterContainerInstanceRequest.builder()
                .cluster(kind == Kind.MANAGED ? "landfall-managed" : "default")
                .containerInstanceArn(known.orElse(null))
                .totalResources(integer("CPU", size.cpu()), integer("MEMORY", size.memory()),
                        ports("PORTS", "22", "2375"), ports("PORTS_UDP"))
                .attributes(attributes)
                .build();
    }

    private static Attribute attribute(String name, String value) {
        return Attribute.builder().name(name).value(value).build();
    }

    private static Resource integer(String name, int value) {
        return Resource.builder().name(name).type("INTEGER").integerValue(value).build();
    }

    private static Resource ports(String name, String... taken) {
        return Resource.builder().name(name).type("STRINGSET").stringSetValue(taken).build();
    }

    SubmitTaskStateChangeRequest change(String taskArn, Optional<Saved> task, Report report) {
        var request = SubmitTaskStateChangeRequest.builder().task(taskArn).status(report.status())
                .reason(report.taskReason().isEmpty() ? null : report.taskReason());
        task.ifPresent(saved -> request.cluster(saved.payload().taskClusterArn())
                .containers(report.containers().stream().map(container -> ContainerStateChange.builder()
                        .containerName(container.name())
                        .status(container.status())
                        .runtimeId("docker-" + container.name())
                        .exitCode(container.exitCode().orElse(null))
                        .reason(container.reason().isEmpty() ? null : container.reason())
                        .build()).toList()));
        return request.build();
    }
}
