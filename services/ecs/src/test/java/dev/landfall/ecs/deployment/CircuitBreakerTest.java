package dev.landfall.ecs.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;

class CircuitBreakerTest {
    /** The first four are the examples of the ECS Developer Guide. */
    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "-, -, 1, 3",
        "-, -, 25, 13",
        "-, -, 400, 200",
        "-, -, 800, 200",
        "-, -, 0, 3",
        "-, -, 7, 4",
        "BOUNDED_PERCENT, 50, 25, 13",
        "BOUNDED_PERCENT, 10, 10, 3",
        "BOUNDED_PERCENT, 100, 5000, 200",
        "UNBOUNDED_PERCENT, 10, 10, 1",
        "UNBOUNDED_PERCENT, 10, 11, 2",
        "UNBOUNDED_PERCENT, 100, 5000, 5000",
        "UNBOUNDED_PERCENT, 50, 0, 1",
        "UNBOUNDED_PERCENT, 2147483647, 5000, 2147483647",
        "COUNT, 1, 1000, 1",
        "COUNT, 500, 1, 500",
    })
    void theThreshold(String type, Integer value, int desired, int threshold) {
        var configuration = DeploymentConfiguration.builder().deploymentCircuitBreaker(breaker -> {
            breaker.enable(true);
            if (type != null) {
                breaker.thresholdConfiguration(by -> by.type(type).value(value));
            }
        }).build();
        assertThat(CircuitBreaker.threshold(configuration, desired)).isEqualTo(threshold);
    }
}
