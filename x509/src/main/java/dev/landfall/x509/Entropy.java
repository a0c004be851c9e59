package dev.landfall.x509;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;

/** Where keys and serial numbers come from. Safe for any thread. */
public interface Entropy {
    /** Keys and numbers that nobody can guess. */
    Entropy SECURE = new Entropy() {
        /** RFC 5280, 4.1.2.2: positive and at most 20 octets; the CA/Browser Forum demands 64 random bits. */
        private static final int SERIAL_BITS = 127;

        private final SecureRandom random = new SecureRandom();

        @Override
        public KeyPair keyPair(KeyAlgorithm algorithm) {
            return algorithm.generator().generateKeyPair();
        }

        @Override
        public BigInteger serialNumber() {
            return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
        }
    };

    KeyPair keyPair(KeyAlgorithm algorithm);

    /** Positive, and never given twice. */
    BigInteger serialNumber();
}
