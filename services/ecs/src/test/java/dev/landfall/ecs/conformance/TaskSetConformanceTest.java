package dev.landfall.ecs.conformance;

import static dev.landfall.ecs.conformance.Row.refuses;
import static dev.landfall.ecs.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import dev.landfall.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.CreateTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.DeleteTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskSetsRequest;
import software.amazon.awssdk.services.ecs.model.EcsResponse;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.PlatformTaskDefinitionIncompatibilityException;
import software.amazon.awssdk.services.ecs.model.PlatformUnknownException;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.StabilityStatus;
import software.amazon.awssdk.services.ecs.model.TaskSet;
import software.amazon.awssdk.services.ecs.model.TaskSetField;
import software.amazon.awssdk.services.ecs.model.TaskSetNotFoundException;
import software.amazon.awssdk.services.ecs.model.UpdateServicePrimaryTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.UpdateTaskSetRequest;

@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class TaskSetConformanceTest {
    private static final Class<InvalidParameterException> INVALID = InvalidParameterException.class;
    private static final String NOWHERE = "ecs-svc/1234567890123456789";
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    static List<Row> rows() {
        return Row.all(List.of(services(), createTaskSet(), createTaskSetRefusals(), updateTaskSet(),
                updateServicePrimaryTaskSet(), deleteTaskSet(), describeTaskSets(),
                places("CreateTaskSet", (cluster, service) -> on -> on.ecs().createTaskSet(request ->
                        create(request).cluster(cluster).service(service))),
                places("UpdateTaskSet", (cluster, service) -> on -> on.ecs().updateTaskSet(request ->
                        update(request, NOWHERE).cluster(cluster).service(service))),
                places("DeleteTaskSet", (cluster, service) -> on -> on.ecs().deleteTaskSet(request ->
                        delete(request, NOWHERE).cluster(cluster).service(service))),
                places("UpdateServicePrimaryTaskSet", (cluster, service) -> on ->
                        on.ecs().updateServicePrimaryTaskSet(request ->
                                primary(request, NOWHERE).cluster(cluster).service(service))),
                places("DescribeTaskSets", (cluster, service) -> on -> on.ecs().describeTaskSets(request ->
                        describe(request, NOWHERE).cluster(cluster).service(service)))));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    // ---- What rows begin with ----

    private static void service(Stage on) {
        on.definition();
        on.ecs().createService(request -> request.serviceName("svc").desiredCount(2)
                .deploymentController(it -> it.type("EXTERNAL")));
    }

    /** A set without a share, once the scheduler has nothing to do with it any more. */
    private static TaskSet steady(Stage on) {
        service(on);
        return settled(on, on.ecs().createTaskSet(TaskSetConformanceTest::create).taskSet().id());
    }

    private static TaskSet settled(Stage on, String id) {
        return Await.value("the task set is steady", DEADLINE,
                () -> on.ecs().describeTaskSets(request -> describe(request, id)).taskSets().getFirst(),
                set -> set.stabilityStatus() == StabilityStatus.STEADY_STATE);
    }

    private static CreateTaskSetRequest.Builder create(CreateTaskSetRequest.Builder request) {
        return request.cluster("default").service("svc").taskDefinition("web");
    }

    private static UpdateTaskSetRequest.Builder update(UpdateTaskSetRequest.Builder request, String taskSet) {
        return request.cluster("default").service("svc").taskSet(taskSet).scale(it -> it.value(0.0));
    }

    private static DeleteTaskSetRequest.Builder delete(DeleteTaskSetRequest.Builder request, String taskSet) {
        return request.cluster("default").service("svc").taskSet(taskSet);
    }

    private static UpdateServicePrimaryTaskSetRequest.Builder primary(
            UpdateServicePrimaryTaskSetRequest.Builder request, String taskSet) {
        return request.cluster("default").service("svc").primaryTaskSet(taskSet);
    }

    private static DescribeTaskSetsRequest.Builder describe(DescribeTaskSetsRequest.Builder request, String... sets) {
        return request.cluster("default").service("svc").taskSets(sets);
    }

    // ---- The rows ----

    private static List<Row> services() {
        return List.of(
                works("CreateService", "with the EXTERNAL controller has no deployments", on ->
                        on.ecs().createService(request -> request.serviceName("svc")
                                .deploymentController(it -> it.type("EXTERNAL"))), answer -> {
                            Service service = answer.service();
                            assertThat(service.status()).isEqualTo("ACTIVE");
                            assertThat(service.desiredCount()).isZero();
                            assertThat(service.taskDefinition()).isNull();
                            assertThat(service.deployments()).isEmpty();
                            assertThat(service.taskSets()).isEmpty();
                            assertThat(service.deploymentConfiguration().maximumPercent()).isEqualTo(200);
                        }),
                works("CreateService", "with the CODE_DEPLOY controller has a primary task set", on -> {
                    on.definition();
                    return on.ecs().createService(request -> request.serviceName("svc").taskDefinition("web")
                            .desiredCount(0).deploymentController(it -> it.type("CODE_DEPLOY")));
                }, answer -> {
                    assertThat(answer.service().deployments()).isEmpty();
                    assertThat(answer.service().taskSets()).singleElement().satisfies(set -> {
                        assertThat(set.status()).isEqualTo("PRIMARY");
                        assertThat(set.scale().value()).isEqualTo(100.0);
                    });
                }),
                refuses("CreateService", "an EXTERNAL one with a task definition", INVALID,
                        "TaskDefinition must be blank.", on -> on.ecs().createService(request ->
                                request.serviceName("svc").taskDefinition("web")
                                        .deploymentController(it -> it.type("EXTERNAL")))),
                refuses("UpdateService", "a new deployment of an EXTERNAL one", INVALID,
                        "Cannot force a new deployment on services with a EXTERNAL deployment controller.", on -> {
                            service(on);
                            return on.ecs().updateService(request -> request.service("svc").forceNewDeployment(true));
                        }),
                works("DescribeServices", "shows task sets", on -> {
                    steady(on);
                    return on.ecs().describeServices(request -> request.services("svc"));
                }, answer -> {
                    assertThat(answer.services().getFirst().taskSets()).hasSize(1);
                    assertThat(answer.services().getFirst().deployments()).isEmpty();
                }));
    }

    private static List<Row> createTaskSet() {
        String action = "CreateTaskSet";
        return List.of(
                works(action, "shows the defaults", on -> {
                    service(on);
                    return on.ecs().createTaskSet(TaskSetConformanceTest::create);
                }, answer -> {
                    TaskSet set = answer.taskSet();
                    assertThat(set.taskSetArn()).isEqualTo(World.ARN + "task-set/default/svc/" + set.id());
                    assertThat(set.status()).isEqualTo("ACTIVE");
                    assertThat(set.computedDesiredCount()).isZero();
                    assertThat(set.launchTypeAsString()).isEqualTo("EC2");
                    assertThat(set.scale().value()).isZero();
                    assertThat(set.scale().unitAsString()).isEqualTo("PERCENT");
                    assertThat(set.stabilityStatusAsString()).isEqualTo("STABILIZING");
                    assertThat(set.loadBalancers()).isEmpty();
                    assertThat(set.serviceRegistries()).isEmpty();
                }),
                works(action, "takes all of its members", on -> {
                    service(on);
                    on.fargateDefinition();
                    return on.ecs().createTaskSet(request -> create(request).taskDefinition("net").externalId("theirs")
                            .launchType("FARGATE").platformVersion("LATEST").clientToken("token")
                            .networkConfiguration(it -> it.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1")))
                            .scale(it -> it.value(12.5).unit("PERCENT")).tags(it -> it.key("k").value("v")));
                }, answer -> {
                    TaskSet set = answer.taskSet();
                    assertThat(set.externalId()).isEqualTo("theirs");
                    assertThat(set.platformVersion()).isEqualTo("1.4.0");
                    assertThat(set.scale().value()).isEqualTo(12.5);
                    assertThat(set.tags()).hasSize(1);
                    assertThat(set.networkConfiguration().awsvpcConfiguration().assignPublicIpAsString())
                            .isEqualTo("DISABLED");
                }),
                works(action, "repeated with its token answers the set that is there", on -> {
                    service(on);
                    var first = on.ecs().createTaskSet(request -> create(request).clientToken("token"));
                    settled(on, first.taskSet().id());
                    return on.ecs().createTaskSet(request -> create(request).clientToken("token"));
                }, answer -> assertThat(answer.taskSet().stabilityStatus()).isEqualTo(StabilityStatus.STEADY_STATE)),
                refuses(action, "another set with a used token", INVALID, "Creation of task set was not idempotent.",
                        on -> {
                            service(on);
                            on.ecs().createTaskSet(request -> create(request).clientToken("token"));
                            return on.ecs().createTaskSet(request -> create(request).clientToken("token")
                                    .externalId("other"));
                        }),
                refuses(action, "a sixth set", INVALID, "5 deployments exist on the service. Unable to create new "
                        + "TaskSet since this exceeds the maximum limit.", on -> {
                            service(on);
                            for (int i = 0; i < 5; i++) {
                                on.ecs().createTaskSet(TaskSetConformanceTest::create);
                            }
                            return on.ecs().createTaskSet(TaskSetConformanceTest::create);
                        }));
    }

    private static List<Row> createTaskSetRefusals() {
        String action = "CreateTaskSet";
        return List.of(
                refuses(action, "a service with deployments", INVALID, "Amazon ECS only supports task set management "
                        + "on services configured to use external deployment controllers.", on -> {
                            on.service();
                            return on.ecs().createTaskSet(TaskSetConformanceTest::create);
                        }),
                refuses(action, "an unknown definition", ClientException.class, "TaskDefinition not found.", on -> {
                    service(on);
                    return on.ecs().createTaskSet(request -> create(request).taskDefinition("nothing"));
                }),
                refuses(action, "no definition", INVALID, "TaskDefinition can not be blank.", on -> {
                    service(on);
                    return on.ecs().createTaskSet(request -> create(request).taskDefinition(""));
                }),
                refuses(action, "too large a scale", INVALID, "Scale value must be between 0 and 100.", on -> {
                    service(on);
                    return on.ecs().createTaskSet(request -> create(request).scale(it -> it.value(100.5)));
                }),
                refuses(action, "an unknown platform", PlatformUnknownException.class,
                        "The specified platform version does not exist.", on -> {
                            service(on);
                            on.fargateDefinition();
                            return on.ecs().createTaskSet(request -> create(request).taskDefinition("net")
                                    .launchType("FARGATE").platformVersion("9.9.9"));
                        }),
                refuses(action, "a platform that lacks something",
                        PlatformTaskDefinitionIncompatibilityException.class,
                        "One or more of the requested capabilities are not supported.", on -> {
                            service(on);
                            on.definition(request -> request.family("large").networkMode("awsvpc").cpu("256")
                                    .memory("512").requiresCompatibilitiesWithStrings("FARGATE")
                                    .ephemeralStorage(it -> it.sizeInGiB(30)));
                            return on.ecs().createTaskSet(request -> create(request).taskDefinition("large")
                                    .launchType("FARGATE").platformVersion("1.3.0"));
                        }));
    }

    private static List<Row> updateTaskSet() {
        String action = "UpdateTaskSet";
        return List.of(
                works(action, "gives another scale", on -> {
                    String id = steady(on).id();
                    return on.ecs().updateTaskSet(request -> update(request, id).scale(it -> it.value(50.0)));
                }, answer -> {
                    assertThat(answer.taskSet().scale().value()).isEqualTo(50.0);
                    assertThat(answer.taskSet().stabilityStatus()).isEqualTo(StabilityStatus.STABILIZING);
                }),
                refuses(action, "an unknown set", TaskSetNotFoundException.class, "TaskSet not found.", on -> {
                    service(on);
                    return on.ecs().updateTaskSet(request -> update(request, NOWHERE));
                }),
                refuses(action, "what names no set", INVALID, "Task Set Identifier is invalid", on -> {
                    service(on);
                    return on.ecs().updateTaskSet(request -> update(request, "nonsense"));
                }));
    }

    private static List<Row> updateServicePrimaryTaskSet() {
        String action = "UpdateServicePrimaryTaskSet";
        return List.of(
                works(action, "makes the set primary", on -> {
                    String id = steady(on).id();
                    return on.ecs().updateServicePrimaryTaskSet(request -> primary(request, id));
                }, answer -> assertThat(answer.taskSet().status()).isEqualTo("PRIMARY")),
                refuses(action, "an unknown set", TaskSetNotFoundException.class, "TaskSet not found.", on -> {
                    service(on);
                    return on.ecs().updateServicePrimaryTaskSet(request -> primary(request, NOWHERE));
                }));
    }

    private static List<Row> deleteTaskSet() {
        String action = "DeleteTaskSet";
        return List.of(
                works(action, "has the set drain", on -> {
                    String id = steady(on).id();
                    return on.ecs().deleteTaskSet(request -> delete(request, id));
                }, answer -> assertThat(answer.taskSet().status()).isEqualTo("DRAINING")),
                refuses(action, "the primary set without force", INVALID, "Primary TaskSet cannot be deleted", on -> {
                    String id = steady(on).id();
                    on.ecs().updateServicePrimaryTaskSet(request -> primary(request, id));
                    return on.ecs().deleteTaskSet(request -> delete(request, id));
                }),
                works(action, "takes the primary set by force", on -> {
                    String id = steady(on).id();
                    on.ecs().updateServicePrimaryTaskSet(request -> primary(request, id));
                    return on.ecs().deleteTaskSet(request -> delete(request, id).force(true));
                }, answer -> assertThat(answer.taskSet().status()).isEqualTo("DRAINING")),
                refuses(action, "a set that is gone", TaskSetNotFoundException.class, "TaskSet not found.", on -> {
                    String id = steady(on).id();
                    on.ecs().deleteTaskSet(request -> delete(request, id));
                    Await.until("the set is gone", DEADLINE, () -> on.ecs().describeTaskSets(request ->
                            describe(request, id)).taskSets().isEmpty());
                    return on.ecs().deleteTaskSet(request -> delete(request, id));
                }));
    }

    private static List<Row> describeTaskSets() {
        String action = "DescribeTaskSets";
        return List.of(
                works(action, "shows sets, and names those that are not there", on -> {
                    TaskSet set = steady(on);
                    return on.ecs().describeTaskSets(request ->
                            describe(request, set.id(), NOWHERE, set.taskSetArn()));
                }, answer -> {
                    assertThat(answer.taskSets()).hasSize(2);
                    assertThat(answer.failures()).singleElement().satisfies(failure ->
                            assertThat(failure.reason()).isEqualTo("MISSING"));
                }),
                works(action, "shows tags to those who ask", on -> {
                    service(on);
                    String id = on.ecs().createTaskSet(request -> create(request).tags(it -> it.key("k").value("v")))
                            .taskSet().id();
                    settled(on, id);
                    return on.ecs().describeTaskSets(request -> describe(request, id).include(TaskSetField.TAGS));
                }, answer -> assertThat(answer.taskSets().getFirst().tags()).hasSize(1)),
                refuses(action, "no names", INVALID, "TaskSets cannot be empty.", on -> {
                    service(on);
                    return on.ecs().describeTaskSets(TaskSetConformanceTest::describe);
                }));
    }

    /** Where all five actions look first. */
    private static List<Row> places(String action,
            BiFunction<String, String, Stage.Act<? extends EcsResponse>> at) {
        var rows = new ArrayList<Row>();
        rows.add(refuses(action, "an unknown cluster", ClusterNotFoundException.class, "Cluster not found.",
                at.apply("nowhere", "svc")));
        rows.add(refuses(action, "no cluster", INVALID, "Cluster can not be blank.", at.apply(" ", "svc")));
        rows.add(refuses(action, "an unknown service", ServiceNotFoundException.class, "Service not found.",
                at.apply("default", "nothing")));
        rows.add(refuses(action, "a service that is gone", ServiceNotActiveException.class, "Service was not ACTIVE.",
                on -> {
                    service(on);
                    on.ecs().deleteService(request -> request.service("svc").force(true));
                    return at.apply("default", "svc").on(on);
                }));
        return rows;
    }
}
