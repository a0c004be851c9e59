package dev.landfall.ecs.shift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.MortalDecisions;
import dev.landfall.ecs.World;
import dev.landfall.ecs.balance.TargetLooks;
import dev.landfall.ecs.balance.VirtualElb;
import dev.landfall.ecs.deployment.DescribeServiceDeployments;
import dev.landfall.ecs.deployment.StopServiceDeployment;
import dev.landfall.ecs.service.ReconcileService;
import dev.landfall.ecs.task.TaskRow;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DescribeServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.StopServiceDeploymentRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/**
 * A {@link World} with a service {@code svc} behind two target groups, and all that works by itself, which is made anew
 * for each of its looks, as if the control plane had died before. While {@link #guard} is on, every decision and every
 * change of a rule is held to production traffic going only to groups that have healthy targets. A change of a rule is
 * carried out some turns later.
 */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
final class ShiftWorld {
    static final Duration DELAY = Duration.ofSeconds(30);
    private static final String ELB = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:";
    static final String PRODUCTION = ELB + "listener-rule/app/web/1/2/production";
    static final String TEST = ELB + "listener-rule/app/web/1/2/test";
    static final String SERVICE = World.serviceArn("svc");

    final World world = new World();
    final VirtualElb elb = new VirtualElb(world::now, DELAY);
    final String one = elb.group("one", "ip", "arn:lb");
    final String two = elb.group("two", "ip", "arn:lb");

    /** All stages that were come to, in order, with the step. */
    final List<String> stages = new ArrayList<>();

    /** What hooks were called with. */
    final List<String> payloads = new ArrayList<>();

    /** What hooks answer, by their URL; the last answer is given again and again. */
    final Map<String, Deque<HookAnswer>> answers = new TreeMap<>();

    /** Task definitions whose tasks die at once. */
    final TreeSet<String> failing = new TreeSet<>();

    String production = PRODUCTION;
    boolean guard;

    /** Every so many turns the load balancers carry out what they were told. */
    private static final int ARRIVING_TURNS = 4;
    private int turns;

    final MortalDecisions decisions = new MortalDecisions(world, () -> guard, this::noted);

    ShiftWorld() {
        elb.rule(PRODUCTION, Map.of(one, 100, two, 0));
        elb.rule(TEST, Map.of(two, 1));
        world.targetGroups(elb.known());
        for (int i = 0; i < 4; i++) {
            definition();
        }
        world.managedInstance(100_000);
        elb.slow();
    }

    private void definition() {
        world.definition(request -> request.family("web").requiresCompatibilitiesWithStrings("FARGATE")
                .networkMode(NetworkMode.AWSVPC).cpu("256").memory("512")
                .containerDefinitions(World.container("app").toBuilder()
                        .portMappings(port -> port.containerPort(80)).build()));
    }

    LoadBalancer balancer() {
        return LoadBalancer.builder().targetGroupArn(one).containerName("app").containerPort(80)
                .advancedConfiguration(advanced -> advanced.alternateTargetGroupArn(two)
                        .productionListenerRule(PRODUCTION).testListenerRule(TEST).roleArn("arn:role"))
                .build();
    }

    void create(Consumer<DeploymentConfiguration.Builder> deployment) {
        create(deployment, request -> { });
    }

