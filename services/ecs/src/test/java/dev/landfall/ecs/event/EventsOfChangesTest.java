package dev.landfall.ecs.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.shift.ContinueServiceDeployment;
import dev.landfall.ecs.tag.TagResource;
import dev.landfall.state.Commit;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Table;
import dev.landfall.state.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.ContinueServiceDeploymentRequest;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHook;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TagResourceRequest;

/** Each event in the shape of the examples in the ECS Developer Guide, "Amazon ECS events". */
class EventsOfChangesTest {
    private static final Instant NOW = Instant.parse("2019-11-19T19:27:22.695Z");
    private final World world = new World();

    /** What is told of the changes that {@code act} makes, as if they were one commit. */
    private List<EcsEvent> told(Runnable act) {
        Image before = world.image();
        act.run();
        Image after = world.image();
        var writes = new ArrayList<Write<?>>();
        for (Table<?> table : List.of(
                EcsTables.TASKS, EcsTables.INSTANCES, EcsTables.SERVICES, EcsTables.SHIFTS)) {
            changes(table, before, after, writes);
        }
        var marked = Marks.beside(before, new Decision<>("", writes, List.of()), world.context());
        return Tellings.of(new Commit(before, after, marked.writes())).stream()
                .flatMap(telling -> telling.events().stream()).toList();
    }

    private static <R> void changes(Table<R> table, Image before, Image after, List<Write<?>> writes) {
        after.all(table).stream()
                .filter(row -> before.get(table, table.key().apply(row)).filter(row::equals).isEmpty())
                .forEach(row -> writes.add(Write.put(table, row)));
    }

