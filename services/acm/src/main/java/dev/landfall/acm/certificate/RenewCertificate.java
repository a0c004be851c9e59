package dev.landfall.acm.certificate;

import dev.landfall.acm.AcmErrors;
import dev.landfall.acm.AcmTables;
import dev.landfall.acm.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.acm.model.CertificateDetail;
import software.amazon.awssdk.services.acm.model.CertificateStatus;
import software.amazon.awssdk.services.acm.model.RenewCertificateRequest;
import software.amazon.awssdk.services.acm.model.RenewCertificateResponse;
import software.amazon.awssdk.services.acm.model.RenewalStatus;

/** Has a certificate that was exported issued again at once; {@link IssueCertificate} brings it. */
public final class RenewCertificate {
    private RenewCertificate() {}

    public static Decision<RenewCertificateResponse> decide(
            Image image, RenewCertificateRequest request, Scope scope, Context context) {
        CertificateRow row = Certificates.require(image, request.certificateArn(), scope);
        if (row.detail().status() == CertificateStatus.PENDING_VALIDATION || row.isRenewing()) {
            throw AcmErrors.inProgress();
        }
        if (!row.isIssuedHere() || !row.exported()) {
            throw AcmErrors.validation("Certificate ARN " + row.arn()
                    + " has not been exported so it is not eligible for the Renew Certificate API.");
        }
        if (row.status(context.now()) != CertificateStatus.ISSUED) {
            throw AcmErrors.validation("Certificate ARN " + row.arn() + " is not eligible for renewal.");
        }
        CertificateDetail detail = row.detail().toBuilder()
                .renewalSummary(it -> it.renewalStatus(RenewalStatus.PENDING_AUTO_RENEWAL)
                        .domainValidationOptions(row.detail().domainValidationOptions()).updatedAt(context.now()))
                .build();
        return Decision.of(RenewCertificateResponse.builder().build(),
                Write.put(AcmTables.CERTIFICATES, row.with(detail)));
    }
}
