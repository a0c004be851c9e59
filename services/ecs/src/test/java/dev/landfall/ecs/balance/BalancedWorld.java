package dev.landfall.ecs.balance;

import dev.landfall.ecs.MortalDecisions;
import dev.landfall.ecs.World;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Decisions;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkMode;

/** A {@link World} with a target group {@code web}, whose services' tasks have addresses of their own. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
final class BalancedWorld {
    static final Duration DELAY = Duration.ofSeconds(300);

    final World world = new World();
    final VirtualElb elb = new VirtualElb(world::now, DELAY);
    final String group = elb.group("web", "ip", "arn:lb");
    final Decisions decisions = new MortalDecisions(world);
    final TargetLooks looks = new TargetLooks(decisions, elb);

    BalancedWorld() {
        world.targetGroups(elb.known());
        definition("web");
        definition("web");
        world.managedInstance(100_000);
    }

    /** One that serves port 80, in awsvpc mode. */
    void definition(String family) {
        world.definition(request -> request.family(family).requiresCompatibilitiesWithStrings("FARGATE")
                .networkMode(NetworkMode.AWSVPC).cpu("256").memory("512")
                .containerDefinitions(World.container("app").toBuilder()
                        .portMappings(port -> port.containerPort(80)).build()));
    }

    void service(int desired, Consumer<CreateServiceRequest.Builder> change) {
        world.createService(request -> {
            request.desiredCount(desired).launchType(LaunchType.FARGATE).taskDefinition("web:1")
                    .networkConfiguration(network -> network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1")))
                    .loadBalancers(it -> it.targetGroupArn(group).containerName("app").containerPort(80));
            change.accept(request);
        });
    }

    /** Has the scheduler and then the target group be looked at. */
    void look() {
        world.reconcile("svc");
        looks.look(group);
        world.reconcile("svc");
    }

    /** Has every task that starts come to run, and be registered. */
    void run() {
        world.reconcile("svc");
        starting().forEach(task -> world.running(task.arn()));
        look();
    }

    List<TaskRow> starting() {
        return live().stream().filter(task -> !task.running()).toList();
    }

    List<TaskRow> live() {
        return world.live("svc");
    }

    /** Those that are wanted to run and healthy. */
    long healthy() {
        return live().stream().filter(TaskRow::healthy).count();
    }
}
