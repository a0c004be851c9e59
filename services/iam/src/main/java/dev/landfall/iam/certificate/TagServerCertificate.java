package dev.landfall.iam.certificate;

import dev.landfall.iam.IamTables;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.iam.model.TagServerCertificateRequest;
import software.amazon.awssdk.services.iam.model.TagServerCertificateResponse;

/** Adds tags to a server certificate, or gives those of the same key another value. */
public final class TagServerCertificate {
    private TagServerCertificate() {}

    public static Decision<TagServerCertificateResponse> decide(
            Image image, TagServerCertificateRequest request, String accountId) {
        CertificateRow row = Certificates.require(image, request.serverCertificateName(), accountId);
        return Decision.of(TagServerCertificateResponse.builder().build(),
                Write.put(IamTables.CERTIFICATES, row.with(Certificates.with(row.tags(), request.tags()))));
    }
}
