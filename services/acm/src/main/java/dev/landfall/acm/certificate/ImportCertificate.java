package dev.landfall.acm.certificate;

import dev.landfall.acm.AcmErrors;
import dev.landfall.acm.AcmTables;
import dev.landfall.acm.Quotas;
import dev.landfall.acm.Scope;
import dev.landfall.acm.tag.Tags;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import dev.landfall.x509.Flaw;
import dev.landfall.x509.KeyAlgorithm;
import dev.landfall.x509.ServerCertificate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.acm.model.AcmException;
import software.amazon.awssdk.services.acm.model.CertificateDetail;
import software.amazon.awssdk.services.acm.model.CertificateStatus;
import software.amazon.awssdk.services.acm.model.CertificateType;
import software.amazon.awssdk.services.acm.model.ImportCertificateRequest;
import software.amazon.awssdk.services.acm.model.ImportCertificateResponse;

/** Takes a certificate that somebody else issued, or another one in the place of such a one. */
public final class ImportCertificate {
    private ImportCertificate() {}

    /** Reads what the request brings. Signs with the key to see that it fits, and so is no part of the decision. */
    public static ServerCertificate read(ImportCertificateRequest request) {
        try {
            return ServerCertificate.read(text(request.certificate()),
                    Optional.ofNullable(request.certificateChain()).map(ImportCertificate::text),
                    text(request.privateKey()));
        } catch (Flaw.Found e) {
            throw refusal(e.flaw());
        }
    }

    private static String text(SdkBytes bytes) {
        return new String(bytes.asByteArrayUnsafe(), StandardCharsets.ISO_8859_1); // of PEM, only ASCII counts
    }

    private static AcmException refusal(Flaw flaw) {
        return AcmErrors.validation(switch (flaw) {
            case CERTIFICATE_UNREADABLE -> "The certificate body provided is not in a valid PEM format.";
            case CHAIN_UNREADABLE -> "The certificate chain provided is not in a valid PEM format.";
            case SEVERAL_CERTIFICATES -> "The certificate field contains more than one certificate. "
                    + "You can specify only one certificate in this field.";
            case CERTIFICATE_UNFIT -> "The certificate must be an X.509 version 3 certificate that names its issuer.";
            case KEY_UNREADABLE -> "The private key provided is not in a valid PEM format.";
            case KEY_ENCRYPTED -> "Your private key should not be encrypted.";
            case KEY_UNSUPPORTED -> "The private key is not supported.";
            case KEY_OF_ANOTHER_CERTIFICATE -> "The private key does not match the public key of the certificate.";
            case CHAIN_BROKEN -> "Could not validate the certificate with the certificate chain.";
        });
    }

    public static Decision<ImportCertificateResponse> decide(Image image, ImportCertificateRequest request,
            ServerCertificate brought, Scope scope, Context context) {
        requireInForce(brought, context.now());
        CertificateRow row = request.certificateArn() == null ? added(image, request, scope, context)
                : replaced(image, request, brought, scope);
        CertificateDetail detail = Facts.of(row.detail().toBuilder(), brought.certificate(), brought.algorithm())
                .importedAt(context.now()).build();
        return Decision.of(ImportCertificateResponse.builder().certificateArn(row.arn()).build(),
                Write.put(AcmTables.CERTIFICATES, row.with(detail)),
                Write.put(AcmTables.MATERIALS, Material.of(row.arn(), brought)));
    }

    private static void requireInForce(ServerCertificate brought, Instant now) {
        if (brought.certificate().getNotAfter().toInstant().isBefore(now)) {
            throw AcmErrors.validation("The certificate has expired.");
        }
        if (brought.certificate().getNotBefore().toInstant().isAfter(now)) {
            throw AcmErrors.validation("The certificate is not valid yet.");
        }
    }

    private static CertificateRow added(
            Image image, ImportCertificateRequest request, Scope scope, Context context) {
        if (image.count(AcmTables.CERTIFICATES, AcmTables.CERTIFICATES_BY_ORIGIN,
                AcmTables.originKey(scope, AcmTables.Origin.IMPORTED)) >= Quotas.IMPORTED_CERTIFICATES) {
            throw AcmErrors.limitExceeded("You have reached the maximum number of certificates. Delete certificates "
                    + "that are not in use, or contact AWS Support to request an increase.");
        }
        return new CertificateRow(CertificateDetail.builder()
                .certificateArn(RequestCertificate.newArn(scope, context)).createdAt(context.now())
                .type(CertificateType.IMPORTED).status(CertificateStatus.ISSUED)
                .options(it -> it.certificateTransparencyLoggingPreference("DISABLED")).build(),
                "", "", false, Tags.with(List.of(), request.tags()));
    }

    private static CertificateRow replaced(
            Image image, ImportCertificateRequest request, ServerCertificate brought, Scope scope) {
        CertificateRow row = Certificates.require(image, request.certificateArn(), scope);
        if (!row.isImported()) {
            throw AcmErrors.validation("The certificate " + row.arn() + " was not imported and cannot be reimported.");
        }
        if (request.hasTags()) {
            throw AcmErrors.invalidParameter("You cannot apply tags when reimporting a certificate.");
        }
        requireNoMoreUsages(row.detail(), brought);
        return row;
    }

    /** User guide, reimporting: extensions for usages cannot be added to a certificate that had none. */
    private static void requireNoMoreUsages(CertificateDetail had, ServerCertificate brought) {
        CertificateDetail next = Facts.of(CertificateDetail.builder(), brought.certificate(),
                KeyAlgorithm.of(brought.certificate().getPublicKey()).orElseThrow()).build();
        if (had.keyUsages().isEmpty() && !next.keyUsages().isEmpty()
                || had.extendedKeyUsages().isEmpty() && !next.extendedKeyUsages().isEmpty()) {
            throw AcmErrors.validation("The certificate that you reimport cannot have KeyUsage or ExtendedKeyUsage "
                    + "extensions that the previously imported certificate did not have.");
        }
    }
}
