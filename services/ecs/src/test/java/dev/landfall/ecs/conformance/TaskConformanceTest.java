package dev.landfall.ecs.conformance;

import static dev.landfall.ecs.conformance.Row.refuses;
import static dev.landfall.ecs.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlatformTaskDefinitionIncompatibilityException;
import software.amazon.awssdk.services.ecs.model.PlatformUnknownException;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskField;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class TaskConformanceTest {
    private static final String CONFLICT = "The RunTask request could not be processed due to conflicts. The provided "
            + "clientToken is already in use with a different RunTask request.";
    private static final String NO_TASK_ARN = World.ARN + "task/default/" + "0".repeat(32);

    static List<Row> rows() {
        return Row.all(List.of(runTask(), runTaskOnFargate(), runTaskTokens(), runTaskRefusals(),
                runTaskRequestRefusals(), startTask(), startTaskRefusals(), stopTask(), describeTasks(), listTasks(),
                listTasksRefusals()));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private static List<Row> runTask() {
        String action = "RunTask";
        return List.of(
                works(action, "shows the defaults", on -> {
                    on.instance();
                    on.definition();
                    return on.ecs().runTask(request -> request.taskDefinition("web"));
                }, answer -> {
                    Task task = answer.tasks().getFirst();
                    assertThat(task.lastStatus()).isEqualTo("PENDING");
                    assertThat(task.desiredStatus()).isEqualTo("RUNNING");
                    assertThat(task.launchTypeAsString()).isEqualTo("EC2");
                    assertThat(task.group()).isEqualTo("family:web");
                    assertThat(task.version()).isEqualTo(1);
                    assertThat(task.healthStatusAsString()).isEqualTo("UNKNOWN");
                    assertThat(task.enableExecuteCommand()).isFalse();
                    assertThat(task.overrides().containerOverrides()).containsExactly(
                            ContainerOverride.builder().name("app").build());
                    assertThat(task.overrides().inferenceAcceleratorOverrides()).isEmpty();
                    assertThat(task.tags()).isEmpty();
                    assertThat(task.startedBy()).isNull();
                    assertThat(task.containerInstanceArn()).startsWith(World.ARN + "container-instance/default/");
                    assertThat(task.containers().getFirst().lastStatus()).isEqualTo("PENDING");
                    assertThat(task.containers().getFirst().networkInterfaces()).isEmpty();
                    assertThat(answer.failures()).isEmpty();
                }),
                works(action, "starts ten at once", on -> {
                    on.instance();
                    on.definition();
                    return on.ecs().runTask(request -> request.taskDefinition("web").count(10));
                }, answer -> assertThat(answer.tasks()).hasSize(10)),
                works(action, "starts what fits, and says what did not", on -> {
                    String instance = on.instance();
                    on.definition(request -> request.containerDefinitions(
                            World.container("app").copy(it -> it.memory(4_000))));
                    assertThat(instance).isNotNull();
                    return on.ecs().runTask(request -> request.taskDefinition("web").count(3));
                }, answer -> {
                    assertThat(answer.tasks()).hasSize(2);
                    assertThat(answer.failures().getFirst().reason()).isEqualTo("RESOURCE:MEMORY");
                    assertThat(answer.failures().getFirst().arn()).contains(":container-instance/default/");
                }),
                works(action, "keeps what it is told", on -> {
                    on.instance();
                    on.definition(request -> request.tags(tag("of", "definition")));
                    return on.ecs().runTask(request -> request.taskDefinition("web:1").group("g").startedBy("me")
                            .tags(tag("of", "task")).propagateTags("TASK_DEFINITION").enableECSManagedTags(true)
                            .overrides(it -> it.containerOverrides(app -> app.name("app").command("sleep", "1"))));
                }, answer -> {
                    Task task = answer.tasks().getFirst();
                    assertThat(task.group()).isEqualTo("g");
                    assertThat(task.startedBy()).isEqualTo("me");
                    assertThat(task.tags()).contains(tag("of", "task"), tag("aws:ecs:clusterName", "default"));
                    assertThat(task.overrides().containerOverrides().getFirst().command())
                            .containsExactly("sleep", "1");
                }),
                works(action, "fails with AGENT where no agent is connected", on -> {
                    on.connected(on.instance(), false);
                    on.definition();
                    return on.ecs().runTask(request -> request.taskDefinition("web"));
                }, answer -> assertThat(answer.failures().getFirst().reason()).isEqualTo("AGENT")));
    }

    private static List<Row> runTaskOnFargate() {
        String action = "RunTask";
        return List.of(
                works(action, "on FARGATE has an address and a platform, and no instance", on -> {
                    on.managedCapacity().fargateDefinition();
                    return on.ecs().runTask(request -> request.taskDefinition("net").launchType("FARGATE")
                            .networkConfiguration(it -> it.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1"))));
                }, answer -> {
                    Task task = answer.tasks().getFirst();
                    assertThat(task.lastStatus()).isEqualTo("PROVISIONING");
                    assertThat(task.platformVersion()).isEqualTo("1.4.0");
                    assertThat(task.platformFamily()).isEqualTo("Linux");
                    assertThat(task.containerInstanceArn()).isNull();
                    assertThat(task.attachments().getFirst().type()).isEqualTo("ElasticNetworkInterface");
                    assertThat(task.attachments().getFirst().status()).isEqualTo("PRECREATED");
                }),
                works(action, "on FARGATE without capacity is a failure, no error", on -> {
                    on.fargateDefinition();
                    return on.ecs().runTask(request -> request.taskDefinition("net").launchType("FARGATE"));
                }, answer -> assertThat(answer.failures().getFirst().reason()).startsWith(
                        "Capacity is unavailable at this time.")),
                refuses(action, "a platform version there is not", PlatformUnknownException.class,
                        "The specified platform version does not exist.", on -> {
                            on.managedCapacity().fargateDefinition();
                            return on.ecs().runTask(request -> request.taskDefinition("net").launchType("FARGATE")
                                    .platformVersion("9.9.9"));
                        }),
                refuses(action, "a platform version that lacks something",
                        PlatformTaskDefinitionIncompatibilityException.class,
                        "One or more of the requested capabilities are not supported.", on -> {
                            on.managedCapacity().largeDefinition();
                            return on.ecs().runTask(request -> request.taskDefinition("large").launchType("FARGATE")
                                    .platformVersion("1.3.0"));
                        }),
                refuses(action, "a platform version on EC2", InvalidParameterException.class,
                        "The platform version must be null when specifying an EC2 launch type.", on -> {
                            on.instance();
                            on.definition();
                            return on.ecs().runTask(request -> request.taskDefinition("web")
                                    .platformVersion("LATEST"));
                        }),
                refuses(action, "FARGATE with a definition that is not for it", InvalidParameterException.class,
                        "Task definition does not support launch_type FARGATE.", on -> {
                            on.definition();
                            return on.ecs().runTask(request -> request.taskDefinition("web").launchType("FARGATE"));
                        }));
    }

    private static RunTaskRequest.Builder withToken(RunTaskRequest.Builder request) {
        return request.taskDefinition("web").clientToken("token").startedBy("me");
    }

    private static List<Row> runTaskTokens() {
        String action = "RunTask";
        return List.of(
                works(action, "repeated with its token answers the same task", on -> {
                    on.instance();
                    on.definition();
                    String first = on.ecs().runTask(request -> withToken(request)).tasks().getFirst().taskArn();
                    var again = on.ecs().runTask(request -> withToken(request));
                    assertThat(again.tasks().getFirst().taskArn()).isEqualTo(first);
                    return again;
                }, answer -> assertThat(answer.tasks()).hasSize(1)),
                works(action, "forgets a token after a day", on -> {
                    on.instance();
                    on.definition();
                    String first = on.ecs().runTask(request -> withToken(request)).tasks().getFirst().taskArn();
                    on.later(Duration.ofHours(25));
                    var again = on.ecs().runTask(request -> withToken(request));
                    assertThat(again.tasks().getFirst().taskArn()).isNotEqualTo(first);
                    return again;
                }, answer -> assertThat(answer.tasks()).hasSize(1)),
                works(action, "forgets a token an hour after its task stopped", on -> {
                    on.instance();
                    on.definition();
                    String first = on.ecs().runTask(request -> withToken(request)).tasks().getFirst().taskArn();
                    on.stopped(first);
                    on.later(Duration.ofMinutes(59));
                    assertThat(on.ecs().runTask(request -> withToken(request)).tasks().getFirst().taskArn())
                            .isEqualTo(first);
                    on.later(Duration.ofMinutes(2));
                    var again = on.ecs().runTask(request -> withToken(request));
                    assertThat(again.tasks().getFirst().taskArn()).isNotEqualTo(first);
                    return again;
                }, answer -> assertThat(answer.tasks()).hasSize(1)),
                works(action, "without a token starts another task", on -> {
                    String first = on.task();
                    var again = on.ecs().runTask(request -> request.taskDefinition("web"));
                    assertThat(again.tasks().getFirst().taskArn()).isNotEqualTo(first);
                    return again;
                }, answer -> assertThat(answer.tasks()).hasSize(1)),
                refuses(action, "another request under the same token", ConflictException.class, CONFLICT, on -> {
                            on.instance();
                            on.definition();
                            on.ecs().runTask(request -> withToken(request));
                            return on.ecs().runTask(request -> withToken(request).count(2));
                        }),
                refuses(action, "another environment under the same token", ConflictException.class, CONFLICT,
                        on -> {
                            on.instance();
                            on.definition();
                            for (String value : List.of("1", "2")) {
                                var variable = KeyValuePair.builder().name("LEVEL").value(value).build();
                                on.ecs().runTask(request -> withToken(request).overrides(it -> it.containerOverrides(
                                        app -> app.name("app").environment(variable))));
                            }
                            throw new AssertionError("the second one was answered");
                        }),
                refuses(action, "a token of 65 characters", InvalidParameterException.class,
                        "clientToken longer than 64.", on -> on.ecs().runTask(request -> request
                                .taskDefinition("web").clientToken("t".repeat(65)))),
                refuses(action, "a token with a blank", InvalidParameterException.class,
                        "clientToken should have characters in the range of 33-126 only.",
                        on -> on.ecs().runTask(request -> request.taskDefinition("web").clientToken("a b"))));
    }

    private static List<Row> runTaskRefusals() {
        String action = "RunTask";
        return List.of(
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().runTask(request -> request.cluster("other").taskDefinition("web"))),
                refuses(action, "a deleted cluster", ClusterNotFoundException.class,
                        "The referenced cluster was inactive.", on -> {
                            on.cluster("c");
                            on.ecs().deleteCluster(request -> request.cluster("c"));
                            return on.ecs().runTask(request -> request.cluster("c").taskDefinition("web"));
                        }),
                refuses(action, "an unknown task definition", ClientException.class, "TaskDefinition not found.",
                        on -> on.ecs().runTask(request -> request.taskDefinition("web"))),
                refuses(action, "an INACTIVE task definition", ClientException.class, "TaskDefinition is inactive",
                        on -> {
                            on.ecs().deregisterTaskDefinition(request -> request.taskDefinition(on.definition()));
                            return on.ecs().runTask(request -> request.taskDefinition("web:1"));
                        }),
                refuses(action, "no task definition", InvalidParameterException.class,
                        "TaskDefinition can not be blank.", on -> on.ecs().runTask(request -> { })),
                refuses(action, "a cluster without instances", InvalidParameterException.class,
                        "No Container Instances were found in your cluster.", on -> {
                            on.definition();
                            return on.ecs().runTask(request -> request.taskDefinition("web"));
                        }),
                refuses(action, "an override for another container", InvalidParameterException.class,
                        "Override for container named db is not a container in the TaskDefinition.", on -> {
                            on.instance();
                            on.definition();
                            return on.ecs().runTask(request -> request.taskDefinition("web")
                                    .overrides(it -> it.containerOverrides(db -> db.name("db"))));
                        }),
                refuses(action, "a network configuration for bridge mode", InvalidParameterException.class,
                        "Network Configuration is not valid for the given networkMode of this task definition.", on -> {
                            on.instance();
                            on.definition();
                            return on.ecs().runTask(request -> request.taskDefinition("web").networkConfiguration(it ->
                                    it.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1"))));
                        }));
    }

    private static List<Row> runTaskRequestRefusals() {
        String action = "RunTask";
        Class<InvalidParameterException> invalid = InvalidParameterException.class;
        return List.of(
                refuses(action, "none", invalid, "Count must be between 1 and 10.",
                        on -> on.ecs().runTask(request -> request.taskDefinition("web").count(0))),
                refuses(action, "eleven", invalid, "Count must be between 1 and 10.",
                        on -> on.ecs().runTask(request -> request.taskDefinition("web").count(11))),
                refuses(action, "a launch type beside a strategy", invalid, "Specifying both a launch type and "
                        + "capacity provider strategy is not supported. Remove one and try again.", on -> {
                            on.definition();
                            return on.ecs().runTask(request -> request.taskDefinition("web").launchType("EC2")
                                    .capacityProviderStrategy(it -> it.capacityProvider("FARGATE").weight(1)));
                        }),
                refuses(action, "startedBy of 129 characters", invalid, "startedBy longer than 128.",
                        on -> on.ecs().runTask(request -> request.taskDefinition("web").startedBy("a".repeat(129)))),
                refuses(action, "a service's group", invalid, "Group name may not start with 'service:'.",
                        on -> on.ecs().runTask(request -> request.taskDefinition("web").group("service:svc"))),
                refuses(action, "eleven placement constraints", invalid,
                        "placementConstraints can have at most 10 items.", on -> {
                            on.instance();
                            on.definition();
                            return on.ecs().runTask(request -> request.taskDefinition("web").placementConstraints(
                                    Collections.nCopies(11, PlacementConstraint.builder()
                                            .type("distinctInstance").build())));
                        }));
    }

    private static List<Row> startTask() {
        String action = "StartTask";
        return List.of(
                works(action, "starts one on each instance", on -> {
                    on.definition();
                    String a = on.instance();
                    String b = on.instance();
                    var answer = on.ecs().startTask(request -> request.taskDefinition("web").containerInstances(a, b));
                    assertThat(answer.tasks()).extracting(Task::containerInstanceArn).containsExactly(a, b);
                    return answer;
                }, answer -> assertThat(answer.tasks()).extracting(Task::group).containsOnly("family:web")),
                works(action, "says which instances are missing", on -> {
                    on.definition();
                    return on.ecs().startTask(request -> request.taskDefinition("web")
                            .containerInstances(on.instance(), "0".repeat(32)));
                }, answer -> {
                    assertThat(answer.tasks()).hasSize(1);
                    assertThat(answer.failures().getFirst().reason()).isEqualTo("MISSING");
                }));
    }

    private static List<Row> startTaskRefusals() {
        String action = "StartTask";
        return List.of(
                refuses(action, "no instances", ClientException.class, "Container Instances cannot be empty.",
                        on -> on.ecs().startTask(request -> request.taskDefinition("web"))),
                refuses(action, "eleven instances", InvalidParameterException.class,
                        "Container instances can have at most 10 items.",
                        on -> on.ecs().startTask(request -> request.taskDefinition("web")
                                .containerInstances(Collections.nCopies(11, "0".repeat(32))))),
                refuses(action, "an unknown task definition", ClientException.class, "TaskDefinition not found.",
                        on -> on.ecs().startTask(request -> request.taskDefinition("web")
                                .containerInstances(on.instance()))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().startTask(request -> request.cluster("other").taskDefinition("web")
                                .containerInstances("0".repeat(32)))));
    }

    private static List<Row> stopTask() {
        String action = "StopTask";
        return List.of(
                works(action, "asks for its end", on -> on.ecs().stopTask(request -> request
                        .task(on.runningTask()).reason("enough")), answer -> {
                            assertThat(answer.task().desiredStatus()).isEqualTo("STOPPED");
                            assertThat(answer.task().lastStatus()).isEqualTo("RUNNING");
                            assertThat(answer.task().stopCode()).isEqualTo(TaskStopCode.USER_INITIATED);
                            assertThat(answer.task().stoppedReason()).isEqualTo("enough");
                            assertThat(answer.task().stoppingAt()).isNotNull();
                        }),
                works(action, "repeated keeps the first reason", on -> {
                    String task = on.running(on.task(request -> request.tags(tag("a", "1"))));
                    on.ecs().stopTask(request -> request.task(task));
                    return on.ecs().stopTask(request -> request.task(task).reason("again"));
                }, answer -> {
                    assertThat(answer.task().stoppedReason()).isEqualTo("Task stopped by user");
                    assertThat(answer.task().tags()).isEmpty();
                }),
                works(action, "finds it by its id", on -> {
                    String task = on.runningTask();
                    return on.ecs().stopTask(request -> request.task(task.substring(task.lastIndexOf('/') + 1)));
                }, answer -> assertThat(answer.task().desiredStatus()).isEqualTo("STOPPED")),
                refuses(action, "a task that is not there", InvalidParameterException.class,
                        "The referenced task was not found.",
                        on -> on.ecs().stopTask(request -> request.task(NO_TASK_ARN))),
                refuses(action, "an id that is none", InvalidParameterException.class,
                        "taskId length should be one of [32,36]",
                        on -> on.ecs().stopTask(request -> request.task("x"))),
                refuses(action, "a reason of 256 characters", InvalidParameterException.class,
                        "reason longer than 255.",
                        on -> on.ecs().stopTask(request -> request.task(on.task()).reason("x".repeat(256)))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().stopTask(request -> request.cluster("other").task(NO_TASK_ARN))));
    }

    private static List<Row> describeTasks() {
        String action = "DescribeTasks";
        return List.of(
                works(action, "shows tasks without tags, and misses others", on -> {
                    String task = on.runningTask();
                    return on.ecs().describeTasks(request -> request.tasks(task, NO_TASK_ARN));
                }, answer -> {
                    Task task = answer.tasks().getFirst();
                    assertThat(task.lastStatus()).isEqualTo("RUNNING");
                    assertThat(task.startedAt()).isNotNull();
                    assertThat(task.containers().getFirst().runtimeId()).isEqualTo("docker-app");
                    assertThat(answer.failures().getFirst().arn()).endsWith("task/default/" + "0".repeat(32));
                    assertThat(answer.failures().getFirst().reason()).isEqualTo("MISSING");
                }),
                works(action, "shows tags where asked for", on -> {
                    String task = on.task(request -> request.tags(tag("a", "1")));
                    return on.ecs().describeTasks(request -> request.tasks(task).include(TaskField.TAGS));
                }, answer -> assertThat(answer.tasks().getFirst().tags()).containsExactly(tag("a", "1"))),
                works(action, "shows a stopped task for an hour", on -> {
                    String task = on.stopped(on.runningTask());
                    on.later(Duration.ofMinutes(59));
                    return on.ecs().describeTasks(request -> request.tasks(task));
                }, answer -> {
                    assertThat(answer.tasks().getFirst().lastStatus()).isEqualTo("STOPPED");
                    assertThat(answer.tasks().getFirst().containers().getFirst().exitCode()).isZero();
                }),
                works(action, "misses those of another cluster", on -> {
                    on.cluster("other");
                    String task = on.task();
                    return on.ecs().describeTasks(request -> request.cluster("other").tasks(task));
                }, answer -> assertThat(answer.failures()).hasSize(1)),
                refuses(action, "no tasks", InvalidParameterException.class, "Tasks cannot be empty.",
                        on -> on.ecs().describeTasks(request -> { })),
                refuses(action, "101 tasks", InvalidParameterException.class, "taskIds can have at most 100 items.",
                        on -> on.ecs().describeTasks(request -> request.tasks(
                                Collections.nCopies(101, NO_TASK_ARN)))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().describeTasks(request -> request.cluster("other").tasks(NO_TASK_ARN))));
    }

    private static List<Row> listTasks() {
        String action = "ListTasks";
        return List.of(
                works(action, "lists those that should run", on -> {
                    on.task();
                    on.ecs().stopTask(request -> request.task(on.task()));
                    return on.ecs().listTasks(request -> { });
                }, answer -> assertThat(answer.taskArns()).hasSize(1)),
                works(action, "lists those that should not", on -> {
                    on.task();
                    on.ecs().stopTask(request -> request.task(on.task()));
                    return on.ecs().listTasks(request -> request.desiredStatus("STOPPED"));
                }, answer -> assertThat(answer.taskArns()).hasSize(1)),
                works(action, "lists none as PENDING, which ECS never desires", on -> {
                    on.task();
                    return on.ecs().listTasks(request -> request.desiredStatus("PENDING"));
                }, answer -> assertThat(answer.taskArns()).isEmpty()),
                works(action, "lists those of a family, an instance and a launch type", on -> {
                    String task = on.task();
                    on.definition("api");
                    on.ecs().runTask(request -> request.taskDefinition("api"));
                    String instance = on.ecs().describeTasks(request -> request.tasks(task)).tasks().getFirst()
                            .containerInstanceArn();
                    return on.ecs().listTasks(request -> request.family("web").containerInstance(instance)
                            .launchType("EC2"));
                }, answer -> assertThat(answer.taskArns()).hasSize(1)),
                works(action, "lists those that somebody started", on -> {
                    on.task(request -> request.startedBy("me"));
                    on.ecs().runTask(request -> request.taskDefinition("web").startedBy("you"));
                    return on.ecs().listTasks(request -> request.startedBy("me").desiredStatus("RUNNING"));
                }, answer -> assertThat(answer.taskArns()).hasSize(1)),
                works(action, "lists those of a service", on -> {
                    on.task();
                    String service = on.service(request -> request.desiredCount(2));
                    return on.ecs().listTasks(request -> request.serviceName(service));
                }, answer -> assertThat(answer.taskArns()).hasSize(2)));
    }

    private static List<Row> listTasksRefusals() {
        String action = "ListTasks";
        return List.of(
                refuses(action, "a service that is not there", ServiceNotFoundException.class, "Service not found.",
                        on -> on.ecs().listTasks(request -> request.serviceName("svc"))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().listTasks(request -> request.cluster("other"))),
                refuses(action, "startedBy with another filter", InvalidParameterException.class,
                        "When you specify startedBy as the filter, it must be the only filter that you use.",
                        on -> on.ecs().listTasks(request -> request.startedBy("me").family("web"))),
                refuses(action, "an unknown desired status", InvalidParameterException.class,
                        "desiredStatus should be one of [RUNNING,PENDING,STOPPED]",
                        on -> on.ecs().listTasks(request -> request.desiredStatus("GONE"))));
    }
}
