package dev.landfall.ecs.express;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.MortalDecisions;
import dev.landfall.ecs.World;
import dev.landfall.ecs.balance.TargetLooks;
import dev.landfall.ecs.deployment.DescribeServiceDeployments;
import dev.landfall.ecs.deployment.DescribeServiceRevisions;
import dev.landfall.ecs.service.ReconcileService;
import dev.landfall.ecs.shift.TrafficLooks;
import dev.landfall.ecs.task.TaskRow;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ecs.model.CreateExpressGatewayServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeleteExpressGatewayServiceRequest;
import software.amazon.awssdk.services.ecs.model.DescribeExpressGatewayServiceRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServiceRevisionsRequest;
import software.amazon.awssdk.services.ecs.model.ECSExpressGatewayService;
import software.amazon.awssdk.services.ecs.model.ManagedIngressPath;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.ServiceRevision;
import software.amazon.awssdk.services.ecs.model.UpdateExpressGatewayServiceRequest;
import software.amazon.awssdk.services.ecs.model.UpdatedExpressGatewayService;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/**
 * A {@link World} with Express services, and all that works by itself, which is made anew for each of its looks, as if
 * the control plane had died before.
 */
final class ExpressWorld {
    static final Duration DELAY = Duration.ofSeconds(30);
    static final String ROLE = "arn:aws:iam::123456789012:role/";

    final World world = new World();
    final VirtualGateway elb = new VirtualGateway(world::now, DELAY);
    final VirtualAcm acm = new VirtualAcm(() -> {
        var used = new TreeSet<String>();
        elb.certificates.values().forEach(used::addAll);
        return used;
    });

    /** Images whose tasks die at once. */
    final TreeSet<String> failing = new TreeSet<>();

    final MortalDecisions decisions = new MortalDecisions(world);

    ExpressWorld() {
        world.managedInstance(100_000);
    }

    // ---- requests ----

    ECSExpressGatewayService create(String name, Consumer<CreateExpressGatewayServiceRequest.Builder> change) {
        var request = CreateExpressGatewayServiceRequest.builder().serviceName(name)
                .executionRoleArn(ROLE + "exec").infrastructureRoleArn(ROLE + "infra")
                .primaryContainer(container -> container.image("shop:1"));
        change.accept(request);
        return world.decide((image, scope, context) ->
                CreateExpressGatewayService.decide(image, request.build(), scope, context)).service();
    }

    UpdatedExpressGatewayService update(String name, Consumer<UpdateExpressGatewayServiceRequest.Builder> change) {
        var request = UpdateExpressGatewayServiceRequest.builder().serviceArn(World.serviceArn(name));
        change.accept(request);
        return world.decide((image, scope, context) ->
                UpdateExpressGatewayService.decide(image, request.build(), scope, context)).service();
    }

    ECSExpressGatewayService delete(String name) {
        var request = DeleteExpressGatewayServiceRequest.builder().serviceArn(World.serviceArn(name)).build();
        return world.decide((image, scope, context) ->
                DeleteExpressGatewayService.decide(image, request, scope, context)).service();
    }

    ECSExpressGatewayService described(String name) {
        var request = DescribeExpressGatewayServiceRequest.builder().serviceArn(World.serviceArn(name)).build();
        return DescribeExpressGatewayService.read(world.image(), request, World.SCOPE).service();
    }

    ServiceRevision revision(String name) {
        var request = DescribeServiceRevisionsRequest.builder().serviceRevisionArns(
                described(name).activeConfigurations().getFirst().serviceRevisionArn()).build();
        return DescribeServiceRevisions.read(world.image(), request, World.SCOPE).serviceRevisions().getFirst();
    }

    ManagedIngressPath ingress(String name) {
        return revision(name).ecsManagedResources().ingressPaths().getFirst();
    }