    void create(Consumer<DeploymentConfiguration.Builder> deployment, Consumer<CreateServiceRequest.Builder> more) {
        world.createService(request -> {
            request.launchType(LaunchType.FARGATE).taskDefinition("web:1")
                    .networkConfiguration(network -> network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1")))
                    .loadBalancers(balancer())
                    .deploymentConfiguration(each -> {
                        each.strategy("BLUE_GREEN");
                        deployment.accept(each);
                    });
            more.accept(request);
        });
    }

    /** Creates the service and sees its first deployment through; from then on it is guarded. */
    void created(Consumer<DeploymentConfiguration.Builder> deployment) {
        create(deployment);
        finish();
        assertThat(deployment().statusAsString()).isEqualTo("SUCCESSFUL");
        stages.clear();
        guard = true;
    }

    void deploy(String definition) {
        world.updateService(request -> request.taskDefinition(definition));
    }

    void stop(String type) {
        var request = StopServiceDeploymentRequest.builder().stopType(type)
                .serviceDeploymentArn(world.service("svc").currentServiceDeployment()).build();
        world.decide((image, scope, context) -> StopServiceDeployment.decide(image, request, scope, context));
    }

    ServiceDeployment deployment() {
        var request = DescribeServiceDeploymentsRequest.builder()
                .serviceDeploymentArns(world.service("svc").currentServiceDeployment()).build();
        return DescribeServiceDeployments.read(world.image(), request, World.SCOPE).serviceDeployments().getFirst();
    }

    Optional<ShiftRow> shift() {
        return Shifts.of(world.image(), SERVICE);
    }

    /** Task definitions of the tasks that are wanted to run, without repetition. */
    List<String> running() {
        return world.live("svc").stream().map(ShiftWorld::revision).distinct().sorted().toList();
    }

    static String revision(TaskRow task) {
        String arn = task.task().taskDefinitionArn();
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    // ---- what works by itself ----

    private void noted() {
        shift().ifPresent(row -> {
            String now = row.stage() + (row.progress().step() == 0 ? "" : " " + row.progress().step());
            if (stages.isEmpty() || !stages.getLast().equals(now)) {
                stages.add(now);
            }
        });
        check();
    }

    private void check() {
        if (guard) {
            elb.carried(production).forEach((group, weight) -> assertThat(
                    weight == 0 || elb.states(group).containsValue("healthy"))
                    .as("%s, which gets traffic, has a healthy target", group).isTrue());
        }
    }

    /** Has everything look once, and the tasks do as they are told. */
    void turn() {
        if (++turns % ARRIVING_TURNS == 0) {
            elb.arrive();
            check();
        }
        decisions.living(() -> decisions.submit((image, context) -> ReconcileService.decide(image, SERVICE, context)));
        world.obey("svc", task -> failing.contains(revision(task)));
        for (String group : List.of(one, two)) {
            decisions.living(() -> new TargetLooks(decisions, elb).look(group));
            elb.all(group, TargetHealthStateEnum.HEALTHY);
            decisions.living(() -> new TargetLooks(decisions, elb).look(group));
        }
        decisions.living(() -> new TrafficLooks(decisions, elb, elb).look(SERVICE));
        check();
        var hooks = new HookLooks(decisions, this::answer);
        hooks.all().forEach(key -> decisions.living(() -> hooks.look(key)));
    }

    private HookAnswer answer(String url, String payload) {
        payloads.add(payload);
        Deque<HookAnswer> known = answers.computeIfAbsent(url,
                any -> new ArrayDeque<>(List.of(new HookAnswer.Answered("{\"hookStatus\":\"SUCCEEDED\"}"))));
        return known.size() > 1 ? known.removeFirst() : known.getFirst();
    }

    /** Until nothing changes any more without time passing. */
    void settle() {
        for (int turns = 0; turns < 500; turns++) {
            var before = rows();
            String rules = rules();
            turn();
            if (before.equals(rows()) && rules.equals(rules()) && elb.settled()) {
                return;
            }
        }
        throw new AssertionError("nothing comes to rest; the last stages were " + stages);
    }

    private List<?> rows() {
        return world.image().tables().stream().map(table -> List.copyOf(world.image().all(table))).toList();
    }

    private String rules() {
        return elb.weights(production) + " " + elb.weights(TEST) + elb.states(one) + elb.states(two);
    }

    void pass(Duration time) {
        world.pass(time);
        settle();
    }

    /** Until the deployment is over and nothing drains any more. */
    void finish() {
        for (int passes = 0; passes < 200; passes++) {
            settle();
            boolean over = deployment().finishedAt() != null && shift().filter(row -> row.stage() != Stage.HALTED)
                    .isEmpty();
            if (over && world.image().find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, SERVICE + "|STOPPED").stream()
                    .allMatch(TaskRow::stopped)) {
                return;
            }
            world.pass(DELAY.plusSeconds(1));
        }
        throw new AssertionError("the deployment does not end; it stands at " + shift());
    }

    /** Until that stage is begun, without time passing. */
    void until(Stage stage) {
        for (int turns = 0; turns < 500; turns++) {
            if (shift().filter(row -> row.stage() == stage).isPresent()) {
                return;
            }
            turn();
        }
        throw new AssertionError("it never comes to " + stage + "; it stands at " + shift());
    }
}
