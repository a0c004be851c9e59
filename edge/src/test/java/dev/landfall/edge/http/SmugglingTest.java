package dev.landfall.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Ground;
import dev.landfall.edge.Wire;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that two servers could read as two different things: none may reach a target as more than one. */
class SmugglingTest {
    private static final String NEXT = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    private final Ground ground = new Ground(1);
    private final Backend target = Backend.answering("ok");

    @BeforeEach
    void serve() {
        ground.group("tg", Map.of(), target).apply();
    }

    @AfterEach
    void close() {
        ground.close();
        target.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length : 5\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n folded\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nno colon here\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX\rY: b\r\n\r\n",
        "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.x\r\nHost: a\r\n\r\n",
        "GET / http/1.1\r\nHost: a\r\n\r\n",
        "GET /\r\nHost: a\r\n\r\n",
        "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
        " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET a/b HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    })
    void refusesWithAnErrorAndTheEnd(String request) {
        try (Wire client = ground.connect()) {
            client.send(request + NEXT);
            Wire.Message response = client.message();

            assertThat(response.status()).isEqualTo(400);
            assertThat(response.field("server")).contains("awselb/2.0");
            assertThat(response.field("connection")).contains("close");
            assertThat(response.body()).contains("<h1>400 Bad Request</h1>");
            assertThat(client.rest()).isEmpty();
        }
        assertThat(target.requests).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "xchunked", "chunked, identity", "gzip, chunked", "chunked;q=1", "\"chunked\"", "chunked,", "cow"})
    void refusesOtherTransferEncodings(String value) {
        try (Wire client = ground.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: " + value + "\r\n\r\n0\r\n\r\n" + NEXT);
            assertThat(client.message().status()).isEqualTo(501);
            assertThat(client.rest()).isEmpty();
        }
        assertThat(target.requests).isEmpty();
    }

    /** Ambiguous in AWS's words: served, with one meaning, and then neither connection is used again. */
    @ParameterizedTest
    @ValueSource(strings = {
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer_Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\n\u0001Transfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent Length: 5\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /a\u0001b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n: nameless\r\n\r\n",
    })
    void servesTheAmbiguousOnceAndEnds(String request) {
        try (Wire client = ground.connect()) {
            client.send(request + NEXT);
            assertThat(client.message().status()).isEqualTo(200);
            assertThat(client.rest()).isEmpty();
        }
        assertThat(target.requests).hasSize(1);
        Wire.Message seen = target.requests.getFirst();
        boolean both = seen.field("content-length").isPresent() && seen.field("transfer-encoding").isPresent();
        assertThat(both).isFalse();
        assertThat(seen.fields()).noneMatch(field -> field.matches("(?i).*transfer[^-]encoding.*|.*encoding :.*"));
        assertThat(seen.firstLine()).doesNotContain("\u0001");
        assertThat(seen.field("connection")).contains("close");
    }

    /** Acceptable in AWS's words: sent on in a form that has one meaning. */
    @ParameterizedTest
    @ValueSource(strings = {
        "GET / HTTP/1.1\nHost: a\nX: y\n\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: \u00e4\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.5\r\nHost: a\r\n\r\n",
        "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    })
    void servesTheAcceptableAndGoesOn(String request) {
        try (Wire client = ground.connect()) {
            client.send(request);
            assertThat(client.message().status()).isEqualTo(200);
            client.send(request);
            assertThat(client.message().status()).isEqualTo(200);
        }
        assertThat(target.requests).hasSize(2);
        assertThat(target.requests.getFirst().firstLine()).matches("GET /\\S* HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "5\nabcde\r\n0\r\n\r\n", "5\r\nabcdef\r\n0\r\n\r\n", "g\r\n", "-1\r\n", "0x5\r\nabcde\r\n0\r\n\r\n",
        "5 5\n", "\r\n", "ffffffffffffffff\r\n", "5;a\nb\r\nabcde\r\n0\r\n\r\n", "5\r\nabcde\n0\r\n\r\n"})
    void refusesBadChunks(String chunks) {
        try (Wire client = ground.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + NEXT);
            assertThat(client.message().status()).isEqualTo(400);
            assertThat(client.rest()).isEmpty();
        }
        assertThat(target.requests).isEmpty();
    }

    @Test
    void strictestRefusesWhatIsOnlyAcceptable() {
        ground.attributes = Map.of("routing.http.desync_mitigation_mode", "strictest");
        ground.apply();
        try (Wire client = ground.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.message().status()).isEqualTo(400);
        }
        try (Wire client = ground.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.message().status()).isEqualTo(200);
        }
    }

    @Test
    void monitorKeepsConnectionsOfTheAmbiguous() {
        ground.attributes = Map.of("routing.http.desync_mitigation_mode", "monitor");
        ground.apply();
        try (Wire client = ground.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nabGET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.message().status()).isEqualTo(200);
            assertThat(client.message().status()).isEqualTo(200);
        }
    }

    @Test
    void limitsAreAlbs() {
        long[][] cases = {{15_000, 0, 0, 200}, {17_000, 0, 0, 414}, {10, 15_000, 1, 200}, {10, 17_000, 1, 400},
            {10, 10_000, 6, 200}, {10, 10_000, 7, 400}};
        for (long[] row : cases) {
            try (Wire client = ground.connect()) {
                var request = new StringBuilder("GET /" + "p".repeat((int) row[0]) + " HTTP/1.1\r\nHost: a\r\n");
                for (int i = 0; i < row[2]; i++) {
                    request.append("X-").append(i).append(": ").append("v".repeat((int) row[1])).append("\r\n");
                }
                client.send(request + "\r\n");
                assertThat(client.message().status()).as(java.util.Arrays.toString(row)).isEqualTo((int) row[3]);
            }
        }
    }

    @Test
    void moreThan30ForwardersAre463AndTraceIs405() {
        try (Wire client = ground.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.1.1.1" + ", 1.1.1.1".repeat(30) + "\r\n\r\n");
            assertThat(client.message().status()).isEqualTo(463);
        }
        try (Wire client = ground.connect()) {
            client.send("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.message().status()).isEqualTo(405);
        }
    }
}
