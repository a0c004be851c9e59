package dev.landfall.sim;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.capacity.CapacityPolicy;
import dev.landfall.ecs.capacity.Interrupt;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.sim.agent.Faults;
import dev.landfall.sim.agent.Machine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.ecs.model.AvailabilityZoneRebalancing;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentRollbackMonitorsStatus;

/**
 * Stories that every control plane should get through, however it dies in between. Each is told to a fresh town and
 * ends where {@link Simulation#settle} has to succeed.
 */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
enum Scenario {
    ONE_TASK_ROLLS(town -> rolls(town, 1, 100, 200)),

    THREE_TASKS_ROLL_IN_PLACE(town -> rolls(town, 3, 50, 100)),

    FOUR_TASKS_ROLL_WITH_ROOM_FOR_TWO(town -> rolls(town, 4, 50, 150)),

    TEN_TASKS_ROLL(town -> rolls(town, 10, 50, 150)),

    ALL_AT_ONCE(town -> rolls(town, 3, 0, 100)),

    SCALED_OUT_WHILE_ROLLING(town -> {
        town.machines(2);
        town.create("web", town.definition("ok"), 2, percentages(50, 100));
        town.simulation().settle();
        String next = town.definition("slow");
        town.update("web", request -> request.taskDefinition(next));
        town.simulation().run(Duration.ofMillis(800));
        town.update("web", request -> request.desiredCount(4));
    }),

    SCALED_IN_WHILE_ROLLING(town -> {
        town.machines(2);
        town.create("web", town.definition("ok"), 4, percentages(50, 150));
        town.simulation().settle();
        String next = town.definition("ok");
        town.update("web", request -> request.taskDefinition(next));
        town.simulation().run(Duration.ofMillis(700));
        town.update("web", request -> request.desiredCount(1));
    }),

    ANOTHER_DEPLOYMENT_ON_TOP(town -> {
        town.machines(2);
        town.create("web", town.definition("ok"), 3, percentages(100, 200));
        town.simulation().settle();
        for (int i = 0; i < 2; i++) {
            String next = town.definition("ok");
            town.update("web", request -> request.taskDefinition(next));
            town.simulation().run(Duration.ofMillis(300));
        }
        String last = town.definition("slow");
        town.update("web", request -> request.taskDefinition(last));
    }),

    A_REVISION_THAT_CANNOT_START(town -> {
        town.machines(2);
        town.create("web", town.definition("ok"), 2, percentages(100, 200));
        town.simulation().settle();
        String bad = town.definition("nopull");
        town.update("web", request -> request.taskDefinition(bad));
        town.simulation().run(Duration.ofSeconds(20));
        String good = town.definition("ok");
        town.update("web", request -> request.taskDefinition(good));
    }),

    THE_CIRCUIT_BREAKER_ROLLS_BACK(town -> {
        town.machines(2);
        String good = town.definition("ok");
        town.create("web", good, 3, breaker(true));
        town.simulation().settle();
        String bad = town.definition("exit:1:200");
        town.update("web", request -> request.taskDefinition(bad));
        town.simulation().settle();
        if (!town.service("web").taskDefinition().equals(good)) {
            throw new Violation("rollback", "the service still wants the revision that failed");
        }
        if (town.live("web").stream().anyMatch(row -> !row.task().taskDefinitionArn().equals(good))) {
            throw new Violation("rollback", "tasks are left of the revision that failed");
        }
    }),

    THE_CIRCUIT_BREAKER_STOPS(town -> {
        town.machines(2);
        String good = town.definition("ok");
        town.create("web", good, 3, breaker(false));
        town.simulation().settle();
        String bad = town.definition("nopull");
        town.update("web", request -> request.taskDefinition(bad));
        town.simulation().run(Duration.ofMinutes(4));
        var failed = town.service("web").deployments().getFirst();
        if (failed.rolloutState() != DeploymentRolloutState.FAILED || failed.runningCount() != 0) {
            throw new Violation("circuit breaker", "the deployment is " + failed.rolloutState());
        }
        if (town.live("web").stream().filter(TaskRow::healthy)
                .filter(row -> row.task().taskDefinitionArn().equals(good)).count() != 3) {
            throw new Violation("circuit breaker", "the tasks before it do not run on");
        }
        String better = town.definition("ok");
        town.update("web", request -> request.taskDefinition(better));
    }),

