package dev.landfall.ecs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.Ecs;
import dev.landfall.ecs.HostileShapes;
import dev.landfall.ecs.Images;
import dev.landfall.ecs.World;
import dev.landfall.ecs.conformance.Mutations.Variant;
import dev.landfall.state.Image;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CreateExpressGatewayServiceRequest;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.CreateTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.DaemonContainerDefinition;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.RegisterDaemonTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.UpdateExpressGatewayServiceRequest;

/**
 * Every member of every request, one after the other, with what nobody should send: the answer is valid, or an error
 * that the action declares and that leaves the state as it was.
 */
class HostileMembersTest {
    /** How many good requests are tried until one is answered. */
    private static final int SEEDS = 30_000;

    /** Bounds what piles up on one stage. */
    private static final int CHANGES_MAX = 50;

    /** Validated and then refused: no request to them is answered. */
    private static final List<String> NEVER_WORK = List.of("executeCommand", "updateContainerAgent",
            "continueServiceDeployment"); // no deployment comes to a pause where nothing works by itself

    /** Over HTTP one of so many is sent: wire reads them all alike. */
    private static final int SENT_OF = 40;

    /** Good requests to the actions for which no seed finds one, as too many members have to agree. */
    private static final Map<String, SdkPojo> WRITTEN = Map.of(
            "registerTaskDefinition", RegisterTaskDefinitionRequest.builder().family("fam")
                    .containerDefinitions(World.container("app")).build(),
            "registerDaemonTaskDefinition", RegisterDaemonTaskDefinitionRequest.builder().family("fam")
                    .containerDefinitions(daemon()).build(),
            "createExpressGatewayService", Stage.expressRequest().serviceName("one").build(),
            "updateExpressGatewayService", UpdateExpressGatewayServiceRequest.builder()
                    .serviceArn(World.ARN + "service/default/shop").healthCheckPath("/up").build(),
            "createTaskSet", CreateTaskSetRequest.builder().cluster("default").service("ext").taskDefinition("web:1")
                    .build());

    private static final Map<String, SdkPojo> FOUND = new ConcurrentHashMap<>();

