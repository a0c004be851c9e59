package dev.landfall.elb.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Stage;
import dev.landfall.elb.target.TargetRow;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.EdgeMessage;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;

/** Nobody takes a change to be in effect before every data plane that may carry traffic has said so. */
class ReachTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String KEY = "group|10.0.0.1|80";

    private final AtomicReference<Instant> now = new AtomicReference<>(Stage.START);

    private Reach reach(String... known) {
        return new Reach(now::get, 100, List.of(known));
    }

    private static EdgeConnection connection() {
        return new EdgeConnection(null, message -> { }, Whereabouts.ELSEWHERE);
    }

    private void passes(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    /** As when a commit changes it and the feed tells that. */
    private static void told(Reach reach, String key, long version) {
        reach.changed(List.of(key));
        reach.telling(List.of(key), version);
        reach.told(version);
    }

    @Test
    void withoutDataPlanesEverythingIsInEffect() {
        Reach reach = reach();
        told(reach, KEY, 101);
        assertThat(reach.reached(KEY)).isTrue();
        assertThat(reach.patience()).isEmpty();
    }

    @Test
    void everyDataPlaneHasToSaySo() {
        Reach reach = reach();
        var one = connection();
        var two = connection();
        reach.connected("one", one, 100);
        reach.connected("two", two, 100);
        assertThat(reach.reached(KEY)).as("nobody has said anything yet").isFalse();
        reach.inEffect(one, 100);
        reach.inEffect(two, 100);
        assertThat(reach.reached(KEY)).as("nothing has changed").isTrue();

        reach.changed(List.of(KEY));
        assertThat(reach.reached(KEY)).as("changed, and not told").isFalse();
        passes(Reach.PATIENCE.multipliedBy(2));
        assertThat(reach.reached(KEY)).as("who was not told owes nothing").isFalse();
        told(reach, KEY, 101);
        reach.inEffect(one, 101);
        assertThat(reach.reached(KEY)).as("one of two").isFalse();
        reach.inEffect(two, 100);
        assertThat(reach.reached(KEY)).as("an older version").isFalse();
        reach.inEffect(two, 102);
        assertThat(reach.reached(KEY)).as("a newer version has it too").isTrue();
    }

    @Test
    void whatChangesWhileItIsToldIsNotInEffect() {
        Reach reach = reach();
        var one = connection();
        reach.connected("one", one, 100);
        reach.inEffect(one, 100);
        reach.changed(List.of(KEY));
        reach.telling(List.of(KEY), 101);
        reach.changed(List.of(KEY));            // the image that is told was read before that, perhaps
        reach.told(101);
        reach.inEffect(one, 101);
        assertThat(reach.reached(KEY)).isFalse();
        told(reach, KEY, 102);
        reach.inEffect(one, 102);
        assertThat(reach.reached(KEY)).isTrue();
    }

    @Test
    void oneThatIsAwayIsWaitedForButNotForever() {
        Reach reach = reach();
        var one = connection();
        reach.connected("one", one, 100);
        reach.inEffect(one, 100);
        told(reach, KEY, 101);
        passes(Duration.ofSeconds(5));
        reach.disconnected(one);
        assertThat(reach.reached(KEY)).isFalse();
        assertThat(reach.patience()).contains(now.get().plus(Reach.PATIENCE));
        passes(Reach.PATIENCE.minusMillis(1));
        assertThat(reach.reached(KEY)).isFalse();
        assertThat(reach.lost()).isEmpty();
        passes(Duration.ofMillis(1));
        assertThat(reach.reached(KEY)).isTrue();
        assertThat(reach.lost()).containsExactly("one");
        reach.forget(reach.lost());
        assertThat(reach.lost()).isEmpty();
    }

    @Test
    void oneThatComesBackHasToSayWhatItHas() {
        Reach reach = reach();
        var one = connection();
        reach.connected("one", one, 100);
        reach.inEffect(one, 100);
        reach.disconnected(one);
        told(reach, KEY, 101);
        var again = connection();
        reach.connected("one", again, 101);
        reach.inEffect(one, 101);
        assertThat(reach.reached(KEY)).as("what the old connection says is of no value").isFalse();
        reach.disconnected(one);
        reach.inEffect(again, 101);
        assertThat(reach.reached(KEY)).isTrue();
    }

    @Test
    void oneThatIsSilentIsWaitedForAsLong() {
        Reach reach = reach();
        var one = connection();
        reach.connected("one", one, 100);
        reach.inEffect(one, 100);
        passes(Duration.ofHours(1));
        told(reach, KEY, 101);
        assertThat(reach.reached(KEY)).as("its time begins when it is told").isFalse();
        passes(Reach.PATIENCE.minusMillis(1));
        told(reach, "other", 102);
        passes(Duration.ofMillis(1));
        assertThat(reach.reached(KEY)).as("and does not begin anew").isTrue();
        assertThat(reach.lost()).as("it is connected").isEmpty();
    }

    @Test
    void afterARestartThoseThatWereKnownAreWaitedFor() {
        Reach reach = reach("one", "two");
        var one = connection();
        reach.connected("one", one, 100);
        reach.inEffect(one, 100);
        assertThat(reach.reached(KEY)).as("two serves what it had before").isFalse();
        passes(Reach.PATIENCE);
        assertThat(reach.reached(KEY)).isTrue();
        assertThat(reach.lost()).containsExactly("two");
    }

    @Test
    void followersHearWhenMoreIsInEffect() {
        Reach reach = reach();
        var heard = new AtomicInteger();
        reach.follow(heard::incrementAndGet);
        var one = connection();
        reach.connected("one", one, 100);
        assertThat(heard).hasValue(0);
        reach.inEffect(one, 100);
        assertThat(heard).as("what was there at the start has been told").hasValue(1);
        told(reach, KEY, 101);
        assertThat(heard).hasValue(1);
        reach.inEffect(one, 101);
        assertThat(heard).hasValue(2);
        reach.inEffect(one, 102);
        assertThat(heard).as("nobody waits for anything").hasValue(2);
    }

    // ---- with the service around it ----

    /** A data plane elsewhere, which answers when the test says so. */
    private static final class Remote {
        final BlockingQueue<EdgeMessage> told = new LinkedBlockingQueue<>();
        final EdgeConnection connection;
        private EdgeSnapshot has = EdgeSnapshot.EMPTY;

        Remote(Stage on, String id) {
            connection = on.service().edges().connect(id, told::add).orElseThrow();
        }

        /** The version in which it has been told that; changes before it may come by themselves. */
        long until(Predicate<EdgeSnapshot> wanted) throws InterruptedException {
            do {
                EdgeMessage message = told.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
                assertThat(message).as("it is told something").isNotNull();
                has = message.after(has);
            } while (!wanted.test(has));
            return has.version();
        }

        void inEffect(long version) {
            connection.report(new EdgeReport.InEffect(version));
        }

        /** To whatever it has been told. */
        void agree() {
            for (EdgeMessage message = told.poll(); message != null; message = told.poll()) {
                inEffect(message.version());
            }
        }
    }

    private static boolean hasTarget(EdgeSnapshot snapshot) {
        return snapshot.targetGroups().stream().anyMatch(group -> !group.targets().isEmpty());
    }

    private static boolean drains(EdgeSnapshot snapshot) {
        return snapshot.targetGroups().stream().flatMap(group -> group.targets().stream())
                .anyMatch(TargetGroup.Target::draining);
    }

    private static Predicate<EdgeSnapshot> does(Class<? extends Action> action) {
        return snapshot -> snapshot.balancers().stream().flatMap(balancer -> balancer.listeners().stream())
                .flatMap(listener -> listener.rules().stream()).anyMatch(rule -> action.isInstance(rule.action()));
    }

    private static boolean isRegistered(Stage on, String group) {
        return on.image().get(ElbTables.TARGETS, TargetRow.key(group, "10.0.0.1", 80)).isPresent();
    }

    /** A target that a load balancer may choose, and that drains for no time; its target group. */
    private static String target(Stage on) {
        on.listener();
        String group = on.group();
        on.elb().modifyTargetGroupAttributes(request -> request.targetGroupArn(group).attributes(
                TargetGroupAttribute.builder().key("deregistration_delay.timeout_seconds").value("0").build()));
        on.register(group, "10.0.0.1");
        return group;
    }

    private static void deregister(Stage on, String group) {
        on.elb().deregisterTargets(request -> request.targetGroupArn(group)
                .targets(Stage.target("10.0.0.1", 80)));
    }

    @Test
    void aTargetWithoutDelayIsThereUntilDataPlanesKnowThatItLeaves() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            String group = target(on);
            var remote = new Remote(on, "one");
            remote.inEffect(remote.until(ReachTest::hasTarget));
            deregister(on, group);
            long version = remote.until(ReachTest::drains);
            assertThat(isRegistered(on, group)).isTrue();
            remote.inEffect(version - 1);
            assertThat(isRegistered(on, group)).isTrue();
            remote.inEffect(version);
            Await.until("it is forgotten", DEADLINE, () -> !isRegistered(on, group));
            return on;
        });
    }

    @Test
    void aDataPlaneThatIsAwayHoldsUpTheEndOfATargetForAMinute() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            String group = target(on);
            var remote = new Remote(on, "one");
            remote.inEffect(remote.until(ReachTest::hasTarget));
            remote.connection.close();
            assertThat(on.image().all(ElbTables.DATA_PLANES)).extracting(DataPlaneRow::id).containsExactly("one");
            deregister(on, group);
            on.later(Reach.PATIENCE.minusSeconds(1));
            on.register(group, "10.0.0.2");     // the timer looks at the clock when something changes
            assertThat(isRegistered(on, group)).isTrue();
            on.later(Duration.ofSeconds(1));
            on.register(group, "10.0.0.3");
            Await.until("it is forgotten", DEADLINE, () -> !isRegistered(on, group));
            Await.until("the data plane is forgotten", DEADLINE,
                    () -> on.image().all(ElbTables.DATA_PLANES).isEmpty());
            return on;
        });
    }

    @Test
    void nobodyWaitsForADataPlaneThatHasEnded() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            String group = target(on);
            var remote = new Remote(on, "one");
            remote.inEffect(remote.until(ReachTest::hasTarget));
            deregister(on, group);
            remote.until(ReachTest::drains);
            assertThat(isRegistered(on, group)).isTrue();
            remote.connection.report(new EdgeReport.Ended());
            remote.connection.close();
            Await.until("it is forgotten", DEADLINE, () -> !isRegistered(on, group));
            assertThat(on.image().all(ElbTables.DATA_PLANES)).isEmpty();
            return on;
        });
    }

    @Test
    void aRuleIsInEffectWhenAllDataPlanesSaySo() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            String listener = on.listener();
            var heard = new AtomicInteger();
            var remote = new Remote(on, "one");
            assertThat(on.service().edges().inEffect(listener)).as("not before it says so").isFalse();
            remote.inEffect(remote.until(does(Action.Forward.class)));
            assertThat(on.service().edges().inEffect(listener)).isTrue();
            on.service().edges().reach().follow(heard::incrementAndGet);
            on.elb().modifyListener(request -> request.listenerArn(listener).defaultActions(Stage.fixed("200")));
            assertThat(on.service().edges().inEffect(listener)).isFalse();
            long version = remote.until(does(Action.FixedResponse.class));
            String rule = on.elb().describeRules(r -> r.listenerArn(listener)).rules().getFirst().ruleArn();
            assertThat(on.service().edges().inEffect(rule)).isFalse();
            assertThat(heard).hasValue(0);
            remote.inEffect(version);
            // It may have been told with what came before, and then for itself.
            Await.until("it is in effect", DEADLINE, () -> {
                remote.agree();
                return on.service().edges().inEffect(listener);
            });
            assertThat(on.service().edges().inEffect(rule)).isTrue();
            assertThat(heard).hasPositiveValue();
            return on;
        });
    }

    @Test
    void whoFollowsHearsOfHealthAndOfTheEndOfDraining() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            String group = target(on);
            var remote = new Remote(on, "one");
            long version = remote.until(ReachTest::hasTarget);
            remote.inEffect(version);
            var heard = new LinkedBlockingQueue<String>();
            on.service().edges().followTargets(heard::add);
            var healthy = new EdgeReport.TargetHealth(group, "10.0.0.1", 80, EdgeReport.State.HEALTHY, "", "");
            remote.connection.report(new EdgeReport.Health(version, List.of(healthy)));
            assertThat(heard).containsExactly(group);
            remote.connection.report(new EdgeReport.Health(version, List.of(healthy)));
            assertThat(heard).as("that is no news").containsExactly(group);
            deregister(on, group);
            remote.inEffect(remote.until(ReachTest::drains));
            Await.until("it is told that the target is gone", DEADLINE, () -> heard.size() == 2);
            assertThat(heard).containsOnly(group);
            return on;
        });
    }

    @Test
    void thereIsAnEndToDataPlanes() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            for (int i = 0; i < 1_000; i++) {
                on.service().edges().connect("edge-" + i, message -> { }).orElseThrow().close();
            }
            assertThat(on.service().edges().connect("one-more", message -> { })).isEmpty();
            assertThat(on.service().edges().connect("edge-7", message -> { })).isPresent();
            return on;
        });
    }
}
