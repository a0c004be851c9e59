package dev.landfall.ecs.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.MortalDecisions;
import dev.landfall.ecs.World;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.service.ReconcileService;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Decision;
import dev.landfall.state.Write;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.elasticloadbalancing.model.ElasticLoadBalancingException;

/** That a Classic Load Balancer has the instances that tasks run on, and what becomes of tasks by their health. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class ClassicLooksTest {
    private static final Duration DELAY = Duration.ofSeconds(300);
    private static final String ARN = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/front";

    /** Two instances, the load balancer {@code front} and the service {@code svc} behind it. */
    private static final class On {
        private final World world = new World();
        private final VirtualClassic elb = new VirtualClassic(world::now, DELAY);
        private final MortalDecisions decisions = new MortalDecisions(world);

        On(int desired) {
            elb.balancer("front", 8080);
            world.targetGroups(elb.known());
            for (int revision = 1; revision <= 2; revision++) {
                world.definition(request -> request.family("web").networkMode(NetworkMode.BRIDGE)
                        .containerDefinitions(World.container("app").toBuilder()
                                .portMappings(port -> port.containerPort(80).hostPort(8080)).build()));
            }
            instance("i-0123456789abcdef0");
            instance("i-0123456789abcdef1");
            world.createService(request -> request.desiredCount(desired).taskDefinition("web:1")
                    .deploymentConfiguration(it -> it.minimumHealthyPercent(50).maximumPercent(100))
                    .loadBalancers(it -> it.loadBalancerName("front").containerName("app").containerPort(80)));
        }

        /** One whose EC2 id is not made of the ids here, which begin alike. */
        private void instance(String ec2Id) {
            String arn = world.instance(1024);
            InstanceRow row = world.image().get(EcsTables.INSTANCES, arn).orElseThrow();
            world.apply(Decision.of(ec2Id, Write.put(EcsTables.INSTANCES,
                    row.with(row.instance().toBuilder().ec2InstanceId(ec2Id).build()))));
        }

        void look() {
            decisions.living(() -> decisions.submit((image, context) ->
                    ReconcileService.decide(image, World.serviceArn("svc"), context)));
            decisions.living(() -> new TargetLooks(
                    decisions, new NoLoadBalancers(), elb).look(ARN));
        }

        /** Everything goes on by itself for so many rounds; agents obey and instances come into service. */
        void turn(int rounds) {
            for (int round = 0; round < rounds; round++) {
                look();
                world.obey("svc", task -> false);
                look();
                elb.all("front", "InService");
                look();
            }
        }

        List<String> ids() {
            return world.live("svc").stream().map(this::id).sorted().toList();
        }

        String id(TaskRow task) {
            return world.image().get(EcsTables.INSTANCES, task.instanceArn()).orElseThrow()
                    .instance().ec2InstanceId();
        }
    }

    @Test
    void anInstanceIsRegisteredWhenItsTaskRunsAndTheTaskCountsWhenItIsInService() {
        var on = new On(2);
        on.look();
        assertThat(on.elb.descriptions("front")).as("nothing runs yet").isEmpty();
        on.world.live("svc").forEach(task -> on.world.running(task.arn()));
        on.look();
        on.look();
        assertThat(on.elb.descriptions("front")).containsOnlyKeys(on.ids().toArray(String[]::new));
        assertThat(on.ids()).as("a port of an instance is there once").doesNotHaveDuplicates().hasSize(2);
        assertThat(on.world.events("svc")).contains("registered 2 instances in (elb front)");
        assertThat(on.world.live("svc")).noneMatch(TaskRow::healthy);

        on.elb.all("front", "InService");
        on.look();
        assertThat(on.world.live("svc")).allMatch(TaskRow::healthy);
    }

    @Test
    void aTaskIsDrainedBeforeItsAgentHearsThatItIsToStop() {
        var on = new On(1);
        on.turn(3);
        TaskRow task = on.world.live("svc").getFirst();
        on.world.updateService(request -> request.desiredCount(0));
        on.look();
        on.look();
        assertThat(on.world.task(task.arn()).task().lastStatus()).isEqualTo("DEACTIVATING");
        assertThat(on.elb.descriptions("front"))
                .containsExactly(Map.entry(on.id(task), "Instance deregistration currently in progress."));
        assertThat(on.world.events("svc")).contains("deregistered 1 instances in (elb front)")
                .anyMatch(event -> event.endsWith("has begun draining connections on 1 tasks."));

        on.world.pass(DELAY.minusSeconds(1));
        on.look();
        assertThat(on.world.task(task.arn()).task().lastStatus()).isEqualTo("DEACTIVATING");
        on.world.pass(Duration.ofSeconds(1));
        on.look();
        assertThat(on.world.task(task.arn()).task().lastStatus()).isEqualTo("STOPPING");
    }

    @Test
    void aTaskWhoseInstanceFailsItsHealthChecksIsReplaced() {
        var on = new On(1);
        on.turn(3);
        TaskRow task = on.world.live("svc").getFirst();
        on.elb.all("front", "OutOfService");
        on.look();
        on.look();
        assertThat(on.world.task(task.arn()).task().stoppedReason())
                .isEqualTo("Task failed ELB health checks in (elb front)");
        assertThat(on.world.events("svc")).contains("(instance " + on.id(task) + ") is unhealthy in (elb front) due to "
                + "(reason " + VirtualClassic.FAILED + ")");
    }

    @Test
    void aTaskDoesNotWaitForALoadBalancerThatWasDeleted() {
        var on = new On(1);
        on.turn(3);
        TaskRow task = on.world.live("svc").getFirst();
        on.world.updateService(request -> request.desiredCount(0));
        on.look();
        on.elb.delete("front");
        on.look();
        assertThat(on.world.task(task.arn()).task().lastStatus()).isEqualTo("STOPPING");
    }

    @Test
    void saysWhyAnInstanceIsRefusedAndThrowsWhatIsNoRefusal() {
        var on = new On(1);
        on.look();
        TaskRow task = on.world.live("svc").getFirst();
        on.world.running(task.arn());
        on.elb.refuse(on.id(task));
        on.look();
        assertThat(on.world.events("svc")).contains(
                "failed to register targets in (elb front) with (error No such instance)");
        on.elb.broken("broken");
        var looks = new TargetLooks(on.decisions, new NoLoadBalancers(), on.elb);
        assertThatThrownBy(() -> looks.look(ARN)).isInstanceOf(ElasticLoadBalancingException.class);
    }

    @Test
    void lookedForIsWhatHasTasks() {
        var on = new On(1);
        var looks = new TargetLooks(on.decisions, new NoLoadBalancers(), on.elb);
        on.look();
        assertThat(looks.all()).containsExactly(ARN);
        assertThat(looks.look(ARN + "x")).isEqualTo(Optional.empty());
    }

    // ---- crashes ----

    /** A rolling update of two tasks that have one instance each, and a scale-in. */
    private static void play(On on) {
        on.turn(4);
        assertThat(on.world.live("svc")).hasSize(2).allMatch(TaskRow::healthy);
        on.world.updateService(request -> request.taskDefinition("web:2"));
        for (int step = 0; step < 12; step++) {
            on.turn(3);
            assertThat(on.world.live("svc").stream().filter(TaskRow::healthy).count()).isPositive();
            on.world.pass(Duration.ofSeconds(101));
        }
        assertThat(on.world.live("svc")).hasSize(2).allMatch(task -> task.healthy()
                && task.task().taskDefinitionArn().endsWith("web:2"));
        assertThat(on.elb.descriptions("front")).containsOnlyKeys(on.ids().toArray(String[]::new))
                .containsValue("N/A");

        on.world.updateService(request -> request.desiredCount(1));
        on.turn(3);
        on.world.pass(DELAY);
        on.turn(3);
        assertThat(on.world.live("svc")).hasSize(1).allMatch(TaskRow::healthy);
        assertThat(on.elb.descriptions("front")).containsOnlyKeys(on.ids().toArray(String[]::new));
    }

    private static int decisions() {
        var on = new On(2);
        play(on);
        return on.decisions.decided();
    }

    static Stream<Arguments> crashes() {
        return MortalDecisions.places(decisions());
    }

    @ParameterizedTest(name = "at decision {0}, after it {1}")
    @MethodSource("crashes")
    void comesToTheSameEndThroughACrash(int at, boolean afterwards) {
        var on = new On(2);
        on.decisions.crashes(at, afterwards);
        play(on);
    }

    @Test
    void mayDieOften() {
        assertThat(decisions()).isGreaterThan(50);
    }
}