    A_SPOT_STORM(town -> {
        town.managed(2);
        town.simulation().user(ecs -> ecs.putClusterCapacityProviders(request -> request.cluster("default")
                .capacityProviders("FARGATE", "FARGATE_SPOT").defaultCapacityProviderStrategy(List.of())));
        String definition = town.managedDefinition("ok");
        town.create("web", definition, 4, request -> request.capacityProviderStrategy(
                each -> each.capacityProvider("FARGATE").base(1).weight(0),
                each -> each.capacityProvider("FARGATE_SPOT").weight(1)));
        town.simulation().settle();
        for (int i = 0; i < 3; i++) {
            town.simulation().plane().interrupt(new Interrupt.Request(List.of(), List.of(), "", 4));
            town.simulation().run(Duration.ofMillis(900));
        }
        town.simulation().settle();
        long spot = town.live("web").stream()
                .filter(row -> "FARGATE_SPOT".equals(row.task().capacityProviderName())).count();
        if (spot != 3) {
            throw new Violation("capacity", spot + " of 4 tasks on FARGATE_SPOT instead of 3");
        }
    }),

    A_SPOT_INSTANCE_IS_RECLAIMED(town -> {
        town.machines(3);
        town.create("web", town.definition("ok"), 3, percentages(100, 200));
        town.simulation().settle();
        Machine reclaimed = town.simulation().machines().getFirst();
        String arn = reclaimed.instanceArn().orElseThrow();
        town.simulation().plane().interrupt(new Interrupt.Request(List.of(), List.of(arn), "", 0));
        town.simulation().run(Duration.ofSeconds(150));
    }),

    A_DAEMON_FOLLOWS_ITS_INSTANCES(town -> {
        town.machines(2);
        town.create("daemon", town.definition("ok"), 0, Scenario::daemon);
        town.simulation().settle();
        town.machines(1);
        town.simulation().settle();
        if (town.live("daemon").size() != 3) {
            throw new Violation("daemon", town.live("daemon").size() + " tasks on 3 instances");
        }
        Machine lost = town.simulation().machines().getFirst();
        lost.terminate();
        town.deregister(lost.instanceArn().orElseThrow());
        String next = town.definition("slow");
        town.update("daemon", request -> request.taskDefinition(next));
        town.simulation().settle();
        String drained = town.live("daemon").getFirst().instanceArn();
        town.simulation().user(ecs -> ecs.updateContainerInstancesState(request ->
                request.containerInstances(drained).status(ContainerInstanceStatus.DRAINING)));
    }),

    PROTECTED_TASKS_STAY(town -> {
        town.machines(1);
        town.create("web", town.definition("ok"), 4, percentages(50, 200));
        town.simulation().settle();
        String spared = town.live("web").getFirst().arn();
        town.simulation().user(ecs -> ecs.updateTaskProtection(request ->
                request.cluster("default").tasks(spared).protectionEnabled(true).expiresInMinutes(2)));
        town.update("web", request -> request.desiredCount(1));
        town.simulation().run(Duration.ofSeconds(30));
        if (town.live("web").stream().noneMatch(row -> row.arn().equals(spared))) {
            throw new Violation("protection", "a protected task was stopped");
        }
        String next = town.definition("ok");
        town.update("web", request -> request.taskDefinition(next));
        town.simulation().run(Duration.ofSeconds(30));
        if (town.live("web").stream().noneMatch(row -> row.arn().equals(spared))) {
            throw new Violation("protection", "a protected task was stopped by a deployment");
        }
    }),

