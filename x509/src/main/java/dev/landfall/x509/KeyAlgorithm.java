package dev.landfall.x509;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Optional;

/** The kinds of keys that AWS's services take (ACM user guide, prerequisites for importing certificates). */
public enum KeyAlgorithm {
    RSA_1024("RSA", "1024", 1_024),
    RSA_2048("RSA", "2048", 2_048),
    RSA_3072("RSA", "3072", 3_072),
    RSA_4096("RSA", "4096", 4_096),
    EC_PRIME256V1("EC", "prime256v1", 256),
    EC_SECP384R1("EC", "secp384r1", 384),
    EC_SECP521R1("EC", "secp521r1", 521);

    private final String family;
    private final String variant;
    private final int bits;

    KeyAlgorithm(String family, String variant, int bits) {
        this.family = family;
        this.variant = variant;
        this.bits = bits;
    }

    /** {@code RSA_2048}, {@code EC_prime256v1}: as requests name it. */
    public String requestName() {
        return family + '_' + variant;
    }

    /** {@code RSA-2048}, {@code EC-prime256v1}: as descriptions name it. */
    public String describedName() {
        return family + '-' + variant;
    }

    public boolean isRsa() {
        return family.equals("RSA");
    }

    public static Optional<KeyAlgorithm> named(String requestName) {
        return Arrays.stream(values()).filter(each -> each.requestName().equals(requestName)).findFirst();
    }

    /** The kind of a key; none if it is of another. */
    public static Optional<KeyAlgorithm> of(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa -> of("RSA", rsa.getModulus().bitLength());
            case ECPublicKey ec -> of("EC", ec.getParams().getCurve().getField().getFieldSize());
            default -> Optional.empty();
        };
    }

    private static Optional<KeyAlgorithm> of(String family, int bits) {
        return Arrays.stream(values()).filter(each -> each.family.equals(family) && each.bits == bits).findFirst();
    }

    KeyPairGenerator generator() {
        try {
            var generator = KeyPairGenerator.getInstance(family);
            if (isRsa()) {
                generator.initialize(bits);
            } else {
                generator.initialize(new ECGenParameterSpec(
                        this == EC_PRIME256V1 ? "secp256r1" : variant)); // the JDK's name for the same curve
            }
            return generator;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK lacks " + requestName(), e);
        }
    }

    String signature() {
        return isRsa() ? "SHA256withRSA" : "SHA256withECDSA";
    }
}
