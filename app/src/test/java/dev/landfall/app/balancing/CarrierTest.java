package dev.landfall.app.balancing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.EdgeMessage;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.protocol.edge.EdgeUpdate;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.Rule;
import dev.landfall.testkit.FreePorts;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CarrierTest {
    @TempDir
    private Path directory;

    private final int port = FreePorts.one();

    private Balancer answering(String body) {
        var rule = new Rule("default", List.of(), List.of(), new Action.FixedResponse("200", "text/plain", body));
        return new Balancer("lb", "lb", "", Balancer.Type.APPLICATION,
                List.of(new Balancer.BindAddress("127.0.0.1", "us-east-1a")), Map.of(),
                List.of(new Listener("listener", port, Listener.Protocol.HTTP, List.of(), "", "", Map.of(),
                        List.of(rule))));
    }

    private String answer() throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return all.substring(all.indexOf("\r\n\r\n") + 4);
        }
    }

    private EdgeMessage changed(long version, String body) {
        return new EdgeMessage.Changed(
                new EdgeUpdate(version, List.of(answering(body)), List.of(), List.of(), List.of()));
    }

    @Test
    void takesChangesThatAreNewsAndEverythingAtAnyTime() throws IOException {
        try (var carrier = new Carrier(directory, List.of(), CarrierTest::ignore)) {
            carrier.accept(new EdgeMessage.Everything(new EdgeSnapshot(10, List.of(answering("ten")), List.of())));
            assertThat(answer()).isEqualTo("ten");
            carrier.accept(changed(11, "eleven"));
            assertThat(answer()).isEqualTo("eleven");
            carrier.accept(changed(11, "again"));
            carrier.accept(changed(9, "late"));
            assertThat(answer()).isEqualTo("eleven");

            carrier.accept(new EdgeMessage.Everything(new EdgeSnapshot(5, List.of(answering("five")), List.of())));
            assertThat(answer()).as("of a control plane that counts anew").isEqualTo("five");
            carrier.accept(changed(6, "six"));
            assertThat(answer()).isEqualTo("six");
            assertThat(carrier.snapshot().version()).isEqualTo(6);
        }
    }

    private static void ignore(EdgeReport report) {}

    @Test
    void beginsWithTheFirstLoadBalancer() {
        try (var carrier = new Carrier(directory, List.of(), CarrierTest::ignore)) {
            carrier.accept(new EdgeMessage.Everything(new EdgeSnapshot(1, List.of(), List.of())));
            assertThat(carrier.measured()).isEmpty();
            carrier.accept(changed(2, "two"));
            assertThat(carrier.measured()).isPresent();
        }
    }
}
