package dev.landfall.acm.certificate;

import dev.landfall.acm.AcmErrors;
import dev.landfall.acm.AcmTables;
import dev.landfall.acm.Scope;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.acm.model.GetCertificateRequest;
import software.amazon.awssdk.services.acm.model.GetCertificateResponse;

/** Answers a certificate and its chain. */
public final class GetCertificate {
    private GetCertificate() {}

    public static GetCertificateResponse read(Image image, GetCertificateRequest request, Scope scope) {
        CertificateRow row = Certificates.require(image, request.certificateArn(), scope);
        Material material = image.get(AcmTables.MATERIALS, row.arn()).orElseThrow(AcmErrors::inProgress);
        return GetCertificateResponse.builder().certificate(material.certificate())
                .certificateChain(material.chain().isEmpty() ? null : material.chain()).build();
    }
}
