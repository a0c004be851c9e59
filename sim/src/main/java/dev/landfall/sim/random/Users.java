package dev.landfall.sim.random;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.sim.Dice;
import dev.landfall.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.AvailabilityZoneRebalancing;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerCondition;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementConstraintType;
import software.amazon.awssdk.services.ecs.model.PlacementStrategy;
import software.amazon.awssdk.services.ecs.model.PlacementStrategyType;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;

/** Users who want this and that of a cluster. What ECS refuses them they do without. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
final class Users {
    private static final List<String> PROGRAMS = List.of("ok", "ok", "ok", "ok", "ok", "slow", "exit:1:300",
            "exit:1:4000", "exit:0:20000", "exit:1:90000", "exit:1:70000:0:65000:1:3000", "nopull",
            "sick:15000");
    private static final List<String> SERVICES = List.of("one", "two", "three");
    private static final List<DeploymentConfiguration> CONFIGURATIONS = List.of(percentages(100, 200),
            percentages(100, 200), percentages(50, 100), percentages(50, 200), percentages(0, 100),
            percentages(100, 150), percentages(66, 133), percentages(0, 200), percentages(75, 125));
    /** Auto Scaling groups, and capacity providers of that name. */
    static final List<String> GROUPS = List.of("one", "two");

    static final List<String> ALARMS = List.of("errors", "latency");

    private static final String DAEMON = "daemon";
    private static final int MOST_WANTED = 6;

    private final Simulation simulation;
    private final Dice dice;
    private final Balanced balanced;
    private int tokens;

    Users(Simulation simulation, Dice dice) {
        this.simulation = simulation;
        this.dice = dice;
        this.balanced = new Balanced(simulation, dice.split());
    }

    private static DeploymentConfiguration percentages(int min, int max) {
        return DeploymentConfiguration.builder().minimumHealthyPercent(min).maximumPercent(max).build();
    }

    /** Bounds, and now and then a circuit breaker or a bake time. */
    private DeploymentConfiguration configuration() {
        var configuration = dice.one(CONFIGURATIONS).toBuilder();
        if (dice.chance(0.5)) {
            boolean enable = dice.chance(0.8);
            boolean rollback = dice.chance(0.7);
            configuration.deploymentCircuitBreaker(breaker -> breaker.enable(enable).rollback(rollback));
        }
        if (dice.chance(0.1)) {
            configuration.bakeTimeInMinutes(1);
        }
        if (dice.chance(0.25)) {
            boolean rollback = dice.chance(0.7);
            configuration.alarms(alarms -> alarms.alarmNames(ALARMS).enable(true).rollback(rollback));
        }
        return configuration.build();
    }

    void act() {
        switch (dice.between(0, 20)) {
            case 0, 1, 2 -> create();
            case 3, 4, 5 -> update();
            case 6 -> scale();
            case 7 -> attempt(ecs -> ecs.updateService(request ->
                    request.service(dice.one(SERVICES)).forceNewDeployment(true)));
            case 8 -> attempt(ecs -> ecs.deleteService(request -> request.force(true)
                    .service(dice.chance(0.2) ? Balanced.SERVICE : dice.one(SERVICES))));
            case 9, 10 -> run();
            case 11 -> stop();
            case 12 -> daemon();
            case 13 -> stopDeployment();
            case 14 -> protect();
            case 15, 16 -> state(ContainerInstanceStatus.DRAINING);
            case 17, 18, 19 -> attempt(balanced.act("token-" + ++tokens));
            default -> state(ContainerInstanceStatus.ACTIVE);
        }
    }

    private <A> void attempt(Function<EcsClient, A> request) {
        try {
            simulation.user(request);
        } catch (EcsException e) {
            simulation.timeline().note("refused", e.awsErrorDetails().errorMessage());
        }
    }

    /** A new revision of one of two families: FARGATE's tasks are in awsvpc mode. */
    private String definition(String program, LaunchType launchType) {
        var container = ContainerDefinition.builder().name("app").image(program).cpu(64).memory(128);
        if (program.startsWith("sick") || dice.chance(0.25)) {
            container.healthCheck(check -> check.command("CMD", "true"));
        }
        if (dice.chance(0.2)) {
            int ignored = dice.between(0, 2);
            container.restartPolicy(policy -> policy.enabled(true).restartAttemptPeriod(60).ignoredExitCodes(ignored));
        }
        boolean managed = launchType == LaunchType.FARGATE;
        if (!managed && dice.chance(0.15)) {
            container.portMappings(port -> port.containerPort(80).hostPort(8_080));
        }
        List<ContainerDefinition> containers = dice.chance(0.3)
                ? accompanied(container) : List.of(container.build());
        return simulation.user(ecs -> ecs.registerTaskDefinition(request -> {
            request.family(managed ? "managed" : "plain").containerDefinitions(containers);
            if (managed) {
                request.requiresCompatibilities(Compatibility.FARGATE).networkMode(NetworkMode.AWSVPC)
                        .cpu("256").memory("512");
            }
        })).taskDefinition().taskDefinitionArn();
    }

    /** With a container before it, beside it or after it, which the task needs or can do without. */
    private List<ContainerDefinition> accompanied(ContainerDefinition.Builder app) {
        var other = ContainerDefinition.builder().name("other").cpu(16).memory(32);
        return switch (dice.between(0, 4)) {
            case 0 -> List.of(other.image(dice.one(List.of("exit:0:400", "exit:1:400"))).essential(false).build(),
                    app.dependsOn(on -> on.containerName("other").condition(ContainerCondition.COMPLETE)).build());
            case 1 -> List.of(other.image(dice.one(List.of("exit:0:900", "exit:0:3000", "exit:1:900")))
                            .essential(false).build(),
                    app.dependsOn(on -> on.containerName("other").condition(ContainerCondition.SUCCESS)).build());
            case 2 -> List.of(app.build(), other.image("ok").dependsOn(on ->
                    on.containerName("app").condition(ContainerCondition.START)).build());
            case 3 -> List.of(other.image("ok").healthCheck(check -> check.command("CMD", "true")).build(),
                    app.dependsOn(on -> on.containerName("other").condition(ContainerCondition.HEALTHY)).build());
            default -> List.of(app.build(), other.image(dice.one(List.of("ok", "slow", "exit:1:5000", "exit:0:500")))
                    .essential(dice.chance(0.3)).build());
        };
    }

    private LaunchType launchType() {
        return dice.chance(0.2) ? LaunchType.FARGATE : LaunchType.EC2;
    }

    private static LaunchType launchType(ServiceRow row) {
        var strategy = row.service().capacityProviderStrategy();
        return strategy.isEmpty() ? row.service().launchType()
                : GROUPS.contains(strategy.getFirst().capacityProvider()) ? LaunchType.EC2 : LaunchType.FARGATE;
    }

    /** A capacity provider of that name; a user who hears that there is one already is content. */
    void group(String name) {
        attempt(ecs -> ecs.createCapacityProvider(request -> request.name(name).autoScalingGroupProvider(group ->
                group.autoScalingGroupArn(name))));
    }

    /** Where tasks of a service run. */
    private Consumer<CreateServiceRequest.Builder> capacity(LaunchType launchType) {
        if (dice.chance(launchType == LaunchType.FARGATE ? 0.4 : 0.75)) {
            return request -> request.launchType(launchType);
        }
        List<String> providers = launchType == LaunchType.FARGATE ? List.of("FARGATE", "FARGATE_SPOT") : GROUPS;
        int base = dice.between(0, 2);
        int first = dice.between(0, 2);
        int second = dice.between(1, 3);
        return request -> request.capacityProviderStrategy(
                each -> each.capacityProvider(providers.getFirst()).base(base).weight(first),
                each -> each.capacityProvider(providers.getLast()).weight(second));
    }

    private List<PlacementStrategy> strategy() {
        var zones = strategy(PlacementStrategyType.SPREAD, "attribute:ecs.availability-zone");
        return dice.one(List.of(
                List.of(zones),
                List.of(zones, strategy(PlacementStrategyType.BINPACK, "memory")),
                List.of(strategy(PlacementStrategyType.SPREAD, "attribute:stack")),
                List.of(strategy(PlacementStrategyType.SPREAD, "instanceId")),
                List.of(strategy(PlacementStrategyType.BINPACK, "cpu")),
                List.of(strategy(PlacementStrategyType.BINPACK, "memory")),
                List.of(PlacementStrategy.builder().type(PlacementStrategyType.RANDOM).build())));
    }

    private static PlacementStrategy strategy(PlacementStrategyType type, String field) {
        return PlacementStrategy.builder().type(type).field(field).build();
    }

    private PlacementConstraint constraint() {
        return dice.chance(0.5)
                ? PlacementConstraint.builder().type(PlacementConstraintType.DISTINCT_INSTANCE).build()
                : PlacementConstraint.builder().type(PlacementConstraintType.MEMBER_OF)
                        .expression("attribute:stack == " + dice.one(List.of("blue", "green"))).build();
    }

    private void create() {
        LaunchType launchType = launchType();
        String definition = definition(dice.one(PROGRAMS), launchType);
        String name = dice.one(SERVICES);
        int desired = dice.between(0, MOST_WANTED);
        DeploymentConfiguration configuration = configuration();
        int grace = dice.chance(0.2) ? dice.between(1, 20) : 0;
        boolean ec2 = launchType == LaunchType.EC2;
        var capacity = capacity(launchType);
        List<PlacementStrategy> strategy = ec2 && dice.chance(0.4) ? strategy() : List.of();
        List<PlacementConstraint> constraints = ec2 && dice.chance(0.2) ? List.of(constraint()) : List.of();
        var rebalancing = constraints.isEmpty() && dice.chance(0.3)
                ? AvailabilityZoneRebalancing.ENABLED : AvailabilityZoneRebalancing.DISABLED;
        String token = "token-" + ++tokens;
        attempt(ecs -> ecs.createService(request -> {
            request.serviceName(name).taskDefinition(definition)
                    .desiredCount(constraints.isEmpty() ? desired : Math.min(desired, 2))
                    .deploymentConfiguration(configuration).availabilityZoneRebalancing(rebalancing)
                    .placementStrategy(strategy).placementConstraints(constraints)
                    .healthCheckGracePeriodSeconds(grace).clientToken(token);
            capacity.accept(request);
        }));
    }

    /** One small daemon, so that it finds a place beside whatever runs. */
    private void daemon() {
        String definition = tiny(dice.one(PROGRAMS));
        String token = "token-" + ++tokens;
        int min = dice.one(List.of(0, 0, 50, 75));
        boolean breaker = dice.chance(0.3);
        if (simulation.image().all(EcsTables.SERVICES).stream().anyMatch(row ->
                row.service().serviceName().equals(DAEMON) && row.active())) {
            attempt(ecs -> ecs.updateService(request -> request.service(DAEMON).taskDefinition(definition)));
            return;
        }
        attempt(ecs -> ecs.createService(request -> request.serviceName(DAEMON).taskDefinition(definition)
                .schedulingStrategy(SchedulingStrategy.DAEMON)
                .deploymentConfiguration(each -> each.minimumHealthyPercent(min).maximumPercent(100)
                        .deploymentCircuitBreaker(it -> it.enable(breaker).rollback(breaker)))
                .clientToken(token)));
    }

    private String tiny(String program) {
        return simulation.user(ecs -> ecs.registerTaskDefinition(request -> request.family("tiny")
                .containerDefinitions(ContainerDefinition.builder().name("app").image(program).cpu(16).memory(16)
                        .build()))).taskDefinition().taskDefinitionArn();
    }

    private void stopDeployment() {
        var going = simulation.image().all(EcsTables.SERVICE_DEPLOYMENTS).stream()
                .filter(ServiceDeploymentRow::ongoing).toList();
        if (!going.isEmpty()) {
            String arn = dice.one(going).arn();
            String type = dice.one(List.of("ABORT", "ROLLBACK"));
            attempt(ecs -> ecs.stopServiceDeployment(request -> request.serviceDeploymentArn(arn).stopType(type)));
        }
    }

    private void protect() {
        var tasks = simulation.image().all(EcsTables.TASKS).stream()
                .filter(row -> row.wanted() && !row.serviceArn().isEmpty()).toList();
        if (!tasks.isEmpty()) {
            String arn = dice.one(tasks).arn();
            boolean protect = dice.chance(0.8);
            int minutes = dice.between(1, 3);
            attempt(ecs -> ecs.updateTaskProtection(request -> {
                request.cluster("default").tasks(arn).protectionEnabled(protect);
                if (protect) {
                    request.expiresInMinutes(minutes);
                }
            }));
        }
    }

    private void update() {
        String name = dice.one(SERVICES);
        LaunchType launchType = simulation.image().all(EcsTables.SERVICES).stream()
                .filter(row -> row.service().serviceName().equals(name))
                .map(Users::launchType).findFirst().orElse(LaunchType.EC2);
        String definition = definition(dice.one(PROGRAMS), launchType);
        boolean both = dice.chance(0.3);
        int desired = dice.between(0, MOST_WANTED);
        DeploymentConfiguration configuration = configuration();
        attempt(ecs -> ecs.updateService(request -> {
            request.service(name).taskDefinition(definition);
            if (both) {
                request.desiredCount(desired).deploymentConfiguration(configuration);
            }
        }));
    }

    private void scale() {
        String name = dice.one(SERVICES);
        int desired = dice.between(0, MOST_WANTED);
        attempt(ecs -> ecs.updateService(request -> request.service(name).desiredCount(desired)));
    }

    private void run() {
        LaunchType launchType = launchType();
        String definition = definition(dice.one(PROGRAMS), launchType);
        int count = dice.between(1, 4);
        String token = "token-" + ++tokens;
        boolean ec2 = launchType == LaunchType.EC2;
        List<PlacementStrategy> strategy = ec2 && dice.chance(0.3) ? strategy() : List.of();
        List<PlacementConstraint> constraints = ec2 && dice.chance(0.3) ? List.of(constraint()) : List.of();
        attempt(ecs -> ecs.runTask(request -> request.taskDefinition(definition).count(count).launchType(launchType)
                .placementStrategy(strategy).placementConstraints(constraints).clientToken(token)));
    }

    private void stop() {
        List<TaskRow> tasks = simulation.image().all(EcsTables.TASKS).stream().filter(TaskRow::wanted).toList();
        if (!tasks.isEmpty()) {
            String arn = dice.one(tasks).arn();
            attempt(ecs -> ecs.stopTask(request -> request.task(arn)));
        }
    }

    private void state(ContainerInstanceStatus status) {
        List<InstanceRow> instances = simulation.image().all(EcsTables.INSTANCES).stream()
                .filter(row -> !row.managed() && !"INACTIVE".equals(row.instance().status())).toList();
        if (!instances.isEmpty()) {
            String arn = dice.one(instances).arn();
            attempt(ecs -> ecs.updateContainerInstancesState(request ->
                    request.containerInstances(arn).status(status)));
        }
    }

    /** Every service gets a revision that works, bounds that let it move, and tasks that fit. */
    void wantWhatCanBe() {
        for (InstanceRow row : List.copyOf(simulation.image().all(EcsTables.INSTANCES))) {
            if ("DRAINING".equals(row.instance().status()) && dice.chance(0.7)) {
                simulation.user(ecs -> ecs.updateContainerInstancesState(request ->
                        request.containerInstances(row.arn()).status(ContainerInstanceStatus.ACTIVE)));
            }
        }
        for (TaskRow row : List.copyOf(simulation.image().all(EcsTables.TASKS))) {
            if (row.wanted() && row.serviceArn().isEmpty()) { // it may end by itself later
                attempt(ecs -> ecs.stopTask(request -> request.task(row.arn())));
            }
        }
        for (ServiceRow row : List.copyOf(simulation.image().all(EcsTables.SERVICES))) {
            if (!"ACTIVE".equals(row.service().status())) {
                continue;
            }
            if (row.service().schedulingStrategy() == SchedulingStrategy.DAEMON) {
                String tiny = tiny("ok");
                simulation.user(ecs -> ecs.updateService(request -> request.service(row.arn()).taskDefinition(tiny)
                        // A share that is rounded up to all of them would let nothing move.
                        .deploymentConfiguration(each -> each.minimumHealthyPercent(0))));
                continue;
            }
            if (row.service().serviceName().equals(Balanced.SERVICE)) {
                balanced.repair();
                String definition = balanced.definition("ok");
                simulation.user(ecs -> ecs.updateService(request -> request.service(row.arn())
                        .taskDefinition(definition)
                        // One that rolls back when nobody ends it would take the good revision back.
                        .deploymentConfiguration(each -> each.lifecycleHooks(List.of()))));
                continue;
            }
            String definition = good(launchType(row));
            int desired = dice.between(0, row.service().placementConstraints().isEmpty() ? 4 : 1);
            boolean rebalanced = row.service().availabilityZoneRebalancing() == AvailabilityZoneRebalancing.ENABLED;
            DeploymentConfiguration configuration = dice.one(List.of(
                    percentages(100, 200), percentages(0, rebalanced ? 200 : 100),
                    percentages(50, 200)));
            simulation.user(ecs -> ecs.updateService(request -> request.service(row.arn()).taskDefinition(definition)
                    .desiredCount(desired).deploymentConfiguration(configuration)));
        }
    }

    private String good(LaunchType launchType) {
        boolean managed = launchType == LaunchType.FARGATE;
        var container = ContainerDefinition.builder().name("app").image("ok").cpu(64).memory(128);
        if (dice.chance(0.3)) {
            container.healthCheck(check -> check.command("CMD", "true"));
        }
        var containers = new ArrayList<>(List.of(container.build()));
        if (dice.chance(0.2)) { // one that may end by itself, which is no harm
            containers.add(ContainerDefinition.builder().name("other").cpu(16).memory(32).essential(false)
                    .image(dice.one(List.of("ok", "exit:1:0"))).build());
        }
        return simulation.user(ecs -> ecs.registerTaskDefinition(request -> {
            request.family(managed ? "managed" : "plain").containerDefinitions(containers);
            if (managed) {
                request.requiresCompatibilities(Compatibility.FARGATE).networkMode(NetworkMode.AWSVPC)
                        .cpu("256").memory("512");
            }
        })).taskDefinition().taskDefinitionArn();
    }
}
