package dev.landfall.ecs;

import dev.landfall.ecs.agents.HealthReport;
import dev.landfall.ecs.agents.SubmitTaskStateChange;
import dev.landfall.ecs.balance.KnownTargetGroups;
import dev.landfall.ecs.cluster.CreateCluster;
import dev.landfall.ecs.cluster.PutClusterCapacityProviders;
import dev.landfall.ecs.instance.AgentConnection;
import dev.landfall.ecs.instance.DeregisterContainerInstance;
import dev.landfall.ecs.instance.RegisterContainerInstance;
import dev.landfall.ecs.instance.UpdateContainerInstancesState;
import dev.landfall.ecs.service.CreateService;
import dev.landfall.ecs.service.DescribeServices;
import dev.landfall.ecs.service.ReconcileService;
import dev.landfall.ecs.service.UpdateService;
import dev.landfall.ecs.task.RunTask;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.taskdef.RegisterTaskDefinition;
import dev.landfall.protocol.Capabilities;
import dev.landfall.protocol.Message.ContainerHealth;
import dev.landfall.protocol.Message.TaskHealth;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Effect;
import dev.landfall.state.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerStateChange;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PutClusterCapacityProvidersRequest;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeRequest;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/**
 * An image under test, with a clock that tests move and ids that are counted. Every decision goes through {@link
 * #apply}, which holds the whole image to the {@link Invariants}.
 */
public final class World {
    public static final Scope SCOPE = new Scope("123456789012", "eu-central-1");
    public static final String ARN = "arn:aws:ecs:eu-central-1:123456789012:";

    private final List<Effect> effects = new ArrayList<>();
    private Image image = Image.empty(EcsTables.ALL);
    private Instant now = Instant.parse("2026-03-04T05:06:07Z");
    private KnownTargetGroups targetGroups = KnownTargetGroups.NONE;
    private int ids;

    /** A world with the cluster {@code default}. */
    public World() {
        cluster("default");
    }

    @FunctionalInterface
    public interface Deciding<A> {
        Decision<A> decide(Image image, Scope scope, Context context);
    }

    public Image image() {
        return image;
    }

    public Instant now() {
        return now;
    }

    public Context context() {
        return new Context(now, () -> "%032x".formatted(++ids));
    }

    /** Those that requests find to exist. */
    public KnownTargetGroups targetGroups() {
        return targetGroups;
    }

    public void targetGroups(KnownTargetGroups groups) {
        targetGroups = groups;
    }

    public void pass(Duration time) {
        now = now.plus(time);
    }

    /** The effects since this was last called. */
    public List<Effect> takeEffects() {
        var taken = List.copyOf(effects);
        effects.clear();
        return taken;
    }

    public <A> A apply(Decision<A> decision) {
        Image after = image.apply(decision.writes());
        Invariants.hold(image, after);
        image = after;
        effects.addAll(decision.effects());
        return decision.reply();
    }

    public <A> A decide(Deciding<A> action) {
        return apply(action.decide(image, SCOPE, context()));
    }

    // ---- What most tests need to be there ----

    public Cluster cluster(String name) {
        var request = CreateClusterRequest.builder().clusterName(name).build();
        return decide((at, scope, context) -> CreateCluster.decide(at, request, scope, context)).cluster();
    }

    public void capacityProviders(String... providers) {
        var request = PutClusterCapacityProvidersRequest.builder().cluster("default").capacityProviders(providers)
                .defaultCapacityProviderStrategy(List.of()).build();
        decide((at, scope, context) -> PutClusterCapacityProviders.decide(at, request, scope, context));
    }

    public TaskDefinition definition(Consumer<RegisterTaskDefinitionRequest.Builder> change) {
        var request = RegisterTaskDefinitionRequest.builder().family("web").containerDefinitions(container("app"));
        change.accept(request);
        return decide((at, scope, context) -> RegisterTaskDefinition.decide(at, request.build(), scope, context))
                .taskDefinition();
    }

    public static ContainerDefinition container(String name) {
        return ContainerDefinition.builder().name(name).image("busybox").cpu(100).memory(64).build();
    }

    /** A bridge definition of 100 CPU units and 64 MiB. */
    public TaskDefinition definition(String family) {
        return definition(request -> request.family(family));
    }

    /** An awsvpc definition of 256 CPU units and 512 MiB that runs anywhere. */
    public TaskDefinition fargateDefinition(String family) {
        return definition(request -> request.family(family)
                .requiresCompatibilities(Compatibility.FARGATE, Compatibility.EC2)
                .networkMode(NetworkMode.AWSVPC).cpu("256").memory("512"));
    }

