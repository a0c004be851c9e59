package dev.landfall.acm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.acm.certificate.CertificateRow;
import dev.landfall.acm.certificate.Material;
import dev.landfall.state.Image;
import dev.landfall.x509.ServerCertificate;
import java.util.Optional;
import software.amazon.awssdk.services.acm.model.CertificateStatus;
import software.amazon.awssdk.services.acm.model.DomainStatus;

/** What holds of the tables whatever was asked for. */
final class Invariants {
    private Invariants() {}

    static void hold(Image image) {
        for (CertificateRow row : image.all(AcmTables.CERTIFICATES)) {
            boolean made = row.detail().status() == CertificateStatus.ISSUED
                    || row.detail().status() == CertificateStatus.REVOKED;
            assertThat(image.get(AcmTables.MATERIALS, row.arn()).isPresent()).as("what is issued is there")
                    .isEqualTo(made);
            assertThat(row.tags().stream().map(tag -> tag.key())).doesNotHaveDuplicates()
                    .hasSizeLessThanOrEqualTo(Quotas.TAGS_PER_CERTIFICATE);
            assertThat(row.detail().inUseBy()).as("who uses it is not stored").isEmpty();
            if (row.isIssuedHere()) {
                assertThat(row.detail().domainValidationOptions()).hasSameSizeAs(
                        row.detail().subjectAlternativeNames()).allMatch(each ->
                        (each.validationStatus() == DomainStatus.SUCCESS) == made);
            }
        }
        for (Material material : image.all(AcmTables.MATERIALS)) {
            assertThat(image.get(AcmTables.CERTIFICATES, material.arn())).isPresent();
            assertThat(material.toString()).doesNotContain("PRIVATE");
            if (image.size(AcmTables.MATERIALS) < 10) { // reading it takes its time
                ServerCertificate.read(material.certificate(),
                        Optional.of(material.chain()).filter(chain -> !chain.isEmpty()), material.privateKey());
            }
        }
    }
}
