package dev.landfall.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreeBlocksTest {
    private static AddressBlock block(String cidr) {
        return AddressBlock.parse(cidr).orElseThrow();
    }

    @Test
    void blocksAreReadAndWritten() {
        assertThat(block("10.213.5.7/20")).hasToString("10.213.0.0/20");
        assertThat(block("192.168.1.1")).hasToString("192.168.1.1/32");
        assertThat(block("10.0.0.0/20").address(1)).isEqualTo("10.0.0.1");
        assertThat(AddressBlock.parse("fd00::/64")).isEmpty();
        assertThat(AddressBlock.parse("10.0.0.0/33")).isEmpty();
        assertThat(AddressBlock.parse("10.0.0.300/8")).isEmpty();
    }

    @Test
    void overlapGoesBothWays() {
        assertThat(block("10.0.0.0/8").overlaps(block("10.200.0.0/20"))).isTrue();
        assertThat(block("10.200.0.0/20").overlaps(block("10.0.0.0/8"))).isTrue();
        assertThat(block("10.200.0.0/20").overlaps(block("10.200.16.0/20"))).isFalse();
        assertThat(block("0.0.0.0/0").overlaps(block("10.0.0.0/8"))).isTrue();
    }

    @Property(tries = 100)
    void noCandidateTouchesWhatIsTaken(@ForAll int address, @ForAll @IntRange(min = 6, max = 32) int prefix,
            @ForAll int seed) {
        var taken = List.of(new AddressBlock(address, prefix), block("10.192.0.0/16"));
        assertThat(FreeBlocks.candidates(taken, seed)).isNotEmpty()
                .noneMatch(candidate -> taken.stream().anyMatch(candidate::overlaps));
    }

    @Test
    void routesAreReadFromTheKernelsTable(@TempDir Path directory) throws IOException {
        Path routes = directory.resolve("route");
        Files.writeString(routes, """
                Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
                eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
                docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
                """);
        assertThat(FreeBlocks.routed(routes)).containsExactly(block("172.17.0.0/16"));
    }
}
