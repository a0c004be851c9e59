package dev.landfall.acm.certificate;

import dev.landfall.acm.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.acm.model.CertificateDetail;
import software.amazon.awssdk.services.acm.model.CertificateStatus;
import software.amazon.awssdk.services.acm.model.CertificateType;
import software.amazon.awssdk.services.acm.model.RenewalStatus;
import software.amazon.awssdk.services.acm.model.Tag;

/**
 * A certificate as it is stored.
 *
 * @param detail as it is described, but for who uses it, whether it can be renewed, and that it has expired
 * @param token the idempotency token it was requested with; empty without one
 * @param asked what was requested with the token
 * @param exported whether it was exported since it was last issued
 */
public record CertificateRow(CertificateDetail detail, String token, String asked, boolean exported, List<Tag> tags) {
    /** User guide, managed renewal: ACM renews 60 days before the end. */
    static final Duration RENEWED_BEFORE_END = Duration.ofDays(60);

    public CertificateRow {
        tags = List.copyOf(tags);
    }

    public String arn() {
        return detail.certificateArn();
    }

    public Scope scope() {
        String[] parts = arn().split(":", 6);
        return new Scope(parts[4], parts[3]);
    }

    public boolean isImported() {
        return detail.type() == CertificateType.IMPORTED;
    }

    public boolean isIssuedHere() {
        return detail.type() == CertificateType.AMAZON_ISSUED;
    }

    /** When it is to be issued, or issued again; none if it never is. */
    public Optional<Instant> due() {
        if (!isIssuedHere()) {
            return Optional.empty();
        }
        if (detail.status() == CertificateStatus.PENDING_VALIDATION || isRenewing()) {
            return Optional.of(detail.createdAt());
        }
        return detail.status() == CertificateStatus.ISSUED
                ? Optional.of(detail.notAfter().minus(RENEWED_BEFORE_END)) : Optional.empty();
    }

    boolean isRenewing() {
        return detail.renewalSummary() != null
                && detail.renewalSummary().renewalStatus() == RenewalStatus.PENDING_AUTO_RENEWAL;
    }

    /** The status at a time, which alone makes a certificate expire. */
    CertificateStatus status(Instant now) {
        return detail.status() == CertificateStatus.ISSUED && detail.notAfter().isBefore(now)
                ? CertificateStatus.EXPIRED : detail.status();
    }

    CertificateRow with(CertificateDetail next) {
        return new CertificateRow(next, token, asked, exported, tags);
    }

    /** Issued anew, and not exported since. */
    CertificateRow issued(CertificateDetail next) {
        return new CertificateRow(next, token, asked, false, tags);
    }

    CertificateRow asExported() {
        return new CertificateRow(detail, token, asked, true, tags);
    }

    public CertificateRow tagged(List<Tag> next) {
        return new CertificateRow(detail, token, asked, exported, next);
    }
}
