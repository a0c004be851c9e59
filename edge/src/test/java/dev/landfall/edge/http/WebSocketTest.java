package dev.landfall.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Ground;
import dev.landfall.edge.Wire;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Upgraded connections: after 101 every byte goes through, either way, until one side ends. */
class WebSocketTest {
    private static final String UPGRADE = "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    private static final String SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    private final Ground ground = new Ground(1);

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void framesGoBothWays() {
        var ended = new CountDownLatch(1);
        try (Backend target = Backend.scripted(wire -> {
            Wire.Message request = wire.message();
            assertThat(request.field("connection")).contains("upgrade");
            assertThat(request.field("upgrade")).contains("websocket");
            assertThat(request.field("sec-websocket-version")).contains("13");
            wire.send(SWITCHING + "first");
            for (int i = 0; i < 100; i++) {
                wire.send("<" + wire.bytes(5) + ">");
            }
            if (wire.ended()) {
                ended.countDown();
            }
        })) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send(UPGRADE);
                Wire.Message response = client.head();
                assertThat(response.status()).isEqualTo(101);
                assertThat(response.field("upgrade")).contains("websocket");
                assertThat(response.field("connection").orElseThrow()).isEqualToIgnoringCase("upgrade");
                assertThat(response.field("sec-websocket-accept")).isPresent();
                assertThat(client.bytes(5)).isEqualTo("first");
                for (int i = 100; i < 200; i++) {
                    client.send("fr" + i);
                    assertThat(client.bytes(7)).isEqualTo("<fr" + i + ">");
                }
            }
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void aTargetThatEndsEndsTheClient() {
        try (Backend target = Backend.scripted(wire -> {
            wire.message();
            wire.send(SWITCHING + "bye");
        })) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send(UPGRADE);
                assertThat(client.head().status()).isEqualTo(101);
                assertThat(client.rest()).isEqualTo("bye");
            }
        }
    }

    @Test
    void aTargetMayRefuse() {
        try (Backend target = Backend.raw("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno")) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send(UPGRADE);
                assertThat(client.message().status()).isEqualTo(400);
                client.send(UPGRADE);
                assertThat(client.message().body()).isEqualTo("no");
            }
        }
    }
}