    TASK_SETS(town -> {
        town.machines(2);
        String blue = town.definition("ok");
        String green = town.definition("ok");
        town.simulation().user(ecs -> ecs.createService(request -> request.serviceName("web").desiredCount(4)
                .clientToken("service").deploymentController(each -> each.type("EXTERNAL"))));
        String first = town.taskSet("web", blue, 100);
        town.simulation().user(ecs -> ecs.updateServicePrimaryTaskSet(request ->
                request.cluster("default").service("web").primaryTaskSet(first)));
        town.simulation().settle();
        String second = town.taskSet("web", green, 50);
        town.simulation().settle();
        town.simulation().user(ecs -> ecs.updateTaskSet(request -> request.cluster("default").service("web")
                .taskSet(second).scale(scale -> scale.unit("PERCENT").value(100.0))));
        town.simulation().user(ecs -> ecs.updateServicePrimaryTaskSet(request ->
                request.cluster("default").service("web").primaryTaskSet(second)));
        town.simulation().run(Duration.ofSeconds(1));
        town.deleteTaskSet("web", first);
        town.simulation().settle();
        if (town.live("web").size() != 4
                || town.live("web").stream().anyMatch(row -> row.task().taskDefinitionArn().equals(blue))) {
            throw new Violation("task sets", town.live("web").size() + " tasks, not all of the second set");
        }
    }),

    A_REVISION_THAT_IS_SICK(town -> {
        town.machines(2);
        town.create("web", town.checked("ok"), 2, percentages(100, 200));
        town.simulation().settle();
        String sick = town.checked("sick:9000");
        town.update("web", request -> request.taskDefinition(sick));
        town.simulation().run(Duration.ofSeconds(25));
        String good = town.checked("ok");
        town.update("web", request -> request.taskDefinition(good));
    }),

    DRAINED(town -> {
        town.machines(3);
        town.create("web", town.definition("ok"), 3, percentages(50, 100));
        town.simulation().settle();
        String arn = town.live("web").getFirst().instanceArn();
        town.simulation().user(ecs -> ecs.updateContainerInstancesState(request ->
                request.containerInstances(arn).status(ContainerInstanceStatus.DRAINING)));
    }),

    MACHINES_THAT_END(town -> {
        town.machines(3);
        town.create("web", town.definition("ok"), 3, percentages(100, 200));
        town.simulation().settle();
        Machine lost = town.simulation().machines().getFirst();
        lost.terminate();
        town.simulation().run(Duration.ofSeconds(2));
        town.deregister(lost.instanceArn().orElseThrow());
    }),

    AGENTS_THAT_FLAP(town -> {
        town.machines(2);
        town.create("web", town.definition("ok"), 4, percentages(100, 150));
        for (int i = 0; i < 4; i++) {
            town.simulation().run(Duration.ofMillis(600));
            town.simulation().machines().forEach(i % 2 == 0 ? Machine::cut : Machine::crashAgent);
        }
        String next = town.definition("ok");
        town.update("web", request -> request.taskDefinition(next));
        town.simulation().run(Duration.ofMillis(400));
        town.simulation().machines().forEach(Machine::crashAgent);
    }),

    A_PARTITION_WHILE_ROLLING(town -> {
        town.machines(2);
        town.create("web", town.definition("ok"), 3, percentages(50, 200));
        town.simulation().settle();
        Machine parted = town.simulation().machines().getFirst();
        parted.part();
        String next = town.definition("ok");
        town.update("web", request -> request.taskDefinition(next));
        town.simulation().run(Duration.ofSeconds(40));
        parted.heal();
    }),

    A_REBOOT(town -> {
        town.machines(2);
        town.create("web", town.definition("ok"), 4, percentages(50, 200));
        town.simulation().settle();
        town.simulation().machines().getFirst().reboot();
    }),

    TASKS_THAT_RUN_AND_END(town -> {
        town.machines(1);
        town.simulation().settle();
        String batch = town.definition("exit:0:3000");
        String forever = town.definition("ok");
        town.simulation().user(ecs -> ecs.runTask(request -> request.taskDefinition(batch).count(3)
                .clientToken("batch")));
        String arn = town.simulation().user(ecs -> ecs.runTask(request -> request.taskDefinition(forever)
                .clientToken("forever"))).tasks().getFirst().taskArn();
        town.simulation().run(Duration.ofSeconds(4));
        town.simulation().user(ecs -> ecs.stopTask(request -> request.task(arn)));
        town.simulation().run(Duration.ofSeconds(1));
        if (town.image().all(EcsTables.TASKS).stream().filter(TaskRow::wanted).count() > 0) {
            town.simulation().run(Duration.ofSeconds(40));
        }
        if (town.image().size(EcsTables.TASKS) != 4) {
            throw new Violation("tokens", town.image().size(EcsTables.TASKS) + " tasks instead of 4");
        }
    }),

