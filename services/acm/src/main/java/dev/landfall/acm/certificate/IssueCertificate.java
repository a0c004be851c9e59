package dev.landfall.acm.certificate;

import dev.landfall.acm.AcmTables;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import dev.landfall.x509.KeyAlgorithm;
import dev.landfall.x509.ServerCertificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.acm.model.CertificateDetail;
import software.amazon.awssdk.services.acm.model.CertificateStatus;
import software.amazon.awssdk.services.acm.model.RenewalStatus;

/** Brings a certificate that was requested, or renews one. Nobody asks for it but time and what is stored. */
public final class IssueCertificate {
    private IssueCertificate() {}

    /** When the next certificate is due of those that are not yet. */
    public static Optional<Instant> next(Image image, Instant now) {
        var due = image.values(AcmTables.CERTIFICATES, AcmTables.CERTIFICATES_DUE,
                AcmTables.millis(now.toEpochMilli() + 1), "9".repeat(16));
        return due.isEmpty() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(Long.parseLong(due.firstKey())));
    }

    /** The certificates that are due at a time. */
    public static List<CertificateRow> due(Image image, Instant now) {
        return image.values(AcmTables.CERTIFICATES, AcmTables.CERTIFICATES_DUE, "0",
                        AcmTables.millis(now.toEpochMilli() + 1)).values().stream()
                .flatMap(Collection::stream)
                .flatMap(arn -> image.get(AcmTables.CERTIFICATES, arn).stream()).toList();
    }

    /** Whether it is to be issued now, given who uses it: what nobody uses is not renewed by itself. */
    public static boolean isWanted(CertificateRow row, List<String> users, Instant now) {
        return row.detail().status() == CertificateStatus.PENDING_VALIDATION || row.isRenewing()
                || (!users.isEmpty() || row.exported()) && row.status(now) == CertificateStatus.ISSUED;
    }

    /** The kind of key it is to have. */
    public static KeyAlgorithm algorithm(CertificateRow row) {
        return KeyAlgorithm.named(row.detail().keyAlgorithmAsString().replace('-', '_')).orElseThrow();
    }

    /** The certificate {@code arn} is {@code made} from now on. Does nothing if it is gone, or was issued meanwhile. */
    public static Decision<Boolean> decide(Image image, String arn, ServerCertificate made, Context context) {
        Optional<CertificateRow> due = image.get(AcmTables.CERTIFICATES, arn)
                .filter(row -> row.due().filter(at -> !at.isAfter(context.now())).isPresent());
        if (due.isEmpty()) {
            return Decision.of(false);
        }
        CertificateRow row = due.get();
        boolean first = row.detail().status() == CertificateStatus.PENDING_VALIDATION;
        var validations = Validations.succeeded(row.detail().domainValidationOptions().stream());
        CertificateDetail.Builder detail = Facts.of(row.detail().toBuilder(), made.certificate(), made.algorithm())
                .domainName(row.detail().domainName())
                .subjectAlternativeNames(row.detail().subjectAlternativeNames())
                .status(CertificateStatus.ISSUED).domainValidationOptions(validations);
        if (first) {
            detail.issuedAt(context.now());
        } else {
            detail.renewalSummary(it -> it.renewalStatus(RenewalStatus.SUCCESS)
                    .domainValidationOptions(validations).updatedAt(context.now()));
        }
        return Decision.of(true, Write.put(AcmTables.CERTIFICATES, row.issued(detail.build())),
                Write.put(AcmTables.MATERIALS, Material.of(arn, made)));
    }
}
