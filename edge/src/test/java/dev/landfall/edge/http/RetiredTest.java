package dev.landfall.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Ground;
import dev.landfall.edge.Wire;
import dev.landfall.edge.tls.TestCertificates;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Listener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections of a listener that is deleted: what they have been asked is answered, and then they end. */
class RetiredTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private final Ground ground = new Ground(1);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answers = new CountDownLatch(1);

    @AfterEach
    void close() {
        ground.close();
    }

    private Backend slow() {
        return Backend.scripted(wire -> {
            wire.message();
            asked.countDown();
            await(answers);
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
            wire.ended();
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void secure() {
        ground.protocol = Listener.Protocol.HTTPS;
        ground.sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
        ground.certificates = List.of(TestCertificates.of("cert", "localhost"));
    }

    @Test
    void aConnectionAtRestEnds() {
        ground.standard = new Action.FixedResponse("200", "", "fine");
        ground.apply();
        try (Wire client = ground.connect()) {
            assertThat(client.send(GET).message().field("connection")).contains("keep-alive");
            ground.applyNothing();
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void aRequestUnderWayIsAnsweredFirst() {
        try (Backend target = slow()) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send(GET);
                await(asked);
                ground.applyNothing();
                answers.countDown();
                Wire.Message response = client.message();
                assertThat(response.body()).isEqualTo("late");
                assertThat(response.field("connection")).contains("close");
                assertThat(client.ended()).isTrue();
            }
        }
    }

    @Test
    void aStreamUnderWayIsAnsweredAndTheConnectionSaysSo() {
        secure();
        try (Backend target = slow()) {
            ground.group("tg", Map.of(), target).apply();
            try (H2Wire client = H2Wire.greeted(ground.port)) {
                client.get(1);
                await(asked);
                ground.applyNothing();
                assertThat(client.outcome()).isEqualTo("GOAWAY NO_ERROR");
                answers.countDown();
                assertThat(client.status(1)).isEqualTo(200);
                assertThat(client.outcome()).isEqualTo("END 1");
                assertThat(client.outcome()).isEqualTo("CLOSED");
            }
        }
    }

    @Test
    void aConnectionOfHttp2AtRestEnds() {
        secure();
        ground.standard = new Action.FixedResponse("200", "", "fine");
        ground.apply();
        try (H2Wire client = H2Wire.greeted(ground.port)) {
            assertThat(client.get(1).outcome()).isEqualTo("END 1");
            ground.applyNothing();
            assertThat(client.outcome()).isEqualTo("GOAWAY NO_ERROR");
            assertThat(client.outcome()).isEqualTo("CLOSED");
        }
    }
}