    TASKS_OF_SEVERAL_CONTAINERS(town -> {
        town.machines(2);
        town.create("web", town.several("exit:1:4000"), 2, percentages(50, 200));
        town.simulation().run(Duration.ofSeconds(15));
        String next = town.several("ok");
        town.update("web", request -> request.taskDefinition(next));
        town.simulation().settle();
        town.simulation().run(Duration.ofSeconds(5));
    }),

    CONTAINERS_THAT_ARE_RESTARTED(town -> {
        town.machines(2);
        town.simulation().machines().forEach(machine -> machine.faults(Faults.SOME));
        town.create("web", town.restarted("exit:1:65000"), 2, percentages(100, 200));
        town.simulation().settle();
        List<String> first = arns(town);
        town.simulation().run(Duration.ofSeconds(140));
        require(arns(town).equals(first), "tasks were replaced whose containers were restarted");

        String ignored = town.restarted("exit:1:70000:3:62000"); // once more, and no more
        town.update("web", request -> request.taskDefinition(ignored));
        town.simulation().run(Duration.ofSeconds(50));
        List<String> second = arns(town);
        town.simulation().machines().getFirst().crashAgent();
        town.simulation().run(Duration.ofSeconds(140));
        require(arns(town).stream().noneMatch(second::contains), "tasks were not replaced that ended with 3");

        String early = town.restarted("exit:1:61000:1:5000:ok"); // the second time too early
        town.update("web", request -> request.taskDefinition(early));
        town.simulation().run(Duration.ofSeconds(45));
        List<String> third = arns(town);
        town.simulation().run(Duration.ofSeconds(80));
        require(arns(town).stream().noneMatch(third::contains), "tasks were not replaced that ended too early");

        town.simulation().machines().forEach(machine -> machine.faults(Faults.NONE));
        String last = town.restarted("exit:1:65000:ok");
        town.update("web", request -> request.taskDefinition(last));
        town.simulation().settle();
        town.simulation().run(Duration.ofSeconds(90));
    }),

    AN_ALARM_ROLLS_BACK(town -> {
        town.machines(2);
        town.simulation().outside().alarms().set("errors", StateValue.OK);
        String good = town.definition("ok");
        town.create("web", good, 2, alarmed(true));
        town.simulation().settle();
        boolean inTime = alarm(town);
        town.simulation().settle();
        if (inTime && (!town.service("web").taskDefinition().equals(good)
                || town.live("web").stream().anyMatch(row -> !row.task().taskDefinitionArn().equals(good)))) {
            throw new Violation("rollback", "not all is as it was before the alarm");
        }
    }),

    AN_ALARM_STOPS(town -> {
        town.machines(2);
        town.simulation().outside().alarms().set("errors", StateValue.OK);
        town.create("web", town.definition("ok"), 2, alarmed(false));
        town.simulation().settle();
        boolean inTime = alarm(town);
        town.simulation().run(Duration.ofSeconds(40));
        if (inTime && town.service("web").deployments().getFirst().rolloutState() != DeploymentRolloutState.FAILED) {
            throw new Violation("alarms", "the deployment goes on in spite of the alarm");
        }
        town.simulation().outside().alarms().set("errors", StateValue.OK);
        String next = town.definition("ok");
        town.update("web", request -> request.taskDefinition(next));
    }),

    A_ZONE_COMES(town -> {
        town.machine("us-east-1a", Map.of());
        town.create("web", town.definition("ok"), 4, request -> request.deploymentConfiguration(each ->
                each.minimumHealthyPercent(50).maximumPercent(150)));
        town.simulation().settle();
        town.machine("us-east-1b", Map.of());
        town.simulation().settle();
    }),

    AN_AGENT_IS_LOST_AND_COMES_BACK(town -> {
        town.machines(2);
        town.create("web", town.definition("ok"), 4, percentages(50, 200));
        town.simulation().settle();
        Machine lost = town.simulation().machines().getFirst();
        lost.cut();
        lost.part();
        town.simulation().run(Duration.ofSeconds(90));
        if (town.live("web").stream().anyMatch(row -> lost.instanceArn().equals(Optional.of(row.instanceArn())))) {
            throw new Violation("lost tasks", "tasks of an agent that is gone are not given up");
        }
        lost.heal();
    }, Setting.PLAIN.with(new CapacityPolicy(Duration.ofMinutes(2), 0, Optional.of(Duration.ofSeconds(30))))),

