package dev.landfall.acm.conformance;

import static dev.landfall.acm.conformance.Row.refuses;
import static dev.landfall.acm.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.acm.AcmTables;
import dev.landfall.acm.Quotas;
import dev.landfall.acm.Stage;
import dev.landfall.acm.certificate.CertificateRow;
import dev.landfall.acm.certificate.Material;
import dev.landfall.state.Decision;
import dev.landfall.state.Write;
import dev.landfall.x509.KeyAlgorithm;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.acm.model.CertificateDetail;
import software.amazon.awssdk.services.acm.model.CertificateStatus;
import software.amazon.awssdk.services.acm.model.DomainValidationOption;
import software.amazon.awssdk.services.acm.model.FailureReason;
import software.amazon.awssdk.services.acm.model.RenewalEligibility;
import software.amazon.awssdk.services.acm.model.RenewalStatus;
import software.amazon.awssdk.services.acm.model.RequestCertificateRequest;

class CertificateConformanceTest {
    static final String VALIDATION = "ValidationException";
    static final String GONE = Stage.ARN + "00000000-0000-0000-0000-00000000dead";
    static final String NOT_FOUND = "Could not find certificate " + GONE + ".";
    static final String OTHER_THING = "arn:aws:acm:eu-central-1:123456789012:account";
    static final String NO_SUCH_THING =
            "The requested Amazon Resource Name (ARN) does not refer to an existing resource: " + OTHER_THING;
    static final String IN_PROGRESS =
            "The certificate request is in process and the certificate in your account has not yet been issued.";

