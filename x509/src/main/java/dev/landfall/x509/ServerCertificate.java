package dev.landfall.x509;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * A certificate with the chain up from it, and its key.
 *
 * @param chain the first certifies the certificate, each of the others the one before; may be empty
 */
public record ServerCertificate(
        X509Certificate certificate, List<X509Certificate> chain, PrivateKey key, KeyAlgorithm algorithm) {
    private static final byte[] PROBE = "is this the key?".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 3;

    public ServerCertificate {
        chain = List.copyOf(chain);
    }

    /** Without the key, which belongs in no log. */
    @Override
    public String toString() {
        return "ServerCertificate[" + certificate.getSubjectX500Principal() + "]";
    }

    /**
     * Reads and checks what a user hands over; all are PEM. Whether it is in force is not looked at.
     *
     * @throws Flaw.Found if something is wrong with it
     */
    public static ServerCertificate read(String certificate, Optional<String> chain, String key) {
        List<X509Certificate> own = Pem.certificates(certificate, Flaw.CERTIFICATE_UNREADABLE);
        if (own.size() > 1) {
            throw new Flaw.Found(Flaw.SEVERAL_CERTIFICATES);
        }
        X509Certificate leaf = own.getFirst();
        if (leaf.getVersion() != VERSION || leaf.getIssuerX500Principal().getName().isEmpty()) {
            throw new Flaw.Found(Flaw.CERTIFICATE_UNFIT);
        }
        PrivateKey secret = Pem.privateKey(key);
        KeyAlgorithm algorithm = KeyAlgorithm.of(leaf.getPublicKey())
                .orElseThrow(() -> new Flaw.Found(Flaw.KEY_UNSUPPORTED));
        requirePair(leaf, secret, algorithm);
        List<X509Certificate> above = chain.map(text -> Pem.certificates(text, Flaw.CHAIN_UNREADABLE))
                .orElse(List.of());
        requireChain(leaf, above);
        return new ServerCertificate(leaf, above, secret, algorithm);
    }

    private static void requirePair(X509Certificate leaf, PrivateKey key, KeyAlgorithm algorithm) {
        try {
            var signing = Signature.getInstance(algorithm.signature());
            signing.initSign(key);
            signing.update(PROBE);
            byte[] signed = signing.sign();
            var verifying = Signature.getInstance(algorithm.signature());
            verifying.initVerify(leaf.getPublicKey());
            verifying.update(PROBE);
            if (verifying.verify(signed)) {
                return;
            }
        } catch (GeneralSecurityException | ProviderException | ArithmeticException e) {
            // a key of another kind, or one that is none: not this certificate's in any case
        }
        throw new Flaw.Found(Flaw.KEY_OF_ANOTHER_CERTIFICATE);
    }

    private static void requireChain(X509Certificate leaf, List<X509Certificate> chain) {
        X509Certificate below = leaf;
        for (int i = 0; i < chain.size(); i++) {
            X509Certificate above = chain.get(i);
            if (!certifies(above, below)) {
                throw new Flaw.Found(Flaw.CHAIN_BROKEN, i - 1);
            }
            below = above;
        }
    }

    private static boolean certifies(X509Certificate above, X509Certificate below) {
        if (!above.getSubjectX500Principal().equals(below.getIssuerX500Principal())) {
            return false;
        }
        try {
            below.verify(above.getPublicKey());
            return true;
        } catch (GeneralSecurityException | ProviderException e) {
            return false;
        }
    }
}
