package dev.landfall.acm.conformance;

import static dev.landfall.acm.conformance.Row.refuses;
import static dev.landfall.acm.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.acm.Stage;
import dev.landfall.x509.KeyAlgorithm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.acm.model.CertificateSummary;
import software.amazon.awssdk.services.acm.model.Filters;
import software.amazon.awssdk.services.acm.model.ListCertificatesRequest;

class ListConformanceTest {
    private static final String ACTION = "ListCertificates";

    static List<Row> rows() {
        return List.of(
                listed("shows certificates with small RSA keys, in the order of their making", it -> { },
                        "old.example.com", "plain.example.com", "pending.example.com"),
                listed("shows the newest first", it -> it.sortBy("CREATED_AT").sortOrder("DESCENDING"),
                        "pending.example.com", "plain.example.com", "old.example.com"),
                listed("shows those of other kinds of keys", it -> it.includes(Filters.builder()
                        .keyTypesWithStrings("EC_prime256v1", "RSA_4096").build()), "ec.example.com"),
                listed("shows those that are issued", it -> it.certificateStatusesWithStrings("ISSUED"),
                        "old.example.com", "plain.example.com"),
                listed("shows those without usages of their keys", it -> it.includes(Filters.builder()
                        .extendedKeyUsageWithStrings("NONE").build()), "plain.example.com", "pending.example.com"),
                listed("shows those with a usage", it -> it.includes(Filters.builder()
                        .keyUsageWithStrings("KEY_ENCIPHERMENT").build()), "old.example.com"),
                listed("shows those that may be exported", it -> it.includes(Filters.builder()
                        .exportOption("ENABLED").build()), "pending.example.com"),
                listed("shows nothing of CloudFront", it -> it.includes(Filters.builder()
                        .managedBy("CLOUDFRONT").build())),
                works(ACTION, "gives the pages that are asked for", on -> {
                    furnish(on);
                    var names = new ArrayList<String>();
                    on.acm().listCertificatesPaginator(it -> it.maxItems(1)).stream().forEach(page -> {
                        assertThat(page.certificateSummaryList()).hasSize(1);
                        names.add(page.certificateSummaryList().getFirst().domainName());
                    });
                    assertThat(names).containsExactly("old.example.com", "plain.example.com", "pending.example.com");
                    return on.acm().listCertificates(it -> it.maxItems(2));
                }, answer -> assertThat(answer.nextToken()).isNotBlank()),
                works(ACTION, "summarises each", on -> {
                    String arn = on.exported();
                    return on.used(arn, "arn:of:balancer").acm().listCertificates();
                }, answer -> {
                    CertificateSummary shown = answer.certificateSummaryList().getFirst();
                    assertThat(shown.statusAsString()).isEqualTo("ISSUED");
                    assertThat(shown.keyAlgorithmAsString()).isEqualTo("RSA-2048");
                    assertThat(shown.keyUsagesAsStrings()).containsExactly("DIGITAL_SIGNATURE", "KEY_ENCIPHERMENT");
                    assertThat(shown.extendedKeyUsagesAsStrings()).containsExactly("TLS_WEB_SERVER_AUTHENTICATION");
                    assertThat(shown.inUse()).isTrue();
                    assertThat(shown.exported()).isTrue();
                    assertThat(shown.exportOptionAsString()).isEqualTo("ENABLED");
                    assertThat(shown.hasAdditionalSubjectAlternativeNames()).isFalse();
                    assertThat(shown.renewalEligibilityAsString()).isEqualTo("ELIGIBLE");
                }),
                works(ACTION, "shows nothing of other accounts", on -> {
                    on.requested();
                    return on.as("999999999999", "eu-central-1", there -> there.acm().listCertificates());
                }, answer -> assertThat(answer.certificateSummaryList()).isEmpty()),
                refuses(ACTION, "to sort without an order", "InvalidArgsException",
                        "SortBy and SortOrder must be specified together.",
                        on -> on.acm().listCertificates(it -> it.sortBy("CREATED_AT"))),
                refuses(ACTION, "a token that is none", "InvalidArgsException", "The specified NextToken is not valid.",
                        on -> on.acm().listCertificates(it -> it.nextToken("token"))),
                refuses(ACTION, "more than 1000 a page", "ValidationException", "1 validation error detected: Value "
                        + "'1001' at 'maxItems' failed to satisfy constraint: Member must have value less than or "
                        + "equal to 1000", on -> on.acm().listCertificates(it -> it.maxItems(1_001))),
                refuses(ACTION, "an unknown status", "ValidationException", "1 validation error detected: Value "
                        + "'[LOST]' at 'certificateStatuses' failed to satisfy constraint: Member must satisfy enum "
                        + "value set: [PENDING_VALIDATION, ISSUED, INACTIVE, EXPIRED, VALIDATION_TIMED_OUT, REVOKED, "
                        + "FAILED]", on -> on.acm().listCertificates(it -> it.certificateStatusesWithStrings("LOST"))));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static void furnish(Stage on) {
        on.imported(KeyAlgorithm.RSA_2048, "old.example.com");
        on.later(Duration.ofSeconds(1)).acm().importCertificate(Plain.selfSigned("plain.example.com"));
        on.later(Duration.ofSeconds(1)).imported(KeyAlgorithm.EC_PRIME256V1, "ec.example.com");
        on.later(Duration.ofSeconds(1)).requested(request -> request.domainName("pending.example.com")
                .options(it -> it.export("ENABLED")));
    }

    private static Row listed(String name, Consumer<ListCertificatesRequest.Builder> asked, String... domains) {
        return works(ACTION, name, on -> {
            furnish(on);
            return on.acm().listCertificates(asked);
        }, answer -> assertThat(answer.certificateSummaryList()).extracting(CertificateSummary::domainName)
                .containsExactly(domains));
    }
}
