package dev.landfall.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.testkit.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
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
    void whatCannotBeReadIsNoReasonNotToStart() throws IOException {
        try (var directory = TemporaryDirectory.create("snapshot")) {
            Path path = Files.createDirectory(directory.path().resolve("snapshot.json"));
            assertThat(new SnapshotFile(path).read()).isEmpty();
        }
    }

    /** As a newer version may have written it, before this one was started again. */
    @Test
    void aListenerThatCannotBeUnderstoodIsLeftOutAlone() throws IOException {
        try (var directory = TemporaryDirectory.create("snapshot"); var ground = new Ground();
                Backend target = Backend.answering("understood")) {
            Path path = directory.path().resolve("snapshot.json");
            var file = new SnapshotFile(path);
            ground.group("tg", Map.of(), target);
            file.write(ground.snapshot());
            String json = Files.readString(path);
            int listener = json.indexOf("{\"arn\":\"listener\"");
            String odd = "{\"arn\":\"odd\",\"port\":81,\"protocol\":\"QUIC\",\"rules\":[]},";
            Files.writeString(path, json.substring(0, listener) + odd + json.substring(listener));

            ground.edge.accept(file.read().orElseThrow());

            try (Wire client = ground.connect()) {
                assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").message().body())
                        .isEqualTo("understood");
            }
            assertThat(ground.reports.getLast()).isInstanceOfSatisfying(EdgeReport.Listeners.class, told ->
                    assertThat(told.failures()).singleElement().satisfies(failure -> {
                        assertThat(failure.listenerArn()).isEqualTo("odd");
                        assertThat(failure.port()).isEqualTo(81);
                        assertThat(failure.reason()).contains("QUIC");
                    }));
        }
    }
}
