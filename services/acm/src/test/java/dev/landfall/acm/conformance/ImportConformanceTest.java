package dev.landfall.acm.conformance;

import static dev.landfall.acm.conformance.CertificateConformanceTest.GONE;
import static dev.landfall.acm.conformance.CertificateConformanceTest.NOT_FOUND;
import static dev.landfall.acm.conformance.CertificateConformanceTest.NO_SUCH_THING;
import static dev.landfall.acm.conformance.CertificateConformanceTest.OTHER_THING;
import static dev.landfall.acm.conformance.CertificateConformanceTest.VALIDATION;
import static dev.landfall.acm.conformance.Row.refuses;
import static dev.landfall.acm.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.acm.Quotas;
import dev.landfall.acm.Stage;
import dev.landfall.x509.KeyAlgorithm;
import dev.landfall.x509.Pem;
import dev.landfall.x509.ServerCertificate;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.acm.model.ImportCertificateRequest;

class ImportConformanceTest {
    static List<Row> rows() {
        return Stream.of(importing(), importRefusals(), replacementRefusals()).flatMap(List::stream).toList();
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static List<Row> importing() {
        String action = "ImportCertificate";
        return List.of(
                works(action, "takes a certificate with its chain", on -> on.acm().importCertificate(
                        Stage.importing(on.brought(KeyAlgorithm.EC_PRIME256V1, "shop.example.com"))),
                        answer -> assertThat(answer.certificateArn()).startsWith(Stage.ARN)),
                works(action, "takes a certificate without its chain", on -> on.acm().importCertificate(
                        Stage.importing(on.brought(KeyAlgorithm.RSA_2048, "shop.example.com"))
                                .andThen(it -> it.certificateChain(null))),
                        answer -> assertThat(answer.certificateArn()).startsWith(Stage.ARN)),
                works(action, "keeps the ARN of the one it replaces", on -> {
                    String arn = on.imported();
                    return on.acm().importCertificate(Stage.importing(
                            on.brought(KeyAlgorithm.EC_SECP384R1, "new.example.com"))
                            .andThen(it -> it.certificateArn(arn)));
                }, answer -> assertThat(answer.certificateArn()).endsWith("01")));
    }

    private static Row importRefused(String name, String message,
            Consumer<ImportCertificateRequest.Builder> change) {
        return refuses("ImportCertificate", name, VALIDATION, message, on -> on.acm().importCertificate(
                Stage.importing(on.brought(KeyAlgorithm.RSA_2048, "shop.example.com")).andThen(change)));
    }

    private static List<Row> importRefusals() {
        String action = "ImportCertificate";
        return List.of(
                importRefused("no certificate", "1 validation error detected: Value null at 'certificate' failed to "
                        + "satisfy constraint: Member must not be null", it -> it.certificate(null)),
                importRefused("what is no certificate", "The certificate body provided is not in a valid PEM format.",
                        it -> it.certificate(Stage.bytes("certificate"))),
                importRefused("what is no chain", "The certificate chain provided is not in a valid PEM format.",
                        it -> it.certificateChain(Stage.bytes("chain"))),
                importRefused("what is no key", "The private key provided is not in a valid PEM format.",
                        it -> it.privateKey(Stage.bytes("key"))),
                refuses(action, "the whole chain as the certificate", VALIDATION, "The certificate field contains more "
                        + "than one certificate. You can specify only one certificate in this field.", on -> {
                            ServerCertificate brought = on.brought(KeyAlgorithm.RSA_2048, "shop.example.com");
                            return on.acm().importCertificate(Stage.importing(brought).andThen(it -> it.certificate(
                                    Stage.bytes(Pem.of(brought.certificate()) + Pem.of(brought.chain())))));
                        }),
                refuses(action, "an encrypted key", VALIDATION, "Your private key should not be encrypted.", on -> {
                    ServerCertificate brought = on.brought(KeyAlgorithm.RSA_2048, "shop.example.com");
                    return on.acm().importCertificate(Stage.importing(brought)
                            .andThen(it -> it.privateKey(Stage.bytes(Pem.of(brought.key(), "secret")))));
                }),
                refuses(action, "the key of another certificate", VALIDATION,
                        "The private key does not match the public key of the certificate.",
                        on -> on.acm().importCertificate(Stage.importing(on.brought(KeyAlgorithm.RSA_2048, "a.b.com"))
                                .andThen(it -> it.privateKey(Stage.bytes(
                                        Pem.of(on.brought(KeyAlgorithm.EC_PRIME256V1, "a.b.com").key())))))),
                refuses(action, "the chain of another certificate", VALIDATION,
                        "Could not validate the certificate with the certificate chain.", on -> {
                            ServerCertificate brought = on.brought(KeyAlgorithm.RSA_2048, "shop.example.com");
                            return on.acm().importCertificate(Stage.importing(brought).andThen(it -> it
                                    .certificateChain(Stage.bytes(Pem.of(brought.certificate())))));
                        }),
                refuses(action, "a certificate that has ended", VALIDATION, "The certificate has expired.", on -> {
                    ServerCertificate brought = on.brought(KeyAlgorithm.RSA_2048, "shop.example.com");
                    return on.later(Duration.ofDays(400)).acm().importCertificate(Stage.importing(brought));
                }),
                refuses(action, "a certificate of the future", VALIDATION, "The certificate is not valid yet.", on -> {
                    ServerCertificate brought =
                            on.later(Duration.ofDays(2)).brought(KeyAlgorithm.RSA_2048, "shop.example.com");
                    return on.later(Duration.ofDays(-2)).acm().importCertificate(Stage.importing(brought));
                }));
    }

    private static List<Row> replacementRefusals() {
        String action = "ImportCertificate";
        return List.of(
                refuses(action, "in the place of one that is gone", "ResourceNotFoundException", NOT_FOUND,
                        on -> on.acm().importCertificate(Stage.importing(on.brought(KeyAlgorithm.RSA_2048, "a.b.com"))
                                .andThen(it -> it.certificateArn(GONE)))),
                refuses(action, "in the place of what is no certificate", "InvalidArnException", NO_SUCH_THING,
                        on -> on.acm().importCertificate(Stage.importing(on.brought(KeyAlgorithm.RSA_2048, "a.b.com"))
                                .andThen(it -> it.certificateArn(OTHER_THING)))),
                refuses(action, "in the place of one that was requested", VALIDATION, "The certificate " + Stage.ARN
                        + "00000000-0000-0000-0000-000000000001 was not imported and cannot be reimported.", on -> {
                            String arn = on.certificate();
                            return on.acm().importCertificate(Stage.importing(
                                    on.brought(KeyAlgorithm.RSA_2048, "a.b.com")).andThen(it ->
                                    it.certificateArn(arn)));
                        }),
                refuses(action, "tags for one that it replaces", "InvalidParameterException",
                        "You cannot apply tags when reimporting a certificate.", on -> {
                            String arn = on.imported();
                            return on.acm().importCertificate(Stage.importing(
                                    on.brought(KeyAlgorithm.RSA_2048, "a.b.com")).andThen(it -> it
                                    .certificateArn(arn).tags(TagConformanceTest.tag("k", "v"))));
                        }),
                refuses(action, "usages that the one before did not have", VALIDATION, "The certificate that you "
                        + "reimport cannot have KeyUsage or ExtendedKeyUsage extensions that the previously imported "
                        + "certificate did not have.", on -> {
                            String arn = on.acm().importCertificate(Plain.selfSigned("plain.example.com"))
                                    .certificateArn();
                            return on.acm().importCertificate(Stage.importing(
                                    on.brought(KeyAlgorithm.RSA_2048, "a.b.com"))
                                    .andThen(it -> it.certificateArn(arn)));
                        }),
                refuses(action, "a tag of AWS", "InvalidTagException",
                        "Invalid Tag Key: \"AWS:x\". AWS internal tags cannot be changed with this API",
                        on -> on.acm().importCertificate(Stage.importing(on.brought(KeyAlgorithm.RSA_2048, "a.b.com"))
                                .andThen(it -> it.tags(TagConformanceTest.tag("AWS:x", "y"))))),
                refuses(action, "more certificates than the quota", "LimitExceededException",
                        "You have reached the maximum number of certificates. Delete certificates that are not in use, "
                                + "or contact AWS Support to request an increase.", on -> {
                                    CertificateConformanceTest.crowd(
                                            on, on.imported(), Quotas.IMPORTED_CERTIFICATES - 1);
                                    return on.acm().importCertificate(Stage.importing(
                                            on.brought(KeyAlgorithm.RSA_2048, "a.b.com")));
                                }));
    }
}
