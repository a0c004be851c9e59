package dev.landfall.app.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningTest {
    private static final URI ENDPOINT = URI.create("http://127.0.0.1:4566");

    @TempDir
    private Path directory;

    @Test
    void aProcessThatIsNoLandfallIsNotRunning() {
        new Running(ProcessHandle.current().pid(), ENDPOINT, Instant.EPOCH, "0").write(directory);

        assertThat(Running.find(directory)).isEmpty();
    }

    @Test
    void aDeadProcessIsNotRunning() throws IOException, InterruptedException {
        var process = new ProcessBuilder("true").start();
        process.waitFor();
        new Running(process.pid(), ENDPOINT, Instant.EPOCH, "0").write(directory);

        assertThat(Running.find(directory)).isEmpty();
    }

    @Test
    void aTornFileIsNotRunning() throws IOException {
        for (String text : new String[] {"", "12", "x\nhttp://a\n2026-01-01T00:00:00Z\n1\n", "1\n\n\n\n"}) {
            Files.writeString(directory.resolve("landfall.pid"), text);
            assertThat(Running.find(directory)).as(text).isEmpty();
        }
        assertThat(Running.find(directory.resolve("nowhere"))).isEmpty();
    }
}