    /** A connected instance of the cluster {@code default} with 2,048 CPU units and that much memory; its ARN. */
    public String instance(int memory) {
        return instance(memory, "default", request -> { });
    }

    /** A connected instance that offers FARGATE capacity. */
    public String managedInstance(int memory) {
        return instance(memory, "default", request -> {
            var attributes = new ArrayList<>(request.build().attributes());
            attributes.add(attribute(Capabilities.CAPACITY, Capabilities.CAPACITY_MANAGED));
            request.attributes(attributes);
        });
    }

    public String instance(int memory, String cluster, Consumer<RegisterContainerInstanceRequest.Builder> change) {
        var request = instanceRequest(memory, cluster);
        change.accept(request);
        String arn = decide((at, scope, context) ->
                RegisterContainerInstance.decide(at, request.build(), scope, context))
                .containerInstance().containerInstanceArn();
        connected(arn, true);
        return arn;
    }

    public static RegisterContainerInstanceRequest.Builder instanceRequest(int memory, String cluster) {
        return RegisterContainerInstanceRequest.builder()
                .cluster(cluster)
                .totalResources(integer("CPU", 2048), integer("MEMORY", memory), ports("PORTS", "22", "2375"),
                        ports("PORTS_UDP"))
                .attributes(attribute("ecs.cpu-architecture", "x86_64"),
                        attribute(Capabilities.AWSVPC_CIDR, "10.9.0.0/28"),
                        attribute("com.amazonaws.ecs.capability.docker-remote-api.1.18", null),
                        attribute("com.amazonaws.ecs.capability.docker-remote-api.1.24", null),
                        attribute("ecs.capability.container-health-check", null),
                        attribute("ecs.capability.task-eni", null));
    }

    public static Resource integer(String name, int value) {
        return Resource.builder().name(name).type("INTEGER").integerValue(value).build();
    }

    public static Resource ports(String name, String... taken) {
        return Resource.builder().name(name).type("STRINGSET").stringSetValue(taken).build();
    }

    public static Attribute attribute(String name, String value) {
        return Attribute.builder().name(name).value(value).build();
    }

    public void connected(String instanceArn, boolean connected) {
        apply(AgentConnection.decide(image, instanceArn, connected, context()));
    }

    /** The instance is to take tasks ({@code ACTIVE}), or to be rid of them ({@code DRAINING}). */
    public void status(String instanceArn, String status) {
        var request = UpdateContainerInstancesStateRequest.builder().containerInstances(instanceArn).status(status)
                .build();
        decide((at, scope, context) -> UpdateContainerInstancesState.decide(at, request, scope));
    }

    /** The instance is taken out of its cluster, whatever runs on it. */
    public void deregister(String instanceArn) {
        var request = DeregisterContainerInstanceRequest.builder().containerInstance(instanceArn).force(true).build();
        decide((at, scope, context) -> DeregisterContainerInstance.decide(at, request, scope, context));
    }

    // ---- Tasks ----

    public RunTaskResponse runTask(Consumer<RunTaskRequest.Builder> change) {
        var request = RunTaskRequest.builder().taskDefinition("web");
        change.accept(request);
        return decide((at, scope, context) -> RunTask.decide(at, request.build(), scope, context));
    }

    /** One of all tasks, stopped ones too; nothing while there is none. */
    public Optional<TaskRow> anyTask(Random random) {
        var tasks = List.copyOf(image.all(EcsTables.TASKS));
        return tasks.isEmpty() ? Optional.empty() : Optional.of(tasks.get(random.nextInt(tasks.size())));
    }

    public TaskRow task(String arn) {
        return image.get(EcsTables.TASKS, arn).orElseThrow();
    }

    public Task report(String taskArn, Consumer<SubmitTaskStateChangeRequest.Builder> change) {
        var request = SubmitTaskStateChangeRequest.builder().cluster("default").task(taskArn);
        change.accept(request);
        apply(SubmitTaskStateChange.decide(image, request.build(), context()));
        return image.get(EcsTables.TASKS, taskArn).map(TaskRow::task).orElse(null);
    }

    /** The agent says that all of the task's containers run. */
    public Task running(String taskArn) {
        return report(taskArn, request -> request.status("RUNNING").containers(changes(taskArn, "RUNNING", null)));
    }

