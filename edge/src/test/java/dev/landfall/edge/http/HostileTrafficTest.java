package dev.landfall.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Ground;
import dev.landfall.edge.Wire;
import dev.landfall.edge.tls.TestCertificates;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.testkit.Await;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Clients that send whatever comes to their mind, and leave as they like: others are served, and when all are gone
 * nothing is left of them. The seed is in the message of a failure.
 */
class HostileTrafficTest {
    private static final int CLIENTS = 400;
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String[] PIECES = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", "hello",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n", "0\r\n\r\n", "\r\n",
        "0\r\nX-Trailer: y\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
        "HEAD / HTTP/1.0\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 100000\r\n\r\n",
        "GET / HT", "\0", "Host: ", "GET http://a/ HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n",
        "x".repeat(20_000), "Content-Length: 3\r\n", "ffffffffffffffff\r\n"};

    private final Ground ground = new Ground(1);
    private final Backend target = Backend.answering("x".repeat(10_000));

    @AfterEach
    void close() {
        ground.close();
        target.close();
    }

    private void serve() {
        ground.attributes = Map.of("access_logs.s3.enabled", "true", "idle_timeout.timeout_seconds", "5");
        ground.rules = List.of();
        ground.standard = Ground.forward("tg");
        ground.group("tg", Map.of(), target).apply();
    }

    private void nothingIsLeft() {
        Await.until("no connection is left", DEADLINE, () -> ground.edge.metrics().measurements().stream()
                .filter(one -> one.name().equals("ActiveConnectionCount"))
                .allMatch(one -> one.values().equals(List.of(0.0))));
        Await.until("no buffer is left", DEADLINE, () -> ground.edge.bufferBytes() == 0);
    }

    @Test
    void ofHttp1() {
        serve();
        for (int seed = 0; seed < CLIENTS; seed++) {
            var random = new Random(seed);
            try (Wire client = ground.connect()) {
                for (int i = random.nextInt(8); i >= 0; i--) {
                    byte[] piece = PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.ISO_8859_1);
                    if (random.nextInt(10) == 0) {
                        piece[random.nextInt(piece.length)] = (byte) random.nextInt();
                    }
                    client.send(piece);
                }
                leave(client, random);
            } catch (UncheckedIOException e) {
                continue;               // it was told to go
            } finally {
                if (seed % 50 == 0) {
                    isServed(seed);
                }
            }
        }
        nothingIsLeft();
    }

    private static void leave(Wire client, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> client.reset();
            case 1 -> client.endOutput();
            case 2 -> client.send(PIECES[0]).endOutput();
            default -> { }
        }
    }

    private void isServed(int seed) {
        try (Wire other = ground.connect()) {
            assertThat(other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").message().status()).as("seed %d", seed)
                    .isEqualTo(200);
        }
    }

    @Test
    void ofHttp2() {
        ground.protocol = Listener.Protocol.HTTPS;
        ground.sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
        ground.certificates = List.of(TestCertificates.of("cert", "localhost"));
        serve();
        for (int seed = 0; seed < CLIENTS; seed++) {
            var random = new Random(seed);
            try (H2Wire client = H2Wire.greeted(ground.port)) {
                for (int i = random.nextInt(30); i >= 0; i--) {
                    client.raw(frame(random));
                }
                if (random.nextBoolean()) {
                    client.frame(Http2.PING, 0, 0, new byte[8]);
                    while (!client.next().is(Http2.PING)) {
                        continue;
                    }
                }
            } catch (UncheckedIOException e) {
                continue;               // it was told to go
            } finally {
                if (seed % 50 == 0) {
                    try (H2Wire other = H2Wire.greeted(ground.port)) {
                        assertThat(other.get(1).status(1)).as("seed %d", seed).isEqualTo(200);
                    }
                }
            }
        }
        nothingIsLeft();
    }

    /** Mostly such as could be meant, so that streams come into all states. */
    private static byte[] frame(Random random) {
        int stream = 2 * random.nextInt(6) + (random.nextInt(20) == 0 ? 0 : 1);
        int type = random.nextInt(11);
        int flags = random.nextInt(10) == 0 ? random.nextInt(256) : random.nextInt(2);
        byte[] payload = switch (type) {
            case Http2.HEADERS -> H2Wire.section(random.nextInt(4) == 0 ? H2Wire.GET : H2Wire.POST);
            case Http2.RST_STREAM -> H2Wire.number(random.nextInt(14));
            case Http2.WINDOW_UPDATE -> H2Wire.number(random.nextInt(40_000));
            case Http2.SETTINGS -> flags == 1 ? new byte[0]
                    : H2Wire.setting(1 + random.nextInt(6), random.nextInt(20_000) + 16_384L * random.nextInt(2));
            case Http2.PING, Http2.GOAWAY -> new byte[8];
            case Http2.PRIORITY -> new byte[5];
            case Http2.DATA -> new byte[random.nextInt(2_000)];
            default -> new byte[random.nextInt(20)];
        };
        if (type == Http2.SETTINGS || type == Http2.PING || type == Http2.GOAWAY) {
            stream = 0;
        }
        // Those that end the connection at once would hide all others.
        boolean ends = type == Http2.PUSH_PROMISE || type == Http2.CONTINUATION;
        return H2Wire.bytes(ends ? 11 : type, flags | (type == Http2.HEADERS ? Http2.END_HEADERS : 0), stream, payload);
    }
}
