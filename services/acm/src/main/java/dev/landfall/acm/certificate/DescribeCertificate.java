package dev.landfall.acm.certificate;

import dev.landfall.acm.CertificateUsers;
import dev.landfall.acm.Scope;
import dev.landfall.state.Image;
import java.time.Instant;
import software.amazon.awssdk.services.acm.model.DescribeCertificateRequest;
import software.amazon.awssdk.services.acm.model.DescribeCertificateResponse;

/** Describes a certificate. */
public final class DescribeCertificate {
    private DescribeCertificate() {}

    public static DescribeCertificateResponse read(
            Image image, DescribeCertificateRequest request, Scope scope, CertificateUsers users, Instant now) {
        CertificateRow row = Certificates.require(image, request.certificateArn(), scope);
        return DescribeCertificateResponse.builder()
                .certificate(Certificates.described(row, users.of(row.arn()), now)).build();
    }
}
