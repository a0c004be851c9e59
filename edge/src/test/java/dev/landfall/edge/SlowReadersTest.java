package dev.landfall.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.tls.TestCertificates;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.testkit.Await;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that ask for much and read nothing: what is kept for each has a bound, and their time is over some day. */
class SlowReadersTest {
    private static final int CLIENTS = 50;
    /** Unsent bytes at which a target is not read any more, and what was read at once before that was seen. */
    private static final long BOUND = CLIENTS * (128 + 2 * 64) * 1_024L;
    /** For one client: several times of what a connection may keep. */
    private static final long TOO_MUCH = 4 << 20;
    private final Ground ground = new Ground(1);
    private final AtomicInteger ended = new AtomicInteger();

    @AfterEach
    void close() {
        ground.close();
    }

    private Backend endless(String head) {
        byte[] piece = new byte[60_000];
        return Backend.scripted(wire -> {
            try {
                wire.head();
                wire.send(head);
                while (true) {
                    wire.send(piece);
                }
            } catch (UncheckedIOException e) {
                ended.incrementAndGet();
            }
        });
    }

    private long mostThatIsKept() {
        var clients = new ArrayList<Wire>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(ground.connect().send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        }
        long most = 0;
        while (ended.get() < CLIENTS) {
            most = Math.max(most, ground.edge.bufferBytes());
            Thread.onSpinWait();
        }
        clients.forEach(Wire::close);
        return most;
    }

    @Test
    void ofHttpAreBounded() {
        try (Backend target = endless("HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n")) {
            ground.attributes = Map.of("idle_timeout.timeout_seconds", "2");
            ground.group("tg", Map.of(), target).apply();
            assertThat(mostThatIsKept()).isPositive().isLessThan(BOUND);
        }
    }

    /** Asks again and again without reading an answer, until nobody takes any more: what is kept at most meanwhile. */
    private long mostThatIsKeptForOneThatAsks() {
        byte[] many = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1_000).getBytes(StandardCharsets.US_ASCII);
        long most = 0;
        try (Wire client = ground.connect()) {
            while (most < TOO_MUCH) {
                client.send(many);
                most = Math.max(most, ground.edge.bufferBytes());
            }
        } catch (UncheckedIOException e) {
            return most;                // its time is over
        }
        return most;
    }

    @Test
    void thatAskAheadAreBounded() {
        ground.attributes = Map.of("idle_timeout.timeout_seconds", "2");
        ground.standard = new Action.FixedResponse("200", "text/plain", "x".repeat(1_024));
        ground.apply();
        assertThat(mostThatIsKeptForOneThatAsks()).isPositive().isLessThan(TOO_MUCH);
    }

    @Test
    void thatAskTargetsAheadAreBounded() {
        try (Backend target = Backend.answering("x".repeat(2_000))) {
            ground.attributes = Map.of("idle_timeout.timeout_seconds", "2");
            ground.group("tg", Map.of(), target).apply();
            assertThat(mostThatIsKeptForOneThatAsks()).isPositive().isLessThan(TOO_MUCH);
        }
    }

    @Test
    void whatWaitsForATargetThatDoesNotReadEndsWithItsClient() {
        var held = new CountDownLatch(1);
        try (Backend target = Backend.scripted(_ -> await(held))) {
            ground.type = Balancer.Type.NETWORK;
            ground.protocol = Listener.Protocol.TCP;
            ground.listenerAttributes = Map.of("tcp.idle_timeout.seconds", "1");
            ground.group(new TargetGroup("tg", "tg", TargetGroup.Protocol.TCP, null, TargetGroup.TargetType.IP,
                    Ground.UNCHECKED, Map.of(), List.of(target.target()))).apply();
            byte[] piece = new byte[1 << 20];
            try (Wire client = ground.connect()) {
                while (true) {
                    client.send(piece);
                }
            } catch (UncheckedIOException e) {
                Await.until("all that waited is given back", Duration.ofSeconds(20),
                        () -> ground.edge.bufferBytes() == 0);
            }
        } finally {
            held.countDown();
        }
    }

    /** They have ten seconds to be greeted. */
    @Test
    void thatDoNotFinishTheirGreetingAreBounded() {
        ground.protocol = Listener.Protocol.HTTPS;
        ground.sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
        ground.certificates = List.of(TestCertificates.of("cert", "localhost"));
        ground.standard = new Action.FixedResponse("200", "text/plain", "");
        ground.apply();
        var greeting = ByteBuffer.allocate(3 * (5 + 16_384));
        for (int record = 0; record < 3; record++) {
            greeting.put((byte) 22).putShort((short) 0x0301).putShort((short) 16_384);
            int rest = 16_384;
            if (record == 0) {
                greeting.putInt(1 << 24 | 60_000);          // a ClientHello of so many bytes
                rest -= 4;
            }
            greeting.put(new byte[rest]);
        }
        var clients = new ArrayList<Wire>();
        long most = 0;
        for (int i = 0; i < CLIENTS; i++) {
            Wire client = ground.connect();
            clients.add(client);
            try {
                client.send(greeting.array());
            } catch (UncheckedIOException e) {
                continue;               // it was told to go
            } finally {
                most = Math.max(most, ground.edge.bufferBytes());
            }
        }
        clients.forEach(Wire::close);
        assertThat(most).isLessThan(CLIENTS * 24 * 1_024L);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void ofTcpAreBounded() {
        try (Backend target = endless("")) {
            ground.type = Balancer.Type.NETWORK;
            ground.protocol = Listener.Protocol.TCP;
            ground.listenerAttributes = Map.of("tcp.idle_timeout.seconds", "2");
            ground.group(new TargetGroup("tg", "tg", TargetGroup.Protocol.TCP, null, TargetGroup.TargetType.IP,
                    Ground.UNCHECKED, Map.of(), List.of(target.target()))).apply();
            assertThat(mostThatIsKept()).isPositive().isLessThan(BOUND);
        }
    }
}
