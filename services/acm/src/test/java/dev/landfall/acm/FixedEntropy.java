package dev.landfall.acm;

import dev.landfall.x509.Entropy;
import dev.landfall.x509.KeyAlgorithm;
import java.math.BigInteger;
import java.security.KeyPair;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Keys that are made once for each kind, and numbers that are counted: the same certificates in every run of a row. */
public final class FixedEntropy implements Entropy {
    private static final Map<KeyAlgorithm, KeyPair> MADE = new EnumMap<>(KeyAlgorithm.class);

    private final AtomicLong serials = new AtomicLong(0x1000);

    private static synchronized KeyPair of(KeyAlgorithm algorithm) {
        return MADE.computeIfAbsent(algorithm, SECURE::keyPair);
    }

    @Override
    public KeyPair keyPair(KeyAlgorithm algorithm) {
        return of(algorithm);
    }

    @Override
    public BigInteger serialNumber() {
        return BigInteger.valueOf(serials.incrementAndGet());
    }
}
