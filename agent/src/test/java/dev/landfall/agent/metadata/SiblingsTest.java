package dev.landfall.agent.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.util.List;
import org.junit.jupiter.api.Test;

class SiblingsTest {
    private final HttpClient http = HttpClient.newHttpClient();

    /** An agent that knows one path; it refuses whoever does not say that the request was passed on. */
    private static HttpServer agent(String path, String answer) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            boolean known = exchange.getRequestURI().getPath().equals(path)
                    && exchange.getRequestHeaders().containsKey(Siblings.PASSED_ON);
            byte[] body = answer.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 400, known ? body.length : -1);
            if (known) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String base(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Test
    void theSiblingThatKnowsAnswers() throws IOException, InterruptedException {
        HttpServer first = agent("/a", "1");
        HttpServer second = agent("/b", "2");
        try {
            var siblings = new Siblings(http, List.of(base(first), base(second)));
            assertThat(siblings.ask("/b")).hasValueSatisfying(body -> assertThat(body).asString().isEqualTo("2"));
            assertThat(siblings.ask("/c")).isEmpty();
        } finally {
            first.stop(0);
            second.stop(0);
        }
    }

    @Test
    void onlyTheFirstAddressAsksOthers() throws InterruptedException {
        assertThat(Siblings.of(http, "http://169.254.170.3").ask("/a")).isEmpty();
        assertThat(Siblings.of(http, "http://127.0.0.1:51679").ask("/a")).isEmpty();
    }
}
