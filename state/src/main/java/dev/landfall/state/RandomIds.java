package dev.landfall.state;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Identifiers of 128 random bits, from a generator that is seeded by the system's: unique, and a tenth of the cost of a
 * random UUID. They name things and keep no secrets. Safe for any thread.
 */
public final class RandomIds implements Context.Ids {
    private static final int SEED_BYTES = 32;

    private final RandomGenerator random = RandomGeneratorFactory.of("L128X128MixRandom")
            .create(new SecureRandom().generateSeed(SEED_BYTES));

    @Override
    public synchronized String next() {
        var hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }
}