    BALANCED_TASKS_ROLL(town -> {
        var balanced = Balanced.rolling(town, 3);
        balanced.update("ok");
        town.simulation().settle();
        balanced.update("slow");
    }),

    BALANCED_TASKS_ROLL_WHILE_LOAD_BALANCERS_ARE_AWAY(town -> {
        var balanced = Balanced.rolling(town, 2);
        balanced.update("ok");
        town.simulation().run(Duration.ofSeconds(1));
        balanced.balancers().away(Duration.ofSeconds(20));
    }),

    BALANCED_TASKS_ARE_SCALED(town -> {
        Balanced.rolling(town, 3);
        town.update("web", request -> request.desiredCount(1));
        town.simulation().run(Duration.ofSeconds(4));
        town.update("web", request -> request.desiredCount(4));
    }),

    BLUE_GREEN(town -> {
        var balanced = Balanced.shifting(town, each -> each.strategy("BLUE_GREEN").bakeTimeInMinutes(1));
        String green = balanced.update("ok");
        town.simulation().settle();
        balanced.requireTraffic(balanced.idle(), green);
        String next = balanced.update("slow");
        town.simulation().settle();
        balanced.requireTraffic(balanced.serving(), next);
    }),

    A_CANARY(town -> {
        var balanced = Balanced.shifting(town, each -> each.strategy("CANARY").bakeTimeInMinutes(0)
                .canaryConfiguration(canary -> canary.canaryPercent(10.0).canaryBakeTimeInMinutes(1)));
        String green = balanced.update("ok");
        town.simulation().settle();
        balanced.requireTraffic(balanced.idle(), green);
    }),

    A_LINEAR_SHIFT_THAT_IS_STOPPED(town -> {
        var balanced = Balanced.shifting(town, each -> each.strategy("LINEAR").bakeTimeInMinutes(0)
                .linearConfiguration(linear -> linear.stepPercent(25.0).stepBakeTimeInMinutes(1)));
        String blue = town.service("web").taskDefinition();
        balanced.update("ok");
        if (balanced.partlyShifted()) {
            balanced.stop();
            town.simulation().settle();
            balanced.requireTraffic(balanced.serving(), blue);
        }
    }),

    BLUE_GREEN_THAT_CANNOT_START(town -> {
        var balanced = Balanced.shifting(town, each -> each.strategy("BLUE_GREEN").bakeTimeInMinutes(0)
                .deploymentCircuitBreaker(breaker -> breaker.enable(true).rollback(true)));
        String blue = town.service("web").taskDefinition();
        balanced.update("exit:1:200");
        town.simulation().settle();
        balanced.requireTraffic(balanced.serving(), blue);
    }),

    EXPRESS_SERVICES(town -> {
        var express = ExpressTown.of(town);
        express.create("one", "ok");
        express.create("two", "ok");
        express.serve("one");
        express.serve("two");
        express.update("one", "slow", "/one");
        town.simulation().run(Duration.ofSeconds(5));
        express.delete("two");
        town.simulation().settle();
        express.requireRevision("one", "slow");
        express.delete("one");
        town.simulation().settle();
        express.requireNothingLeft();
    }),

    AN_EXPRESS_SERVICE_THAT_FAILS(town -> {
        var express = ExpressTown.of(town);
        express.create("one", "ok");
        express.serve("one");
        express.update("one", "exit:1:200", "/one");
        town.simulation().settle();
        express.requireRevision("one", "ok");
    }),

    AN_EXPRESS_SERVICE_THAT_IS_DELETED_WHILE_IT_IS_MADE(town -> {
        var express = ExpressTown.of(town);
        express.create("one", "ok");
        town.simulation().run(Duration.ofMillis(1_500));
        town.simulation().outside().balancers().away(Duration.ofSeconds(8));
        express.delete("one");
        town.simulation().settle();
        express.requireNothingLeft();
        express.create("one", "ok");
        express.serve("one");
    }),

