package dev.landfall.acm.tag;

import dev.landfall.acm.AcmTables;
import dev.landfall.acm.Scope;
import dev.landfall.acm.certificate.CertificateRow;
import dev.landfall.acm.certificate.Certificates;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.acm.model.AddTagsToCertificateRequest;
import software.amazon.awssdk.services.acm.model.AddTagsToCertificateResponse;

/** Adds tags to a certificate, or gives those of the same key another value. */
public final class AddTagsToCertificate {
    private AddTagsToCertificate() {}

    public static Decision<AddTagsToCertificateResponse> decide(
            Image image, AddTagsToCertificateRequest request, Scope scope) {
        CertificateRow row = Certificates.require(image, request.certificateArn(), scope);
        return Decision.of(AddTagsToCertificateResponse.builder().build(),
                Write.put(AcmTables.CERTIFICATES, row.tagged(Tags.with(row.tags(), request.tags()))));
    }
}
