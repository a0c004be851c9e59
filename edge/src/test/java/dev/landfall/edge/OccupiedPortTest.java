package dev.landfall.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A port that somebody else has when its listener is to be opened. */
class OccupiedPortTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static List<EdgeReport.Listeners> told(Ground ground) {
        return ground.reports.stream().filter(EdgeReport.Listeners.class::isInstance)
                .map(EdgeReport.Listeners.class::cast).toList();
    }

    @Test
    void isToldOnceAndTakenWhenItIsFree() throws IOException {
        try (var ground = new Ground()) {
            ground.standard = new Action.FixedResponse("200", "text/plain", "here");
            try (var _ = new ServerSocket(ground.port, 1, InetAddress.getByName("127.0.0.1"))) {
                ground.apply();
                ground.apply();
                assertThat(told(ground)).singleElement().satisfies(report ->
                        assertThat(report.failures()).singleElement().satisfies(failure -> {
                            assertThat(failure.listenerArn()).isEqualTo("listener");
                            assertThat(failure.port()).isEqualTo(ground.port);
                            assertThat(failure.reason()).contains("Address already in use");
                        }));
                ground.edge.reportEverything();
                assertThat(told(ground)).extracting(report -> report.failures().size()).isEqualTo(List.of(1, 1));
            }
            Await.until("the listener is open", DEADLINE, () -> told(ground).size() == 3);
            assertThat(told(ground).getLast().failures()).isEmpty();
            try (Wire client = ground.connect()) {
                assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").head().status()).isEqualTo(200);
            }
        }
    }
}