    DELETED_WHILE_ROLLING(town -> {
        town.machines(1);
        town.create("web", town.definition("ok"), 3, percentages(100, 200));
        town.simulation().settle();
        String next = town.definition("slow");
        town.update("web", request -> request.taskDefinition(next));
        town.simulation().run(Duration.ofSeconds(1));
        town.delete("web");
        town.simulation().settle();
        town.create("web", town.definition("ok"), 1, percentages(100, 200));
    });

    private final Consumer<Town> story;
    private final Setting setting;

    Scenario(Consumer<Town> story) {
        this(story, Setting.PLAIN);
    }

    Scenario(Consumer<Town> story, Setting setting) {
        this.story = story;
        this.setting = setting.with(Setting.Events.TOLD);
    }

    /** Where it is played. */
    Setting setting() {
        return setting;
    }

    /** Tells the story, up to the state in which all has to come to rest. */
    void play(Simulation simulation) {
        story.accept(new Town(simulation));
        simulation.settle();
        simulation.stayAtRest(Duration.ofSeconds(40));
    }

    static Consumer<CreateServiceRequest.Builder> percentages(int min, int max) {
        return request -> request.availabilityZoneRebalancing(AvailabilityZoneRebalancing.DISABLED)
                .deploymentConfiguration(each -> each.minimumHealthyPercent(min).maximumPercent(max));
    }

    private static Consumer<CreateServiceRequest.Builder> breaker(boolean rollback) {
        return request -> request.availabilityZoneRebalancing(AvailabilityZoneRebalancing.DISABLED)
                .deploymentConfiguration(each -> each.minimumHealthyPercent(100).maximumPercent(200)
                        .deploymentCircuitBreaker(it -> it.enable(true).rollback(rollback)));
    }

    static Consumer<CreateServiceRequest.Builder> alarmed(boolean rollback) {
        return request -> request.availabilityZoneRebalancing(AvailabilityZoneRebalancing.DISABLED)
                .deploymentConfiguration(each -> each.minimumHealthyPercent(100).maximumPercent(200)
                        .alarms(alarms -> alarms.alarmNames("errors").enable(true).rollback(rollback)));
    }

    /**
     * A new revision is deployed, and the alarm goes off as soon as it is watched and a task runs. Answers whether that
     * was in time: with a control plane that is gone most of the time a deployment may be complete before.
     */
    static boolean alarm(Town town) {
        String next = town.definition("ok");
        town.update("web", request -> request.taskDefinition(next));
        boolean watched = false;
        for (int i = 0; i < 60 && !watched; i++) {
            town.simulation().run(Duration.ofMillis(500));
            watched = watched(town, next);
        }
        town.simulation().outside().alarms().set("errors", StateValue.ALARM);
        if (!watched && town.simulation().plane().deaths() == 0) {
            throw new Violation("alarms", "nobody watches them");
        }
        return watched;
    }

    private static boolean watched(Town town, String definition) {
        return town.live("web").stream().anyMatch(row ->
                row.running() && row.task().taskDefinitionArn().equals(definition))
                && town.image().all(EcsTables.SERVICE_DEPLOYMENTS).stream().anyMatch(row -> row.ongoing()
                        && row.deployment().alarms().status() == ServiceDeploymentRollbackMonitorsStatus.MONITORING);
    }

    private static List<String> arns(Town town) {
        return town.live("web").stream().map(TaskRow::arn).toList();
    }

    private static void require(boolean held, String otherwise) {
        if (!held) {
            throw new Violation("restarts", otherwise);
        }
    }

    private static void daemon(CreateServiceRequest.Builder request) {
        request.schedulingStrategy(SchedulingStrategy.DAEMON).desiredCount(null);
    }

    private static void rolls(Town town, int count, int min, int max) {
        town.machines(2);
        String before = town.definition("ok");
        town.create("web", before, count, percentages(min, max));
        town.simulation().settle();
        String after = town.definition("ok");
        town.update("web", request -> request.taskDefinition(after));
        town.simulation().settle();
        List<TaskRow> live = town.live("web");
        if (live.size() != count || live.stream().anyMatch(row -> row.task().taskDefinitionArn().equals(before))) {
            throw new Violation("rollout", live.size() + " tasks, not all of the new revision");
        }
    }
}
