package dev.landfall.edge.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Ground;
import dev.landfall.edge.Wire;
import dev.landfall.protocol.edge.TargetGroup.Target;
import dev.landfall.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which target gets a request, and what becomes of a target that is taken away. */
class ChoiceTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private final Ground ground = new Ground();
    private final Backend a = Backend.answering("a");
    private final Backend b = Backend.answering("b");
    private final Backend c = Backend.answering("c");

    @AfterEach
    void close() {
        ground.close();
        a.close();
        b.close();
        c.close();
    }

    private Map<String, Integer> ask(int times, String request) {
        var counts = new TreeMap<String, Integer>();
        try (Wire client = ground.connect()) {
            for (int i = 0; i < times; i++) {
                counts.merge(client.send(request).message().body(), 1, Integer::sum);
            }
        }
        return counts;
    }

    @Test
    void inTurn() {
        ground.group("tg", Map.of(), a, b, c).apply();
        assertThat(ask(30, GET)).isEqualTo(Map.of("a", 10, "b", 10, "c", 10));
    }

    @Test
    void byChance() {
        ground.group("tg", Map.of("load_balancing.algorithm.type", "weighted_random"), a, b).apply();
        assertThat(ask(400, GET)).hasEntrySatisfying("a", count -> assertThat(count).isBetween(140, 260));
    }

    @Test
    void toWhoHasLeastToDo() {
        var end = new CountDownLatch(1);
        try (Backend busy = Backend.scripted(wire -> {
            wire.message();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        })) {
            ground.group("tg", Map.of("load_balancing.algorithm.type", "least_outstanding_requests"), busy).apply();
            try (Wire waiting = ground.connect()) {
                waiting.send(GET);
                Await.until("the target is busy", Duration.ofSeconds(10), () -> busy.connections.get() == 1);
                ground.targets("tg", List.of(busy.target(), a.target())).apply();
                assertThat(ask(20, GET)).isEqualTo(Map.of("a", 20));
            }
            end.countDown();
        }
    }

    @Test
    void cookiesOfTheLoadBalancerKeepATarget() {
        ground.group("tg", Map.of("stickiness.enabled", "true", "stickiness.type", "lb_cookie",
                "stickiness.lb_cookie.duration_seconds", "60"), a, b, c).apply();
        try (Wire client = ground.connect()) {
            Wire.Message first = client.send(GET).message();
            List<String> cookies = first.all("set-cookie");
            assertThat(cookies).hasSize(2);
            assertThat(cookies.get(0)).matches("AWSALB=[^;]+; Expires=.* GMT; Path=/");
            assertThat(cookies.get(1)).matches("AWSALBCORS=[^;]+; Expires=.* GMT; Path=/; SameSite=None; Secure");
            String request = GET.replace("\r\n\r\n", "\r\nCookie: " + cookies.get(0).split(";")[0] + "\r\n\r\n");
            assertThat(ask(20, request)).isEqualTo(Map.of(first.body(), 20));
            String forged = GET.replace("\r\n\r\n", "\r\nCookie: AWSALB=" + "0".repeat(42) + "\r\n\r\n");
            assertThat(ask(30, forged)).hasSize(3);
        }
    }

    @Test
    void cookiesOfTheApplicationKeepATarget() {
        try (Backend one = Backend.raw("HTTP/1.1 200 OK\r\nSet-Cookie: SESSION=1\r\nContent-Length: 1\r\n\r\n1");
                Backend two = Backend.raw("HTTP/1.1 200 OK\r\nSet-Cookie: SESSION=2\r\nContent-Length: 1\r\n\r\n2")) {
            ground.group("tg", Map.of("stickiness.enabled", "true", "stickiness.type", "app_cookie",
                    "stickiness.app_cookie.cookie_name", "SESSION"), one, two).apply();
            try (Wire client = ground.connect()) {
                Wire.Message first = client.send(GET).message();
                String cookie = first.all("set-cookie").stream().filter(text -> text.startsWith("AWSALBAPP-0="))
                        .findFirst().orElseThrow().split(";")[0];
                assertThat(ask(10, GET.replace("\r\n\r\n", "\r\nCookie: " + cookie + "\r\n\r\n")))
                        .isEqualTo(Map.of(first.body(), 10));
            }
        }
    }

    @Test
    void onlyTheZonesOwnWhereZonesAreNotCrossed() {
        ground.group("tg", Map.of("load_balancing.cross_zone.enabled", "false"));
        ground.targets("tg", List.of(in("us-east-1a", a), in("us-east-1b", b), in("all", c))).apply();
        assertThat(ask(20, GET)).isEqualTo(Map.of("a", 10, "c", 10));
        ground.targets("tg", List.of(in("us-east-1b", b))).apply();
        assertThat(ask(20, GET)).as("a zone without targets").isEqualTo(Map.of("b", 20));
    }

    private static Target in(String zone, Backend backend) {
        return new Target("127.0.0.1", "127.0.0.1", backend.port(), zone);
    }

    @Test
    void aDeregisteredTargetFinishesWhatItHasAndGetsNothingNew() {
        var asked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (Backend slow = Backend.scripted(wire -> {
            wire.message();
            asked.countDown();
            await(go);
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");
        })) {
            ground.group("tg", Map.of(), slow).apply();
            try (Wire client = ground.connect()) {
                client.send(GET);
                await(asked);
                long longAgo = System.currentTimeMillis() - Duration.ofHours(1).toMillis(); // it is told late
                Target draining = new Target("127.0.0.1", "127.0.0.1", slow.port(), "", longAgo);
                ground.targets("tg", List.of(draining, a.target())).apply();
                assertThat(ask(10, GET)).isEqualTo(Map.of("a", 10));
                go.countDown();
                assertThat(client.message().body()).isEqualTo("done");
            }
        }
    }

    @Test
    void whenTheDelayIsOverRequestsEndWith502() {
        var asked = new CountDownLatch(1);
        try (Backend slow = Backend.scripted(wire -> {
            wire.message();
            asked.countDown();
            wire.ended();
        })) {
            ground.group("tg", Map.of("deregistration_delay.timeout_seconds", "0"), slow).apply();
            try (Wire client = ground.connect()) {
                client.send(GET);
                await(asked);
                ground.targets("tg", List.of()).apply();
                assertThat(client.message().status()).isEqualTo(502);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
