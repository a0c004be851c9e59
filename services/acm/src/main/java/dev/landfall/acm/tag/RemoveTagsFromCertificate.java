package dev.landfall.acm.tag;

import dev.landfall.acm.AcmTables;
import dev.landfall.acm.Scope;
import dev.landfall.acm.certificate.CertificateRow;
import dev.landfall.acm.certificate.Certificates;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.acm.model.RemoveTagsFromCertificateRequest;
import software.amazon.awssdk.services.acm.model.RemoveTagsFromCertificateResponse;

/** Takes tags from a certificate; one that is not there is no mistake. */
public final class RemoveTagsFromCertificate {
    private RemoveTagsFromCertificate() {}

    public static Decision<RemoveTagsFromCertificateResponse> decide(
            Image image, RemoveTagsFromCertificateRequest request, Scope scope) {
        CertificateRow row = Certificates.require(image, request.certificateArn(), scope);
        return Decision.of(RemoveTagsFromCertificateResponse.builder().build(),
                Write.put(AcmTables.CERTIFICATES, row.tagged(Tags.without(row.tags(), request.tags()))));
    }
}
