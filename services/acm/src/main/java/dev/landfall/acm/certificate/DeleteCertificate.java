package dev.landfall.acm.certificate;

import dev.landfall.acm.AcmErrors;
import dev.landfall.acm.AcmTables;
import dev.landfall.acm.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import software.amazon.awssdk.services.acm.model.DeleteCertificateRequest;
import software.amazon.awssdk.services.acm.model.DeleteCertificateResponse;

/** Deletes a certificate that nobody uses, with its key. */
public final class DeleteCertificate {
    private DeleteCertificate() {}

    /** @param users of the certificate, as they were a moment ago */
    public static Decision<DeleteCertificateResponse> decide(
            Image image, DeleteCertificateRequest request, Scope scope, List<String> users) {
        CertificateRow row = Certificates.require(image, request.certificateArn(), scope);
        if (!users.isEmpty()) {
            throw AcmErrors.inUse(row.arn(), scope);
        }
        return Decision.of(DeleteCertificateResponse.builder().build(),
                Write.delete(AcmTables.CERTIFICATES, row.arn()), Write.delete(AcmTables.MATERIALS, row.arn()));
    }
}
