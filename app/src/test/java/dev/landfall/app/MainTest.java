package dev.landfall.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @Test
    void theVersionIsThePoms() throws IOException {
        assertThat(Files.readString(Repository.root().resolve("pom.xml")))
                .contains("<artifactId>landfall</artifactId>\n  <version>" + Version.NUMBER + "</version>");
    }

    @Test
    void anUnknownCommandIsAUsageError() {
        assertThat(Main.run(List.of("levitate"))).isEqualTo(2);
        assertThat(Main.run(List.of("up", "--levitate"))).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "224.0.0.1", "::1", "shop.example", "192.0.2", "192.0.2.256", ""})
    void loadBalancersAreReachedAtOneAddressOfThisMachine(String address) {
        assertThat(Main.run(List.of("up", "--data", "/dev/null/data", "--balancer-address", address))).isEqualTo(2);
        assertThat(Main.run(List.of("edge", "--data", "/dev/null/data", "--server", "http://127.0.0.1:1",
                "--balancer-address", address))).isEqualTo(2);
    }

    @Test
    void envNamesEveryVariableTheClientsNeed(@TempDir Path directory) {
        var standardOut = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.run(List.of("env", "--data", directory.toString(), "--port", "4777"))).isZero();
        } finally {
            System.setOut(standardOut);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .contains("export AWS_ENDPOINT_URL=http://127.0.0.1:4777", "export AWS_REGION=us-east-1",
                        "export AWS_DEFAULT_REGION=us-east-1", "export AWS_ACCESS_KEY_ID=landfall",
                        "export AWS_SECRET_ACCESS_KEY=landfall");
    }

    @Test
    void timesReadAsPeopleSayThem() {
        assertThat(Status.words(Duration.ofSeconds(59))).isEqualTo("59 s");
        assertThat(Status.words(Duration.ofSeconds(61))).isEqualTo("1 min 1 s");
        assertThat(Status.words(Duration.ofMinutes(61))).isEqualTo("1 h 1 min");
        assertThat(Status.words(Duration.ofHours(25))).isEqualTo("1 d 1 h");
    }
}
