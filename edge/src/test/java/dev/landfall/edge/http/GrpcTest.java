package dev.landfall.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Ground;
import dev.landfall.edge.tls.TestCertificates;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.EdgeReport.State;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.protocol.edge.TargetGroup.HealthCheck;
import dev.landfall.protocol.edge.TargetGroup.ProtocolVersion;
import dev.landfall.protocol.edge.TargetGroup.Target;
import dev.landfall.testkit.Await;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 and gRPC to targets: streams in both directions at once, trailers, resets. */
class GrpcTest {
    private final Ground ground = new Ground(1);
    private final H2Peers peers = new H2Peers();

    @BeforeEach
    void secure() {
        ground.protocol = Listener.Protocol.HTTPS;
        ground.sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
        ground.certificates = List.of(TestCertificates.of("cert", "localhost"));
    }

    @AfterEach
    void close() {
        ground.close();
        peers.close();
    }

    private void serve(ProtocolVersion version, HealthCheck check, int port) {
        ground.group(new TargetGroup("tg", "tg", TargetGroup.Protocol.HTTP, version, TargetGroup.TargetType.IP, check,
                Map.of(), List.of(new Target("127.0.0.1", "127.0.0.1", port, "")))).apply();
    }

    private static Http2Headers fields(String... namesAndValues) {
        var headers = new DefaultHttp2Headers(false);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    private static Http2Headers call(String path) {
        return H2Peers.request("POST", path).add("content-type", "application/grpc").add("te", "trailers");
    }

    /** Answers every message as it comes, and says in trailers how it went. */
    private int echo(ConcurrentLinkedQueue<String> seen) {
        return peers.target((stream, frame) -> {
            seen.add(frame);
            if (frame.startsWith("H:")) {
                stream.headers(fields(":status", "200", "content-type", "application/grpc"), "");
            } else {
                String data = frame.substring(2).replaceAll("\\.$", "");
                if (!data.isEmpty()) {
                    stream.data("re:" + data, "");
                }
            }
            if (frame.endsWith(".")) {
                stream.headers(fields("grpc-status", "0", "grpc-message", "fine"), ".");
            }
        });
    }

    @Test
    void streamsBothWaysWithTrailers() {
        var seen = new ConcurrentLinkedQueue<String>();
        serve(ProtocolVersion.GRPC, Ground.UNCHECKED, echo(seen));
        Channel connection = peers.connect(ground.port);
        H2Peers.Stream stream = peers.open(connection).headers(call("/pkg.Service/Method"), "");
        assertThat(stream.next()).startsWith("H::status=200,").contains("content-type=application/grpc,");
        for (int i = 0; i < 50; i++) {
            stream.data("message" + i, "");
            assertThat(stream.next()).isEqualTo("D:re:message" + i);
        }
        stream.data("", ".");
        assertThat(stream.next()).isEqualTo("H:grpc-status=0,grpc-message=fine,.");
        assertThat(seen.peek()).contains(":method=POST", ":path=/pkg.Service/Method", "te=trailers",
                "x-forwarded-for=127.0.0.1", ":authority=localhost:" + ground.port);
    }

    @Test
    void trailersOfARequestArriveToo() {
        var seen = new ConcurrentLinkedQueue<String>();
        serve(ProtocolVersion.HTTP2, Ground.UNCHECKED, peers.target((stream, frame) -> {
            seen.add(frame);
            if (frame.endsWith(".")) {
                stream.headers(fields(":status", "200"), "").headers(fields("grpc-status", "0"), ".");
            }
        }));
        H2Peers.Stream stream = peers.open(peers.connect(ground.port)).headers(call("/pkg.Service/Method"), "")
                .data("message", "").headers(fields("x-checksum", "42"), ".");
        assertThat(stream.next()).startsWith("H::status=200,");
        assertThat(stream.next()).isEqualTo("H:grpc-status=0,.");
        assertThat(seen).endsWith("D:message", "H:x-checksum=42,.");
    }

    @Test
    void manyCallsShareConnections() {
        serve(ProtocolVersion.HTTP2, Ground.UNCHECKED, echo(new ConcurrentLinkedQueue<>()));
        Channel connection = peers.connect(ground.port);
        var streams = java.util.stream.IntStream.range(0, 120)
                .mapToObj(i -> peers.open(connection).headers(call("/" + i), "").data("x" + i, ".")).toList();
        for (int i = 0; i < streams.size(); i++) {
            assertThat(streams.get(i).next()).startsWith("H::status=200,");
            assertThat(streams.get(i).next()).isEqualTo("D:re:x" + i);
            assertThat(streams.get(i).next()).startsWith("H:grpc-status=0,");
        }
    }

    @Test
    void versionsThatDoNotFitAre464() {
        try (Backend old = Backend.answering("x")) {
            ground.group("tg", Map.of(), old).apply();
            Channel connection = peers.connect(ground.port);
            assertThat(peers.open(connection).headers(call("/a"), ".").next()).startsWith("H::status=464,");
            serve(ProtocolVersion.GRPC, Ground.UNCHECKED, old.port());
            assertThat(peers.open(connection).headers(H2Peers.request("GET", "/"), ".").next())
                    .startsWith("H::status=464,");
        }
    }

    @Test
    void aTargetThatResetsIs502() {
        int target = peers.target((stream, frame) -> {
            if (frame.contains("/late")) {
                stream.headers(fields(":status", "200"), "").data("part", "");
            }
            stream.reset();
        });
        serve(ProtocolVersion.HTTP2, Ground.UNCHECKED, target);
        Channel connection = peers.connect(ground.port);
        assertThat(peers.open(connection).headers(H2Peers.request("POST", "/"), ".").next())
                .startsWith("H::status=502,");
        H2Peers.Stream late = peers.open(connection).headers(H2Peers.request("GET", "/late"), ".");
        assertThat(late.next()).startsWith("H::status=200,");
        assertThat(late.next()).as("a reset may overtake data").isIn("D:part", "RST");
    }

    @Test
    void anAnswerIsWholeThoughTheRequestIsNot() {
        ground.standard = new Action.FixedResponse("404", "text/plain", "nobody");
        ground.apply();
        H2Peers.Stream stream = peers.open(peers.connect(ground.port))
                .headers(H2Peers.request("POST", "/"), "").data("more to come", "");
        assertThat(stream.next()).startsWith("H::status=404,");
        assertThat(stream.next()).isEqualTo("D:nobody.");
        assertThat(stream.next()).isEqualTo("RST");
    }

    @Test
    void headersThatCouldSplitAreRefused() {
        ground.standard = new Action.FixedResponse("200", "", "");
        ground.apply();
        String[][] wrong = {
            {"x-a", "b\r\nx-smuggled: 1"}, {"x-a\r\nb", "c"}, {"transfer-encoding", "chunked"}, {"x-a", "b\0c"},
            {"connection", "close"}, {"X-Upper", "a"}, {"content-length", "5, 6"}};
        for (String[] field : wrong) {
            H2Peers.Stream stream = peers.open(peers.connect(ground.port))
                    .headers(H2Peers.request("POST", "/").add(field[0], field[1]), ".");
            assertThat(stream.next()).as(field[0] + "=" + field[1]).matches("RST|END|H::status=400,.*");
        }
        for (String path : List.of("/a b", "/a\r\nX: y", "")) {
            H2Peers.Stream stream = peers.open(peers.connect(ground.port)).headers(H2Peers.request("GET", path), ".");
            assertThat(stream.next()).as(path).matches("RST|END|H::status=400,.*");
        }
    }

    @Test
    void healthIsAskedForInTheGroupsProtocol() {
        int target = peers.target((stream, frame) -> {
            if (frame.startsWith("H:") && frame.contains(":path=/AWS.ALB/healthcheck")) {
                stream.headers(fields(":status", "200", "content-type", "application/grpc", "grpc-status", "12"), ".");
            }
        });
        serve(ProtocolVersion.GRPC, new HealthCheck(true, TargetGroup.Protocol.HTTP, null,
                "/AWS.ALB/healthcheck", 5, 2, 2, 2, ""), target);
        Await.until("healthy", Duration.ofSeconds(10), () ->
                ground.edge.health().targets().getFirst().state() == State.HEALTHY);
    }

    /** RFC 9113, 8.1: nothing but a head answers HEAD; what comes behind it is nobody's. */
    @Test
    void aBodyThatAnswersHeadIsNotPassedOn() {
        int port = peers.target((stream, frame) -> stream.headers(fields(":status", "200"), "").data("body", "."));
        serve(ProtocolVersion.HTTP2, Ground.UNCHECKED, port);
        try (H2Wire client = H2Wire.greeted(ground.port)) {
            client.headers(1, Http2.END_STREAM, ":method", "HEAD", ":scheme", "https", ":authority", "a", ":path", "/");
            assertThat(client.outcome()).isEqualTo("END 1");
            client.frame(Http2.PING, 0, 0, new byte[8]);
            assertThat(client.next().is(Http2.PING)).isTrue();
        }
    }

    @Test
    void connectionsAtRestEndAfterTheIdleTimeout() {
        var ended = new CountDownLatch(1);
        int port = peers.target((stream, frame) -> {
            stream.whenConnectionEnds(ended::countDown);
            stream.headers(fields(":status", "200"), ".");
        });
        ground.attributes = Map.of("idle_timeout.timeout_seconds", "1");
        serve(ProtocolVersion.HTTP2, Ground.UNCHECKED, port);
        H2Peers.Stream stream = peers.open(peers.connect(ground.port)).headers(H2Peers.request("GET", "/"), ".");
        assertThat(stream.next()).contains(":status=200");
        Await.until("the target is left", Duration.ofSeconds(20), () -> ended.getCount() == 0);
    }
}
