package dev.landfall.sim;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.sim.agent.Machine;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerCondition;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.TaskSetNotFoundException;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/** A simulation with the cluster {@code default}, and the words in which scenarios are told. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
final class Town {
    private final Simulation simulation;
    private int tokens;

    Town(Simulation simulation) {
        this.simulation = simulation;
        simulation.user(ecs -> ecs.createCluster(request -> request.clusterName("default")));
    }

    static Town of(long seed) {
        return new Town(Simulation.of(seed));
    }

    /** One in which EventBridge is told what happens. */
    static Town telling(long seed) {
        return new Town(new Simulation(seed, Trace.quiet(), Setting.PLAIN.with(Setting.Events.TOLD)));
    }

    Simulation simulation() {
        return simulation;
    }

    Image image() {
        return simulation.image();
    }

    /** Machines of 4,096 CPU units and 8 GiB. */
    void machines(int count) {
        for (int i = 0; i < count; i++) {
            int block = simulation.machines().size();
            simulation.machine(new Machine.Size(4_096, 8_192, "10.9." + block + ".0/24"), Machine.Kind.CLUSTER);
        }
    }

    /** A machine of that size in an Availability Zone, with attributes. */
    void machine(String zone, Map<String, String> attributes) {
        var all = new TreeMap<>(attributes);
        all.put("ecs.availability-zone", zone);
        int block = simulation.machines().size();
        simulation.machine(
                new Machine.Size(4_096, 8_192, "10.9." + block + ".0/24"), Machine.Kind.CLUSTER, all);
    }

    /** A definition of one container of 32 CPU units and 64 MiB whose image says what it does. */
    String definition(String program) {
        return definition(program, container -> { });
    }

    /** Machines of that size with FARGATE capacity. */
    void managed(int count) {
        for (int i = 0; i < count; i++) {
            int block = simulation.machines().size();
            simulation.machine(new Machine.Size(4_096, 8_192, "10.9." + block + ".0/24"), Machine.Kind.MANAGED);
        }
    }

    /** A definition for FARGATE: 0.25 vCPU and 512 MiB. */
    String managedDefinition(String program) {
        return simulation.user(ecs -> ecs.registerTaskDefinition(request -> request.family("managed")
                .requiresCompatibilities(Compatibility.FARGATE).networkMode(NetworkMode.AWSVPC).cpu("256").memory("512")
                .containerDefinitions(ContainerDefinition.builder().name("app").image(program).build())))
                .taskDefinition().taskDefinitionArn();
    }

    /**
     * A task of three containers: one has to end well before the others start, one may end, and one is {@code program}.
     */
    String several(String program) {
        var first = ContainerDefinition.builder().name("first").image("exit:0:300").cpu(8).memory(16).essential(false);
        var side = ContainerDefinition.builder().name("side").image("exit:1:2000").cpu(8).memory(16).essential(false);
        var app = ContainerDefinition.builder().name("app").image(program).cpu(16).memory(32)
                .dependsOn(on -> on.containerName("first").condition(ContainerCondition.SUCCESS));
        return simulation.user(ecs -> ecs.registerTaskDefinition(request -> request.family("app")
                .containerDefinitions(first.build(), side.build(), app.build()))).taskDefinition().taskDefinitionArn();
    }

    /** A definition of which every task has an address of its own. */
    String addressed(String program) {
        return simulation.user(ecs -> ecs.registerTaskDefinition(request -> request.family("addressed")
                .networkMode(NetworkMode.AWSVPC).containerDefinitions(ContainerDefinition.builder().name("app")
                        .image(program).cpu(32).memory(64).portMappings(port -> port.containerPort(80)).build())))
                .taskDefinition().taskDefinitionArn();
    }

    /** As the first, with a health check. */
    String checked(String program) {
        return definition(program, container -> container.healthCheck(check -> check.command("CMD", "true")));
    }

    /** As the first, with a container that is restarted after a minute, unless it ends with 3. */
    String restarted(String program) {
        return definition(program, container -> container.restartPolicy(policy -> policy.enabled(true)
                .restartAttemptPeriod(60).ignoredExitCodes(3)));
    }

    private String definition(String program, Consumer<ContainerDefinition.Builder> change) {
        var container = ContainerDefinition.builder().name("app").image(program).cpu(32).memory(64);
        change.accept(container);
        return simulation.user(ecs -> ecs.registerTaskDefinition(request -> request.family("app")
                .containerDefinitions(container.build()))).taskDefinition().taskDefinitionArn();
    }

    Service create(String name, String definition, int count, Consumer<CreateServiceRequest.Builder> change) {
        String token = "token-" + ++tokens;
        return simulation.user(ecs -> ecs.createService(request -> {
            request.serviceName(name).taskDefinition(definition).desiredCount(count).clientToken(token);
            change.accept(request);
        })).service();
    }

    Service update(String name, Consumer<UpdateServiceRequest.Builder> change) {
        return simulation.user(ecs -> ecs.updateService(request -> {
            request.service(name);
            change.accept(request);
        })).service();
    }

    /** A user who hears that it is gone is content. */
    void delete(String name) {
        try {
            simulation.user(ecs -> ecs.deleteService(request -> request.service(name).force(true)));
        } catch (ServiceNotActiveException e) {
            simulation.timeline().note("refused", e.getMessage());
        }
    }

    /** A set of that share of the service's tasks; its ARN. */
    String taskSet(String service, String definition, double percent) {
        String token = "token-" + ++tokens;
        return simulation.user(ecs -> ecs.createTaskSet(request -> request.cluster("default").service(service)
                .taskDefinition(definition).clientToken(token)
                .scale(scale -> scale.unit("PERCENT").value(percent)))).taskSet().taskSetArn();
    }

    /** A user who hears that it is gone is content. */
    void deleteTaskSet(String service, String taskSet) {
        try {
            simulation.user(ecs -> ecs.deleteTaskSet(request ->
                    request.cluster("default").service(service).taskSet(taskSet).force(true)));
        } catch (TaskSetNotFoundException e) {
            simulation.timeline().note("refused", e.getMessage());
        }
    }

    /** By force; a user who hears that it is gone is content. */
    void deregister(String instanceArn) {
        try {
            simulation.user(ecs -> ecs.deregisterContainerInstance(request ->
                    request.containerInstance(instanceArn).force(true)));
        } catch (InvalidParameterException e) {
            simulation.timeline().note("refused", e.getMessage());
        }
    }

    Service service(String name) {
        return simulation.user(ecs -> ecs.describeServices(request -> request.services(name)))
                .services().getFirst();
    }

    List<TaskRow> live(String name) {
        return image().all(EcsTables.TASKS).stream()
                .filter(row -> row.wanted() && row.serviceArn().endsWith("/" + name)).toList();
    }
}
