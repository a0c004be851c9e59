package dev.landfall.acm.certificate;

import dev.landfall.acm.AcmErrors;
import dev.landfall.acm.AcmTables;
import dev.landfall.acm.CertificateUsers;
import dev.landfall.acm.Scope;
import dev.landfall.state.Image;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.acm.model.CertificateDetail;
import software.amazon.awssdk.services.acm.model.CertificateExport;
import software.amazon.awssdk.services.acm.model.CertificateSummary;
import software.amazon.awssdk.services.acm.model.ExtendedKeyUsageName;
import software.amazon.awssdk.services.acm.model.Filters;
import software.amazon.awssdk.services.acm.model.KeyUsageName;
import software.amazon.awssdk.services.acm.model.ListCertificatesRequest;
import software.amazon.awssdk.services.acm.model.ListCertificatesResponse;
import software.amazon.awssdk.services.acm.model.SortOrder;

/** Lists certificates by their time of creation; without a filter for key types, only those with small RSA keys. */
public final class ListCertificates {
    /** API reference, MaxItems; without it, that is what is answered. */
    private static final int ITEMS_MAX = 1_000;

    /** API reference, Filters. */
    private static final List<String> KEY_TYPES_DEFAULT = List.of("RSA_1024", "RSA_2048");

    private static final int NAMES_SHOWN = 100;
    private static final String TOKEN_PREFIX = "1|ListCertificates|";

    private ListCertificates() {}

    public static ListCertificatesResponse read(
            Image image, ListCertificatesRequest request, Scope scope, CertificateUsers users, Instant now) {
        if ((request.sortBy() == null) != (request.sortOrder() == null)) {
            throw AcmErrors.invalidArgs("SortBy and SortOrder must be specified together.");
        }
        boolean descending = request.sortOrder() == SortOrder.DESCENDING;
        Comparator<String> order = descending ? Comparator.reverseOrder() : Comparator.naturalOrder();
        Optional<String> after = Optional.ofNullable(request.nextToken()).map(ListCertificates::decoded);
        int most = request.maxItems() == null ? ITEMS_MAX : request.maxItems();
        List<CertificateRow> found = image.startingWith(AcmTables.CERTIFICATES, scope.arnPrefix()).stream()
                .filter(row -> matches(row, request, now))
                .sorted(Comparator.comparing(ListCertificates::position, order))
                .filter(row -> after.isEmpty() || order.compare(position(row), after.get()) > 0)
                .limit(most + 1L).toList();
        List<CertificateRow> shown = found.size() <= most ? found : found.subList(0, most);
        return ListCertificatesResponse.builder()
                .certificateSummaryList(shown.stream().map(row -> summary(row, users.of(row.arn()), now)).toList())
                .nextToken(found.size() <= most ? null : encoded(position(shown.getLast()))).build();
    }

    /** Where a certificate stands in the list. */
    private static String position(CertificateRow row) {
        return AcmTables.millis(row.detail().createdAt().toEpochMilli()) + '|' + row.arn();
    }

    private static String encoded(String position) {
        return Base64.getUrlEncoder().withoutPadding()
                .encodeToString((TOKEN_PREFIX + position).getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith(TOKEN_PREFIX)) {
                return text.substring(TOKEN_PREFIX.length());
            }
        } catch (IllegalArgumentException e) {
            // answered below, as any other text that is no token
        }
        throw AcmErrors.invalidArgs("The specified NextToken is not valid.");
    }

    private static boolean matches(CertificateRow row, ListCertificatesRequest request, Instant now) {
        Filters filters = Optional.ofNullable(request.includes()).orElse(Filters.builder().build());
        List<String> keyTypes = filters.keyTypes().isEmpty() ? KEY_TYPES_DEFAULT : filters.keyTypesAsStrings();
        CertificateDetail detail = row.detail();
        return (request.certificateStatuses().isEmpty()
                        || request.certificateStatuses().contains(row.status(now)))
                && keyTypes.contains(detail.keyAlgorithmAsString().replace('-', '_'))
                && (filters.keyUsage().isEmpty()
                        || keyUsages(detail).stream().anyMatch(filters.keyUsage()::contains))
                && (filters.extendedKeyUsage().isEmpty()
                        || extendedKeyUsages(detail).stream().anyMatch(filters.extendedKeyUsage()::contains))
                && (filters.exportOption() == null || filters.exportOption() == exportOption(detail))
                && (filters.managedBy() == null || filters.managedBy() == detail.managedBy());
    }

    private static List<KeyUsageName> keyUsages(CertificateDetail detail) {
        return detail.keyUsages().stream().map(each -> each.name()).toList();
    }

    private static List<ExtendedKeyUsageName> extendedKeyUsages(CertificateDetail detail) {
        return detail.extendedKeyUsages().isEmpty() ? List.of(ExtendedKeyUsageName.NONE)
                : detail.extendedKeyUsages().stream().map(each -> each.name()).toList();
    }

    private static CertificateExport exportOption(CertificateDetail detail) {
        return detail.options().export() == null ? CertificateExport.DISABLED : detail.options().export();
    }

    private static CertificateSummary summary(CertificateRow row, List<String> users, Instant now) {
        CertificateDetail detail = Certificates.described(row, users, now);
        List<String> names = detail.subjectAlternativeNames();
        return CertificateSummary.builder().certificateArn(row.arn()).domainName(detail.domainName())
                .subjectAlternativeNameSummaries(names.subList(0, Math.min(names.size(), NAMES_SHOWN)))
                .hasAdditionalSubjectAlternativeNames(names.size() > NAMES_SHOWN)
                .status(detail.status()).type(detail.type()).keyAlgorithm(detail.keyAlgorithmAsString())
                .keyUsages(keyUsages(detail)).extendedKeyUsages(extendedKeyUsages(detail))
                .exportOption(row.isIssuedHere() ? exportOption(detail) : null)
                .inUse(!users.isEmpty()).exported(row.isImported() ? null : row.exported())
                .renewalEligibility(detail.renewalEligibility())
                .notBefore(detail.notBefore()).notAfter(detail.notAfter()).createdAt(detail.createdAt())
                .issuedAt(detail.issuedAt()).importedAt(detail.importedAt()).revokedAt(detail.revokedAt()).build();
    }
}
