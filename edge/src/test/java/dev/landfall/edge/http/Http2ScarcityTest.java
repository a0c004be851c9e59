package dev.landfall.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Ground;
import dev.landfall.edge.tls.TestCertificates;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.protocol.edge.TargetGroup.ProtocolVersion;
import dev.landfall.protocol.edge.TargetGroup.Target;
import dev.landfall.testkit.Await;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 on both sides, many streams at once, while memory is scarce. */
class Http2ScarcityTest {
    private static final long LIMIT = 2 << 20;
    private static final int CLIENTS = 16;
    private static final int STREAMS = 8;
    /** For a client while memory is scarce: a record of TLS each way, a frame that has not come whole, some pieces. */
    private static final long CLIENT_BYTES = 96 * 1_024;
    /** For a stream that has come while memory was scarce: a read, a window, their frames. */
    private static final long STREAM_BYTES = 8 * 1_024;
    /** After so many requests without more it will not become more, and nothing that waits is idle for too long yet. */
    private static final int REST = 300;
    private static final String BODY = body(160_000);
    private static final String MODERATE = body(20_000);

    private final Ground ground = new Ground(2, LIMIT);
    private final H2Peers peers = new H2Peers();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<H2Wire> clients = new ArrayList<>();
    private final CountDownLatch opened = new CountDownLatch(1);
    private H2Wire other;
    private int otherStream = 1;
    private int otherWindow = Http2.USUAL_WINDOW;

    @AfterEach
    void close() {
        opened.countDown();
        clients.forEach(H2Wire::close);
        threads.shutdownNow();
        ground.close();
        peers.close();
    }

