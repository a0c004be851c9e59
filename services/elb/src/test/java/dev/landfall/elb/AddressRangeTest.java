package dev.landfall.elb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.elb.loadbalancer.LoadBalancerRow;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;

/** Every load balancer has a loopback address of its own. */
class AddressRangeTest {
    private static Image with(Image image, String name, String address) {
        return image.apply(List.of(Write.put(ElbTables.LOAD_BALANCERS, new LoadBalancerRow(LoadBalancer.builder()
                .loadBalancerArn(Stage.ARN + "loadbalancer/app/" + name + "/0123456789abcdef").loadBalancerName(name)
                .type("application").build(), Collections.emptySortedMap(), address))));
    }

    @Property
    void anAddressIsOfTheRangeAndFollowsFromTheId(@ForAll @LongRange long id) {
        String hex = "%016x".formatted(id);
        String address = AddressRange.DEFAULT.free(Image.empty(ElbTables.ALL), hex).orElseThrow();

        assertThat(address).matches("127\\.66\\.([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])"
                + "\\.([1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-4])");
        assertThat(AddressRange.DEFAULT.free(Image.empty(ElbTables.ALL), hex)).contains(address);
    }

    @Test
    void whatIsTakenIsNotGivenAgain() {
        Image image = Image.empty(ElbTables.ALL);
        var given = new HashSet<String>();
        for (int i = 0; i < 300; i++) {
            String address = AddressRange.DEFAULT.free(image, "ffffffffffffffff").orElseThrow();
            assertThat(given.add(address)).isTrue();
            image = with(image, "n" + i, address);
        }
    }

    @Test
    void otherAddressesThanLoopbackAreNoRange() {
        for (String prefix : List.of("10.0", "127", "127.256", "127.0.0", "")) {
            assertThatThrownBy(() -> new AddressRange(prefix)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(new AddressRange("127.77").free(Image.empty(ElbTables.ALL), "0").orElseThrow())
                .startsWith("127.77.");
    }
}