    /** The agent says that all of the task's containers ended with that code. */
    public Task exited(String taskArn, int exitCode) {
        return report(taskArn, request -> request.status("STOPPED").containers(changes(taskArn, "STOPPED", exitCode)));
    }

    /** The agent says how the task's containers do. */
    public void health(String taskArn, HealthStatus status) {
        var containers = task(taskArn).task().containers().stream()
                .map(each -> new ContainerHealth(each.name(), status.toString(), 0, null)).toList();
        apply(HealthReport.decide(image, List.of(new TaskHealth(taskArn, "", "", "", containers))));
    }

    public List<ContainerStateChange> changes(String taskArn, String status, Integer exitCode) {
        return image.get(EcsTables.TASKS, taskArn).stream()
                .flatMap(row -> row.task().containers().stream())
                .map(each -> ContainerStateChange.builder().containerName(each.name()).status(status)
                        .runtimeId("docker-" + each.name()).exitCode(exitCode).build())
                .toList();
    }

    // ---- Services ----

    public Service createService(Consumer<CreateServiceRequest.Builder> change) {
        var request = CreateServiceRequest.builder().serviceName("svc").taskDefinition("web").desiredCount(2);
        change.accept(request);
        return decide((at, scope, context) -> CreateService.decide(
                at, request.build(), targetGroups, scope, context)).service();
    }

    public Service updateService(Consumer<UpdateServiceRequest.Builder> change) {
        var request = UpdateServiceRequest.builder().service("svc");
        change.accept(request);
        return decide((at, scope, context) -> UpdateService.decide(
                at, request.build(), targetGroups, scope, context)).service();
    }

    public static String serviceArn(String name) {
        return ARN + "service/default/" + name;
    }

    /** Has the scheduler look at the service until it has nothing more to do now; when it wants to look again. */
    public Optional<Duration> reconcile(String name) {
        Optional<Duration> again = Optional.empty();
        for (int looks = 0; looks < 100; looks++) {
            var decision = ReconcileService.decide(image, serviceArn(name), context());
            again = apply(decision);
            if (decision.writes().isEmpty()) {
                return again;
            }
        }
        throw new AssertionError("the scheduler does not come to rest");
    }

    /** Has the service's tasks run or stop as they are told, and the scheduler look, until nothing changes any more. */
    public Service settle(String name) {
        for (int rounds = 0; rounds < 1_000; rounds++) {
            long before = image.version();
            Image image = this.image;
            reconcile(name);
            obey(name);
            if (this.image == image || image.tables().stream().allMatch(table ->
                    List.copyOf(image.all(table)).equals(List.copyOf(this.image.all(table))))) {
                return service(name);
            }
            if (before == this.image.version()) {
                break;
            }
        }
        throw new AssertionError("the service does not come to rest");
    }

    /** What a good agent does: pending tasks come to run, those to be stopped stop. */
    private void obey(String name) {
        for (TaskRow row : live(name)) {
            if (row.task().startedAt() == null) {
                running(row.arn());
            }
        }
        for (TaskRow row : image.find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, serviceArn(name) + "|STOPPED")) {
            if (!row.stopped()) {
                exited(row.arn(), 0);
            }
        }
    }

    /** The service's tasks do as they are told: those that are to run come to run, or die at once; the others end. */
    public void obey(String name, Predicate<TaskRow> failing) {
        for (TaskRow row : live(name)) {
            if (row.task().startedAt() == null && failing.test(row)) {
                exited(row.arn(), 1);
            } else if (row.task().startedAt() == null) {
                running(row.arn());
            }
        }
        for (TaskRow row : image.find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, serviceArn(name) + "|STOPPED")) {
            if (!row.stopped() && !row.held()) {
                exited(row.arn(), 0);
            }
        }
    }

    /** The service's tasks that are wanted to run. */
    public List<TaskRow> live(String name) {
        return image.find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, serviceArn(name) + "|RUNNING");
    }

    public Service service(String name) {
        var request = DescribeServicesRequest.builder().services(name).build();
        return DescribeServices.read(image, request, SCOPE).services().getFirst();
    }

    /** Newest first, without the service's name in front. */
    public List<String> events(String name) {
        String prefix = "(service " + name + ") ";
        return service(name).events().stream().map(ServiceEvent::message)
                .map(message -> message.startsWith(prefix) ? message.substring(prefix.length()) : message).toList();
    }

    /** A request for managed capacity. */
    public static void fargate(RunTaskRequest.Builder request) {
        request.launchType(LaunchType.FARGATE);
    }
}