    ServiceDeployment deployment(String name) {
        var request = DescribeServiceDeploymentsRequest.builder()
                .serviceDeploymentArns(service(name).currentServiceDeployment()).build();
        return DescribeServiceDeployments.read(world.image(), request, World.SCOPE).serviceDeployments().getFirst();
    }

    Service service(String name) {
        return world.service(name);
    }

    ExpressRow row(String name) {
        return world.image().get(EcsTables.EXPRESS_SERVICES, World.serviceArn(name)).orElseThrow();
    }

    List<GatewayRow> gateways() {
        return List.copyOf(world.image().all(EcsTables.EXPRESS_GATEWAYS));
    }

    /** The images of the service's tasks that are wanted to run, without repetition. */
    List<String> running(String name) {
        return world.live(name).stream().map(this::image).distinct().sorted().toList();
    }

    private String image(TaskRow task) {
        return task.task().containers().getFirst().image();
    }

    // ---- what works by itself ----

    private List<String> services() {
        return world.image().all(EcsTables.EXPRESS_SERVICES).stream().map(ExpressRow::serviceArn).toList();
    }

    private static String name(String serviceArn) {
        return serviceArn.substring(serviceArn.lastIndexOf('/') + 1);
    }

    /** Has the infrastructure of each service be looked at once. */
    void look() {
        var looks = new ExpressLooks(decisions, elb, acm);
        looks.all().forEach(service -> decisions.living(() -> looks.look(service)));
    }

    /** Has everything look once, and the tasks do as they are told. */
    void turn() {
        tasks();
        look();
        services().forEach(service -> decisions.living(() ->
                new TrafficLooks(decisions, elb, elb.targets).look(service)));
    }

    /** Has tasks and targets be looked at once, and nothing else. */
    void tasks() {
        for (String service : services()) {
            decisions.living(() -> decisions.submit((image, context) ->
                    ReconcileService.decide(image, service, context)));
            world.obey(name(service), task -> failing.contains(image(task)));
        }
        for (String group : List.copyOf(elb.groups.keySet())) {
            decisions.living(() -> new TargetLooks(decisions, elb).look(group));
            elb.targets.all(group, TargetHealthStateEnum.HEALTHY);
            decisions.living(() -> new TargetLooks(decisions, elb).look(group));
        }
    }

    /** Until nothing changes any more without time passing. */
    void settle() {
        for (int turns = 0; turns < 500; turns++) {
            var before = rows();
            String others = others();
            turn();
            if (before.equals(rows()) && others.equals(others())) {
                return;
            }
        }
        throw new AssertionError("nothing comes to rest: " + world.image().all(EcsTables.EXPRESS_SERVICES));
    }

    private List<?> rows() {
        return world.image().tables().stream().map(table -> List.copyOf(world.image().all(table))).toList();
    }

    private String others() {
        var seen = new StringBuilder().append(elb.balancers.keySet()).append(elb.groups.values())
                .append(elb.certificates).append(acm.certificates);
        elb.rules.keySet().forEach(rule -> seen.append(elb.targets.weights(rule)));
        elb.groups.keySet().forEach(group -> seen.append(elb.targets.states(group)));
        return seen.toString();
    }

    void pass(Duration time) {
        world.pass(time);
        settle();
    }

    /** Until nothing drains and no deployment goes on any more. */
    void finish() {
        for (int passes = 0; passes < 100; passes++) {
            settle();
            if (services().stream().map(ExpressWorld::name).allMatch(this::over)) {
                return;
            }
            world.pass(DELAY.plusSeconds(1));
        }
        throw new AssertionError("it does not end: " + world.image().all(EcsTables.EXPRESS_SERVICES)
                + world.image().all(EcsTables.SHIFTS));
    }

    private boolean over(String name) {
        boolean stopping = world.image().find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE,
                World.serviceArn(name) + "|STOPPED").stream().anyMatch(task -> !task.stopped());
        return switch (service(name).status()) {
            case "ACTIVE" -> !stopping && deployment(name).finishedAt() != null;
            case "INACTIVE" -> true;
            default -> false;
        };
    }
}
