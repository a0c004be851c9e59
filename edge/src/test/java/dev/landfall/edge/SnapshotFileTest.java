package dev.landfall.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.testkit.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
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
}
