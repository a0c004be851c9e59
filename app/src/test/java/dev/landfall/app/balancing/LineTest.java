package dev.landfall.app.balancing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.protocol.edge.EdgeJson;
import dev.landfall.protocol.edge.EdgeMessage;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.wire.ApiServer;
import dev.landfall.wire.SocketEndpoint;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class LineTest {
    private static final Line.Timing SHORT = new Line.Timing(Duration.ofMillis(50), Duration.ofMillis(500));
    /** Between two reports: less than between two pings. */
    private static final Duration PAUSE = Duration.ofMillis(10);
    /** They take longer than silence may. */
    private static final int REPORTS = 200;

    /** A control plane that says nothing before it has heard {@link #REPORTS}. */
    private static final class Listening implements SocketEndpoint {
        private final AtomicInteger heard = new AtomicInteger();

        @Override
        public String path() {
            return EdgeMessage.PATH;
        }

        @Override
        public Handler open(Request request) {
            return new Handler() {
                private Socket socket;

                @Override
                public void opened(Socket opened) {
                    socket = opened;
                }

                @Override
                public void text(String message) {
                    if (heard.incrementAndGet() == REPORTS) {
                        socket.send(new String(EdgeJson.write(new EdgeMessage.Everything(EdgeSnapshot.EMPTY)),
                                StandardCharsets.UTF_8));
                    }
                }

                @Override
                public void closed(int code) {}
            };
        }
    }

    @Test
    void whoReportsAllTheTimeStillAsksWhetherTheOtherSideIsThere() throws Exception {
        var endpoint = new Listening();
        try (var server = new ApiServer(ApiServer.Config.on("127.0.0.1", 0), List.of(), List.of(endpoint));
             var http = HttpClient.newHttpClient();
             var line = Line.open(http, new Signed(URI.create(
                     server.uri().toString().replace("http", "ws") + EdgeMessage.PATH), Map.of()), SHORT)) {
            Thread reporting = Thread.ofVirtual().start(() -> {
                while (!Thread.interrupted()) {
                    line.report(new EdgeReport.Listeners(1, List.of()));
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            });
            try {
                assertThat(line.receive()).isEqualTo(new EdgeMessage.Everything(EdgeSnapshot.EMPTY));
            } finally {
                reporting.interrupt();
                reporting.join();
            }
        }
    }
}
