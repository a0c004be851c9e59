package dev.landfall.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Ground;
import dev.landfall.edge.Wire;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Condition;
import dev.landfall.protocol.edge.Rule;
import dev.landfall.protocol.edge.TargetGroup.Target;
import dev.landfall.testkit.FreePorts;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients get when a target, or they themselves, misbehave. */
class FaultsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private final Ground ground = new Ground(1);

    @AfterEach
    void close() {
        ground.close();
    }

    private void isAnswered(int status, String title) {
        try (Wire client = ground.connect()) {
            client.send(GET);
            Wire.Message response = client.message();
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.field("server")).contains("awselb/2.0");
            assertThat(response.field("content-type")).contains("text/html");
            assertThat(response.body()).isEqualTo("<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n"
                    + "<center><h1>" + title + "</h1></center>\r\n</body>\r\n</html>\r\n");
            client.send(GET);
            assertThat(client.message().status()).as("the connection goes on").isEqualTo(status);
        }
    }

    @Test
    void withoutTargets503() {
        ground.group("tg", Map.of()).apply();
        isAnswered(503, "503 Service Temporarily Unavailable");
    }

    @Test
    void refused502() {
        ground.group("tg", Map.of());
        ground.targets("tg", List.of(new Target("127.0.0.1", "127.0.0.1", FreePorts.one(), ""))).apply();
        isAnswered(502, "502 Bad Gateway");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "nonsense\r\n\r\n", "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-Cut: of"})
    void aBadResponseIs502(String response) {
        try (Backend target = Backend.scripted(wire -> {
            wire.message();
            wire.send(response);
        })) {
            ground.group("tg", Map.of(), target).apply();
            isAnswered(502, "502 Bad Gateway");
        }
    }

    @Test
    void aResponseThatDiesMidwayIsBrokenOff() {
        for (String response : List.of("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n")) {
            try (Backend target = Backend.scripted(wire -> {
                wire.message();
                wire.send(response);
            })) {
                ground.group("tg", Map.of(), target).apply();
                try (Wire client = ground.connect()) {
                    client.send(GET);
                    assertThat(client.head().status()).isEqualTo(200);
                    assertThat(client.rest()).contains("only this").doesNotContain("\r\n0\r\n");
                }
            }
        }
    }

    @Test
    void aSilentTargetIs504() {
        var end = new CountDownLatch(1);
        try (Backend target = Backend.scripted(wire -> {
            wire.message();
            await(end);
        })) {
            ground.attributes = Map.of("idle_timeout.timeout_seconds", "1");
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send(GET);
                assertThat(client.message().status()).isEqualTo(504);
            }
            end.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aClientThatStopsMidwayGets408() {
        try (Backend target = Backend.answering("x")) {
            ground.attributes = Map.of("idle_timeout.timeout_seconds", "1");
            ground.group("tg", Map.of(), target).apply();
            for (String part : List.of("GET / HT", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")) {
                try (Wire client = ground.connect()) {
                    client.send(part);
                    assertThat(client.message().status()).isEqualTo(408);
                    assertThat(client.rest()).isEmpty();
                }
            }
            try (Wire client = ground.connect()) {
                assertThat(client.rest()).as("a connection on which nothing happens").isEmpty();
            }
        }
    }

    /** The race of every proxy: the target closes an idle connection while a request is on its way. */
    @Test
    void aReusedConnectionThatWasClosedIsTriedAgain() {
        var served = new AtomicInteger();
        try (Backend target = Backend.scripted(wire -> {
            wire.message();
            served.incrementAndGet();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            wire.message();     // and then ends without an answer
        })) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                for (int i = 1; i <= 6; i++) {
                    client.send(GET);
                    assertThat(client.message().body()).isEqualTo("ok");
                }
                assertThat(served).hasValue(6);
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
                assertThat(client.message().status()).as("what may not be repeated is not").isEqualTo(502);
            }
        }
    }

    @Test
    void anEarlyAnswerReachesAClientThatStillSends() {
        try (Backend target = Backend.scripted(wire -> {
            wire.head();
            wire.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
        })) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(100));
                Wire.Message response = client.message();
                assertThat(response.status()).isEqualTo(413);
                assertThat(response.field("connection")).contains("close");
                assertThat(response.body()).isEqualTo("big");
                assertThat(client.rest()).isEmpty();
            }
        }
    }

    /** What began as one answer does not go on as another. */
    @Test
    void aBodyThatTurnsOutMalformedAfterTheResponseHasBegunEndsBoth() {
        try (Backend target = Backend.scripted(wire -> {
            wire.head();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegun");
            wire.rest();
        })) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
                assertThat(client.head().status()).isEqualTo(200);
                assertThat(client.bytes(5)).isEqualTo("begun");
                client.send("no chunk\r\n");
                assertThat(client.ended()).isTrue();
            }
        }
    }

    @Test
    void whatWasAskedBehindAFaultIsAnsweredToo() {
        ground.rules = List.of(new Rule("own", 1, List.of(new Condition.PathPattern(List.of("/own"), List.of())),
                List.of(), new Action.FixedResponse("200", "text/plain", "own")));
        ground.group("tg", Map.of());
        ground.targets("tg", List.of(new Target("127.0.0.1", "127.0.0.1", FreePorts.one(), ""))).apply();
        try (Wire client = ground.connect()) {
            client.send(GET + "GET /own HTTP/1.1\r\nHost: a\r\n\r\n" + GET);
            assertThat(client.message().status()).isEqualTo(502);
            assertThat(client.message().body()).isEqualTo("own");
            assertThat(client.message().status()).isEqualTo(502);
        }
    }

    /** Each costs a look at all that has come behind it. */
    @Test
    void emptyLinesBeforeARequestAreIgnoredAsLongAsTheyAreFew() {
        try (Backend target = Backend.answering("served")) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send("\r\n\n\r\n" + GET);
                assertThat(client.message().body()).isEqualTo("served");
                client.send("\r\n".repeat(100) + GET);
                assertThat(client.message().status()).isEqualTo(400);
                assertThat(client.ended()).isTrue();
            }
        }
    }

    @Test
    void aClientThatLeavesTakesItsRequestWithIt() {
        var asked = new CountDownLatch(1);
        var left = new CountDownLatch(1);
        try (Backend target = Backend.scripted(wire -> {
            wire.message();
            asked.countDown();
            if (wire.ended()) {
                left.countDown();
            }
        })) {
            ground.group("tg", Map.of(), target).apply();
            Wire client = ground.connect();
            client.send(GET);
            await(asked);
            client.reset();
            await(left);
        }
    }
}
