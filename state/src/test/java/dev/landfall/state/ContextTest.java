package dev.landfall.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ContextTest {
    /** Found by the simulator: what was decided to the microsecond was read back to the millisecond. */
    @Test
    void nowIsAsExactAsWhatIsStored() {
        var context = new Context(Instant.parse("2026-03-04T05:06:07.123456789Z"), () -> "id");

        assertThat(context.now()).isEqualTo(Instant.parse("2026-03-04T05:06:07.123Z"));
    }
}
