package dev.landfall.ecs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.Ecs;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Images;
import dev.landfall.ecs.MemoryJournal;
import dev.landfall.ecs.Surroundings;
import dev.landfall.ecs.World;
import dev.landfall.ecs.balance.VirtualClassic;
import dev.landfall.ecs.balance.VirtualElb;
import dev.landfall.ecs.express.VirtualAcm;
import dev.landfall.ecs.express.VirtualGateway;
import dev.landfall.ecs.instance.AgentConnection;
import dev.landfall.protocol.Capabilities;
import dev.landfall.state.Image;
import dev.landfall.state.Writer;
import dev.landfall.testkit.Await;
import dev.landfall.wire.Call;
import dev.landfall.wire.SdkForms;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.CapacityProvider;
import software.amazon.awssdk.services.ecs.model.ContainerStateChange;
import software.amazon.awssdk.services.ecs.model.CreateExpressGatewayServiceRequest;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.elasticloadbalancing.ElasticLoadBalancingClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/**
 * An ECS of its own for one row of the suite: empty but for the cluster {@code default}, reached in one of the two
 * ways, with what a row may want to be there. Everything is made through the service's own interface, so that all of
 * it is under test. Used by one thread; ids are counted, so that both targets give the same ones where nothing else
 * takes any.
 */
final class Stage implements AutoCloseable {
    static final Call CALL = new Call("conformance", World.SCOPE.accountId(), World.SCOPE.region(), "conformance");

    /** Scheduling is done by other threads; this is how long a row waits for it. */
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final AtomicLong ids = new AtomicLong();
    private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
    private final Writer writer;
    private final Ecs service;
    private final VirtualGateway gateway = new VirtualGateway(this::now, Duration.ZERO);
    private final VirtualClassic classic = new VirtualClassic(this::now, Duration.ZERO);
    private final Target.Reached reached;
    private final EcsClient client;
    private String lastCalled = "";

    private Stage(Target target) {
        InstantSource now = this::now;
        writer = new Writer(new MemoryJournal(), EcsTables.ALL, SdkForms.rows(), now.withZone(ZoneOffset.UTC),
                () -> "%032x".formatted(ids.incrementAndGet()));
        var certificates = new VirtualAcm(TreeSet::new);
        service = new Ecs(writer, () -> URI.create("http://localhost:4566"), Surroundings.NONE
                .with(inTurn(ElasticLoadBalancingV2Client.class, gateway))
                .with(inTurn(ElasticLoadBalancingClient.class, classic))
                .with(inTurn(AcmClient.class, certificates)));
        reached = target.reach(service);
        client = watched(reached.client());
    }

