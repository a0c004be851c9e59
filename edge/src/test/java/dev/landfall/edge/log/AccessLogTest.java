package dev.landfall.edge.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Edge;
import dev.landfall.edge.Ground;
import dev.landfall.edge.Wire;
import dev.landfall.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccessLogTest {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z";
    private final Ground ground = new Ground(1);

    @AfterEach
    void close() {
        ground.close();
    }

    private List<String> lines(int count) {
        Path file = ground.directory.path().resolve("logs/app.lb.50dc6c495c0c9188.log");
        return Await.value(count + " lines", Duration.ofSeconds(10), () -> {
            try {
                return Files.exists(file) ? Files.readAllLines(file) : List.<String>of();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, lines -> lines.size() >= count);
    }

    @Test
    void linesAreAlbs() {
        ground.attributes = Map.of("access_logs.s3.enabled", "true");
        try (Backend target = Backend.answering("hello")) {
            ground.group("tg", Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send("GET /a?b=\"c HTTP/1.1\r\nHost: example.com\r\nUser-Agent: curl/8 \"x\"\r\n\r\n").message();
                client.send("nonsense\r\n\r\n").message();
            }
            String port = String.valueOf(ground.port);
            List<String> lines = lines(2);
            String client = "app/lb/50dc6c495c0c9188 127\\.0\\.0\\.1:\\d+ ";
            assertThat(lines.get(0)).matches("http " + TIME + " " + client + "127\\.0\\.0\\.1:" + target.port()
                    + " \\d\\.\\d{3} \\d\\.\\d{3} \\d\\.\\d{3} 200 200 \\d+ \\d+ "
                    + "\"GET http://example\\.com:" + port + "/a\\?b=\\\\x22c HTTP/1\\.1\" "
                    + "\"curl/8 \\\\x22x\\\\x22\" - - tg \"Root=1-[0-9a-f]{8}-[0-9a-f]{24}\" \"-\" \"-\" 0 " + TIME
                    + " \"forward\" \"-\" \"-\" \"127\\.0\\.0\\.1:" + target.port() + "\" \"200\" \"-\" \"-\"");
            assertThat(lines.get(1)).matches("http " + TIME + " " + client + "- -1 -1 -1 400 - \\d+ \\d+ "
                    + "\"- http://-:" + port + "- -\" \"-\" - - - \"-\" \"-\" \"-\" - " + TIME
                    + " \"-\" \"-\" \"-\" \"-\" \"-\" \"Severe\" \"BadMethod\"");
        }
    }

    @Test
    void theLastLinesAreWrittenBeforeTheEnd() throws IOException {
        ground.attributes = Map.of("access_logs.s3.enabled", "true");
        Path logs = ground.directory.path().resolve("other");
        try (Backend target = Backend.answering("hello")) {
            ground.group("tg", Map.of(), target);
            try (var edge = new Edge(1, logs, _ -> { })) {
                edge.accept(ground.snapshot());
                try (Wire client = ground.connect()) {
                    client.send("GET /last HTTP/1.1\r\nHost: a\r\n\r\n").message();
                }
            }
            assertThat(Files.readAllLines(logs.resolve("app.lb.50dc6c495c0c9188.log"))).singleElement().asString()
                    .contains("/last");
        }
    }
}
