package dev.landfall.app.e2e;

import java.time.Duration;
import software.amazon.awssdk.core.waiters.WaiterOverrideConfiguration;
import software.amazon.awssdk.retries.api.BackoffStrategy;

/** How the SDK's own waiters wait in tests: as they do, but asking more often than every 15 seconds. */
final class Waiting {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private Waiting() {}

    static void often(WaiterOverrideConfiguration.Builder waiter) {
        waiter.backoffStrategyV2(BackoffStrategy.fixedDelay(PAUSE))
                .maxAttempts((int) Landfall.PATIENCE.dividedBy(PAUSE))
                .waitTimeout(Landfall.PATIENCE);
    }
}
