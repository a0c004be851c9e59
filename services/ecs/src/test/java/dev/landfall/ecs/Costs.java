package dev.landfall.ecs;

import dev.landfall.ecs.balance.KnownTargetGroups;
import dev.landfall.ecs.agents.SubmitTaskStateChange;
import dev.landfall.ecs.cluster.CreateCluster;
import dev.landfall.ecs.instance.AgentConnection;
import dev.landfall.ecs.instance.RegisterContainerInstance;
import dev.landfall.ecs.service.CreateService;
import dev.landfall.ecs.service.DescribeServices;
import dev.landfall.ecs.service.ReconcileService;
import dev.landfall.ecs.task.RunTask;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.taskdef.RegisterTaskDefinition;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import java.time.Instant;
import java.util.List;
import java.util.function.IntConsumer;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerStateChange;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeRequest;

/**
 * Prints what one decision costs as services and clusters grow: a program to run by hand, not a test. The figures
 * should not grow with the number of tasks; a placement's grows with the number of instances it may choose from.
 */
public final class Costs {
    private static final Scope SCOPE = World.SCOPE;
    private static final int SAMPLES = 200;
    private static final double NANOS_PER_MICRO = 1_000;

    private Image image = Image.empty(EcsTables.ALL);
    private int ids;

    public static void main(String[] args) {
        for (int round = 0; round < 2; round++) { // the first warms up
            for (int tasks : List.of(500, 5_000)) {
                new Costs().serviceOf(tasks, 1);
            }
            new Costs().serviceOf(5_000, 100);
            new Costs().serviceOf(5_000, 1_000);
        }
    }

    private void serviceOf(int tasks, int instances) {
        image = image.apply(CreateCluster.decide(image, CreateClusterRequest.builder().build(), SCOPE, context())
                .writes());
        apply(RegisterTaskDefinition.decide(image, RegisterTaskDefinitionRequest.builder().family("web")
                .containerDefinitions(ContainerDefinition.builder().name("app").image("x").cpu(0).memory(4).build())
                .build(), SCOPE, context()));
        for (int i = 0; i < instances; i++) {
            String arn = apply(RegisterContainerInstance.decide(image, World.instanceRequest(1_000_000, "default")
                    .build(),
                    SCOPE, context())).containerInstance().containerInstanceArn();
            apply(AgentConnection.decide(image, arn, true, context()));
        }
        apply(CreateService.decide(image, CreateServiceRequest.builder().serviceName("svc").taskDefinition("web")
                .desiredCount(tasks).build(), KnownTargetGroups.NONE, SCOPE, context()));
        long start = System.nanoTime();
        while (live().size() < tasks) {
            reconcile();
        }
        double placed = perItem(start, tasks);
        start = System.nanoTime();
        List<TaskRow> placedTasks = live();
        for (int i = 0; i < tasks; i++) {
            report(placedTasks.get(i));
            if (i % 10 == 0) { // looks at a service are coalesced
                reconcile();
            }
        }
        double report = perItem(start, tasks);
        double run = sample(i -> apply(RunTask.decide(image,
                RunTaskRequest.builder().taskDefinition("web").build(), SCOPE, context())));
        double look = sample(i -> reconcile());
        double describe = sample(i -> DescribeServices.read(image,
                DescribeServicesRequest.builder().services("svc").build(), SCOPE));
        System.out.printf("%,6d tasks on %,5d instances: placed by service %8.1f us, report with its looks %8.1f us, "
                + "RunTask %8.1f us, look %8.1f us, DescribeServices %8.1f us%n",
                tasks, instances, placed, report, run, look, describe);
    }

    private void reconcile() {
        apply(ReconcileService.decide(image, World.serviceArn("svc"), context()));
    }

    private void report(TaskRow row) {
        apply(SubmitTaskStateChange.decide(image, SubmitTaskStateChangeRequest.builder().task(row.arn())
                .status("RUNNING")
                .containers(ContainerStateChange.builder().containerName("app").status("RUNNING").build()).build(),
                context()));
    }

    private List<TaskRow> live() {
        return image.find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, World.serviceArn("svc") + "|RUNNING");
    }

    private static double sample(IntConsumer work) {
        long start = System.nanoTime();
        for (int i = 0; i < SAMPLES; i++) {
            work.accept(i);
        }
        return perItem(start, SAMPLES);
    }

    private static double perItem(long startNanos, int items) {
        return (System.nanoTime() - startNanos) / NANOS_PER_MICRO / items;
    }

    private Context context() {
        return new Context(Instant.EPOCH, () -> "%032x".formatted(++ids));
    }

    private <A> A apply(Decision<A> decision) {
        image = image.apply(decision.writes());
        return decision.reply();
    }
}
