package dev.landfall.acm.certificate;

import dev.landfall.acm.AcmErrors;
import dev.landfall.acm.AcmTables;
import dev.landfall.acm.Scope;
import dev.landfall.state.Image;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.acm.model.CertificateDetail;
import software.amazon.awssdk.services.acm.model.CertificateStatus;
import software.amazon.awssdk.services.acm.model.RenewalEligibility;

/** Looking for certificates. */
public final class Certificates {
    private Certificates() {}

    /** The certificate that a caller names. */
    public static CertificateRow require(Image image, String arn, Scope scope) {
        if (!arn.contains(":certificate/")) {
            throw AcmErrors.invalidArn(arn);
        }
        return Optional.of(arn).filter(own -> own.startsWith(scope.arnPrefix()))
                .flatMap(own -> image.get(AcmTables.CERTIFICATES, own))
                .orElseThrow(() -> AcmErrors.notFound(arn));
    }

    /** The certificate with its key, if servers may use it. */
    public static Optional<Material> usable(Image image, String arn, Scope scope) {
        return Optional.of(arn).filter(own -> own.startsWith(scope.arnPrefix()))
                .flatMap(own -> image.get(AcmTables.CERTIFICATES, own))
                .filter(row -> row.detail().status() == CertificateStatus.ISSUED)
                .flatMap(row -> image.get(AcmTables.MATERIALS, arn));
    }

    /** Whether the scope has it. */
    public static boolean has(Image image, String arn, Scope scope) {
        return arn.startsWith(scope.arnPrefix()) && image.get(AcmTables.CERTIFICATES, arn).isPresent();
    }

    static CertificateDetail described(CertificateRow row, List<String> users, Instant now) {
        CertificateStatus status = row.status(now);
        return row.detail().toBuilder().status(status).inUseBy(users)
                .renewalEligibility(eligibility(row, status, users)).build();
    }

    /** User guide, managed renewal: what is used or was exported since it was issued, and has not expired. */
    static RenewalEligibility eligibility(CertificateRow row, CertificateStatus status, List<String> users) {
        return row.isIssuedHere() && status == CertificateStatus.ISSUED && (!users.isEmpty() || row.exported())
                ? RenewalEligibility.ELIGIBLE : RenewalEligibility.INELIGIBLE;
    }
}
