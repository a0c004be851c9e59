package dev.landfall.ecs.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

class PlacementTest {
    private static final TaskOverride NONE = TaskOverride.builder().containerOverrides(List.of()).build();

    /** Two containers with all the memory an int can hold must not add up to none. */
    @Test
    void demandsDoNotOverflow() {
        var container = World.container("a").toBuilder().memory(Integer.MAX_VALUE).cpu(Integer.MAX_VALUE).build();
        var definition = TaskDefinition.builder().containerDefinitions(
                container, container.toBuilder().name("b").build()).build();

        assertThat(Demand.of(definition, NONE).memory()).isEqualTo(Integer.MAX_VALUE);
        assertThat(Demand.of(definition, NONE).cpu()).isEqualTo(Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/20, true", "172.31.255.0/24, true", "10.0.0.0/30, true", "10.0.0.0/31, false",
            "10.0.0.0/7, false",
            "10.0.0/20, false", "10.0.0.256/20, false", "10.0.0.0, false", "'', false", "x, false"})
    void knowsABlockWhenItSeesOne(String cidr, boolean valid) {
        assertThat(AddressBlock.valid(cidr)).isEqualTo(valid);
    }

    @Test
    void addressesGoRoundTheBlockWithoutItsEnds() {
        var block = AddressBlock.parse("10.0.0.0/29");
        int last = 0;
        var given = new java.util.ArrayList<String>();
        for (int i = 0; i < 6; i++) {
            last = block.next(address -> true, last).orElseThrow();
            given.add(block.address(last));
        }
        assertThat(given).containsExactly("10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.2");
        assertThat(block.next(address -> address.endsWith(".4"), 6)).hasValue(4);
        assertThat(block.next(address -> false, 0)).isEmpty();
        assertThat(block.gateway()).isEqualTo("10.0.0.1/29");
    }
}
