package dev.landfall.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    @TempDir
    private Path directory;

    @Test
    void everyLookThatFindsATroubleSaysWhatToDo() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Ports.api("127.0.0.1", taken.getLocalPort(), directory);

            assertThat(port.verdict()).isEqualTo(Finding.Verdict.BAD);
            assertThat(port.line()).contains("pid " + ProcessHandle.current().pid(), "-> ");
        }
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThat(Disk.dataDirectory(file).verdict()).isEqualTo(Finding.Verdict.BAD);
        assertThat(Disk.dataDirectory(file.resolve("below")).hint()).isNotEmpty();
    }

    @Test
    void aMachineThatRunsTheseTestsIsFine() {
        assertThat(Machine.jdk().verdict()).isEqualTo(Finding.Verdict.OK);
        assertThat(Machine.clock().verdict()).isEqualTo(Finding.Verdict.OK);
        assertThat(Machine.cgroups().verdict()).isEqualTo(Finding.Verdict.OK);
        assertThat(Engine.find().verdict()).isEqualTo(Finding.Verdict.OK);
        assertThat(Disk.dataDirectory(directory.resolve("not/yet/there")).verdict()).isEqualTo(Finding.Verdict.OK);
    }
}
