package dev.landfall.ecs.express;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.Ecs;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.MemoryJournal;
import dev.landfall.state.Writer;
import dev.landfall.wire.SdkForms;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.UnsupportedFeatureException;

/** A control plane without load balancers and certificates has no Express services. */
class WithoutBalancersTest {
    @Test
    void everyActionSaysSo() {
        var writer = new Writer(new MemoryJournal(), EcsTables.ALL, SdkForms.rows(), Clock.systemUTC(),
                () -> "0".repeat(32));
        var ecs = new Ecs(writer, () -> URI.create("http://localhost:4566"));
        try {
            for (Consumer<Ecs> action : List.<Consumer<Ecs>>of(
                    it -> it.createExpressGatewayService(request -> { }),
                    it -> it.updateExpressGatewayService(request -> { }),
                    it -> it.deleteExpressGatewayService(request -> { }),
                    it -> it.describeExpressGatewayService(request -> { }))) {
                assertThatThrownBy(() -> action.accept(ecs)).isInstanceOf(UnsupportedFeatureException.class)
                        .hasMessageContaining("Express services need load balancers and certificates.");
            }
        } finally {
            ecs.close();
            writer.close();
        }
    }
}
