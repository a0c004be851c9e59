package dev.landfall.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Ground;
import dev.landfall.edge.tls.TestCertificates;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Listener;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 from clients, as the JDK's client speaks it. */
class Http2Test {
    private final Ground ground = new Ground(1);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(TestCertificates.trusting()).build();

    @BeforeEach
    void serve() {
        ground.protocol = Listener.Protocol.HTTPS;
        ground.sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
        ground.certificates = List.of(TestCertificates.of("cert", "localhost"));
    }

    @AfterEach
    void close() {
        client.close();
        ground.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + ground.port + path));
    }

    @Test
    void becomesHttp1ForTheTarget() throws Exception {
        try (Backend target = Backend.answering("two")) {
            ground.group("tg", Map.of(), target).apply();
            HttpResponse<String> response = client.send(request("/p?q=1").header("X-Mine", "1").build(),
                    BodyHandlers.ofString());

            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("two");
            assertThat(response.headers().firstValue("x-target")).contains("t");
            assertThat(response.headers().firstValue("connection")).isEmpty();
            assertThat(target.requests.getFirst().firstLine()).isEqualTo("GET /p?q=1 HTTP/1.1");
            assertThat(target.requests.getFirst().field("host")).contains("localhost:" + ground.port);
            assertThat(target.requests.getFirst().field("x-mine")).contains("1");
            assertThat(target.requests.getFirst().field("x-forwarded-proto")).contains("https");
        }
    }

    @Test
    void bodiesGoBothWays() throws Exception {
        String body = "0123456789".repeat(300_000);
        try (Backend target = Backend.scripted(wire -> {
            while (true) {
                String got = wire.message().body();
                wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(got.length())
                        + "\r\n" + got + "\r\n0\r\n\r\n");
            }
        })) {
            ground.group("tg", Map.of(), target).apply();
            for (var publisher : List.of(BodyPublishers.ofString(body),
                    BodyPublishers.fromPublisher(BodyPublishers.ofString(body)))) {
                HttpResponse<String> response =
                        client.send(request("/").POST(publisher).build(), BodyHandlers.ofString());
                assertThat(response.body().equals(body)).isTrue();
            }
        }
    }

    @Test
    void manyRequestsAtOnce() {
        try (Backend target = Backend.answering("many")) {
            ground.group("tg", Map.of(), target).apply();
            for (int round = 0; round < 3; round++) {
                var all = new ArrayList<CompletableFuture<HttpResponse<String>>>();
                for (int i = 0; i < 120; i++) {         // the JDK's client fails those above the 128 that AWS allows
                    all.add(client.sendAsync(request("/" + i).build(), BodyHandlers.ofString()));
                }
                all.forEach(one -> assertThat(one.join().body()).isEqualTo("many"));
            }
            assertThat(target.requests).hasSize(360);
        }
    }

    @Test
    void answersOfTheLoadBalancer() throws Exception {
        ground.standard = new Action.FixedResponse("404", "text/html", "nothing");
        ground.apply();
        HttpResponse<String> fixed = client.send(request("/").build(), BodyHandlers.ofString());
        assertThat(fixed.statusCode()).isEqualTo(404);
        assertThat(fixed.body()).isEqualTo("nothing");
        assertThat(fixed.headers().firstValue("server")).contains("awselb/2.0");

        ground.standard = Ground.forward("tg");
        ground.group("tg", Map.of()).apply();
        assertThat(client.send(request("/").build(), BodyHandlers.ofString()).statusCode()).isEqualTo(503);
        HttpResponse<String> head =
                client.send(request("/").method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(503);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void canBeSwitchedOff() throws Exception {
        try (Backend target = Backend.answering("one")) {
            ground.attributes = Map.of("routing.http2.enabled", "false");
            ground.group("tg", Map.of(), target).apply();
            assertThat(client.send(request("/").build(), BodyHandlers.ofString()).version())
                    .isEqualTo(HttpClient.Version.HTTP_1_1);
        }
    }

    @Test
    void aResponseBrokenOffIsAResetStream() {
        try (Backend target = Backend.scripted(wire -> {
            wire.message();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart");
        })) {
            ground.group("tg", Map.of(), target).apply();
            assertThat(client.sendAsync(request("/").build(), BodyHandlers.ofString())
                    .handle((response, failure) -> failure).join()).isNotNull();
            try (Backend fine = Backend.answering("fine")) {
                ground.group("tg", Map.of(), fine).apply();
                assertThat(client.sendAsync(request("/").build(), BodyHandlers.ofString()).join().body())
                        .isEqualTo("fine");
            }
        }
    }
}