    private static JsonNode detail(EcsEvent event) {
        try {
            return new ObjectMapper().readTree(event.detail());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aTaskIsToldAsTheGuideShowsIt() {
        world.managedInstance(4_096);
        world.fargateDefinition("net");
        List<String> arn = new ArrayList<>();
        List<EcsEvent> started = told(() -> arn.add(world.runTask(request -> request.taskDefinition("net")
                .launchType("FARGATE").tags(Tag.builder().key("k").value("v").build())).tasks().getFirst().taskArn()));

        assertThat(started).singleElement().satisfies(event -> {
            assertThat(event.detailType()).isEqualTo("ECS Task State Change");
            assertThat(event.resource()).isEqualTo(arn.getFirst());
            assertThat(event.time()).isEqualTo(world.now());
        });
        JsonNode detail = detail(started.getFirst());
        assertThat(detail.fieldNames()).toIterable().contains("attachments", "attributes", "availabilityZone",
                "clusterArn", "containers", "createdAt", "launchType", "cpu", "memory", "desiredStatus", "group",
                "lastStatus", "overrides", "updatedAt", "taskArn", "taskDefinitionArn", "version", "platformVersion")
                .doesNotContain("tags");
        assertThat(detail.path("createdAt").textValue()).isEqualTo("2026-03-04T05:06:07Z");
        assertThat(detail.path("updatedAt").textValue()).isEqualTo("2026-03-04T05:06:07Z");
        assertThat(detail.path("version").intValue()).isEqualTo(1);
        assertThat(detail.path("lastStatus").textValue()).isEqualTo("PROVISIONING");
        JsonNode attachment = detail.path("attachments").get(0);
        assertThat(attachment.path("type").textValue()).isEqualTo("eni");
        assertThat(attachment.path("details").get(0).path("name").textValue()).isEqualTo("subnetId");
        JsonNode container = detail.path("containers").get(0);
        assertThat(container.path("taskArn").textValue()).isEqualTo(arn.getFirst());
        assertThat(container.path("networkInterfaces").get(0).path("attachmentId").textValue())
                .isEqualTo(attachment.path("id").textValue());
        assertThat(container.path("cpu").isTextual()).isTrue();

        world.pass(Duration.ofMillis(1_500));
        JsonNode running = detail(told(() -> world.running(arn.getFirst())).getFirst());
        assertThat(running.path("startedAt").textValue()).isEqualTo("2026-03-04T05:06:08.500Z");
        assertThat(running.path("updatedAt").textValue()).isEqualTo("2026-03-04T05:06:08.500Z");
        assertThat(running.path("version").intValue()).isGreaterThan(1);
        JsonNode stopped = detail(told(() -> world.exited(arn.getFirst(), 3)).getFirst());
        assertThat(stopped.path("stopCode").textValue()).isEqualTo("EssentialContainerExited");
        assertThat(stopped.path("containers").get(0).path("exitCode").intValue()).isEqualTo(3);
    }

    @Test
    void aHookIsToldAsTheGuideShowsIt() {
        world.definition("web");
        var hook = DeploymentLifecycleHook.builder().targetType("PAUSE").lifecycleStagesWithStrings("PRE_SCALE_UP")
                .timeoutConfiguration(timeout -> timeout.timeoutInMinutes(10)).build();
        Service service = world.createService(request -> request.desiredCount(0).deploymentConfiguration(each ->
                each.strategy("BLUE_GREEN").lifecycleHooks(hook)));
        List<EcsEvent> waits = hookEvents(() -> world.reconcile("svc"));
        assertThat(waits).singleElement().satisfies(event -> {
            assertThat(event.detailType()).isEqualTo("ECS Hook State Change");
            assertThat(event.resource()).isEqualTo(service.currentServiceDeployment());
        });
        JsonNode detail = detail(waits.getFirst());
        assertThat(detail.fieldNames()).toIterable().containsExactly("eventType", "eventName", "hookId", "hookType",
                "expiresAt", "lifecycleStage", "clusterArn", "serviceArn", "serviceDeploymentArn", "updatedAt");
        assertThat(detail.path("eventType").textValue()).isEqualTo("INFO");
        assertThat(detail.path("eventName").textValue()).isEqualTo("HOOK_AWAITING_ACTION");
        assertThat(detail.path("hookType").textValue()).isEqualTo("PAUSE");
        assertThat(detail.path("expiresAt").textValue()).isEqualTo("2026-03-04T05:16:07Z");
        assertThat(detail.path("lifecycleStage").textValue()).isEqualTo("PRE_SCALE_UP");
        assertThat(detail.path("clusterArn").textValue()).isEqualTo(service.clusterArn());
        assertThat(detail.path("serviceArn").textValue()).isEqualTo(service.serviceArn());

        var request = ContinueServiceDeploymentRequest.builder().hookId(detail.path("hookId").textValue())
                .serviceDeploymentArn(service.currentServiceDeployment()).action("ROLLBACK").build();
        List<EcsEvent> over = hookEvents(() -> world.decide((image, scope, context) ->
                ContinueServiceDeployment.decide(image, request, scope)));
        assertThat(over).singleElement().satisfies(event ->
                assertThat(detail(event).path("eventName").textValue()).isEqualTo("HOOK_FAILED"));
        assertThat(HookEvents.newest(world.image().get(EcsTables.SHIFTS, service.serviceArn()).orElseThrow(), NOW))
                .as("what is told after a restart").hasSize(1);
        assertThat(hookEvents(() -> world.reconcile("svc"))).isEmpty();
    }

    private List<EcsEvent> hookEvents(Runnable act) {
        return told(act).stream().filter(event -> event.detailType().equals(EcsEvent.HOOK)).toList();
    }

    @Test
    void anInstanceIsToldAsTheGuideShowsIt() {
        List<String> arn = new ArrayList<>();
        List<EcsEvent> registered = told(() -> arn.add(world.instance(1_024)));
        assertThat(registered).singleElement().satisfies(event -> {
            assertThat(event.detailType()).isEqualTo("ECS Container Instance State Change");
            assertThat(event.resource()).isEqualTo(arn.getFirst());
        });
        JsonNode detail = detail(registered.getFirst());
        assertThat(detail.fieldNames()).toIterable().contains("agentConnected", "attributes", "clusterArn",
                "containerInstanceArn", "ec2InstanceId", "registeredResources", "remainingResources", "status",
                "version", "updatedAt").doesNotContain("tags", "runningTasksCount", "pendingTasksCount");
        assertThat(detail.path("clusterArn").textValue()).isEqualTo(World.ARN + "cluster/default");
        assertThat(detail.path("agentConnected").booleanValue()).isTrue();
        int version = detail.path("version").intValue();

        JsonNode gone = detail(told(() -> world.connected(arn.getFirst(), false)).getFirst());
        assertThat(gone.path("agentConnected").booleanValue()).isFalse();
        assertThat(gone.path("version").intValue()).isGreaterThan(version);
        JsonNode draining = detail(told(() -> world.status(arn.getFirst(), "DRAINING")).getFirst());
        assertThat(draining.path("status").textValue()).isEqualTo("DRAINING");
    }

    @Test
    void managedCapacityIsNoContainerInstanceToAnyone() {
        assertThat(told(() -> world.managedInstance(1_024))).isEmpty();
    }

    @Test
    void tagsAreNoStateOfATask() {
        world.instance(1_024);
        world.definition("web");
        String arn = world.runTask(request -> { }).tasks().getFirst().taskArn();
        var tagging = TagResourceRequest.builder().resourceArn(arn)
                .tags(Tag.builder().key("k").value("v").build()).build();
        assertThat(told(() -> world.decide((image, scope, context) ->
                TagResource.decide(image, tagging, scope, context)))).isEmpty();
    }

    @Test
    void aServiceIsToldOfFromItsFirstDeploymentToTheSteadyState() {
        world.instance(1_024);
        world.definition("web");
        List<EcsEvent> created = told(() -> world.createService(request -> { }));
        assertThat(created).singleElement().satisfies(event -> {
            assertThat(event.detailType()).isEqualTo("ECS Deployment State Change");
            assertThat(event.resource()).isEqualTo(World.serviceArn("svc"));
        });
        JsonNode began = detail(created.getFirst());
        assertThat(began.fieldNames()).toIterable().containsExactly(
                "eventType", "eventName", "clusterArn", "deploymentId", "updatedAt", "reason");
        String id = world.service("svc").deployments().getFirst().id();
        assertThat(began.path("eventType").textValue()).isEqualTo("INFO");
        assertThat(began.path("eventName").textValue()).isEqualTo("SERVICE_DEPLOYMENT_IN_PROGRESS");
        assertThat(began.path("deploymentId").textValue()).isEqualTo(id);
        assertThat(began.path("reason").textValue()).isEqualTo("ECS deployment " + id + " in progress.");

        List<EcsEvent> settled = told(() -> world.settle("svc")).stream()
                .filter(event -> !event.detailType().equals(EcsEvent.TASK)).toList();
        assertThat(settled).extracting(event -> detail(event).path("eventName").textValue())
                .containsExactly("SERVICE_STEADY_STATE", "SERVICE_DEPLOYMENT_COMPLETED");
        JsonNode steady = detail(settled.getFirst());
        assertThat(settled.getFirst().detailType()).isEqualTo("ECS Service Action");
        assertThat(steady.fieldNames()).toIterable().containsExactly(
                "eventType", "eventName", "clusterArn", "createdAt");
        assertThat(steady.path("clusterArn").textValue()).isEqualTo(World.ARN + "cluster/default");
        assertThat(detail(settled.getLast()).path("reason").textValue())
                .isEqualTo("ECS deployment " + id + " completed.");

        List<EcsEvent> scaled = told(() -> {
            world.updateService(request -> request.desiredCount(1));
            world.settle("svc");
        }).stream().filter(event -> !event.detailType().equals(EcsEvent.TASK)).toList();
        assertThat(scaled).extracting(event -> detail(event).path("eventName").textValue())
                .containsExactly("TASKS_STOPPED", "SERVICE_STEADY_STATE");
        assertThat(detail(scaled.getFirst()).path("taskArns").get(0).textValue())
                .startsWith(World.ARN + "task/default/");
    }

    @Test
    void aServiceWithoutRoomSaysWhy() {
        world.instance(70);
        world.definition("web");
        world.createService(request -> { });
        JsonNode detail = told(() -> world.reconcile("svc")).stream()
                .filter(event -> event.detailType().equals(EcsEvent.SERVICE)).map(EventsOfChangesTest::detail)
                .reduce((first, last) -> last).orElseThrow();
        assertThat(detail.path("eventType").textValue()).isEqualTo("ERROR");
        assertThat(detail.path("eventName").textValue()).isEqualTo("SERVICE_TASK_PLACEMENT_FAILURE");
        assertThat(detail.path("reason").textValue()).isEqualTo("RESOURCE:MEMORY");
        assertThat(detail.path("containerInstanceArns").get(0).textValue())
                .startsWith(World.ARN + "container-instance/default/");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "(service s) has reached a steady state.                              | INFO  | SERVICE_STEADY_STATE,"
                + "CAPACITY_PROVIDER_STEADY_STATE",
        "(service s, taskSet ecs-svc/12) updated state to STEADY_STATE.       | INFO  | TASKSET_STEADY_STATE",
        "(service s) updated computedDesiredCount for taskSet ecs-svc/12 to 7. | INFO | SERVICE_DESIRED_COUNT_UPDATED",
        "(service s) (task 0a) no longer meets the placement constraint strategy for the service. | ERROR | "
                + "SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED",
        "(service s) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later "
                + "or in a different availability zone. For more information, see x. | ERROR | "
                + "SERVICE_TASK_PLACEMENT_FAILURE",
        "(service s) is unable to consistently start tasks successfully. For more information, see x. | WARN | "
                + "SERVICE_TASK_START_IMPAIRED",
        "(service s) has started 2 tasks: (task 1) (task 2).                  |       |",
        "(service s) (deployment ecs-svc/1) deployment completed.             |       |"})
    void serviceEventsHaveTheirNames(String message, String type, String names) {
        var service = Service.builder().serviceArn(World.serviceArn("s")).clusterArn(World.ARN + "cluster/default")
                .capacityProviderStrategy(
                        CapacityProviderStrategyItem.builder().capacityProvider("FARGATE_SPOT").build())
                .build();
        List<EcsEvent> events = ServiceAction.of(
                service, ServiceEvent.builder().id("1").createdAt(NOW).message(message).build());
        assertThat(events).extracting(event -> detail(event).path("eventName").textValue())
                .containsExactly(names == null ? new String[0] : names.split(","));
        for (EcsEvent event : events) {
            JsonNode detail = detail(event);
            assertThat(detail.path("eventType").textValue()).isEqualTo(type);
            assertThat(detail.path("createdAt").textValue()).isEqualTo("2019-11-19T19:27:22.695Z");
            switch (detail.path("eventName").textValue()) {
                case "CAPACITY_PROVIDER_STEADY_STATE" -> assertThat(detail.path("capacityProviderArns").get(0)
                        .textValue()).isEqualTo(World.ARN + "capacity-provider/FARGATE_SPOT");
                case "SERVICE_DESIRED_COUNT_UPDATED" -> {
                    assertThat(detail.path("taskSetArns").get(0).textValue())
                            .isEqualTo(World.ARN + "task-set/default/s/ecs-svc/12");
                    assertThat(detail.path("desiredCount").intValue()).isEqualTo(7);
                }
                case "SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED" -> assertThat(detail.path("taskArns").get(0)
                        .textValue()).isEqualTo(World.ARN + "task/default/0a");
                case "TASKSET_STEADY_STATE" -> assertThat(detail.path("taskSetArns").get(0).textValue())
                        .isEqualTo(World.ARN + "task-set/default/s/ecs-svc/12");
                case "SERVICE_TASK_PLACEMENT_FAILURE" -> {
                    assertThat(detail.path("reason").textValue()).isEqualTo("RESOURCE:FARGATE");
                    assertThat(detail.path("capacityProviderArns").size()).isEqualTo(1);
                }
                default -> { }
            }
        }
    }

    @Test
    void theSchedulersCountOfADaemonServiceIsTold() {
        world.instance(1_024);
        world.definition("web");
        world.createService(request -> request.desiredCount(null).schedulingStrategy("DAEMON"));
        world.settle("svc");
        JsonNode detail = told(() -> {
            world.instance(1_024);
            world.settle("svc");
        }).stream().filter(event -> event.detailType().equals(EcsEvent.SERVICE)).map(EventsOfChangesTest::detail)
                .filter(each -> each.path("eventName").textValue().equals("SERVICE_DESIRED_COUNT_UPDATED"))
                .findFirst().orElseThrow();
        assertThat(detail.path("eventType").textValue()).isEqualTo("INFO");
        assertThat(detail.path("desiredCount").intValue()).isEqualTo(2);
    }

    @Test
    void aFailedDeploymentIsAnError() {
        world.definition("web");
        world.createService(request -> { });
        var row = world.image().get(EcsTables.SERVICES, World.serviceArn("svc")).orElseThrow();
        Deployment failed = row.service().deployments().getFirst().toBuilder()
                .rolloutState(DeploymentRolloutState.FAILED).updatedAt(NOW)
                .rolloutStateReason("ECS deployment circuit breaker: tasks failed to start.").build();
        var after = new ServiceRow(row.service().toBuilder().deployments(failed).build(),
                row.events(), row.failedStarts(), row.notBefore(), row.steady(), row.createToken());
        JsonNode detail = detail(ServiceEvents.between(Optional.of(row), after, NOW).getFirst());
        assertThat(detail.path("eventType").textValue()).isEqualTo("ERROR");
        assertThat(detail.path("eventName").textValue()).isEqualTo("SERVICE_DEPLOYMENT_FAILED");
        assertThat(detail.path("reason").textValue())
                .isEqualTo("ECS deployment circuit breaker: tasks failed to start.");
    }
}
