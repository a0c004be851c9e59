package dev.landfall.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.protocol.edge.TargetGroup.HealthCheck;
import dev.landfall.protocol.edge.TargetGroup.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** Targets come and go under load, and no client notices. */
class ChurnTest {
    private static final int CHANGES = 400;
    private static final int CLIENTS = 8;

    /** As a deployment does it: a new target is there before an old one is deregistered, which dies when it is idle. */
    @Test
    void noRequestFailsWhileTargetsChange() throws InterruptedException {
        var failures = new ConcurrentLinkedQueue<String>();
        var stop = new AtomicBoolean();
        var served = new AtomicIntegerArray(CLIENTS);
        try (var ground = new Ground()) {
            var running = new ArrayDeque<Backend>();
            for (int i = 0; i < 3; i++) {
                running.add(Backend.answering("ok"));
            }
            ground.group("tg", Map.of());
            ground.targets("tg", targets(running)).apply();
            var clients = new ArrayList<Thread>();
            for (int i = 0; i < CLIENTS; i++) {
                String request = i % 2 == 0 ? "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
                        : "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
                int client = i;
                clients.add(Thread.ofVirtual().start(() -> ask(ground, request, stop, served, client, failures)));
            }
            for (int change = 0; change < CHANGES; change++) {
                running.add(Backend.answering("ok"));
                Backend old = running.poll();
                List<Target> now = new ArrayList<>(targets(running));
                now.add(new Target("127.0.0.1", "127.0.0.1", old.port(), "", System.currentTimeMillis()));
                ground.targets("tg", now).apply();
                // Every client comes round, so that nothing the old target was asked is still open.
                comeRound(served, failures);
                old.die();
            }
            stop.set(true);
            for (Thread client : clients) {
                client.join();
            }
            running.forEach(Backend::die);
        }
        assertThat(failures).isEmpty();
        assertThat(served.get(0)).isGreaterThan(CHANGES);
    }

    /** The one target is replaced in one step: nobody may find the group empty in between. */
    @Test
    void theOnlyTargetMayBeSwapped() throws InterruptedException {
        var failures = new ConcurrentLinkedQueue<String>();
        var stop = new AtomicBoolean();
        var served = new AtomicIntegerArray(CLIENTS);
        try (var ground = new Ground(); Backend a = Backend.answering("ok"); Backend b = Backend.answering("ok")) {
            ground.group("tg", Map.of(), a).apply();
            var clients = new ArrayList<Thread>();
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                clients.add(Thread.ofVirtual().start(
                        () -> ask(ground, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", stop, served, client, failures)));
            }
            for (int change = 0; change < CHANGES * 5; change++) {
                Backend fresh = change % 2 == 0 ? b : a;
                Backend old = change % 2 == 0 ? a : b;
                ground.targets("tg", List.of(
                        new Target("127.0.0.1", "127.0.0.1", old.port(), "", System.currentTimeMillis()),
                        fresh.target())).apply();
            }
            stop.set(true);
            for (Thread client : clients) {
                client.join();
            }
        }
        assertThat(failures).isEmpty();
    }

    private static void comeRound(AtomicIntegerArray served, ConcurrentLinkedQueue<String> failures) {
        for (int client = 0; client < CLIENTS; client++) {
            int before = served.get(client);
            while (served.get(client) < before + 2 && failures.isEmpty()) {
                Thread.onSpinWait();
            }
        }
    }

    private static List<Target> targets(Iterable<Backend> backends) {
        var targets = new ArrayList<Target>();
        backends.forEach(backend -> targets.add(backend.target()));
        return targets;
    }

    private static void ask(Ground ground, String request, AtomicBoolean stop, AtomicIntegerArray served,
            int number, ConcurrentLinkedQueue<String> failures) {
        try (Wire client = ground.connect()) {
            while (!stop.get()) {
                Wire.Message response = client.send(request).message();
                if (!response.body().equals("ok")) {
                    failures.add(response.toString());
                    return;
                }
                served.incrementAndGet(number);
            }
        } catch (RuntimeException e) {
            failures.add(e.toString());
        }
    }

    @Test
    void everythingElseMayChangeUnderLoadToo() throws InterruptedException {
        var failures = new ConcurrentLinkedQueue<String>();
        var stop = new AtomicBoolean();
        var served = new AtomicIntegerArray(CLIENTS);
        try (var ground = new Ground(); Backend a = Backend.answering("ok"); Backend b = Backend.answering("ok")) {
            ground.group("tg", Map.of(), a, b).apply();
            var clients = new ArrayList<Thread>();
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                clients.add(Thread.ofVirtual().start(
                        () -> ask(ground, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", stop, served, client, failures)));
            }
            for (int change = 0; change < CHANGES; change++) {
                ground.attributes = Map.of("idle_timeout.timeout_seconds", String.valueOf(30 + change % 30));
                ground.group(new TargetGroup("tg", "tg", TargetGroup.Protocol.HTTP, null, TargetGroup.TargetType.IP,
                        new HealthCheck(true, TargetGroup.Protocol.HTTP, null, "/" + change % 3, 5, 2, 2, 2, "200"),
                        Map.of("load_balancing.algorithm.type",
                                change % 2 == 0 ? "round_robin" : "least_outstanding_requests"),
                        List.of(a.target(), b.target())));
                ground.apply();
                comeRound(served, failures);
            }
            stop.set(true);
            for (Thread client : clients) {
                client.join();
            }
        }
        assertThat(failures).isEmpty();
    }
}