    static Stream<Arguments> operations() {
        return Arrays.stream(Ecs.class.getDeclaredMethods())
                .filter(method -> method.getParameterCount() == 1 && !method.isBridge() && !method.isSynthetic()
                        && EcsRequest.class.isAssignableFrom(method.getParameterTypes()[0]))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> Arguments.argumentSet(method.getName(), method));
    }

    // ---- What is there, and what its names are ----

    /** The same wherever it is played, as ids are counted. */
    private static Stage furnished(Stage on) {
        on.express();
        on.cluster("c");
        on.ecs().createCapacityProvider(request -> request.name("group").autoScalingGroupProvider(group ->
                group.autoScalingGroupArn("group").managedDraining("DISABLED")));
        on.ecs().putClusterCapacityProviders(request -> request.cluster("default").capacityProviders("group")
                .defaultCapacityProviderStrategy(List.of()));
        on.managedCapacity().instance();
        on.definition();
        on.fargateDefinition();
        on.ecs().deregisterTaskDefinition(request -> request.taskDefinition(on.definition("old")));
        on.ecs().createService(request -> request.serviceName("svc").taskDefinition("web").desiredCount(0));
        on.ecs().createService(request -> request.serviceName("ext").desiredCount(1)
                .deploymentController(it -> it.type("EXTERNAL")));
        on.ecs().createTaskSet(request -> request.cluster("default").service("ext").taskDefinition("web"));
        on.ecs().runTask(request -> request.taskDefinition("web"));
        on.ecs().registerDaemonTaskDefinition(request -> request.family("agent").containerDefinitions(daemon()));
        on.ecs().createCluster(request -> request.clusterName("connected")
                .serviceConnectDefaults(defaults -> defaults.namespace("shop")));
        return on;
    }

    private static DaemonContainerDefinition daemon() {
        return DaemonContainerDefinition.builder().name("app").image("collector:1").memory(64).build();
    }

    private static Map<String, List<String>> known(Stage on) {
        List<String> instances = on.ecs().listContainerInstances(request -> { }).containerInstanceArns();
        List<String> tasks = on.ecs().listTasks(request -> { }).taskArns();
        String taskSet = on.ecs().describeServices(request -> request.services("ext")).services().getFirst()
                .taskSets().getFirst().id();
        String service = World.ARN + "service/default/svc";
        Service current = on.ecs().describeServices(request -> request.services("svc")).services().getFirst();
        return Map.ofEntries(
                Map.entry("cluster", List.of("default", "c")),
                Map.entry("clusters", List.of("default")),
                Map.entry("clusterName", List.of("default", "c")),
                Map.entry("taskDefinition", List.of("web:1", "net:1", "old:1")),
                Map.entry("taskDefinitions", List.of("old:1")),
                Map.entry("family", List.of("web", "fam")),
                Map.entry("service", List.of("svc", "ext")),
                Map.entry("taskSet", List.of(taskSet)),
                Map.entry("taskSets", List.of(taskSet)),
                Map.entry("primaryTaskSet", List.of(taskSet)),
                Map.entry("services", List.of("svc")),
                Map.entry("serviceName", List.of("svc", "one")),
                Map.entry("task", tasks),
                Map.entry("tasks", tasks),
                Map.entry("containerInstance", instances),
                Map.entry("containerInstances", instances),
                Map.entry("containerInstanceArn", instances),
                Map.entry("targetId", instances),
                Map.entry("resourceArn", List.of(service, World.ARN + "cluster/default")),
                Map.entry("capacityProvider", List.of("FARGATE", "group")),
                Map.entry("capacityProviders", List.of("FARGATE")),
                Map.entry("status", List.of("ACTIVE", "RUNNING")),
                Map.entry("cpu", List.of("256")),
                Map.entry("memory", List.of("512")),
                Map.entry("name", List.of("app", "group")),
                Map.entry("value", List.of("enabled", "v")),
                Map.entry("principalArn", List.of("arn:aws:iam::123456789012:user/ann")),
                Map.entry("daemonTaskDefinition", List.of("agent:1")),
                Map.entry("namespace", List.of("shop")),
                Map.entry("serviceArn", List.of(World.ARN + "service/default/shop")),
                Map.entry("executionRoleArn", List.of("arn:aws:iam::123456789012:role/exec")),
                Map.entry("infrastructureRoleArn", List.of("arn:aws:iam::123456789012:role/infra")),
                Map.entry("healthCheckPath", List.of("/health?deep=1")),
                Map.entry("subnets", List.of("subnet-1")),
                Map.entry("securityGroups", List.of("sg-1")),
                Map.entry("platformVersion", List.of("LATEST")),
                Map.entry("serviceDeploymentArn", List.of(current.currentServiceDeployment())),
                Map.entry("hookId", List.of("ecs-pause-x")),
                Map.entry("serviceDeploymentArns", List.of(current.currentServiceDeployment())),
                Map.entry("serviceRevisionArns", List.of(current.currentServiceRevisions().getFirst().arn())),
                Map.entry("containerName", List.of("app")));
    }

    private static SdkPojo builder(Method operation) throws ReflectiveOperationException {
        return (SdkPojo) operation.getParameterTypes()[0].getMethod("builder").invoke(null);
    }

    /** As {@link #find}, once for all tests. */
    private static SdkPojo good(Method operation) throws Exception {
        SdkPojo found = FOUND.get(operation.getName());
        if (found == null) {
            found = find(operation);
            FOUND.put(operation.getName(), found);
        }
        return found;
    }

    /** A request that is answered, with many members where one was found that has them. */
    private static SdkPojo find(Method operation) throws Exception {
        if (WRITTEN.containsKey(operation.getName())) {
            return WRITTEN.get(operation.getName());
        }
        if (NEVER_WORK.contains(operation.getName())) {
            return Stage.play(Target.IN_PROCESS, on ->
                    (SdkPojo) HostileShapes.good(1, known(furnished(on))).filled(fresh(operation)));
        }
        long found = Stage.play(Target.IN_PROCESS, on -> {
            Map<String, List<String>> known = known(furnished(on));
            for (long seed = 0; seed < SEEDS; seed++) {
                if (answered(operation, on, (SdkPojo) HostileShapes.good(seed, known).filled(fresh(operation)))) {
                    return seed;
                }
            }
            throw new AssertionError("no request to " + operation.getName() + " was answered");
        });
        return Stage.play(Target.IN_PROCESS, on ->
                (SdkPojo) HostileShapes.good(found, known(furnished(on))).filled(fresh(operation)));
    }

    private static SdkPojo fresh(Method operation) {
        try {
            return builder(operation);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean answered(Method operation, Stage on, SdkPojo request) {
        try {
            call(operation, on.ecs(), request);
            return true;
        } catch (AwsServiceException e) {
            return false;
        }
    }

    private static void call(Method operation, EcsClient ecs, SdkPojo request) {
        try {
            EcsClient.class.getMethod(operation.getName(), operation.getParameterTypes()).invoke(ecs, request);
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case RuntimeException wrong -> throw wrong;
                case Error wrong -> throw wrong;
                default -> throw new IllegalStateException(e);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Variant> variants(SdkPojo good) throws Exception {
        Map<String, List<String>> known = Stage.play(Target.IN_PROCESS, on -> known(furnished(on)));
        return new Mutations(builder -> (SdkPojo) HostileShapes.good(7, known).filled(builder)).of(good);
    }

    // ---- The tests ----

    @ParameterizedTest
    @MethodSource("operations")
    void isAnsweredOrRefusedAsDeclared(Method operation) throws Exception {
        SdkPojo good = good(operation);
        List<Variant> variants = variants(good);
        int next = 0;
        while (next < variants.size()) {
            int from = next;
            next = Stage.play(Target.IN_PROCESS, on -> playOn(furnished(on), operation, good, variants, from));
        }
    }

    /**
     * Plays variants as long as the good request is answered as well: only then do they get as far as their member.
     * Where the next one needs a stage anew, its number is answered.
     */
    private static int playOn(Stage on, Method operation, SdkPojo good, List<Variant> variants, int from) {
        int changes = 0;
        for (int i = from; i < variants.size(); i++) {
            Variant variant = variants.get(i);
            Image before = on.image();
            boolean answered = check(operation, variant, unlikeOthers(variant.request(), variant.path(), i), on);
            if (answered && !Images.changed(before, on.image()).isEmpty() && (++changes == CHANGES_MAX
                    || !answered(operation, on, unlikeOthers(good, "", -i)))) {
                return i + 1;
            }
        }
        return variants.size();
    }

    /** The request with a name and a token of its own, where it creates something under one. */
    private static SdkPojo unlikeOthers(SdkPojo request, String path, int number) {
        return switch (request) {
            case CreateServiceRequest create -> create.toBuilder()
                    .serviceName(path.equals("serviceName") ? create.serviceName() : "s" + number)
                    .clientToken(path.equals("clientToken") ? create.clientToken() : "t" + number).build();
            case CreateExpressGatewayServiceRequest create when !path.equals("serviceName") ->
                create.toBuilder().serviceName("x" + number).build();
            case CreateTaskSetRequest create when !path.equals("clientToken") ->
                create.toBuilder().clientToken("t" + number).build();
            case RunTaskRequest run when !path.equals("clientToken") && run.clientToken() != null ->
                run.toBuilder().clientToken("t" + number).build();
            default -> request;
        };
    }

    /** Whether it was answered. */
    private static boolean check(Method operation, Variant variant, SdkPojo request, Stage on) {
        Image before = on.image();
        try {
            call(operation, on.ecs(), request);
            return true;
        } catch (AwsServiceException refusal) {
            assertThat(refusal.statusCode()).as("%s = %s", variant.path(), variant.what()).isBetween(400, 499);
            assertThat(declared(operation)).as("%s = %s: %s", variant.path(), variant.what(), refusal)
                    .anyMatch(type -> type.isInstance(refusal));
            assertThat(refusal.awsErrorDetails().errorMessage()).isNotBlank();
            assertThat(Images.changed(before, on.image())).as("%s = %s", variant.path(), variant.what()).isEmpty();
            return false;
        } catch (RuntimeException | Error fault) {
            throw new AssertionError(variant.path() + " = " + variant.what() + ": " + fault, fault);
        }
    }

    private static List<Class<?>> declared(Method operation) {
        try {
            return Arrays.stream(EcsClient.class.getMethod(operation.getName(), operation.getParameterTypes())
                    .getExceptionTypes())
                    .filter(type -> EcsException.class.isAssignableFrom(type) && type != EcsException.class)
                    .<Class<?>>map(type -> type).toList();
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The stage's end fails if the server counted a fault of its own. */
    @ParameterizedTest
    @MethodSource("operations")
    void isNoFaultOverHttp(Method operation) throws Exception {
        List<Variant> variants = variants(good(operation));
        Stage.play(Target.OVER_HTTP, on -> {
            furnished(on);
            for (int i = 0; i < variants.size(); i += SENT_OF) {
                Variant variant = variants.get(i);
                try {
                    call(operation, on.ecs(), variant.request());
                } catch (AwsServiceException refusal) {
                    assertThat(refusal.statusCode()).as("%s = %s", variant.path(), variant.what())
                            .isBetween(400, 499);
                } catch (SdkClientException unsendable) {
                    assertThat(unsendable).as("%s = %s", variant.path(), variant.what())
                            .hasMessageNotContaining("Unable to execute HTTP request");
                }
            }
            return null;
        });
    }

    /** Counted by the setters of the SDK's builders, which know nothing of how variants are made. */
    @Test
    void everyMemberIsReached() throws Exception {
        for (var arguments : operations().toList()) {
            Method operation = (Method) arguments.get()[0];
            var members = new TreeSet<String>();
            addMembers(operation.getParameterTypes()[0], members, new TreeSet<>());
            Set<String> reached = variants(good(operation)).stream().map(Variant::member).collect(Collectors.toSet());
            assertThat(reached).as(operation.getName()).isEqualTo(members);
        }
    }

    private static void addMembers(Class<?> shape, Set<String> members, Set<String> seen) {
        if (!seen.add(shape.getSimpleName())) {
            return;
        }
        for (Method setter : setters(shape)) {
            members.add(shape.getSimpleName() + '.' + setter.getName());
            shapesIn(setter.getGenericParameterTypes()[0]).forEach(inner -> addMembers(inner, members, seen));
        }
    }

    /** Of those of one name the one that takes the member itself. */
    private static List<Method> setters(Class<?> shape) {
        Class<?> builder = Arrays.stream(shape.getDeclaredClasses())
                .filter(each -> each.getSimpleName().equals("Builder")).findFirst().orElseThrow();
        return Arrays.stream(builder.getDeclaredMethods())
                .filter(method -> method.getParameterCount() == 1 && !method.isDefault() && !method.isBridge()
                        && !method.isVarArgs() && !method.getName().equals("overrideConfiguration")
                        && !method.getName().endsWith("WithStrings"))
                .toList();
    }

    private static List<Class<?>> shapesIn(Type type) {
        return switch (type) {
            case ParameterizedType generic -> Arrays.stream(generic.getActualTypeArguments())
                    .flatMap(argument -> shapesIn(argument).stream()).toList();
            case Class<?> plain when SdkPojo.class.isAssignableFrom(plain) -> List.of(plain);
            default -> List.of();
        };
    }
}
