package dev.landfall.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.tls.TestCertificates;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Bodies for those who do not take them, of many clients at once: together they take no more than was said, who behaves
 * well is served all the while, and when they are taken after all they arrive whole.
 */
class ScarcityTest {
    /** More than the system takes for a connection by itself, so that there is something for us to keep. */
    private static final byte[] BODY = new byte[4 << 20];
    /** Of those who behave well, both ways: some reads' worth. */
    private static final String MODERATE = "m".repeat(20_000);
    /** After so many requests without more it will not become more, and nothing that waits is idle for too long yet. */
    private static final int REST = 300;

    static {
        new Random(1).nextBytes(BODY);
    }

    /** What a listener speaks, the limit, how many clients come, and what each may take beyond the limit, in bytes. */
    private enum Mode {
        HTTP(2 << 20, 100, 16 * 1_024), HTTPS(2 << 20, 40, 48 * 1_024),
        TCP(2 << 20, 100, 16 * 1_024), TLS(2 << 20, 40, 48 * 1_024);

        private final long limit;
        private final int clients;
        private final int slackBytes;

        Mode(long limit, int clients, int slackBytes) {
            this.limit = limit;
            this.clients = clients;
            this.slackBytes = slackBytes;
        }

        boolean secure() {
            return this == HTTPS || this == TLS;
        }

        boolean relays() {
            return this == TCP || this == TLS;
        }
    }

    private final CountDownLatch opened = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Wire> clients = new ArrayList<>();
    private Ground ground;

    @AfterEach
    void close() {
        opened.countDown();
        clients.forEach(Wire::close);
        threads.shutdownNow();
        ground.close();
    }

    private void serve(Mode mode, Backend target) {
        ground = new Ground(2, mode.limit);
        ground.protocol = Listener.Protocol.valueOf(mode.name());
        if (mode.secure()) {
            ground.sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
            ground.certificates = List.of(TestCertificates.of("cert", "localhost"));
        }
        if (mode.relays()) {
            ground.type = Balancer.Type.NETWORK;
            ground.group(new TargetGroup("tg", "tg", TargetGroup.Protocol.TCP, null, TargetGroup.TargetType.IP,
                    Ground.UNCHECKED, Map.of(), List.of(target.target()))).apply();
        } else {
            ground.group("tg", Map.of(), target).apply();
        }
    }

    private synchronized Wire connect(Mode mode) {
        try {
            Wire client = mode.secure()
                    ? new Wire(TestCertificates.trusting().getSocketFactory()
                            .createSocket(InetAddress.getLoopbackAddress(), ground.port))
                    : ground.connect();
            clients.add(client);
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long checksum(byte[] bytes) {
        var checksum = new CRC32();
        checksum.update(bytes);
        return checksum.getValue();
    }

    /** Of so many bytes that come. */
    private static long checksum(Wire wire, int length) {
        var checksum = new CRC32();
        for (int rest = length; rest > 0; rest -= Math.min(rest, 65_536)) {
            checksum.update(wire.bytes(Math.min(rest, 65_536)).getBytes(StandardCharsets.ISO_8859_1));
        }
        return checksum.getValue();
    }

    private void awaitOpening() {
        try {
            opened.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** Reads nothing of what goes to "/slow" before it may, and sends all of it to who asks for "/much". */
    private Backend target() {
        return Backend.scripted(wire -> {
            while (true) {
                Wire.Message head = wire.head();
                int length = head.field("content-length").map(Integer::parseInt).orElse(0);
                if (head.firstLine().contains("/slow")) {
                    awaitOpening();
                    wire.send(ok(Long.toString(checksum(wire, length))));
                } else if (head.firstLine().contains("/much")) {
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + BODY.length + "\r\n\r\n").send(BODY);
                } else {
                    wire.bytes(length);
                    wire.send(ok(MODERATE));
                }
            }
        });
    }

    private static final class Served {
        private long most;
        private int requests;
    }

    /** Asks as one does, on a connection that stays and on new ones, until it does not become more. */
    private Served serveTheOther(Mode mode, long filledBytes) {
        var served = new Served();
        Wire stays = connect(mode);
        int unmoved = 0;
        while (unmoved < REST || served.most < filledBytes) {
            boolean anew = served.requests % 10 == 9;
            Wire other = anew ? connect(mode) : stays;
            other.send("POST /well HTTP/1.1\r\nHost: a\r\nContent-Length: " + MODERATE.length() + "\r\n\r\n"
                    + MODERATE);
            assertThat(other.message().body()).isEqualTo(MODERATE);
            if (anew) {
                other.close();
            }
            served.requests++;
            long now = ground.edge.bufferBytes();
            unmoved = now <= served.most ? unmoved + 1 : 0;
            served.most = Math.max(served.most, now);
        }
        return served;
    }

    private void holds(Mode mode, List<Future<Long>> asked) throws ExecutionException, InterruptedException {
        Served served = serveTheOther(mode, mode.limit / 2);
        assertThat(served.most).as("bytes, in %d requests", served.requests)
                .isLessThan(mode.limit + (long) mode.clients * mode.slackBytes);
        opened.countDown();
        long expected = checksum(BODY);
        for (Future<Long> one : asked) {
            assertThat(one.get()).isEqualTo(expected);
        }
        Await.until("all is given back", Duration.ofSeconds(20), () -> ground.edge.bufferBytes() == 0);
        assertThat(serveTheOther(mode, 0).most).isLessThan(mode.limit);
    }

    /** What a slow client does. @return the checksum of what was carried */
    @FunctionalInterface
    private interface Slowly {
        long exchange(Wire client);
    }

    private void bounded(Mode mode, Slowly slowly) throws ExecutionException, InterruptedException {
        try (Backend target = target()) {
            serve(mode, target);
            var asked = new ArrayList<Future<Long>>();
            for (int i = 0; i < mode.clients; i++) {
                Wire client = connect(mode);
                asked.add(threads.submit(() -> slowly.exchange(client)));
            }
            holds(mode, asked);
        }
    }

    private void uploads(Mode mode) throws ExecutionException, InterruptedException {
        bounded(mode, client -> {
            client.send("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: " + BODY.length + "\r\n\r\n");
            return Long.parseLong(client.send(BODY).message().body());
        });
    }

    private void downloads(Mode mode) throws ExecutionException, InterruptedException {
        bounded(mode, client -> {
            client.send("GET /much HTTP/1.1\r\nHost: a\r\n\r\n");
            awaitOpening();
            client.head();
            return checksum(client, BODY.length);
        });
    }

    @Test
    void uploadsOverHttpAreBounded() throws Exception {
        uploads(Mode.HTTP);
    }

    @Test
    void uploadsOverHttpsAreBounded() throws Exception {
        uploads(Mode.HTTPS);
    }

    @Test
    void uploadsOverTcpAreBounded() throws Exception {
        uploads(Mode.TCP);
    }

    @Test
    void uploadsOverTlsAreBounded() throws Exception {
        uploads(Mode.TLS);
    }

    @Test
    void downloadsOverHttpAreBounded() throws Exception {
        downloads(Mode.HTTP);
    }

    @Test
    void downloadsOverHttpsAreBounded() throws Exception {
        downloads(Mode.HTTPS);
    }

    @Test
    void downloadsOverTcpAreBounded() throws Exception {
        downloads(Mode.TCP);
    }

    @Test
    void downloadsOverTlsAreBounded() throws Exception {
        downloads(Mode.TLS);
    }
}
