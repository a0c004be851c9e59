package dev.landfall.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Ground;
import dev.landfall.edge.Wire;
import dev.landfall.edge.tls.TestCertificates;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Condition;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.Rule;
import dev.landfall.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Heads that are large, and as many of them as there can be at once: what they take together has a bound. */
class LargeHeadsTest {
    private static final int STREAMS = 100;
    private static final String LARGE = "GET /own HTTP/1.1\r\nHost: a\r\n"
            + ("X-Large: " + "y".repeat(15_000) + "\r\n").repeat(4) + "\r\n";
    private final Ground ground = new Ground(1);
    private final CountDownLatch held = new CountDownLatch(1);
    private final List<H2Wire> clients = new ArrayList<>();

    @AfterEach
    void close() {
        held.countDown();
        clients.forEach(H2Wire::close);
        ground.close();
    }

    private void serve(Backend target) {
        ground.protocol = Listener.Protocol.HTTPS;
        ground.sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
        ground.certificates = List.of(TestCertificates.of("cert", "localhost"));
        ground.rules = List.of(new Rule("own", 1, List.of(new Condition.PathPattern(List.of("/own"), List.of())),
                List.of(), new Action.FixedResponse("200", "text/plain", "own")));
        ground.group("tg", Map.of(), target).apply();
    }

    /** A request of 62 KB whose field is named sixteen times, each time in one byte (RFC 7541, 6.1). */
    private static byte[] bomb(int stream) {
        var section = new ByteArrayOutputStream();
        section.writeBytes(H2Wire.section(H2Wire.GET));
        for (int i = 0; i < 16; i++) {
            section.write(0xbe);
        }
        return H2Wire.bytes(Http2.HEADERS, Http2.END_HEADERS | Http2.END_STREAM, stream, section.toByteArray());
    }

    /** Has the field remembered that the others name: "x" with 3,900 letters, as a literal. */
    private static byte[] fuse() {
        var section = new ByteArrayOutputStream();
        section.writeBytes(H2Wire.section(H2Wire.GET));
        section.writeBytes(new byte[] {0x40, 1, 'x', 127, (byte) (3_900 - 127 & 127 | 128), 3_900 - 127 >> 7});
        section.writeBytes("y".repeat(3_900).getBytes());
        return H2Wire.bytes(Http2.HEADERS, Http2.END_HEADERS | Http2.END_STREAM, 1, section.toByteArray());
    }

    /** @return whether a stream of this client was refused */
    private boolean fills() {
        H2Wire client = H2Wire.greeted(ground.port);
        clients.add(client);
        client.raw(fuse());
        var all = new ByteArrayOutputStream();
        for (int i = 1; i < STREAMS; i++) {
            all.writeBytes(bomb(2 * i + 1));
        }
        client.raw(all.toByteArray());
        client.frame(Http2.PING, 0, 0, new byte[8]);
        while (true) {
            H2Wire.Frame frame = client.next();
            if (frame.is(Http2.PING)) {
                return false;
            }
            if (frame.is(Http2.RST_STREAM)) {
                assertThat(Http2.Code.values()[frame.number(0)]).isEqualTo(Http2.Code.REFUSED_STREAM);
                return true;
            }
        }
    }

    private int status(String request) {
        try (var socket = (SSLSocket) TestCertificates.trusting().getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), ground.port); var client = new Wire(socket)) {
            return client.send(request).message().status();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void areRefusedBeyondTheBoundAndNobodyElseIs() {
        long most = Runtime.getRuntime().maxMemory() / (STREAMS * 60_000L);
        try (Backend target = Backend.scripted(wire -> {
            wire.message();
            await();
        })) {
            serve(target);
            assertThat(status(LARGE)).isEqualTo(200);
            boolean refused = false;
            while (!refused && clients.size() < most) {
                refused = fills();
            }
            assertThat(refused).as("%d clients", clients.size()).isTrue();
            assertThat(status(LARGE)).isEqualTo(503);
            assertThat(status("GET /own HTTP/1.1\r\nHost: a\r\n\r\n")).isEqualTo(200);
            clients.forEach(H2Wire::close);
            Await.until("there is room again", Duration.ofSeconds(20), () -> status(LARGE) == 200);
        }
    }

    private void await() {
        try {
            held.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