    static List<Row> rows() {
        return Stream.of(request(), requestRefusals(), describeRequested(), describeIssued(),
                describeImported(), get(), delete(),
                export(), renew(), resend(), revoke(), options()).flatMap(List::stream).toList();
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static DomainValidationOption option(String domain, String validationDomain) {
        return DomainValidationOption.builder().domainName(domain).validationDomain(validationDomain).build();
    }

    /** A certificate that is as it was described right after the request. */
    private static Row requested(String name, Consumer<RequestCertificateRequest.Builder> change,
            Consumer<CertificateDetail> then) {
        return works("DescribeCertificate", name, on -> {
            String arn = on.requested(change);
            return on.acm().describeCertificate(it -> it.certificateArn(arn));
        }, answer -> then.accept(answer.certificate()));
    }

    private static List<Row> request() {
        String action = "RequestCertificate";
        return List.of(
                works(action, "answers an ARN made of a UUID",
                        on -> on.acm().requestCertificate(it -> it.domainName("www.example.com")),
                        answer -> assertThat(answer.certificateArn())
                                .isEqualTo(Stage.ARN + "00000000-0000-0000-0000-000000000001")),
                works(action, "is the same request again with the same token within an hour", on -> {
                    on.requested(it -> it.idempotencyToken("abc"));
                    return on.later(Duration.ofMinutes(59)).acm().requestCertificate(it -> it
                            .domainName("www.example.com").validationMethod("DNS").idempotencyToken("abc"));
                }, answer -> assertThat(answer.certificateArn()).endsWith("01")),
                works(action, "is another request after an hour", on -> {
                    on.requested(it -> it.idempotencyToken("abc"));
                    return on.later(Duration.ofMinutes(61)).acm().requestCertificate(it -> it
                            .domainName("www.example.com").validationMethod("DNS").idempotencyToken("abc"));
                }, answer -> assertThat(answer.certificateArn()).endsWith("02")),
                works(action, "is another request for other names", on -> {
                    on.requested(it -> it.idempotencyToken("abc"));
                    return on.acm().requestCertificate(it -> it.domainName("api.example.com")
                            .validationMethod("DNS").idempotencyToken("abc"));
                }, answer -> assertThat(answer.certificateArn()).endsWith("02")),
                works(action, "takes ten names, one of which is given twice", on -> on.acm().requestCertificate(it -> it
                        .domainName("n0.example.com").subjectAlternativeNames(IntStream.range(0, 10)
                                .mapToObj(i -> "N" + i + ".example.com").toList())),
                        answer -> assertThat(answer.certificateArn()).startsWith(Stage.ARN)));
    }

    private static List<Row> requestRefusals() {
        String action = "RequestCertificate";
        return List.of(
                refuses(action, "a name that is none", VALIDATION, "1 validation error detected: Value 'localhost' at "
                        + "'domainName' failed to satisfy constraint: Member must satisfy regular expression pattern: "
                        + "(\\*\\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])",
                        on -> on.acm().requestCertificate(it -> it.domainName("localhost"))),
                refuses(action, "eleven names", "LimitExceededException", "Certificate has too many domains.",
                        on -> on.acm().requestCertificate(it -> it.domainName("www.example.com")
                                .subjectAlternativeNames(IntStream.range(0, 10)
                                        .mapToObj(i -> "n" + i + ".example.com").toList()))),
                refuses(action, "a first name of more than 64 characters", "InvalidParameterException",
                        "The first domain name can be no longer than 64 characters: " + "a".repeat(60)
                                + ".example.com",
                        on -> on.acm().requestCertificate(it -> it.domainName("a".repeat(60) + ".example.com"))),
                refuses(action, "a key that ACM does not issue", VALIDATION,
                        "Encryption Algorithm RSA_1024 is not supported in eu-central-1 region",
                        on -> on.acm().requestCertificate(it -> it.domainName("a.example.com")
                                .keyAlgorithm("RSA_1024"))),
                refuses(action, "what CloudFront alone asks for", "InvalidParameterException",
                        "HTTP validation and ManagedBy are for certificates that are requested through Amazon "
                                + "CloudFront.",
                        on -> on.acm().requestCertificate(it -> it.domainName("a.example.com")
                                .validationMethod("HTTP"))),
                refuses(action, "to validate a name that is not the certificate's",
                        "InvalidDomainValidationOptionsException",
                        "The domain name b.example.com is not one of the certificate's.",
                        on -> on.acm().requestCertificate(it -> it.domainName("a.example.com")
                                .domainValidationOptions(option("b.example.com", "example.com")))),
                refuses(action, "to validate by a domain that is not above", "InvalidDomainValidationOptionsException",
                        "The validation domain ample.com is not a.example.com or a superdomain of it.",
                        on -> on.acm().requestCertificate(it -> it.domainName("a.example.com")
                                .domainValidationOptions(option("a.example.com", "ample.com")))),
                refuses(action, "a tag of AWS", "InvalidTagException",
                        "Invalid Tag Key: \"aws:x\". AWS internal tags cannot be changed with this API",
                        on -> on.acm().requestCertificate(it -> it.domainName("a.example.com")
                                .tags(TagConformanceTest.tag("aws:x", "y")))),
                refuses(action, "more certificates than the quota", "LimitExceededException",
                        "Error: you have reached your limit of 2500 certificates.", on -> {
                            crowd(on, on.requested(), Quotas.CERTIFICATES - 1);
                            return on.acm().requestCertificate(it -> it.domainName("a.example.com"));
                        }));
    }

    /** Makes that many certificates that are like one. */
    static void crowd(Stage on, String arn, int count) {
        on.writer().submit((image, context) -> {
            CertificateRow row = image.get(AcmTables.CERTIFICATES, arn).orElseThrow();
            List<Write<?>> writes = IntStream.range(0, count).<Write<?>>mapToObj(i -> {
                String other = Stage.ARN + "crowd-" + i;
                return Write.put(AcmTables.CERTIFICATES, new CertificateRow(
                        row.detail().toBuilder().certificateArn(other).build(), "", "", false, List.of()));
            }).toList();
            return new Decision<>(arn, writes, List.of());
        });
        if (on.image().get(AcmTables.MATERIALS, arn).isPresent()) {
            on.writer().submit((image, context) -> new Decision<>(arn, IntStream.range(0, count)
                    .<Write<?>>mapToObj(i -> Write.put(AcmTables.MATERIALS,
                            new Material(Stage.ARN + "crowd-" + i, "", "", "")))
                    .toList(), List.of()));
        }
    }

    private static List<Row> describeRequested() {
        return List.of(
                requested("shows the record that would prove a name", it -> it.domainName("*.example.com")
                        .subjectAlternativeNames("example.com"), made -> {
                            assertThat(made.status()).isEqualTo(CertificateStatus.PENDING_VALIDATION);
                            assertThat(made.keyAlgorithmAsString()).isEqualTo("RSA-2048");
                            assertThat(made.subjectAlternativeNames()).containsExactly("*.example.com", "example.com");
                            var wildcard = made.domainValidationOptions().getFirst();
                            assertThat(wildcard.validationStatusAsString()).isEqualTo("PENDING_VALIDATION");
                            assertThat(wildcard.resourceRecord().name()).matches("_[0-9a-f]{32}\\.example\\.com\\.");
                            assertThat(wildcard.resourceRecord().value())
                                    .matches("_[0-9a-f]{32}\\.[a-z]{10}\\.acm-validations\\.aws\\.");
                            assertThat(wildcard.resourceRecord()).as("one record for both")
                                    .isEqualTo(made.domainValidationOptions().get(1).resourceRecord());
                            assertThat(made.options().exportAsString()).isEqualTo("DISABLED");
                            assertThat(made.options().certificateTransparencyLoggingPreferenceAsString())
                                    .isEqualTo("ENABLED");
                            assertThat(made.issuedAt()).isNull();
                            assertThat(made.serial()).isNull();
                        }),
                requested("shows whom mails would go to", it -> it.domainName("a.b.example.com")
                        .validationMethod((String) null).domainValidationOptions(
                                option("a.b.example.com", "example.com")),
                        made -> {
                            var validation = made.domainValidationOptions().getFirst();
                            assertThat(validation.validationMethodAsString()).isEqualTo("EMAIL");
                            assertThat(validation.validationDomain()).isEqualTo("example.com");
                            assertThat(validation.validationEmails()).containsExactlyInAnyOrder(
                                    "admin@example.com", "administrator@example.com", "hostmaster@example.com",
                                    "postmaster@example.com", "webmaster@example.com");
                        }),
                requested("says that there is no private authority", it -> it.keyAlgorithm("RSA_4096")
                        .certificateAuthorityArn("arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/a"),
                        made -> {
                            assertThat(made.status()).isEqualTo(CertificateStatus.FAILED);
                            assertThat(made.failureReason()).isEqualTo(FailureReason.PCA_RESOURCE_NOT_FOUND);
                            assertThat(made.typeAsString()).isEqualTo("PRIVATE");
                        }));
    }

    private static List<Row> describeIssued() {
        String action = "DescribeCertificate";
        return List.of(
                works(action, "shows what was issued", on -> {
                    String arn = on.certificate();
                    return on.used(arn, "arn:of:balancer").acm().describeCertificate(it -> it.certificateArn(arn));
                }, answer -> {
                    CertificateDetail made = answer.certificate();
                    assertThat(made.status()).isEqualTo(CertificateStatus.ISSUED);
                    assertThat(made.issuedAt()).isEqualTo(Stage.START);
                    assertThat(made.serial()).matches("([0-9a-f]{2}:)+[0-9a-f]{2}");
                    assertThat(made.subject()).isEqualTo("CN=www.example.com");
                    assertThat(made.issuer()).startsWith("Landfall CA ");
                    assertThat(made.signatureAlgorithm()).isEqualTo("SHA256WITHRSA");
                    assertThat(made.notAfter()).isEqualTo("2027-04-02T23:59:59Z");
                    assertThat(made.keyUsages()).extracting(each -> each.nameAsString())
                            .containsExactly("DIGITAL_SIGNATURE", "KEY_ENCIPHERMENT");
                    assertThat(made.extendedKeyUsages()).extracting(each -> each.nameAsString() + ' ' + each.oid())
                            .containsExactly("TLS_WEB_SERVER_AUTHENTICATION 1.3.6.1.5.5.7.3.1");
                    assertThat(made.domainValidationOptions()).extracting(each -> each.validationStatusAsString())
                            .containsExactly("SUCCESS");
                    assertThat(made.inUseBy()).containsExactly("arn:of:balancer");
                    assertThat(made.renewalEligibility()).isEqualTo(RenewalEligibility.ELIGIBLE);
                    assertThat(made.renewalSummary()).isNull();
                }),
                works(action, "shows that nobody uses it, and so nobody renews it", on -> {
                    String arn = on.certificate();
                    on.later(Duration.ofDays(394)).issued();
                    return on.acm().describeCertificate(it -> it.certificateArn(arn));
                }, answer -> {
                    assertThat(answer.certificate().renewalEligibility()).isEqualTo(RenewalEligibility.INELIGIBLE);
                    assertThat(answer.certificate().notAfter()).isEqualTo("2027-04-02T23:59:59Z");
                }),
                works(action, "shows that it has expired", on -> {
                    String arn = on.certificate();
                    return on.later(Duration.ofDays(396)).acm().describeCertificate(it -> it.certificateArn(arn));
                }, answer -> assertThat(answer.certificate().status()).isEqualTo(CertificateStatus.EXPIRED)),
                works(action, "shows that it was renewed before its end, as it is used", on -> {
                    String arn = on.certificate();
                    on.used(arn, "arn:of:balancer").later(Duration.ofDays(336)).issued();
                    return on.acm().describeCertificate(it -> it.certificateArn(arn));
                }, answer -> {
                    assertThat(answer.certificate().renewalSummary().renewalStatus()).isEqualTo(RenewalStatus.SUCCESS);
                    assertThat(answer.certificate().notAfter()).isEqualTo("2028-03-03T23:59:59Z");
                    assertThat(answer.certificate().issuedAt()).isEqualTo(Stage.START);
                }));
    }

    private static List<Row> describeImported() {
        String action = "DescribeCertificate";
        return List.of(
                works(action, "shows what was imported", on -> {
                    String arn = on.acm().importCertificate(Plain.selfSigned("plain.example.com")).certificateArn();
                    return on.acm().describeCertificate(it -> it.certificateArn(arn));
                }, answer -> {
                    CertificateDetail made = answer.certificate();
                    assertThat(made.typeAsString()).isEqualTo("IMPORTED");
                    assertThat(made.domainName()).isEqualTo("plain.example.com");
                    assertThat(made.subjectAlternativeNames()).containsExactly("plain.example.com");
                    assertThat(made.subject()).isEqualTo("C=DE, O=Plain Things, CN=plain.example.com");
                    assertThat(made.issuer()).isEqualTo("Plain Things");
                    assertThat(made.keyAlgorithmAsString()).isEqualTo("RSA-2048");
                    assertThat(made.importedAt()).isEqualTo(Stage.START);
                    assertThat(made.keyUsages()).isEmpty();
                    assertThat(made.domainValidationOptions()).isEmpty();
                    assertThat(made.renewalEligibility()).isEqualTo(RenewalEligibility.INELIGIBLE);
                }),
                works(action, "shows the one that was imported last", on -> {
                    String arn = on.imported();
                    on.later(Duration.ofHours(1)).acm().importCertificate(Stage.importing(
                            on.brought(KeyAlgorithm.EC_SECP521R1, "new.example.com"))
                            .andThen(it -> it.certificateArn(arn)));
                    return on.acm().describeCertificate(it -> it.certificateArn(arn));
                }, answer -> {
                    assertThat(answer.certificate().domainName()).isEqualTo("new.example.com");
                    assertThat(answer.certificate().keyAlgorithmAsString()).isEqualTo("EC-secp521r1");
                    assertThat(answer.certificate().createdAt()).isEqualTo(Stage.START);
                    assertThat(answer.certificate().importedAt()).isEqualTo(Stage.START.plusSeconds(3_600));
                }),
                refuses(action, "one that is gone", "ResourceNotFoundException", NOT_FOUND,
                        on -> on.acm().describeCertificate(it -> it.certificateArn(GONE))),
                refuses(action, "one of another account", "ResourceNotFoundException", "Could not find certificate "
                        + Stage.ARN + "00000000-0000-0000-0000-000000000001.", on -> {
                            String arn = on.requested();
                            return on.as("999999999999", "eu-central-1",
                                    other -> other.acm().describeCertificate(it -> it.certificateArn(arn)));
                        }),
                refuses(action, "what is no certificate", "InvalidArnException", NO_SUCH_THING,
                        on -> on.acm().describeCertificate(it -> it.certificateArn(OTHER_THING))),
                refuses(action, "what is no ARN", VALIDATION, "2 validation errors detected: Value 'certificate' at "
                        + "'certificateArn' failed to satisfy constraint: Member must have length greater than or "
                        + "equal to 20; Value 'certificate' at 'certificateArn' failed to satisfy constraint: Member "
                        + "must satisfy regular expression pattern: "
                        + "arn:[\\w+=/,.@-]+:acm:[\\w+=/,.@-]*:[0-9]+:[\\w+=,.@-]+(/[\\w+=,.@-]+)*",
                        on -> on.acm().describeCertificate(it -> it.certificateArn("certificate"))));
    }

    private static List<Row> get() {
        String action = "GetCertificate";
        return List.of(
                works(action, "answers a certificate and its chain", on -> {
                    String arn = on.certificate();
                    return on.acm().getCertificate(it -> it.certificateArn(arn));
                }, answer -> {
                    assertThat(answer.certificate()).startsWith("-----BEGIN CERTIFICATE-----");
                    assertThat(answer.certificateChain()).startsWith("-----BEGIN CERTIFICATE-----");
                }),
                works(action, "answers no chain of one that was imported without", on -> {
                    String arn = on.acm().importCertificate(Plain.selfSigned("plain.example.com")).certificateArn();
                    return on.acm().getCertificate(it -> it.certificateArn(arn));
                }, answer -> assertThat(answer.certificateChain()).isNull()),
                refuses(action, "one that is not issued", "RequestInProgressException", IN_PROGRESS, on -> {
                    String arn = on.requested();
                    return on.acm().getCertificate(it -> it.certificateArn(arn));
                }),
                refuses(action, "one that is gone", "ResourceNotFoundException", NOT_FOUND,
                        on -> on.acm().getCertificate(it -> it.certificateArn(GONE))),
                refuses(action, "what is no certificate", "InvalidArnException", NO_SUCH_THING,
                        on -> on.acm().getCertificate(it -> it.certificateArn(OTHER_THING))));
    }

    private static List<Row> delete() {
        String action = "DeleteCertificate";
        return List.of(
                works(action, "takes a certificate away with its key", on -> {
                    String arn = on.certificate();
                    return on.acm().deleteCertificate(it -> it.certificateArn(arn));
                }, answer -> assertThat(answer.sdkHttpResponse()).satisfiesAnyOf(
                        it -> assertThat(it).isNull(), it -> assertThat(it.isSuccessful()).isTrue())),
                refuses(action, "one that is used", "ResourceInUseException", "Certificate " + Stage.ARN
                        + "00000000-0000-0000-0000-000000000001 in account 123456789012 is in use.", on -> {
                            String arn = on.certificate();
                            return on.used(arn, "arn:of:balancer").acm()
                                    .deleteCertificate(it -> it.certificateArn(arn));
                        }),
                refuses(action, "one that is gone", "ResourceNotFoundException", NOT_FOUND,
                        on -> on.acm().deleteCertificate(it -> it.certificateArn(GONE))),
                refuses(action, "what is no certificate", "InvalidArnException", NO_SUCH_THING,
                        on -> on.acm().deleteCertificate(it -> it.certificateArn(OTHER_THING))));
    }

    private static List<Row> export() {
        String action = "ExportCertificate";
        return List.of(
                works(action, "answers the key, encrypted", on -> {
                    String arn = on.exportable();
                    return on.acm().exportCertificate(it -> it.certificateArn(arn)
                            .passphrase(Stage.bytes("secret")));
                }, answer -> {
                    assertThat(answer.privateKey()).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
                    assertThat(answer.certificate()).startsWith("-----BEGIN CERTIFICATE-----");
                    assertThat(answer.certificateChain()).startsWith("-----BEGIN CERTIFICATE-----");
                }),
                refuses(action, "one that was not requested for it", VALIDATION, "Certificate ARN: " + Stage.ARN
                        + "00000000-0000-0000-0000-000000000001 is not a private certificate", on -> {
                            String arn = on.certificate();
                            return on.acm().exportCertificate(it -> it.certificateArn(arn)
                                    .passphrase(Stage.bytes("secret")));
                        }),
                refuses(action, "a passphrase with a dollar sign", VALIDATION,
                        "The passphrase can have any ASCII character except #, $, or %.", on -> {
                            String arn = on.exportable();
                            return on.acm().exportCertificate(it -> it.certificateArn(arn)
                                    .passphrase(Stage.bytes("pa$$word")));
                        }),
                refuses(action, "one that is not issued", "RequestInProgressException", IN_PROGRESS, on -> {
                    String arn = on.requested(request -> request.options(it -> it.export("ENABLED")));
                    return on.acm().exportCertificate(it -> it.certificateArn(arn)
                            .passphrase(Stage.bytes("secret")));
                }),
                refuses(action, "one that is gone", "ResourceNotFoundException", NOT_FOUND, on -> on.acm()
                        .exportCertificate(it -> it.certificateArn(GONE).passphrase(Stage.bytes("secret")))),
                refuses(action, "what is no certificate", "InvalidArnException", NO_SUCH_THING, on -> on.acm()
                        .exportCertificate(it -> it.certificateArn(OTHER_THING).passphrase(Stage.bytes("secret")))));
    }

    private static List<Row> renew() {
        String action = "RenewCertificate";
        return List.of(
                works(action, "has an exported one issued again", on -> {
                    String arn = on.exported();
                    String before = on.described(arn).serial();
                    var answer = on.acm().renewCertificate(it -> it.certificateArn(arn));
                    assertThat(on.described(arn).renewalSummary().renewalStatus())
                            .isEqualTo(RenewalStatus.PENDING_AUTO_RENEWAL);
                    on.issued();
                    assertThat(on.described(arn).renewalSummary().renewalStatus()).isEqualTo(RenewalStatus.SUCCESS);
                    assertThat(on.described(arn).serial()).isNotEqualTo(before);
                    String other = on.exported();
                    on.acm().renewCertificate(it -> it.certificateArn(other));
                    return answer;
                }, answer -> { }),
                refuses(action, "one that was not exported", VALIDATION, "Certificate ARN " + Stage.ARN
                        + "00000000-0000-0000-0000-000000000001 has not been exported so it is not eligible for the "
                        + "Renew Certificate API.", on -> {
                            String arn = on.certificate();
                            return on.acm().renewCertificate(it -> it.certificateArn(arn));
                        }),
                refuses(action, "one that has ended", VALIDATION, "Certificate ARN " + Stage.ARN
                        + "00000000-0000-0000-0000-000000000001 is not eligible for renewal.", on -> {
                            String arn = on.exported();
                            return on.later(Duration.ofDays(400)).acm().renewCertificate(it -> it.certificateArn(arn));
                        }),
                refuses(action, "one that is being issued", "RequestInProgressException", IN_PROGRESS, on -> {
                    String arn = on.requested();
                    return on.acm().renewCertificate(it -> it.certificateArn(arn));
                }),
                refuses(action, "one that is gone", "ResourceNotFoundException", NOT_FOUND,
                        on -> on.acm().renewCertificate(it -> it.certificateArn(GONE))),
                refuses(action, "what is no certificate", "InvalidArnException", NO_SUCH_THING,
                        on -> on.acm().renewCertificate(it -> it.certificateArn(OTHER_THING))));
    }

    private static List<Row> resend() {
        String action = "ResendValidationEmail";
        return List.of(
                works(action, "is answered as long as a mail is waited for", on -> {
                    String arn = on.requested(it -> it.validationMethod("EMAIL"));
                    return on.acm().resendValidationEmail(it -> it.certificateArn(arn).domain("WWW.example.com")
                            .validationDomain("example.com"));
                }, answer -> { }),
                refuses(action, "for one that is issued", "InvalidStateException", "The certificate " + Stage.ARN
                        + "00000000-0000-0000-0000-000000000001 is not pending validation.", on -> {
                            String arn = on.certificate();
                            return on.acm().resendValidationEmail(it -> it.certificateArn(arn)
                                    .domain("www.example.com").validationDomain("example.com"));
                        }),
                refuses(action, "for a domain that is proven by a record", "InvalidDomainValidationOptionsException",
                        "The domain www.example.com of the certificate is not validated by email.", on -> {
                            String arn = on.requested();
                            return on.acm().resendValidationEmail(it -> it.certificateArn(arn)
                                    .domain("www.example.com").validationDomain("example.com"));
                        }),
                refuses(action, "for one that is gone", "ResourceNotFoundException", NOT_FOUND,
                        on -> on.acm().resendValidationEmail(it -> it.certificateArn(GONE)
                                .domain("www.example.com").validationDomain("example.com"))),
                refuses(action, "for what is no certificate", "InvalidArnException", NO_SUCH_THING,
                        on -> on.acm().resendValidationEmail(it -> it.certificateArn(OTHER_THING)
                                .domain("www.example.com").validationDomain("example.com"))));
    }

    private static List<Row> revoke() {
        String action = "RevokeCertificate";
        return List.of(
                works(action, "makes a certificate unusable for ever", on -> {
                    String arn = on.exported();
                    var answer = on.acm().revokeCertificate(it -> it.certificateArn(arn)
                            .revocationReason("KEY_COMPROMISE"));
                    assertThat(on.service().find(arn, Stage.SCOPE)).isEmpty();
                    assertThat(on.described(arn).revocationReasonAsString()).isEqualTo("KEY_COMPROMISE");
                    String other = on.exported();
                    on.acm().revokeCertificate(it -> it.certificateArn(other).revocationReason("UNSPECIFIED"));
                    return answer;
                }, answer -> assertThat(answer.certificateArn()).endsWith("01")),
                refuses(action, "one that was not exported", VALIDATION, "Certificate ARN " + Stage.ARN
                        + "00000000-0000-0000-0000-000000000001 has not been exported so it cannot be revoked.", on -> {
                            String arn = on.certificate();
                            return on.acm().revokeCertificate(it -> it.certificateArn(arn)
                                    .revocationReason("UNSPECIFIED"));
                        }),
                refuses(action, "one that is used", "ResourceInUseException", "Certificate " + Stage.ARN
                        + "00000000-0000-0000-0000-000000000001 in account 123456789012 is in use.", on -> {
                            String arn = on.exported();
                            return on.used(arn, "arn:of:balancer").acm().revokeCertificate(it -> it
                                    .certificateArn(arn).revocationReason("UNSPECIFIED"));
                        }),
                refuses(action, "one that is revoked", "ConflictException", "The certificate " + Stage.ARN
                        + "00000000-0000-0000-0000-000000000001 is already revoked.", on -> {
                            String arn = on.exported();
                            on.acm().revokeCertificate(it -> it.certificateArn(arn).revocationReason("UNSPECIFIED"));
                            return on.acm().revokeCertificate(it -> it.certificateArn(arn)
                                    .revocationReason("UNSPECIFIED"));
                        }),
                refuses(action, "one that is gone", "ResourceNotFoundException", NOT_FOUND, on -> on.acm()
                        .revokeCertificate(it -> it.certificateArn(GONE).revocationReason("UNSPECIFIED"))),
                refuses(action, "what is no certificate", "InvalidArnException", NO_SUCH_THING, on -> on.acm()
                        .revokeCertificate(it -> it.certificateArn(OTHER_THING).revocationReason("UNSPECIFIED"))));
    }

    private static List<Row> options() {
        String action = "UpdateCertificateOptions";
        return List.of(
                works(action, "turns logging off", on -> {
                    String arn = on.certificate();
                    on.acm().updateCertificateOptions(request -> request.certificateArn(arn)
                            .options(it -> it.certificateTransparencyLoggingPreference("DISABLED")));
                    assertThat(on.described(arn).options().certificateTransparencyLoggingPreferenceAsString())
                            .isEqualTo("DISABLED");
                    return on.acm().updateCertificateOptions(request -> request.certificateArn(arn)
                            .options(it -> it.certificateTransparencyLoggingPreference("ENABLED")));
                }, answer -> { }),
                refuses(action, "that it may be exported after all", "InvalidStateException",
                        "You cannot update the value of Export after the certificate is created.", on -> {
                            String arn = on.certificate();
                            return on.acm().updateCertificateOptions(request -> request.certificateArn(arn)
                                    .options(it -> it.export("ENABLED")));
                        }),
                refuses(action, "one that was imported", "InvalidStateException",
                        "The UpdateCertificateOptions command is not permitted for imported certificates.", on -> {
                            String arn = on.imported();
                            return on.acm().updateCertificateOptions(request -> request.certificateArn(arn)
                                    .options(it -> it.certificateTransparencyLoggingPreference("DISABLED")));
                        }),
                refuses(action, "one that is gone", "ResourceNotFoundException", NOT_FOUND,
                        on -> on.acm().updateCertificateOptions(request -> request.certificateArn(GONE)
                                .options(it -> it.certificateTransparencyLoggingPreference("DISABLED")))),
                refuses(action, "what is no certificate", "InvalidArnException", NO_SUCH_THING,
                        on -> on.acm().updateCertificateOptions(request -> request.certificateArn(OTHER_THING)
                                .options(it -> it.certificateTransparencyLoggingPreference("DISABLED")))));
    }
}
