package dev.landfall.acm.certificate;

import dev.landfall.acm.AcmErrors;
import dev.landfall.acm.AcmTables;
import dev.landfall.acm.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import software.amazon.awssdk.services.acm.model.CertificateDetail;
import software.amazon.awssdk.services.acm.model.CertificateStatus;
import software.amazon.awssdk.services.acm.model.RevokeCertificateRequest;
import software.amazon.awssdk.services.acm.model.RevokeCertificateResponse;

/** Revokes a certificate that was exported: it cannot be used or renewed any more. */
public final class RevokeCertificate {
    private RevokeCertificate() {}

    /** @param users of the certificate, as they were a moment ago */
    public static Decision<RevokeCertificateResponse> decide(
            Image image, RevokeCertificateRequest request, Scope scope, List<String> users, Context context) {
        CertificateRow row = Certificates.require(image, request.certificateArn(), scope);
        if (row.detail().status() == CertificateStatus.REVOKED) {
            throw AcmErrors.conflict("The certificate " + row.arn() + " is already revoked.");
        }
        if (!row.exported()) {
            throw AcmErrors.validation("Certificate ARN " + row.arn()
                    + " has not been exported so it cannot be revoked.");
        }
        if (!users.isEmpty()) {
            throw AcmErrors.inUse(row.arn(), scope);
        }
        CertificateDetail detail = row.detail().toBuilder().status(CertificateStatus.REVOKED)
                .revokedAt(context.now()).revocationReason(request.revocationReason()).build();
        return Decision.of(RevokeCertificateResponse.builder().certificateArn(row.arn()).build(),
                Write.put(AcmTables.CERTIFICATES, row.with(detail)));
    }
}
