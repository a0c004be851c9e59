package dev.landfall.ecs.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.instance.RegisterContainerInstance;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;

/** What counts tell of a DAEMON service against a look at each of its instances and tasks. */
class SteadyDaemonTest {
    private static final String DAEMON = World.serviceArn("svc");

    private World world = new World();

    /** Three instances, one of them without its agent, with a task on each. */
    private void settled() {
        world = new World();
        world.definition("web");
        world.definition("web");
        world.createService(request -> request.taskDefinition("web:1").desiredCount(null)
                .schedulingStrategy(SchedulingStrategy.DAEMON));
        List<String> arns = List.of(world.instance(1024), world.instance(1024), world.instance(1024));
        world.settle("svc");
        world.connected(arns.get(1), false);
    }

    private boolean holds() {
        return SteadyDaemon.holds(world.image(), world.image().get(EcsTables.SERVICES, DAEMON).orElseThrow());
    }

    @Example
    void countsAreEnoughForAServiceThatHasAllItNeeds() {
        settled();
        assertThat(holds()).isTrue();

        String one = world.instance(1024);
        assertThat(holds()).as("an instance came").isFalse();
        world.settle("svc");
        assertThat(holds()).isTrue();

        world.updateService(request -> request.taskDefinition("web:2"));
        assertThat(holds()).as("an update").isFalse();
        world.settle("svc");

        world.connected(one, false);
        assertThat(holds()).as("an agent is away, its task is not").isTrue();
        world.fargateDefinition("net");
        world.updateService(request -> request.taskDefinition("net"));
        world.settle("svc");
        assertThat(holds()).isTrue();
        world.instance(1024, "default", request -> request.attributes(List.of()));
        assertThat(world.settle("svc").desiredCount()).isEqualTo(2);
        assertThat(holds()).as("one does not qualify: it has to be looked at").isFalse();
    }

    @Property(tries = 100)
    void whenTheyAreEnoughNothingIsLeftToDo(@ForAll Random random) {
        settled();
        for (int step = 0; step < 60; step++) {
            change(random);
            ServiceRow row = world.image().get(EcsTables.SERVICES, DAEMON).orElseThrow();
            boolean holds = SteadyDaemon.holds(world.image(), row);
            Statistics.collect(holds);
            if (holds) {
                Context context = new Context(world.now(), () -> "f".repeat(32));
                var looked = new Draft(world.image());
                DaemonRollout.planned(looked, DeploymentWatch.look(looked, row, context).row(), context);
                var counted = new Draft(world.image());
                DaemonRollout.advance(counted, DeploymentWatch.look(counted, row, context).row(), context);
                assertThat(counted.reply("").writes()).isEqualTo(looked.reply("").writes());
            }
        }
        Statistics.coverage(found -> found.check(true).percentage(often -> often > 3));
    }

    private void change(Random random) {
        List<String> instances = List.copyOf(world.image().keys(
                EcsTables.INSTANCES, EcsTables.INSTANCES_BY_CLUSTER, World.ARN + "cluster/default"));
        String instance = instances.isEmpty() ? world.instance(1024) : pick(random, instances);
        var tasks = new ArrayList<>(world.live("svc"));
        world.image().find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, DAEMON + "|STOPPED").stream()
                .filter(task -> !task.stopped()).forEach(tasks::add);
        switch (random.nextInt(16)) {
            case 0 -> world.connected(instance, false);
            case 1 -> world.connected(instance, true);
            case 2 -> world.status(instance, random.nextBoolean() ? "DRAINING" : "ACTIVE");
            case 3 -> world.instance(1024);
            case 4 -> world.deregister(instance);
            case 5 -> world.updateService(request -> request.taskDefinition("web:" + (1 + random.nextInt(2))));
            case 6 -> world.decide((image, scope, context) -> RegisterContainerInstance.decide(image,
                    World.instanceRequest(1024, "default").containerInstanceArn(instance)
                            .attributes(random.nextInt(3) > 0 ? World.instanceRequest(1, "").build().attributes()
                                    : List.of()).build(), scope, context));
            default -> {
                if (tasks.isEmpty() || random.nextInt(3) == 0) {
                    world.apply(ReconcileService.decide(world.image(), DAEMON, world.context()));
                } else {
                    report(random, pick(random, tasks));
                }
            }
        }
    }

    private void report(Random random, TaskRow task) {
        if (task.wanted() && random.nextInt(4) > 0) {
            world.running(task.arn());
        } else {
            world.exited(task.arn(), 1);
        }
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
