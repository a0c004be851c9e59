package dev.landfall.testkit.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.landfall.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That clients count what is right as right, and everything else as a failure. */
class LoadTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private static Door door(int port) {
        return Door.at("127.0.0.1", port, "shop.example", "shop");
    }

    private static Load.Visitor visitor(Kind kind, Backend backend) {
        boolean lines = kind == Kind.LINES || kind == Kind.FRESH_LINES;
        return new Load.Visitor(kind, door(lines ? backend.linesPort() : backend.httpPort()));
    }

    @Test
    void countsWhatEveryKindIsAnswered() throws IOException {
        try (var backend = new Backend("shop", "7", HERE, 0, 0)) {
            backend.start();
            Set<Kind> plain = EnumSet.complementOf(EnumSet.of(Kind.MULTIPLEXED));
            var load = Load.start(plain.stream().map(kind -> visitor(kind, backend)).toList());
            try (load) {
                Await.until("each kind has been answered twice", DEADLINE, () ->
                        plain.stream().allMatch(kind -> load.tally().requests(kind) >= 2));
            }
            assertThat(load.tally().failures()).isEmpty();
            assertThat(load.tally().failed()).isZero();
            assertThat(load.tally().sessionsEnded()).isZero();
            assertThat(load.tally().byRevision()).containsOnlyKeys("7").containsValue(load.tally().requests());
            assertThat(load.tally().byTask()).containsOnlyKeys(backend.task());
        }
    }

    @Test
    void knowsAnAnswerOfAnotherService() throws IOException {
        try (var backend = new Backend("other", "1", HERE, 0, 0)) {
            backend.start();
            var load = Load.start(List.of(visitor(Kind.FRESH, backend), visitor(Kind.LINES, backend)));
            try (load) {
                Await.until("both have failed", DEADLINE, () -> load.tally().failures().stream()
                        .map(Tally.Failure::kind).distinct().count() == 2);
            }
            assertThat(load.tally().requests()).isZero();
            assertThat(load.tally().failures()).allSatisfy(failure -> assertThat(failure.reason()).contains("other"));
        }
    }

    /** A server that reads a request and answers with {@code text}, once for each connection, which it closes. */
    private static ServerSocket answering(String text) throws IOException {
        var server = new ServerSocket(0, 50, HERE);
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    try (Socket socket = server.accept()) {
                        Head.read(socket.getInputStream());
                        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                    }
                }
            } catch (IOException e) {
                assertThat(server.isClosed()).isTrue();
            }
        });
        return server;
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "HTTP/1.1 200 OK\r\nX-Serv",
        "HTTP/1.1 502 Bad Gateway\r\nX-Service: shop\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-Service: shop\r\nContent-Length: 7\r\n\r\nhello 0",
        "HTTP/1.1 200 OK\r\nX-Service: shop\r\nContent-Length: 70\r\n\r\nhello -1",
        "HTTP/1.1 200 OK\r\nX-Service: shop\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nhello -1\r\n",
        "HTTP/1.1 200 OK\r\nX-Service: shop\r\n\r\n",
    })
    void everythingElseIsAFailure(String answer) throws IOException {
        try (var server = answering(answer)) {
            Door door = door(server.getLocalPort());
            try (var client = Kind.FRESH.open(door)) {
                assertThatIOException().isThrownBy(() -> client.ask(-1));
            }
            var load = Load.start(List.of(new Load.Visitor(Kind.KEPT, door)));
            try (load) {
                Await.until("it has failed", DEADLINE, () -> load.tally().failed() > 1);
            }
        }
    }

    @Test
    void sessionsAreEndedTooSoonIfTheirTargetWasStillGivenRequests() throws IOException {
        var backend = new Backend("shop", "1", HERE, 0, 0);
        backend.start();
        try (var relay = new Relay(backend.httpPort())) {
            var load = Load.start(List.of(new Load.Visitor(Kind.WEB_SOCKET, door(relay.port())),
                    visitor(Kind.FRESH, backend)));
            try (load) {
                Await.until("the session is held", DEADLINE, () -> load.tally().requests(Kind.WEB_SOCKET) > 1);
                relay.cut();
                Await.until("it has ended", DEADLINE, () -> load.tally().sessionsEnded() == 1);
                Await.until("it is held again", DEADLINE, () -> load.tally().requests(Kind.WEB_SOCKET) > 3);
            }
            assertThat(load.tally().failures()).isEmpty();
            assertThat(load.tally().endedTooSoon(Duration.ofSeconds(60))).singleElement().asString()
                    .startsWith("WEB_SOCKET to " + backend.task());
            assertThat(load.tally().endedTooSoon(Duration.ZERO.minusSeconds(60))).isEmpty();
        } finally {
            backend.close();
        }
    }

    @Test
    void aSessionIsHeldAsLongAsItsOwnDoorGivesItsTargetNothingMore() {
        var tally = new Tally();
        var pages = new Load.Visitor(Kind.WEB_SOCKET, door(1));
        var lines = new Load.Visitor(Kind.LINES, door(2));
        var answer = new Client.Answer("1", "task");
        tally.answered(pages, answer, 0);
        tally.answered(lines, answer, Duration.ofSeconds(3).toNanos());
        tally.sessionEnded(pages, "task", Duration.ofSeconds(5).toNanos());
        tally.sessionEnded(lines, "task", Duration.ofSeconds(7).toNanos());

        assertThat(tally.endedTooSoon(Duration.ofSeconds(5))).singleElement().asString()
                .isEqualTo("LINES to task ended 4000 ms after its target was given a request");
    }
}
