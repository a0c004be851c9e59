package dev.landfall.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Ground;
import dev.landfall.edge.tls.TestCertificates;
import dev.landfall.protocol.edge.Listener;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Windows in both directions, and what a client that does not read can make the load balancer keep. */
class Http2BoundsTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final int CALLS = 100;
    private final Ground ground = new Ground(1);

    @BeforeEach
    void secure() {
        ground.protocol = Listener.Protocol.HTTPS;
        ground.sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
        ground.certificates = List.of(TestCertificates.of("cert", "localhost"));
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void nothingIsSentBeyondTheWindows() {
        String body = "0123456789".repeat(20_000);
        try (Backend target = Backend.answering(body)) {
            ground.group("tg", Map.of(), target).apply();
            try (H2Wire client = H2Wire.greeted(ground.port)) {
                client.frame(Http2.SETTINGS, 0, 0, H2Wire.setting(Http2.SETTINGS_INITIAL_WINDOW_SIZE, 10)).get(1);
                var got = new StringBuilder();
                int stream = 10;
                int connection = Http2.USUAL_WINDOW;
                while (got.length() < body.length()) {
                    H2Wire.Frame frame = client.next();
                    if (!frame.is(Http2.DATA)) {
                        continue;
                    }
                    got.append(frame.text());
                    stream -= frame.payload().length;
                    connection -= frame.payload().length;
                    assertThat(stream).isNotNegative();
                    assertThat(connection).isNotNegative();
                    if (stream == 0) {
                        stream = 30_000;
                        client.frame(Http2.WINDOW_UPDATE, 0, 1, H2Wire.number(30_000));
                    }
                    if (connection == 0 || stream > 0 && connection < 1_000) {
                        connection += 50_000;
                        client.frame(Http2.WINDOW_UPDATE, 0, 0, H2Wire.number(50_000));
                    }
                }
                assertThat(got.toString().equals(body)).isTrue();
            }
        }
    }

    @Test
    void aSmallerWindowHoldsForStreamsThatAreOpen() {
        try (Backend target = Backend.answering("abc")) {
            ground.group("tg", Map.of(), target).apply();
            try (H2Wire client = H2Wire.greeted(ground.port)) {
                client.post(1).frame(Http2.SETTINGS, 0, 0,
                        H2Wire.setting(Http2.SETTINGS_INITIAL_WINDOW_SIZE, 1)).data(1, Http2.END_STREAM, "x");
                assertThat(client.status(1)).isEqualTo(200);
                assertThat(client.next().text()).isEqualTo("a");
                client.frame(Http2.WINDOW_UPDATE, 0, 1, H2Wire.number(1));
                assertThat(client.next().text()).isEqualTo("b");
                client.frame(Http2.SETTINGS, 0, 0, H2Wire.setting(Http2.SETTINGS_INITIAL_WINDOW_SIZE, 2));
                assertThat(client.outcome()).isEqualTo("END 1");
            }
        }
    }

    @Test
    void uploadsHaveTheirWindowsGivenBack() {
        try (Backend target = Backend.answering("got it")) {
            ground.group("tg", Map.of(), target).apply();
            try (H2Wire client = H2Wire.greeted(ground.port)) {
                client.post(1);
                int stream = Http2.USUAL_WINDOW;
                byte[] piece = new byte[16_000];
                for (int sent = 0; sent < 100; sent++) {
                    while (stream < piece.length) {
                        H2Wire.Frame frame = client.next();
                        if (frame.is(Http2.WINDOW_UPDATE) && frame.stream() == 1) {
                            stream += frame.number(0);
                        }
                    }
                    stream -= piece.length;
                    client.frame(Http2.DATA, 0, 1, piece);
                }
                client.frame(Http2.DATA, Http2.END_STREAM, 1);
                assertThat(client.status(1)).isEqualTo(200);
                assertThat(target.requests.getFirst().body()).hasSize(100 * piece.length);
            }
        }
    }

    @Test
    void moreIsRefusedThanMayBeOpen() {
        try (Backend target = Backend.answering("x")) {
            ground.group("tg", Map.of(), target).apply();
            try (H2Wire client = H2Wire.greeted(ground.port)) {
                for (int i = 0; i <= 128; i++) {
                    client.post(2 * i + 1);
                }
                assertThat(client.outcome()).isEqualTo("RST 257 REFUSED_STREAM");
                client.frame(Http2.DATA, Http2.END_STREAM, 1);
                assertThat(client.status(1)).isEqualTo(200);
                assertThat(client.outcome()).isEqualTo("END 1");
                client.get(259);
                assertThat(client.status(259)).isEqualTo(200);
            }
        }
    }

    @Test
    void aClientThatOpensItsWindowsAndDoesNotReadIsBounded() {
        var ended = new AtomicInteger();
        byte[] piece = new byte[60_000];
        try (Backend target = Backend.scripted(wire -> {
            try {
                wire.message();
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
                while (true) {
                    wire.send(piece);
                }
            } catch (UncheckedIOException e) {
                ended.incrementAndGet();        // the load balancer has had enough of it
            }
        })) {
            ground.attributes = Map.of("idle_timeout.timeout_seconds", "2");
            ground.group("tg", Map.of(), target).apply();
            try (H2Wire client = H2Wire.greeted(ground.port)) {
                client.frame(Http2.SETTINGS, 0, 0, H2Wire.setting(Http2.SETTINGS_INITIAL_WINDOW_SIZE, 1 << 30))
                        .frame(Http2.WINDOW_UPDATE, 0, 0, H2Wire.number(1 << 30));
                for (int i = 0; i < CALLS; i++) {
                    client.get(2 * i + 1);
                }
                long most = 0;
                while (ended.get() < CALLS) {
                    most = Math.max(most, ground.edge.bufferBytes());
                    Thread.onSpinWait();
                }
                assertThat(most).isLessThan(24 * MEBIBYTE);
            }
        }
    }

    @Test
    void aClientThatPingsAndDoesNotReadIsBounded() {
        ground.attributes = Map.of("idle_timeout.timeout_seconds", "2");
        ground.apply();
        try (H2Wire client = H2Wire.greeted(ground.port)) {
            byte[] ping = H2Wire.bytes(Http2.PING, 0, 0, new byte[8]);
            var many = new java.io.ByteArrayOutputStream();
            for (int i = 0; i < 1_000; i++) {
                many.writeBytes(ping);
            }
            long most = 0;
            boolean ended = false;
            while (!ended) {
                most = Math.max(most, ground.edge.bufferBytes());
                try {
                    client.raw(many.toByteArray());
                } catch (UncheckedIOException e) {
                    ended = true;               // nobody reads any more, until the time is over
                }
            }
            assertThat(most).isLessThan(4 * MEBIBYTE);
        }
    }

    /** Resets that a client brings about by its faults cost it as little as its own (CVE-2025-8671). */
    @Test
    void streamsThatAClientHasResetAreCounted() {
        try (Backend target = Backend.answering("x")) {
            ground.group("tg", Map.of(), target).apply();
            try (H2Wire client = H2Wire.greeted(ground.port)) {
                var all = new java.io.ByteArrayOutputStream();
                for (int stream = 1; stream < 600; stream += 2) {
                    all.writeBytes(H2Wire.bytes(Http2.HEADERS, Http2.END_HEADERS, stream, H2Wire.section(H2Wire.POST)));
                    all.writeBytes(H2Wire.bytes(Http2.WINDOW_UPDATE, 0, stream, H2Wire.number(0)));
                }
                client.raw(all.toByteArray());
                String outcome;
                do {
                    outcome = client.outcome();
                } while (outcome.startsWith("RST"));
                assertThat(outcome).isEqualTo("GOAWAY ENHANCE_YOUR_CALM");
            }
        }
    }
}
