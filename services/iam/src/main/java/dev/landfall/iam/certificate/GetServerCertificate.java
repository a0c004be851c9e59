package dev.landfall.iam.certificate;

import dev.landfall.state.Image;
import software.amazon.awssdk.services.iam.model.GetServerCertificateRequest;
import software.amazon.awssdk.services.iam.model.GetServerCertificateResponse;

/** Answers a server certificate, without its key. */
public final class GetServerCertificate {
    private GetServerCertificate() {}

    public static GetServerCertificateResponse read(
            Image image, GetServerCertificateRequest request, String accountId) {
        CertificateRow row = Certificates.require(image, request.serverCertificateName(), accountId);
        return GetServerCertificateResponse.builder().serverCertificate(it -> it
                .serverCertificateMetadata(row.metadata()).certificateBody(row.body())
                .certificateChain(row.chain().isEmpty() ? null : row.chain()).tags(row.tags())).build();
    }
}
