package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.testkit.Await;
import dev.landfall.testkit.Engine;
import dev.landfall.testkit.load.Door;
import dev.landfall.testkit.load.Kind;
import dev.landfall.testkit.load.Load;
import dev.landfall.testkit.load.Load.Visitor;
import dev.landfall.testkit.load.Tally;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.StopServiceDeploymentStopType;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Tasks come and go behind load balancers under constant load of every kind, and no request fails: each is counted by
 * the client that waits for its answer. Sessions, that is websockets and TCP connections that are held open, are ended
 * when their target's deregistration delay is over and no sooner, as AWS does; clients open new ones at once.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NoRequestFailsTest {
    /** A delay is measured from where the data plane hears of it, its end from where the control plane decides it. */
    private static final int SLACK_MILLIS = 500;

    /** Of each kind: so many that every task is always at work for some. */
    private static final int CLIENTS = 4;

    private static final Set<Kind> LINES = EnumSet.of(Kind.LINES, Kind.FRESH_LINES);
    private static final Set<Kind> SECURE = EnumSet.of(Kind.MULTIPLEXED);
    private static final Set<Kind> PAGES = EnumSet.complementOf(
            EnumSet.of(Kind.LINES, Kind.FRESH_LINES, Kind.MULTIPLEXED));
    private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

    private final Market market = Market.open("market");

    @AfterAll
    void close() {
        market.close();
    }

    /** Clients of the shop, and some of the desk. */
    private Load load() {
        var visitors = new ArrayList<>(visitors(market.shop(), PAGES));
        visitors.addAll(visitors(market.lines(), LINES));
        visitors.addAll(visitors(market.secureShop(), SECURE));
        visitors.add(new Visitor(Kind.KEPT, market.shop().under(Market.DESK_PATH, "desk")));
        visitors.add(new Visitor(Kind.FRESH, market.desk()));
        return Load.start(visitors);
    }

    private static List<Visitor> visitors(Door door, Set<Kind> kinds) {
        return kinds.stream().flatMap(kind -> Stream.generate(() -> new Visitor(kind, door)).limit(CLIENTS)).toList();
    }

    /** So many more right answers of each kind. */
    private static void awaitAnswers(Load load, Set<Kind> kinds, int more) {
        var wanted = new EnumMap<Kind, Long>(Kind.class);
        kinds.forEach(kind -> wanted.put(kind, load.tally().requests(kind) + more));
        Await.until("every kind is answered", Landfall.PATIENCE, () -> kinds.stream()
                .allMatch(kind -> load.tally().requests(kind) >= wanted.get(kind)));
    }

    private static void assertFlawless(Tally tally) {
        assertThat(tally.failures()).as(tally.toString()).isEmpty();
        assertThat(tally.endedTooSoon(Market.DEREGISTRATION_DELAY.minusMillis(SLACK_MILLIS)))
                .as(tally.toString()).isEmpty();
    }

    /** Makes changes under load, until {@code settled}; then nobody but the shop's new tasks answers. */
    private void underLoad(Runnable change, Runnable settled) {
        market.awaitSettled(Market.SHOPS);
        try (var load = load()) {
            awaitAnswers(load, ALL, 1);
            change.run();
            settled.run();
            SortedMap<String, Long> before = load.tally().byTask();
            awaitAnswers(load, ALL, 1);
            SortedMap<String, Long> after = load.tally().byTask();
            assertFlawless(load.tally());
            after.entrySet().removeAll(before.entrySet());
            assertThat(after).as("tasks that answer").hasSize(Market.SHOPS + Market.DESKS);
        }
    }

    private void deploy(int revision) {
        market.up().ecs().updateService(r -> r.cluster(Market.CLUSTER).service("shop")
                .taskDefinition("shop:" + revision)
                .deploymentConfiguration(d -> d.minimumHealthyPercent(100).maximumPercent(200)));
    }

    private void scale(int shops) {
        market.up().ecs().updateService(r -> r.cluster(Market.CLUSTER).service("shop").desiredCount(shops));
    }

    private void awaitRevision(int revision) {
        market.awaitSettled(Market.SHOPS);
        assertThat(market.shops(revision)).isEqualTo(Market.SHOPS);
    }

    /** The control plane is killed in the middle of the update; not on the way back. */
    @Test
    void aRollingUpdateAndTheWayBack() {
        int old = market.revision();
        int next = Market.other(old);
        underLoad(() -> {
            deploy(next);
            market.up().await("a new task is on its way", () -> assertThat(market.shops(next)).isPositive());
            killAndStart();
        }, () -> awaitRevision(next));
        underLoad(() -> deploy(old), () -> awaitRevision(old));
    }

    @Test
    void aRevisionThatFailsIsTakenBack() {
        int good = market.revision();
        underLoad(() -> market.up().ecs().updateService(r -> r.cluster(Market.CLUSTER).service("shop")
                .taskDefinition("shop:" + Market.BAD)
                .deploymentConfiguration(d -> d.deploymentCircuitBreaker(b -> b.enable(true).rollback(true)))),
                () -> awaitRevision(good));
    }

    /** Old tasks drain before there are as many new ones. */
    @Test
    void aForcedDeploymentWithLittleRoom() {
        List<String> old = market.shops().stream().map(Task::taskArn).toList();
        underLoad(() -> market.up().ecs().updateService(r -> r.cluster(Market.CLUSTER).service("shop")
                .forceNewDeployment(true)
                .deploymentConfiguration(d -> d.minimumHealthyPercent(50).maximumPercent(125))),
                () -> market.awaitSettled(Market.SHOPS));
        assertThat(market.shops()).extracting(Task::taskArn).doesNotContainAnyElementsOf(old);
    }

    @Test
    void aTaskThatIsStoppedByHand() {
        underLoad(() -> {
            Task stopped = market.shops().getFirst();
            market.up().ecs().stopTask(r -> r.cluster(Market.CLUSTER).task(stopped.taskArn()));
        }, () -> market.awaitSettled(Market.SHOPS));
    }

    private void killAndStart() {
        market.up().kill();
        market.up().start();
    }

    @Test
    void scalingInAndOutWithAControlPlaneThatIsKilledWhileTasksDrain() {
        underLoad(() -> {
            scale(1);
            market.up().await("a task drains", () -> assertThat(market.services().tasks(DesiredStatus.STOPPED))
                    .anyMatch(task -> task.lastStatus().equals("DEACTIVATING")));
            killAndStart();
            market.awaitSettled(1);
            scale(Market.SHOPS);
        }, () -> market.awaitSettled(Market.SHOPS));
    }

    private void shift(int revision, Consumer<DeploymentConfiguration.Builder> how) {
        market.up().ecs().updateService(r -> r.cluster(Market.CLUSTER).service("kiosk")
                .taskDefinition("kiosk:" + revision).deploymentConfiguration(how));
    }

    /** More answers of that revision than there are. */
    private static void awaitAnswersOf(Load load, int revision) {
        String shown = String.valueOf(revision);
        long before = load.tally().byRevision().getOrDefault(shown, 0L);
        Await.until("revision " + revision + " answers", Landfall.PATIENCE, () ->
                load.tally().byRevision().getOrDefault(shown, 0L) > before);
    }

    /** All of {@code revision} and no other answer from now on. */
    private static void assertOnly(Load load, int revision) {
        SortedMap<String, Long> settled = load.tally().byRevision();
        awaitAnswers(load, ALL, 1);
        SortedMap<String, Long> after = load.tally().byRevision();
        after.entrySet().removeAll(settled.entrySet());
        assertThat(after).as("revisions that still answer").containsOnlyKeys(String.valueOf(revision));
    }

    /** Clients of the kiosk, which is behind all kinds of listeners. */
    private Load kioskLoad() {
        var visitors = new ArrayList<>(visitors(market.kioskDoor(), PAGES));
        visitors.addAll(visitors(market.secureKioskDoor(), SECURE));
        visitors.addAll(visitors(market.kioskLines(), LINES));
        Load load = Load.start(visitors);
        awaitAnswers(load, ALL, 1);
        return load;
    }

    @Test
    void aBlueGreenDeployment() {
        int old = market.kiosk();
        try (var load = kioskLoad()) {
            shift(Market.other(old), d -> d.strategy(DeploymentStrategy.BLUE_GREEN).bakeTimeInMinutes(0));
            market.awaitKiosk(Market.other(old));
            assertOnly(load, Market.other(old));
            assertFlawless(load.tally());
        }
    }

    @Test
    void aLinearDeploymentOverWhichTheControlPlaneIsKilled() {
        int old = market.kiosk();
        int next = Market.other(old);
        try (var load = kioskLoad()) {
            shift(next, d -> d.strategy(DeploymentStrategy.LINEAR).bakeTimeInMinutes(0)
                    .linearConfiguration(l -> l.stepPercent(30.0).stepBakeTimeInMinutes(0)));
            awaitAnswersOf(load, next);
            killAndStart();
            market.awaitKiosk(next);
            assertOnly(load, next);
            assertFlawless(load.tally());
        }
    }

    @Test
    void aRollingUpdateWithPortsOfTheMachine() {
        market.openStall();
        try (var load = Load.start(visitors(market.stallDoor(), PAGES))) {
            awaitAnswers(load, PAGES, 1);
            market.up().ecs().updateService(r -> r.cluster(Market.CLUSTER).service("stall")
                    .taskDefinition("stall:2"));
            market.awaitStall(2);
            SortedMap<String, Long> settled = load.tally().byRevision();
            awaitAnswers(load, PAGES, 1);
            assertThat(load.tally().byRevision().get("1")).isEqualTo(settled.get("1"));
            assertFlawless(load.tally());
        }
    }

    @Test
    void aCanaryThatIsTakenBackByAControlPlaneThatWasKilled() {
        int old = market.kiosk();
        int canary = Market.other(old);
        try (var load = kioskLoad()) {
            shift(canary, d -> d.strategy(DeploymentStrategy.CANARY).bakeTimeInMinutes(0)
                    .canaryConfiguration(c -> c.canaryPercent(20.0).canaryBakeTimeInMinutes(10)));
            awaitAnswersOf(load, canary);
            killAndStart();
            awaitAnswersOf(load, canary);
            awaitAnswersOf(load, old);
            String deployment = market.services().service("kiosk").currentServiceDeployment();
            market.up().ecs().stopServiceDeployment(r -> r.serviceDeploymentArn(deployment)
                    .stopType(StopServiceDeploymentStopType.ROLLBACK));
            market.awaitKiosk(old);
            assertOnly(load, old);
            assertFlawless(load.tally());
        }
    }

    /** As in AWS: what was on its way to the task fails, until the load balancer has been told and does as it was. */
    @Test
    void aTaskThatIsKilledCostsWhatItWasDoing() throws IOException {
        market.awaitSettled(Market.SHOPS);
        Task victim = market.shops().getFirst();
        try (var load = load(); var docker = Engine.connect()) {
            awaitAnswers(load, ALL, 1);
            docker.killContainerCmd(victim.containers().getFirst().runtimeId()).exec();
            market.up().await("the load balancer has been told", () ->
                    assertThat(market.isTarget(victim)).isFalse());
            awaitAnswers(load, ALL, 1);     // milliseconds after that, the data plane does as it was told
            long told = System.nanoTime();
            market.awaitSettled(Market.SHOPS);
            awaitAnswers(load, ALL, 2);
            assertThat(load.tally().failures()).allSatisfy(failure ->
                    assertThat(failure.sentNanos() - told).as(failure.toString()).isNegative());
            assertThat(load.tally().failed()).isEqualTo(load.tally().failures().size());
        }
    }
}
