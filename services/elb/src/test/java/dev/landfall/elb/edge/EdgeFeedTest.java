package dev.landfall.elb.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.elb.Stage;
import dev.landfall.protocol.edge.EdgeJson;
import dev.landfall.protocol.edge.EdgeMessage;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.testkit.Await;
import dev.landfall.wire.ApiServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerStateEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RulePriorityPair;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealth;

/** Data planes follow what the API is told, and what they see comes back through it. */
class EdgeFeedTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    /** A data plane that only keeps what it is told. */
    private static final class Keeper implements DataPlane {
        final AtomicReference<EdgeSnapshot> has = new AtomicReference<>(EdgeSnapshot.EMPTY);
        final AtomicInteger toldEverything = new AtomicInteger();

        @Override
        public void accept(EdgeMessage message) {
            if (message instanceof EdgeMessage.Everything) {
                toldEverything.incrementAndGet();
            }
            has.updateAndGet(message::after);
        }

        void awaits(Stage on) {
            EdgeSnapshot wanted = SnapshotCheck.of(on.image());
            Await.until("the data plane has what the tables say", DEADLINE, () -> same(has.get(), wanted));
        }

        /** Whatever the order, which tells the data plane nothing. */
        private static boolean same(EdgeSnapshot one, EdgeSnapshot other) {
            return new HashSet<>(one.balancers()).equals(new HashSet<>(other.balancers()))
                    && new HashSet<>(one.targetGroups()).equals(new HashSet<>(other.targetGroups()));
        }
    }

    private static void any(Stage on, Random random, String balancer, String listener) {
        String name = "g" + random.nextInt(3);
        String group = on.elb().describeTargetGroups(request -> { }).targetGroups().stream()
                .filter(each -> each.targetGroupName().equals(name)).map(TargetGroup::targetGroupArn).findAny()
                .orElseGet(() -> on.group(name));
        switch (random.nextInt(9)) {
            case 0 -> on.register(group, "10.0.0." + (1 + random.nextInt(5)));
            case 1 -> on.elb().deregisterTargets(request -> request.targetGroupArn(group)
                    .targets(Stage.target("10.0.0." + (1 + random.nextInt(5)))));
            case 2 -> on.elb().modifyListener(request -> request.listenerArn(listener)
                    .defaultActions(random.nextBoolean() ? Stage.forward(group) : Stage.fixed("200")));
            case 3 -> on.elb().createListener(request -> request.loadBalancerArn(balancer).protocol("HTTP")
                    .port(1_000 + random.nextInt(10_000)).defaultActions(Stage.forward(group)));
            case 4 -> on.elb().describeListeners(request -> request.loadBalancerArn(balancer)).listeners().stream()
                    .filter(each -> each.port() >= 1_000).findAny().ifPresent(each ->
                            on.elb().deleteListener(request -> request.listenerArn(each.listenerArn())));
            case 5 -> on.elb().modifyTargetGroup(request -> request.targetGroupArn(group)
                    .healthCheckPath("/" + random.nextInt(100)));
            case 6 -> on.elb().modifyLoadBalancerAttributes(request -> request.loadBalancerArn(balancer).attributes(
                    Stage.balancerAttribute("idle_timeout.timeout_seconds", "" + (1 + random.nextInt(100)))));
            case 7 -> {
                String other = on.alb("b" + random.nextInt(3)).loadBalancerArn();
                if (random.nextBoolean()) {
                    on.elb().deleteLoadBalancer(request -> request.loadBalancerArn(other));
                }
            }
            default -> on.elb().setRulePriorities(request -> request.rulePriorities(
                    RulePriorityPair.builder()
                            .ruleArn(on.elb().describeRules(r -> r.listenerArn(listener)).rules().getFirst().ruleArn())
                            .priority(1 + random.nextInt(1_000)).build()));
        }
    }

    @Test
    void changesAddUpToWhatTheTablesSay() throws Exception {
        for (long seed = 0; seed < 5; seed++) {
            var random = new Random(seed);
            Stage.play(Stage.Way.IN_PROCESS, on -> {
                var keeper = new Keeper();
                String balancer = on.alb();
                String listener = on.listener(balancer, 80, on.group("g0"));
                on.rule(listener, 1, "/a");
                on.service().edges().connect(keeper);
                for (int i = 0; i < 200; i++) {
                    any(on, random, balancer, listener);
                }
                keeper.awaits(on);
                assertThat(keeper.toldEverything).hasValue(1);
                return on;
            });
        }
    }

    @Test
    void aDataPlaneOfWholeSnapshotsSeesEachOnceAndOnlyNewerOnes() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            on.listener();
            String group = on.group();
            var seen = new CopyOnWriteArrayList<EdgeSnapshot>();
            on.service().edges().connect(DataPlane.ofSnapshots(seen::add));
            on.register(group, "10.0.0.1", "10.0.0.2", "10.0.0.3");
            EdgeSnapshot wanted = SnapshotCheck.of(on.image());
            Await.until("the last one has come", DEADLINE, () -> !seen.isEmpty()
                    && Keeper.same(seen.getLast(), wanted));
            assertThat(seen).extracting(EdgeSnapshot::version).isSorted().doesNotHaveDuplicates();
            return on;
        });
    }

    @Test
    void aSlowDataPlaneHoldsUpNobodyAndIsToldEverythingAtLast() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            var gate = new CountDownLatch(1);
            var slow = new Keeper();
            var quick = new Keeper();
            on.listener();
            String group = on.group();
            on.service().edges().connect(quick);
            on.service().edges().connect(message -> {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                slow.accept(message);
            });
            for (int i = 0; i < 600; i++) {
                on.register(group, "10.0." + i / 250 + "." + (i % 250 + 1));
                quick.awaits(on); // so that each change is told by itself
            }
            gate.countDown();
            slow.awaits(on);
            assertThat(slow.toldEverything).hasValue(2);
            assertThat(quick.toldEverything).hasValue(1);
            return on;
        });
    }

    private static String state(Stage on, String group) {
        TargetHealth health = on.elb().describeTargetHealth(request -> request.targetGroupArn(group))
                .targetHealthDescriptions().getFirst().targetHealth();
        return health.stateAsString() + " " + health.reasonAsString() + " " + health.description();
    }

    private static EdgeReport.Health health(long version, String group, EdgeReport.State state, String reason) {
        return new EdgeReport.Health(version, List.of(
                new EdgeReport.TargetHealth(group, "10.0.0.1", 80, state, reason, ""),
                new EdgeReport.TargetHealth(group, "10.0.0.9", 80, EdgeReport.State.HEALTHY, "", "")));
    }

    @Test
    void whatIsSaidOfATargetCountsOnceTheDataPlaneHasIt() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            on.listener();
            String group = on.group();
            var keeper = new Keeper();
            var connection = on.service().edges().connect(keeper);
            keeper.awaits(on);
            long before = keeper.has.get().version();
            on.register(group, "10.0.0.1");
            keeper.awaits(on);
            long version = keeper.has.get().version();
            connection.report(health(before, group, EdgeReport.State.HEALTHY, ""));
            assertThat(state(on, group)).startsWith("initial Elb.RegistrationInProgress");
            connection.report(health(version, group, EdgeReport.State.UNHEALTHY, "Target.Timeout"));
            assertThat(state(on, group)).isEqualTo("unhealthy Target.Timeout null");
            connection.report(health(version, group, EdgeReport.State.HEALTHY, ""));
            assertThat(state(on, group)).isEqualTo("healthy null null");

            on.elb().deregisterTargets(request -> request.targetGroupArn(group).targets(Stage.target("10.0.0.1")));
            keeper.awaits(on);
            on.register(group, "10.0.0.1");
            keeper.awaits(on);
            assertThat(state(on, group)).startsWith("initial Elb.RegistrationInProgress");
            connection.report(health(version, group, EdgeReport.State.HEALTHY, ""));
            assertThat(state(on, group)).as("said of the one before").startsWith("initial");
            connection.report(health(keeper.has.get().version(), group, EdgeReport.State.HEALTHY, ""));
            assertThat(state(on, group)).startsWith("healthy");
            return on;
        });
    }

    @Test
    void whatWasSeenOfAGroupIsForgottenWhenNobodyRoutesToIt() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            String listener = on.listener();
            String group = on.group();
            on.register(group, "10.0.0.1");
            var keeper = new Keeper();
            var connection = on.service().edges().connect(keeper);
            keeper.awaits(on);
            connection.report(health(keeper.has.get().version(), group, EdgeReport.State.HEALTHY, ""));
            assertThat(state(on, group)).startsWith("healthy");

            on.elb().modifyListener(r -> r.listenerArn(listener).defaultActions(Stage.fixed("200")));
            assertThat(state(on, group)).startsWith("unused Target.NotInUse");
            keeper.awaits(on);
            on.elb().modifyListener(r -> r.listenerArn(listener).defaultActions(Stage.forward(group)));
            assertThat(state(on, group)).startsWith("initial Elb.RegistrationInProgress");
            keeper.awaits(on);
            connection.report(health(keeper.has.get().version(), group, EdgeReport.State.HEALTHY, ""));
            assertThat(state(on, group)).startsWith("healthy");
            return on;
        });
    }

    @Test
    void whatADataPlaneCannotOpenIsDescribedUntilItCanOrIsGone() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            String listener = on.listener();
            var connection = on.service().edges().connect(new Keeper());
            var other = on.service().edges().connect(new Keeper());
            connection.report(new EdgeReport.Listeners(1, List.of(new EdgeReport.Listeners.Failure(listener,
                    "127.66.0.1", 80, "Permission denied"))));
            var impaired = on.elb().describeLoadBalancers(request -> { }).loadBalancers().getFirst().state();
            assertThat(impaired.code()).isEqualTo(LoadBalancerStateEnum.ACTIVE_IMPAIRED);
            assertThat(impaired.reason()).isEqualTo(
                    "The listener cannot be opened at 127.66.0.1:80: Permission denied");
            other.report(new EdgeReport.Listeners(1, List.of()));
            assertThat(code(on)).as("only the other one can").isEqualTo(LoadBalancerStateEnum.ACTIVE_IMPAIRED);
            connection.report(new EdgeReport.Listeners(2, List.of()));
            assertThat(code(on)).isEqualTo(LoadBalancerStateEnum.ACTIVE);
            other.report(new EdgeReport.Listeners(2, List.of(new EdgeReport.Listeners.Failure(listener,
                    "127.66.0.1", 80, "Address already in use"))));
            assertThat(code(on)).isEqualTo(LoadBalancerStateEnum.ACTIVE_IMPAIRED);
            other.close();
            assertThat(code(on)).isEqualTo(LoadBalancerStateEnum.ACTIVE);
            return on;
        });
    }

    private static LoadBalancerStateEnum code(Stage on) {
        return on.elb().describeLoadBalancers(request -> { }).loadBalancers().getFirst().state().code();
    }

    /** The other side of a websocket, which keeps what it is told. */
    private static final class Remote implements WebSocket.Listener {
        final Keeper keeper = new Keeper();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                keeper.accept(EdgeJson.read(text.toString().getBytes(StandardCharsets.UTF_8), EdgeMessage.class));
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }
    }

    @Test
    void anotherProcessIsToldTheSameOverItsSocket() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            on.listener();
            String group = on.group();
            try (var server = new ApiServer(ApiServer.Config.on("127.0.0.1", 0), List.of(), on.service().sockets());
                    var http = HttpClient.newHttpClient()) {
                var remote = new Remote();
                WebSocket socket = http.newWebSocketBuilder().buildAsync(URI.create(
                        server.uri().toString().replace("http", "ws") + EdgeMessage.PATH + "?id=edge-1"), remote)
                        .join();
                remote.keeper.awaits(on);
                on.register(group, "10.0.0.1");
                remote.keeper.awaits(on);

                socket.sendText(new String(EdgeJson.write(health(remote.keeper.has.get().version(), group,
                        EdgeReport.State.HEALTHY, "")), StandardCharsets.UTF_8), true).join();
                Await.untilPasses("the report has come", DEADLINE, () ->
                        assertThat(state(on, group)).startsWith("healthy"));
                String listener = on.elb().describeListeners(request -> request.loadBalancerArn(on.alb()))
                        .listeners().getFirst().listenerArn();
                assertThat(on.service().edges().inEffect(listener)).isFalse();
                socket.sendText(new String(EdgeJson.write(new EdgeReport.InEffect(remote.keeper.has.get().version())),
                        StandardCharsets.UTF_8), true).join();
                Await.until("it says what is in effect", DEADLINE, () -> on.service().edges().inEffect(listener));

                socket.sendText("{\"type\":\"Health\",\"targets\":7}", true).join();
                assertThat(remote.closed.join()).isEqualTo(1_008);
            }
            return on;
        });
    }

    @Test
    void oneThatDoesNotSayWhoItIsIsRefused() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            try (var server = new ApiServer(ApiServer.Config.on("127.0.0.1", 0), List.of(), on.service().sockets());
                    var http = HttpClient.newHttpClient()) {
                for (String query : List.of("", "?id=", "?id=a%20b", "?id=" + "x".repeat(65))) {
                    assertThat(http.newWebSocketBuilder().buildAsync(URI.create(server.uri().toString()
                            .replace("http", "ws") + EdgeMessage.PATH + query), new Remote()))
                            .as(query).failsWithin(DEADLINE);
                }
            }
            return on;
        });
    }
}
