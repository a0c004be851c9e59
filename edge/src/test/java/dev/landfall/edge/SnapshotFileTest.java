package dev.landfall.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.protocol.edge.EdgeUpdate;
import dev.landfall.testkit.Await;
import dev.landfall.testkit.TemporaryDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotFileTest {
    @Test
    void aLoneEdgeServesWhatItServedBefore() throws IOException {
        try (var directory = TemporaryDirectory.create("snapshot"); var ground = new Ground();
                Backend target = Backend.answering("as before")) {
            var file = new SnapshotFile(directory.path().resolve("sub/snapshot.json"));
            assertThat(file.read()).isEmpty();
            ground.group("tg", Map.of(), target);
            file.write(ground.snapshot());
            file.write(ground.snapshot());

            ground.edge.accept(file.read().orElseThrow());

            try (Wire client = ground.connect()) {
                assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").message().body()).isEqualTo("as before");
            }
            assertThat(Files.getPosixFilePermissions(directory.path().resolve("sub/snapshot.json")))
                    .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            Files.writeString(directory.path().resolve("sub/snapshot.json"), "{\"version\":");
            assertThat(file.read()).isEmpty();
        }
    }

    @Test
    void aLoneEdgeStartsFromItsFile() {
        try (var directory = TemporaryDirectory.create("lone"); var ground = new Ground();
                Backend target = Backend.answering("again")) {
            EdgeSnapshot snapshot = ground.group("tg", Map.of(), target).snapshot();
            try (var lone = new LoneEdge(1, directory.path(), report -> {})) {
                assertThat(lone.edge().current()).isEqualTo(EdgeSnapshot.EMPTY);
                lone.accept(snapshot);
                lone.accept(new EdgeUpdate(snapshot.version() + 1, List.of(), List.of(), snapshot.targetGroups(),
                        List.of()));
            }
            try (var lone = new LoneEdge(1, directory.path(), report -> {}); Wire client = ground.connect()) {
                assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").message().body()).isEqualTo("again");
                assertThat(lone.edge().current().version()).isEqualTo(snapshot.version() + 1);
            }
        }
    }

    @Test
    void aListenerWhosePortIsTakenIsOpenedWhenItIsFree() throws IOException {
        try (var ground = new Ground(); Backend target = Backend.answering("at last")) {
            ground.group("tg", Map.of(), target);
            try (var taken = new ServerSocket(ground.port, 1, InetAddress.getLoopbackAddress())) {
                ground.apply();
                assertThat(ground.reports).filteredOn(EdgeReport.Listeners.class::isInstance).singleElement()
                        .satisfies(report -> assertThat(((EdgeReport.Listeners) report).failures()).singleElement()
                                .satisfies(failure -> assertThat(failure.port()).isEqualTo(taken.getLocalPort())));
            }
            Await.until("it is told", Duration.ofSeconds(10), () -> ground.reports.stream().anyMatch(report ->
                    report instanceof EdgeReport.Listeners listeners && listeners.failures().isEmpty()));
            try (Wire client = ground.connect()) {
                assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").message().body()).isEqualTo("at last");
            }
        }
    }

    @Test
    void updatesThatAreOlderChangeNothing() {
        try (var ground = new Ground(); Backend target = Backend.answering("new")) {
            EdgeSnapshot old = ground.snapshot();
            ground.group("tg", Map.of(), target).apply();
            ground.edge.accept(old);
            try (Wire client = ground.connect()) {
                assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").message().body()).isEqualTo("new");
            }
        }
    }
}