    private static String body(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static long checksum(String text) {
        var checksum = new CRC32();
        checksum.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return checksum.getValue();
    }

    private void serve(int port) {
        ground.protocol = Listener.Protocol.HTTPS;
        ground.sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
        ground.certificates = List.of(TestCertificates.of("cert", "localhost"));
        ground.group(new TargetGroup("tg", "tg", TargetGroup.Protocol.HTTP, ProtocolVersion.HTTP2,
                TargetGroup.TargetType.IP, Ground.UNCHECKED, Map.of(),
                List.of(new Target("127.0.0.1", "127.0.0.1", port, "")))).apply();
    }

    private H2Wire greeted() {
        H2Wire client = H2Wire.greeted(ground.port);
        clients.add(client);
        return client;
    }

    private static void answer(H2Peers.Stream stream, String body) {
        stream.headers(new DefaultHttp2Headers().status("200"), "").data(body, ".");
    }

    /** Asks for a moderate body and takes it, as one does. */
    private void serveTheOther() {
        if (other == null) {
            other = greeted();
        }
        int stream = otherStream;
        otherStream += 2;
        other.get(stream);
        var body = new StringBuilder();
        while (true) {
            H2Wire.Frame frame = other.next();
            assertThat(frame.type()).as("%s", frame).isNotIn(Http2.RST_STREAM, Http2.GOAWAY);
            if (frame.is(Http2.DATA)) {
                body.append(frame.text());
                otherWindow -= frame.payload().length;
            }
            if (otherWindow < MODERATE.length()) {
                other.frame(Http2.WINDOW_UPDATE, 0, 0, H2Wire.number(Http2.USUAL_WINDOW));
                otherWindow += Http2.USUAL_WINDOW;
            }
            if (frame.stream() == stream && frame.ends()) {
                assertThat(body.toString().equals(MODERATE)).isTrue();
                return;
            }
        }
    }

    /** Until it does not become more. @return the most bytes meanwhile */
    private long mostWhileTheOtherIsServed(long filledBytes) {
        long most = 0;
        int unmoved = 0;
        while (unmoved < REST || most < filledBytes) {
            serveTheOther();
            long now = ground.edge.bufferBytes();
            unmoved = now <= most ? unmoved + 1 : 0;
            most = Math.max(most, now);
        }
        return most;
    }

    /** Sends BODY on each stream, as the windows allow. @return what was answered on each */
    private static List<String> upload(H2Wire client) {
        int[] sent = new int[STREAMS];
        int[] windows = new int[STREAMS];
        var answers = new TreeMap<Integer, String>();
        int window = 256 * 1_024;
        for (int i = 0; i < STREAMS; i++) {
            windows[i] = Http2Connection.STREAM_WINDOW;
            client.post(2 * i + 1);
        }
        int ended = 0;
        while (ended < STREAMS) {
            for (int i = 0; i < STREAMS; i++) {
                int length = Math.min(Math.min(windows[i], window), Math.min(10_000, BODY.length() - sent[i]));
                if (length > 0) {
                    String piece = BODY.substring(sent[i], sent[i] + length);
                    sent[i] += length;
                    windows[i] -= length;
                    window -= length;
                    client.data(2 * i + 1, sent[i] == BODY.length() ? Http2.END_STREAM : 0, piece);
                }
            }
            boolean room = false;
            for (int i = 0; i < STREAMS; i++) {
                room |= sent[i] < BODY.length() && windows[i] > 0 && window > 0;
            }
            if (room) {
                continue;
            }
            H2Wire.Frame frame = client.next();
            if (frame.is(Http2.WINDOW_UPDATE) && frame.stream() == 0) {
                window += frame.number(0);
            } else if (frame.is(Http2.WINDOW_UPDATE)) {
                windows[frame.stream() / 2] += frame.number(0);
            } else if (frame.is(Http2.DATA)) {
                answers.merge(frame.stream(), frame.text(), String::concat);
                ended += frame.ends() ? 1 : 0;
            } else if (frame.is(Http2.RST_STREAM)) {
                answers.merge(frame.stream(), "RST", String::concat);
                ended++;
            }
        }
        return List.copyOf(answers.values());
    }

    @Test
    void uploadsToATargetThatDoesNotReadAreBounded() throws Exception {
        var paused = new ConcurrentLinkedQueue<H2Peers.Stream>();
        var checksums = new ConcurrentHashMap<H2Peers.Stream, CRC32>();
        serve(peers.target((stream, frame) -> {
            if (frame.startsWith("H:") && frame.contains("GET")) {
                answer(stream, MODERATE);
            } else if (frame.startsWith("H:")) {
                checksums.put(stream, new CRC32());
                if (opened.getCount() > 0) {
                    stream.pause();
                    paused.add(stream);
                }
            } else {
                received(stream, checksums.get(stream), frame.substring(2).getBytes(StandardCharsets.ISO_8859_1));
            }
        }));
        var asked = new ArrayList<Future<List<String>>>();
        for (int i = 0; i < CLIENTS; i++) {
            H2Wire client = greeted();
            asked.add(threads.submit(() -> upload(client)));
        }
        assertThat(mostWhileTheOtherIsServed(LIMIT / 2)).isLessThan(LIMIT + CLIENTS * CLIENT_BYTES);
        opened.countDown();
        paused.forEach(H2Peers.Stream::resume);
        var expected = java.util.Collections.nCopies(STREAMS, Long.toString(checksum(BODY)));
        for (Future<List<String>> one : asked) {
            assertThat(one.get()).isEqualTo(expected);
        }
        Await.until("all is given back", Duration.ofSeconds(20), () -> ground.edge.bufferBytes() == 0);
    }

    /** Some of BODY; one byte more than there is of it says that the stream has ended. */
    private static void received(H2Peers.Stream stream, CRC32 checksum, byte[] bytes) {
        int length = Math.min(bytes.length, BODY.length() - stream.received);
        stream.received += length;
        checksum.update(bytes, 0, length);
        if (length < bytes.length) {
            answer(stream, Long.toString(checksum.getValue()));
        }
    }

    private static void ask(H2Wire client, int from) {
        for (int i = from; i < from + STREAMS / 2; i++) {
            client.get(2 * i + 1, "x-much", "1");
        }
    }

    /** Takes everything there is on all streams. @return the checksums */
    private static List<Long> download(H2Wire client) {
        client.frame(Http2.SETTINGS, 0, 0, H2Wire.setting(Http2.SETTINGS_INITIAL_WINDOW_SIZE, 1 << 30))
                .frame(Http2.WINDOW_UPDATE, 0, 0, H2Wire.number(1 << 30));
        var bodies = new TreeMap<Integer, StringBuilder>();
        int ended = 0;
        while (ended < STREAMS) {
            H2Wire.Frame frame = client.next();
            if (frame.is(Http2.DATA)) {
                bodies.computeIfAbsent(frame.stream(), any -> new StringBuilder()).append(frame.text());
            }
            ended += frame.ends() || frame.is(Http2.RST_STREAM) ? 1 : 0;
        }
        return bodies.values().stream().map(body -> checksum(body.toString())).toList();
    }

    @Test
    void downloadsFromOneTargetHoldUpNobodyElseAndAreBounded() throws Exception {
        serve(peers.target((stream, frame) -> {
            if (frame.startsWith("H:")) {
                answer(stream, frame.contains("x-much") ? BODY : MODERATE);
            }
        }));
        for (int i = 0; i < CLIENTS; i++) {
            ask(greeted(), 0);
        }
        List<H2Wire> slow = List.copyOf(clients);
        long first = mostWhileTheOtherIsServed(LIMIT);
        slow.forEach(client -> ask(client, STREAMS / 2));
        assertThat(mostWhileTheOtherIsServed(LIMIT)).isLessThan(first + CLIENTS * (STREAMS / 2) * STREAM_BYTES);
        var taken = new ArrayList<Future<List<Long>>>();
        slow.forEach(client -> taken.add(threads.submit(() -> download(client))));
        var expected = java.util.Collections.nCopies(STREAMS, checksum(BODY));
        for (Future<List<Long>> one : taken) {
            assertThat(one.get()).isEqualTo(expected);
        }
        Await.until("all is given back", Duration.ofSeconds(20), () -> ground.edge.bufferBytes() == 0);
    }
}
