package dev.landfall.acm.certificate;

import dev.landfall.x509.Pem;
import dev.landfall.x509.ServerCertificate;

/**
 * A certificate itself; all texts are PEM.
 *
 * @param chain the certificates above it; may be empty
 * @param privateKey PKCS #8
 */
public record Material(String arn, String certificate, String chain, String privateKey) {
    static Material of(String arn, ServerCertificate made) {
        return new Material(arn, Pem.of(made.certificate()), Pem.of(made.chain()), Pem.of(made.key()));
    }

    /** Without the key, which belongs in no log. */
    @Override
    public String toString() {
        return "Material[" + arn + "]";
    }
}
