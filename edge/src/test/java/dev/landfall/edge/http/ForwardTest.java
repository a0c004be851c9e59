package dev.landfall.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Ground;
import dev.landfall.edge.Wire;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes through a listener of HTTP, byte for byte. */
class ForwardTest {
    private final Ground ground = new Ground(1);

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void addsWhatAlbAdds() {
        try (Backend target = Backend.answering("hello")) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send("GET /a?b=c HTTP/1.1\r\nHost: example.com\r\nX-Mine: 1\r\nConnection: keep-alive\r\n"
                        + "Accept: */*\r\n\r\n");
                Wire.Message response = client.message();

                assertThat(response.firstLine()).isEqualTo("HTTP/1.1 200 OK");
                assertThat(response.body()).isEqualTo("hello");
                assertThat(response.field("x-target")).contains("t");
                assertThat(response.field("connection")).contains("keep-alive");
                Wire.Message request = target.requests.getFirst();
                assertThat(request.firstLine()).isEqualTo("GET /a?b=c HTTP/1.1");
                assertThat(request.all("host")).containsExactly("example.com:" + ground.port);
                assertThat(request.field("x-mine")).contains("1");
                assertThat(request.field("accept")).contains("*/*");
                assertThat(request.field("connection")).isEmpty();
                assertThat(request.all("x-forwarded-for")).containsExactly("127.0.0.1");
                assertThat(request.all("x-forwarded-proto")).containsExactly("http");
                assertThat(request.all("x-forwarded-port")).containsExactly(String.valueOf(ground.port));
                assertThat(request.field("x-amzn-trace-id").orElseThrow()).matches("Root=1-[0-9a-f]{8}-[0-9a-f]{24}");
            }
        }
    }

    @Test
    void keepsConnectionsOnBothSides() {
        try (Backend target = Backend.answering("x")) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                for (int i = 0; i < 5; i++) {
                    client.send("GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertThat(client.message().body()).isEqualTo("x");
                }
            }
            assertThat(target.connections).hasValue(1);
            assertThat(target.requests).hasSize(5);
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() {
        try (Backend target = Backend.answering("body")) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
                        + "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                        + "GET /3 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /4 HTTP/1.1\r\nHost: a\r\n\r\n");
                for (int i = 0; i < 3; i++) {
                    assertThat(client.message().body()).isEqualTo("body");
                }
                assertThat(client.head().field("content-length")).contains("4");
            }
            assertThat(target.requests).extracting(Wire.Message::firstLine).containsExactly(
                    "GET /1 HTTP/1.1", "POST /2 HTTP/1.1", "GET /3 HTTP/1.1", "HEAD /4 HTTP/1.1");
            assertThat(target.requests.get(1).body()).isEqualTo("abc");
        }
    }

    @Test
    void passesChunksAndTrailersBothWays() {
        var target = Backend.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n"
                + "5;ext=1\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nX-End: yes\r\n\r\n");
        try (target) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
                client.send("2;x=y\r\nde\r\n0\r\nX-Sum: 5\r\n\r\n");
                assertThat(client.message().body()).isEqualTo("hello world|X-End: yes");
                assertThat(target.requests.getFirst().body()).isEqualTo("abcde|X-Sum: 5");
            }
        }
    }

    @Test
    void passesABodyThatEndsWithTheConnection() {
        try (Backend target = Backend.scripted(wire -> {
            wire.message();
            wire.send("HTTP/1.0 200 OK\r\n\r\nuntil the end");
        })) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.message().body()).isEqualTo("until the end");
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.message().body()).isEqualTo("until the end");
            }
            try (Wire old = ground.connect()) {
                old.send("GET / HTTP/1.0\r\n\r\n");
                assertThat(old.head().field("transfer-encoding")).isEmpty();
                assertThat(old.rest()).isEqualTo("until the end");
            }
        }
    }

    @Test
    void passes100Continue() {
        try (Backend target = Backend.scripted(wire -> {
            Wire.Message head = wire.head();
            wire.send("HTTP/1.1 100 Continue\r\n\r\n");
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + wire.bytes(4));
            assertThat(head.field("expect")).contains("100-continue");
        })) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
                assertThat(client.message().firstLine()).isEqualTo("HTTP/1.1 100 Continue");
                client.send("data");
                assertThat(client.message().body()).isEqualTo("data");
            }
        }
    }

    @Test
    void answersWithoutBodiesEndWhereTheirHeadsEnd() {
        for (String response : new String[] {"204 No Content\r\n", "304 Not Modified\r\nContent-Length: 10\r\n"}) {
            try (Backend target = Backend.raw("HTTP/1.1 " + response + "\r\n")) {
                ground.group("tg", Map.of(), target).apply();
                try (Wire client = ground.connect()) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertThat(client.head().firstLine()).isEqualTo("HTTP/1.1 " + response.split("\r")[0]);
                    assertThat(client.head().firstLine()).isEqualTo("HTTP/1.1 " + response.split("\r")[0]);
                }
            }
        }
    }

    @Test
    void aHeadMayComeByteByByteAndABodyInPieces() {
        try (Backend target = Backend.answering("ok")) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                String request = "POST /slow HTTP/1.1\r\nHost: a\r\nX-Long: " + "v".repeat(3_000)
                        + "\r\nContent-Length: 5\r\n\r\n12345";
                for (int i = 0; i < request.length(); i++) {
                    client.send(request.substring(i, i + 1));
                }
                assertThat(client.message().body()).isEqualTo("ok");
            }
            assertThat(target.requests.getFirst().body()).isEqualTo("12345");
            assertThat(target.requests.getFirst().field("x-long").orElseThrow()).hasSize(3_000);
        }
    }

    @Test
    void largeBodiesGoBothWaysWhileTheOtherSideIsSlow() throws Exception {
        int size = 20_000_000;
        String body = "0123456789".repeat(size / 10);
        try (Backend target = Backend.scripted(wire -> {
            wire.head();
            String got = wire.bytes(size);
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n" + got);
        })) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                Thread sender = Thread.ofVirtual().start(() ->
                        client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n" + body));
                assertThat(client.message().body().equals(body)).isTrue();
                sender.join();
            }
        }
    }

    @Test
    void forwardedForHasItsModes() {
        for (String[] mode : new String[][] {
            {"append", "1.1.1.1, 2.2.2.2, 127.0.0.1"}, {"preserve", "1.1.1.1, 2.2.2.2"}, {"remove", ""}}) {
            try (Backend target = Backend.answering("")) {
                ground.attributes = Map.of("routing.http.xff_header_processing.mode", mode[0]);
                ground.group("tg", Map.of(), target).apply();
                try (Wire client = ground.connect()) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.1.1.1, 2.2.2.2\r\n\r\n");
                    client.message();
                    assertThat(String.join("|", target.requests.getFirst().all("x-forwarded-for")))
                            .isEqualTo(mode[1]);
                }
            }
        }
    }

    @Test
    void tracesGoOn() {
        try (Backend target = Backend.answering("")) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Amzn-Trace-Id: Self=1-old;"
                        + "Root=1-67891233-abcdef012345678912345678;CalledFrom=app\r\n\r\n");
                client.message();
                assertThat(target.requests.getFirst().field("x-amzn-trace-id").orElseThrow()).matches(
                        "Self=1-[0-9a-f]{8}-[0-9a-f]{24};Root=1-67891233-abcdef012345678912345678;CalledFrom=app");
            }
        }
    }

    @Test
    void hostAndHeadersAsTheAttributesSay() {
        try (Backend target = Backend.answering("")) {
            ground.attributes = Map.of("routing.http.preserve_host_header.enabled", "true",
                    "routing.http.drop_invalid_header_fields.enabled", "true",
                    "routing.http.xff_client_port.enabled", "true");
            ground.listenerAttributes = Map.of("routing.http.response.server.enabled", "false",
                    "routing.http.response.strict_transport_security.header_value", "max-age=1");
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send("GET http://example.com/x HTTP/1.1\r\nHost: other\r\nX_Bad: 1\r\nX-Good: 1\r\n\r\n");
                assertThat(client.message().field("strict-transport-security")).contains("max-age=1");
                Wire.Message request = target.requests.getFirst();
                assertThat(request.firstLine()).isEqualTo("GET /x HTTP/1.1");
                assertThat(request.all("host")).containsExactly("example.com");
                assertThat(request.field("x_bad")).isEmpty();
                assertThat(request.field("x-good")).contains("1");
                assertThat(request.field("x-forwarded-for").orElseThrow()).matches("127.0.0.1:[0-9]+");
            }
        }
    }
}