    /** The fake for several threads: one call after the other. */
    private static <C> C inTurn(Class<C> type, C fake) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> {
                    synchronized (fake) {
                        return invoked(method, fake, arguments);
                    }
                }));
    }

    private static Object invoked(Method method, Object on, Object[] arguments) throws Throwable {
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @FunctionalInterface
    interface Act<A> {
        A on(Stage stage);
    }

    /** Plays it on a stage of its own, as the account and region of {@link World}. */
    static <A> A play(Target target, Act<A> act) throws Exception {
        return Call.as(CALL, () -> {
            try (var stage = new Stage(target)) {
                stage.ecs().createCluster(request -> { });
                return act.on(stage);
            }
        });
    }

    /** The client under test. */
    EcsClient ecs() {
        return client;
    }

    /** The name of the action that was asked for last, such as {@code CreateCluster}. */
    String lastCalled() {
        return lastCalled;
    }

    /** What is there now. */
    Image image() {
        return writer.image();
    }

    /** Target groups and rules that a row may want to be there; to be made before services with load balancers. */
    VirtualElb elb() {
        return gateway.targets;
    }

    /** Classic Load Balancers, likewise. */
    VirtualClassic classic() {
        return classic;
    }

    private Instant now() {
        return Instant.now().plus(passed.get());
    }

    /** Ends what works by itself, so that from now on only requests change anything. */
    Stage still() {
        service.close();
        return this;
    }

    /** Notes what is called, and holds every refusal to leaving the state as it was. */
    private EcsClient watched(EcsClient target) {
        return (EcsClient) Proxy.newProxyInstance(EcsClient.class.getClassLoader(), new Class<?>[] {EcsClient.class},
                (proxy, method, arguments) -> {
                    try {
                        return invoke(target, method, arguments);
                    } finally { // as a request may be built with other calls
                        lastCalled = Character.toUpperCase(method.getName().charAt(0)) + method.getName().substring(1);
                    }
                });
    }

    private Object invoke(EcsClient target, Method method, Object[] arguments) throws Throwable {
        var before = new AtomicReference<Image>(writer.image());
        if (arguments != null && arguments[0] instanceof Consumer<?> fill) {
            arguments[0] = fill.andThen(built -> before.set(writer.image()));
        }
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            // With services about, their scheduler writes whenever it likes.
            if (e.getCause() instanceof AwsServiceException refusal && before.get().size(EcsTables.SERVICES) == 0) {
                assertThat(Images.changed(before.get(), writer.image())).as("changed by what was refused: %s",
                        refusal.getMessage()).isEmpty();
            }
            throw e.getCause();
        }
    }

    /** Runs part of a row as another account or region. */
    <A> A as(String accountId, String region, Act<A> act) {
        try {
            return Call.as(new Call("conformance", accountId, region, "conformance"), () -> act.on(this));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Moves the service's clock. */
    Stage later(Duration time) {
        passed.updateAndGet(time::plus);
        return this;
    }

    // ---- What a row may want to be there; each call makes another one ----

    /** The ARN of a new cluster. */
    String cluster(String name) {
        return ecs().createCluster(request -> request.clusterName(name)).cluster().clusterArn();
    }

    /** A new capacity provider, of an Auto Scaling group of the same name. */
    CapacityProvider capacityProvider(String name) {
        return ecs().createCapacityProvider(request -> request.name(name)
                .autoScalingGroupProvider(group -> group.autoScalingGroupArn(name))).capacityProvider();
    }

    /** Waits until nothing is in progress at the provider, and answers it. */
    CapacityProvider settled(String name) {
        return Await.value("the capacity provider has settled", DEADLINE,
                () -> ecs().describeCapacityProviders(request -> request.capacityProviders(name))
                        .capacityProviders().getFirst(),
                seen -> !String.valueOf(seen.updateStatus()).endsWith("IN_PROGRESS"));
    }

    /** The ARN of a new revision of {@code web}, with one container {@code app}. */
    String definition() {
        return definition("web");
    }

    String definition(String family) {
        return definition(request -> request.family(family));
    }

    String definition(Consumer<RegisterTaskDefinitionRequest.Builder> change) {
        return ecs().registerTaskDefinition(request -> {
            request.family("web").containerDefinitions(World.container("app"));
            change.accept(request);
        }).taskDefinition().taskDefinitionArn();
    }

    /** The ARN of a new revision that runs on managed capacity. */
    String fargateDefinition() {
        return definition(request -> request.family("net").networkMode("awsvpc").cpu("256").memory("512")
                .requiresCompatibilitiesWithStrings("FARGATE", "EC2"));
    }

    /** The ARN of a new revision of {@code large}, which asks for what platform versions before 1.4.0 lack. */
    String largeDefinition() {
        return definition(request -> request.family("large").networkMode("awsvpc").cpu("256").memory("512")
                .requiresCompatibilitiesWithStrings("FARGATE").ephemeralStorage(disk -> disk.sizeInGiB(30)));
    }

    /** The ARN of a connected instance of {@code default}. */
    String instance() {
        return instance("default");
    }

    String instance(String cluster) {
        String arn = ecs().registerContainerInstance(World.instanceRequest(10_000, cluster).build())
                .containerInstance().containerInstanceArn();
        connected(arn, true);
        return arn;
    }

    /** A connected agent with managed capacity. */
    Stage managedCapacity() {
        var request = World.instanceRequest(10_000, "default");
        var attributes = new java.util.ArrayList<Attribute>(request.build().attributes());
        attributes.add(World.attribute(Capabilities.CAPACITY, Capabilities.CAPACITY_MANAGED));
        connected(ecs().registerContainerInstance(request.attributes(attributes).build())
                .containerInstance().containerInstanceArn(), true);
        return this;
    }

    /** The agent of that instance comes or goes. */
    void connected(String instanceArn, boolean connected) {
        writer.submit((image, context) -> AgentConnection.decide(image, instanceArn, connected, context));
    }

    /** The ARN of a task of {@code web} that was just placed. */
    String task() {
        return task(request -> { });
    }

    String task(Consumer<RunTaskRequest.Builder> change) {
        instance();
        definition();
        return ecs().runTask(request -> {
            request.taskDefinition("web");
            change.accept(request);
        }).tasks().getFirst().taskArn();
    }

    /** The ARN of a task whose containers run. */
    String runningTask() {
        return running(task());
    }

    /** The task's agent says that it runs. */
    String running(String taskArn) {
        return reported(taskArn, "RUNNING");
    }

    /** The task's agent says that it has stopped. */
    String stopped(String taskArn) {
        return reported(taskArn, "STOPPED");
    }

    private String reported(String taskArn, String status) {
        Task task = ecs().describeTasks(request -> request.tasks(taskArn)).tasks().getFirst();
        List<ContainerStateChange> containers = task.containers().stream().map(each -> ContainerStateChange.builder()
                .containerName(each.name()).runtimeId("docker-" + each.name()).status(status)
                .exitCode(status.equals("STOPPED") ? 0 : null).build()).toList();
        ecs().submitTaskStateChange(request -> request.task(taskArn).status(status).containers(containers));
        return taskArn;
    }

    /** The ARN of an Express service {@code shop} that is never made, as nothing works by itself any more. */
    String express() {
        still().ecs().createExpressGatewayService(expressRequest().build());
        return World.ARN + "service/default/shop";
    }

    static CreateExpressGatewayServiceRequest.Builder expressRequest() {
        return CreateExpressGatewayServiceRequest.builder().serviceName("shop")
                .executionRoleArn("arn:aws:iam::123456789012:role/exec")
                .infrastructureRoleArn("arn:aws:iam::123456789012:role/infra")
                .primaryContainer(container -> container.image("shop:1"));
    }

    /** The ARN of a service {@code svc} of {@code web} that wants no tasks and has come to rest. */
    String service() {
        return service(request -> { });
    }

    String service(Consumer<CreateServiceRequest.Builder> change) {
        definition();
        String arn = ecs().createService(request -> {
            request.serviceName("svc").taskDefinition("web").desiredCount(0);
            change.accept(request);
        }).service().serviceArn();
        return steady(arn);
    }

    /** Has the tasks of a service run, or end as they are told, until its scheduler has nothing more to do. */
    String steady(String serviceArn) {
        String cluster = serviceArn.split("/")[1];
        Await.until("the service comes to rest", DEADLINE, () -> {
            Service seen = describe(cluster, serviceArn);
            for (String status : List.of("RUNNING", "STOPPED")) {
                tasks(cluster, serviceArn, status).stream()
                        .filter(each -> !each.lastStatus().equals(status))
                        .forEach(each -> reported(each.taskArn(), status));
            }
            return seen.deployments().stream().map(Deployment::rolloutState)
                            .allMatch(DeploymentRolloutState.COMPLETED::equals)
                    && seen.runningCount().equals(seen.desiredCount())
                    && !seen.events().isEmpty();
        });
        return serviceArn;
    }

    /** Waits until the service's newest event says that. */
    void awaitEvent(String serviceArn, String part) {
        Await.until("the event: " + part, DEADLINE, () -> describe(serviceArn.split("/")[1], serviceArn).events()
                .stream().findFirst().filter(event -> event.message().contains(part)).isPresent());
    }

    /** The service once it is INACTIVE. */
    Service gone(String serviceArn) {
        String cluster = serviceArn.split("/")[1];
        return Await.value("the service is INACTIVE", DEADLINE, () -> {
            tasks(cluster, serviceArn, "STOPPED").forEach(each -> reported(each.taskArn(), "STOPPED"));
            return describe(cluster, serviceArn);
        }, seen -> seen.status().equals("INACTIVE"));
    }

    private List<Task> tasks(String cluster, String serviceArn, String desiredStatus) {
        List<String> arns = ecs().listTasks(request -> request.cluster(cluster).serviceName(serviceArn)
                .desiredStatus(desiredStatus)).taskArns();
        return arns.isEmpty() ? List.of()
                : ecs().describeTasks(request -> request.cluster(cluster).tasks(arns)).tasks().stream()
                        .filter(each -> !each.lastStatus().equals("STOPPED")).toList();
    }

    private Service describe(String cluster, String serviceArn) {
        return ecs().describeServices(request -> request.cluster(cluster).services(serviceArn)).services().getFirst();
    }

    @Override
    public void close() {
        try {
            reached.end().run();
        } finally {
            service.close();
            writer.close();
        }
    }
}
