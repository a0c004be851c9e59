package dev.landfall.app.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data plane is the same one after every restart. */
class EdgeIdTest {
    @TempDir
    private Path directory;

    @Test
    void isMadeOnceAndKept() {
        String id = EdgeId.of(directory.resolve("new"));
        assertThat(id).matches("[0-9a-f-]{36}");
        assertThat(EdgeId.of(directory.resolve("new"))).isEqualTo(id);
        assertThat(EdgeId.of(directory.resolve("other"))).isNotEqualTo(id);
    }

    @Test
    void whatIsNoneIsMadeAnew() throws IOException {
        Files.writeString(directory.resolve("edge-id"), "../../x?id=1");
        String id = EdgeId.of(directory);
        assertThat(id).matches("[0-9a-f-]{36}");
        assertThat(EdgeId.of(directory)).isEqualTo(id);
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsTold() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> EdgeId.of(file)).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot keep the data plane's name");
    }
}
