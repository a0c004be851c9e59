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
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
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

    private final Market market = Market.open("market");

    @AfterAll
    void close() {
        market.close();
    }

    private Load load() {
        Door shop = market.shop();
        Door lines = market.lines();
        var visitors = new ArrayList<Visitor>();
        for (Kind kind : Kind.values()) {
            boolean isLines = kind == Kind.LINES || kind == Kind.FRESH_LINES;
            for (int i = 0; i < CLIENTS; i++) {
                visitors.add(new Visitor(kind, isLines ? lines : shop));
            }
        }
        visitors.add(new Visitor(Kind.KEPT, market.shop().under(Market.DESK_PATH, "desk")));
        visitors.add(new Visitor(Kind.FRESH, market.desk()));
        return Load.start(visitors);
    }

    /** So many more right answers of every kind than {@code since}. */
    private static void awaitAnswers(Load load, int more) {
        long[] before = new long[Kind.values().length];
        for (Kind kind : Kind.values()) {
            before[kind.ordinal()] = load.tally().requests(kind);
        }
        Await.until("every kind is answered", Landfall.PATIENCE, () -> {
            for (Kind kind : Kind.values()) {
                if (load.tally().requests(kind) < before[kind.ordinal()] + more) {
                    return false;
                }
            }
            return true;
        });
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
            awaitAnswers(load, 1);
            change.run();
            settled.run();
            SortedMap<String, Long> before = load.tally().byTask();
            awaitAnswers(load, 1);
            SortedMap<String, Long> after = load.tally().byTask();
            assertFlawless(load.tally());
            after.entrySet().removeAll(before.entrySet());
            assertThat(after).as("tasks that answer").hasSize(Market.SHOPS + Market.DESKS);
        }
    }

    private void deploy(int revision) {
        market.up().ecs().updateService(r -> r.cluster(Market.CLUSTER).service("shop")
                .taskDefinition("shop:" + revision));
    }

    private void scale(int shops) {
        market.up().ecs().updateService(r -> r.cluster(Market.CLUSTER).service("shop").desiredCount(shops));
    }

    private void awaitRevision(int revision) {
        market.awaitSettled(Market.SHOPS);
        assertThat(market.shops(revision)).isEqualTo(Market.SHOPS);
    }

    @Test
    void aRollingUpdateAndTheWayBack() {
        int old = market.revision();
        underLoad(() -> deploy(Market.other(old)), () -> awaitRevision(Market.other(old)));
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

    @Test
    void aForcedDeployment() {
        List<String> old = market.shops().stream().map(Task::taskArn).toList();
        underLoad(() -> market.up().ecs().updateService(r -> r.cluster(Market.CLUSTER).service("shop")
                .forceNewDeployment(true)), () -> market.awaitSettled(Market.SHOPS));
        assertThat(market.shops()).extracting(Task::taskArn).doesNotContainAnyElementsOf(old);
    }

    @Test
    void scalingInAndOut() {
        underLoad(() -> {
            scale(1);
            market.awaitSettled(1);
            scale(Market.SHOPS);
        }, () -> market.awaitSettled(Market.SHOPS));
    }

    private void killAndStart() {
        market.up().kill();
        market.up().start();
    }

    @Test
    void theControlPlaneIsKilledInTheMiddleOfARollingUpdate() {
        int next = Market.other(market.revision());
        underLoad(() -> {
            deploy(next);
            market.up().await("a new task is on its way", () -> assertThat(market.shops(next)).isPositive());
            killAndStart();
        }, () -> awaitRevision(next));
    }

    @Test
    void theControlPlaneIsKilledWhileTasksDrain() {
        underLoad(() -> {
            scale(1);
            market.up().await("a task drains", () -> assertThat(market.services().tasks(DesiredStatus.STOPPED))
                    .anyMatch(task -> task.lastStatus().equals("DEACTIVATING")));
            killAndStart();
            market.awaitSettled(1);
            scale(Market.SHOPS);
        }, () -> market.awaitSettled(Market.SHOPS));
    }

    /** As in AWS: what was on its way to the task fails, until the load balancer has been told. */
    @Test
    void aTaskThatIsKilledCostsWhatItWasDoing() throws IOException {
        market.awaitSettled(Market.SHOPS);
        Task victim = market.shops().getFirst();
        try (var load = load(); var docker = Engine.connect()) {
            awaitAnswers(load, 1);
            docker.killContainerCmd(victim.containers().getFirst().runtimeId()).exec();
            market.up().await("the load balancer has been told", () ->
                    assertThat(market.isTarget(victim)).isFalse());
            long told = System.nanoTime();
            market.awaitSettled(Market.SHOPS);
            awaitAnswers(load, 2);
            assertThat(load.tally().failures()).allSatisfy(failure ->
                    assertThat(failure.sentNanos() - told).as(failure.toString()).isNegative());
            assertThat(load.tally().failed()).isEqualTo(load.tally().failures().size());
        }
    }
}
