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
}
