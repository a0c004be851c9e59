package dev.landfall.iam.certificate;

import dev.landfall.x509.Pem;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.ServerCertificateMetadata;
import software.amazon.awssdk.services.iam.model.Tag;

/**
 * A server certificate as it is stored. Its texts are PEM.
 *
 * @param chain as it was uploaded; empty without one
 * @param privateKey PKCS #8
 */
public record CertificateRow(String accountId, ServerCertificateMetadata metadata, String body, String chain,
        String privateKey, List<Tag> tags) {
    public CertificateRow {
        tags = List.copyOf(tags);
    }

    public String name() {
        return metadata.serverCertificateName();
    }

    public String arn() {
        return metadata.arn();
    }

    /** From the certificate up, for servers: whatever stood around the blocks of the upload is left out. */
    public String fullChain() {
        return Pem.normalized(body) + Optional.of(chain).filter(text -> !text.isEmpty()).map(Pem::normalized)
                .orElse("");
    }

    CertificateRow with(ServerCertificateMetadata next) {
        return new CertificateRow(accountId, next, body, chain, privateKey, tags);
    }

    CertificateRow with(List<Tag> next) {
        return new CertificateRow(accountId, metadata, body, chain, privateKey, next);
    }

    /** Without the key, which belongs in no log. */
    @Override
    public String toString() {
        return "CertificateRow[" + arn() + "]";
    }
}
