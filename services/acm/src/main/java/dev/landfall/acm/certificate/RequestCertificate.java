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
import dev.landfall.x509.KeyAlgorithm;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.acm.model.CertificateDetail;
import software.amazon.awssdk.services.acm.model.CertificateExport;
import software.amazon.awssdk.services.acm.model.CertificateOptions;
import software.amazon.awssdk.services.acm.model.CertificateStatus;
import software.amazon.awssdk.services.acm.model.CertificateTransparencyLoggingPreference;
import software.amazon.awssdk.services.acm.model.CertificateType;
import software.amazon.awssdk.services.acm.model.FailureReason;
import software.amazon.awssdk.services.acm.model.RequestCertificateRequest;
import software.amazon.awssdk.services.acm.model.RequestCertificateResponse;
import software.amazon.awssdk.services.acm.model.ValidationMethod;

/** Asks for a certificate, which {@link IssueCertificate} brings. */
public final class RequestCertificate {
    /** API reference: idempotency tokens time out after one hour. */
    public static final Duration TOKEN_LIFE = Duration.ofHours(1);

    /** RFC 5280, ub-common-name; API reference, DomainName. */
    private static final int COMMON_NAME_MAX = 64;

    /** What ACM issues itself (user guide, certificate characteristics). */
    private static final List<KeyAlgorithm> ISSUED =
            List.of(KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_PRIME256V1, KeyAlgorithm.EC_SECP384R1);

    private RequestCertificate() {}

    public static Decision<RequestCertificateResponse> decide(
            Image image, RequestCertificateRequest request, Scope scope, Context context) {
        List<String> names = names(request);
        KeyAlgorithm algorithm = algorithm(request, scope);
        if (request.managedBy() != null || request.validationMethod() == ValidationMethod.HTTP) {
            throw AcmErrors.invalidParameter("HTTP validation and ManagedBy are for certificates that are requested "
                    + "through Amazon CloudFront.");
        }
        var validations = Validations.of(request, names, scope);
        String asked = request.toBuilder().tags(List.of()).build().toString();
        String token = Optional.ofNullable(request.idempotencyToken()).orElse("");
        Optional<CertificateRow> same = repeated(image, token, asked, scope, context);
        if (same.isPresent()) {
            return Decision.of(answer(same.get().arn()));
        }
        if (image.count(AcmTables.CERTIFICATES, AcmTables.CERTIFICATES_BY_ORIGIN,
                AcmTables.originKey(scope, AcmTables.Origin.REQUESTED)) >= Quotas.CERTIFICATES) {
            throw AcmErrors.limitExceeded("Error: you have reached your limit of " + Quotas.CERTIFICATES
                    + " certificates.");
        }
        var detail = CertificateDetail.builder()
                .certificateArn(newArn(scope, context)).createdAt(context.now())
                .domainName(names.getFirst()).subjectAlternativeNames(names)
                .keyAlgorithm(algorithm.describedName())
                .subject("CN=" + names.getFirst())
                .options(options(request));
        if (request.certificateAuthorityArn() == null) {
            detail.type(CertificateType.AMAZON_ISSUED).status(CertificateStatus.PENDING_VALIDATION)
                    .domainValidationOptions(validations);
        } else { // there is no private certificate authority here, as ACM finds out after it has answered
            detail.type(CertificateType.PRIVATE).status(CertificateStatus.FAILED)
                    .certificateAuthorityArn(request.certificateAuthorityArn())
                    .failureReason(FailureReason.PCA_RESOURCE_NOT_FOUND);
        }
        var row = new CertificateRow(detail.build(), token, asked, false, Tags.with(List.of(), request.tags()));
        return Decision.of(answer(row.arn()), Write.put(AcmTables.CERTIFICATES, row));
    }

    private static RequestCertificateResponse answer(String arn) {
        return RequestCertificateResponse.builder().certificateArn(arn).build();
    }

    static String newArn(Scope scope, Context context) {
        String id = context.ids().next();
        return scope.arnPrefix() + String.join("-", id.substring(0, 8), id.substring(8, 12), id.substring(12, 16),
                id.substring(16, 20), id.substring(20));
    }

    /** The name of the subject first; each once, in small letters. */
    private static List<String> names(RequestCertificateRequest request) {
        List<String> names = Stream.concat(Stream.of(request.domainName()),
                        request.subjectAlternativeNames().stream())
                .map(name -> name.toLowerCase(Locale.ROOT)).distinct().toList();
        if (request.domainName().length() > COMMON_NAME_MAX) {
            throw AcmErrors.invalidParameter("The first domain name can be no longer than 64 characters: "
                    + request.domainName());
        }
        if (names.size() > Quotas.DOMAIN_NAMES_PER_CERTIFICATE) {
            throw AcmErrors.limitExceeded("Certificate has too many domains.");
        }
        return names;
    }

    private static KeyAlgorithm algorithm(RequestCertificateRequest request, Scope scope) {
        if (request.keyAlgorithm() == null) {
            return KeyAlgorithm.RSA_2048;
        }
        return KeyAlgorithm.named(request.keyAlgorithmAsString())
                .filter(known -> ISSUED.contains(known) || request.certificateAuthorityArn() != null)
                .orElseThrow(() -> AcmErrors.validation("Encryption Algorithm " + request.keyAlgorithmAsString()
                        + " is not supported in " + scope.region() + " region"));
    }

    private static CertificateOptions options(RequestCertificateRequest request) {
        CertificateOptions told = Optional.ofNullable(request.options()).orElse(CertificateOptions.builder().build());
        return CertificateOptions.builder()
                .certificateTransparencyLoggingPreference(
                        Optional.ofNullable(told.certificateTransparencyLoggingPreference())
                                .orElse(CertificateTransparencyLoggingPreference.ENABLED))
                .export(Optional.ofNullable(told.export()).orElse(CertificateExport.DISABLED)).build();
    }

    private static Optional<CertificateRow> repeated(
            Image image, String token, String asked, Scope scope, Context context) {
        return token.isEmpty() ? Optional.empty()
                : image.find(AcmTables.CERTIFICATES, AcmTables.CERTIFICATES_BY_TOKEN,
                        AcmTables.tokenKey(scope, token)).stream()
                        .filter(row -> row.asked().equals(asked)
                                && context.now().isBefore(row.detail().createdAt().plus(TOKEN_LIFE)))
                        .findFirst();
    }
}
