package dev.landfall.edge.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.testkit.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full or do not answer. */
class LogWriterTest {
    private static final byte[] LINE = "a line\n".getBytes(StandardCharsets.US_ASCII);
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    @TempDir
    private Path directory;

    @Test
    void whatAFullDiskDoesNotTakeIsCountedAndLaterLinesAreWritten() throws IOException {
        Files.createSymbolicLink(directory.resolve("full.log"), Path.of("/dev/full"));
        var writer = new LogWriter(directory);
        writer.write("full.log", LINE);
        writer.write("fine.log", LINE);
        writer.close();
        assertThat(writer.lost()).isEqualTo(1);
        assertThat(directory.resolve("fine.log")).hasContent("a line");
    }

    /** The end of a pipe that nobody reads from stands for a disk that hangs. */
    @Test
    void aDiskThatHangsCostsLinesAndNotTheShutdown() throws Exception {
        Path pipe = directory.resolve("hangs.log");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        var writer = new LogWriter(directory);
        for (int i = 0; i < 1_000; i++) {
            writer.write("hangs.log", LINE);
        }
        assertThat(writer.lost()).isPositive();
        Thread closing = Thread.ofPlatform().daemon().start(writer::close);
        Await.until("the writer is closed", DEADLINE, () -> !closing.isAlive());
        try (var reader = Files.newInputStream(pipe)) {         // lets the thread go
            assertThat(reader.read()).isEqualTo('a');
        }
    }

    @Test
    void aNameThatNoFileCanHaveLosesItsLinesOnly() {
        var writer = new LogWriter(directory);
        writer.write("nobody\0can", LINE);
        writer.write("fine.log", LINE);
        writer.close();
        assertThat(writer.lost()).isEqualTo(1);
        assertThat(directory.resolve("fine.log")).hasContent("a line");
    }
}
