package dev.landfall.app.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.landfall.ecs.shift.HookAnswer;
import dev.landfall.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That hooks are called over HTTP, and what every kind of answer is taken for. */
class HttpHooksTest {
    private final AtomicReference<String> received = new AtomicReference<>("");
    private final HttpHooks hooks = new HttpHooks();
    private HttpServer server;
    private int status = 200;
    private byte[] answer = {};

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        received.set(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Content-Type") + " "
                + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        exchange.getResponseHeaders().set("Location", "/elsewhere");
        exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
        try (var body = exchange.getResponseBody()) {
            body.write(answer);
        } catch (IOException e) {
            // whoever has read enough hangs up
        }
        exchange.close();
    }

    @AfterEach
    void close() {
        hooks.close();
        server.stop(0);
    }

    private HookAnswer call() {
        return hooks.call("http://127.0.0.1:" + server.getAddress().getPort() + "/check?x=1", "{\"a\":1}");
    }

    @Test
    void theEventIsPostedAndTheBodyIsTheAnswer() {
        answer = "{\"hookStatus\":\"SUCCEEDED\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(call()).isEqualTo(new HookAnswer.Answered("{\"hookStatus\":\"SUCCEEDED\"}"));
        assertThat(received.get()).isEqualTo("POST /check?x=1 application/json {\"a\":1}");
    }

    @Test
    void faultsMayPassAndRefusalsDoNot() {
        status = 503;
        assertThat(call()).isEqualTo(new HookAnswer.Unanswered("it answered with status 503"));
        status = 404;
        assertThat(call()).isEqualTo(new HookAnswer.Refused("it answered with status 404"));
        status = 302;
        assertThat(call()).as("it leads nowhere else").isEqualTo(new HookAnswer.Refused("it answered with status 302"));
    }

    @Test
    void anAnswerHasALimit() {
        answer = new byte[6_000_001];
        assertThat(call()).isEqualTo(new HookAnswer.Refused("it answered with more than 6000000 bytes"));
    }

    @Test
    void whoCannotBeReachedMayBeLater() {
        assertThat(hooks.call("http://127.0.0.1:" + FreePorts.one() + "/", "{}"))
                .isInstanceOf(HookAnswer.Unanswered.class);
        assertThat(hooks.call("http://[", "{}")).isInstanceOf(HookAnswer.Refused.class);
    }
}
