package dev.landfall.iam;

import static dev.landfall.iam.Row.refuses;
import static dev.landfall.iam.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.testkit.Completeness;
import dev.landfall.x509.KeyAlgorithm;
import dev.landfall.x509.Pem;
import dev.landfall.x509.ServerCertificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.UploadServerCertificateRequest;

class ServerCertificateConformanceTest {
    private static final String GONE = "The Server Certificate with name gone cannot be found.";
    private static final String CHAIN = "Unable to validate certificate chain. The certificate chain must start with "
            + "the immediate signing certificate, followed by any intermediaries in order. The index within the chain "
            + "of the invalid certificate is: ";

    static final Completeness SUITE = new Completeness(Iam.class, ServerCertificateConformanceTest.class,
            rows().stream().map(Row::shown).toList(), List.of("ValidationError"));

    private static List<Row> rows() {
        return Stream.of(upload(), uploadRefusals(), get(), list(), update(), delete(), tags())
                .flatMap(List::stream).toList();
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    @Test
    void everythingHasARow() {
        SUITE.hold();
    }

    static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private static List<Row> upload() {
        String action = "UploadServerCertificate";
        return List.of(
                works(action, "answers what it has made of it", on -> on.iam().uploadServerCertificate(
                        Stage.uploading("web", on.made(KeyAlgorithm.RSA_2048)).andThen(it -> it
                                .path("/company/servers/").tags(tag("b", "2"), tag("a", "")))), answer -> {
                                    var made = answer.serverCertificateMetadata();
                                    assertThat(made.arn()).isEqualTo(Stage.ARN + "company/servers/web");
                                    assertThat(made.serverCertificateId()).isEqualTo("ASCAAAAAAAAAAAAAAAAAB");
                                    assertThat(made.path()).isEqualTo("/company/servers/");
                                    assertThat(made.uploadDate()).isEqualTo(Stage.START);
                                    assertThat(made.expiration()).isEqualTo("2027-04-02T23:59:59Z");
                                    assertThat(answer.tags()).containsExactly(tag("a", ""), tag("b", "2"));
                                }),
                works(action, "does without a chain and a path", on -> on.iam().uploadServerCertificate(
                        Stage.uploading("web", on.made(KeyAlgorithm.EC_PRIME256V1))
                                .andThen(it -> it.certificateChain(null))),
                        answer -> assertThat(answer.serverCertificateMetadata().arn()).isEqualTo(Stage.ARN + "web")));
    }

    private static Row uploadRefused(String name, String code, String message,
            BiConsumer<UploadServerCertificateRequest.Builder, ServerCertificate> change) {
        return refuses("UploadServerCertificate", name, code, message, on -> {
            ServerCertificate made = on.made(KeyAlgorithm.RSA_2048);
            return on.iam().uploadServerCertificate(Stage.uploading("web", made)
                    .andThen(request -> change.accept(request, made)));
        });
    }

    private static List<Row> uploadRefusals() {
        String action = "UploadServerCertificate";
        String malformed = "MalformedCertificate";
        String unreadable = "Unable to parse certificate. Please ensure the certificate is in PEM format.";
        return List.of(
                uploadRefused("what is no certificate", malformed, unreadable,
                        (it, made) -> it.certificateBody("certificate")),
                uploadRefused("a certificate with its chain in one", malformed, unreadable,
                        (it, made) -> it.certificateBody(Pem.of(made.certificate()) + Pem.of(made.chain()))),
                uploadRefused("what is no key", malformed, "Unable to parse private key. Please ensure the private key "
                        + "is in PEM format and is not encrypted.", (it, made) -> it.privateKey("key")),
                uploadRefused("the key of another certificate", "KeyPairMismatch",
                        "The public key certificate and the private key do not match.", (it, made) -> it.privateKey(
                                Pem.of(new FixedEntropy().keyPair(KeyAlgorithm.EC_PRIME256V1).getPrivate()))),
                uploadRefused("the chain of another certificate", malformed, CHAIN + "-1",
                        (it, made) -> it.certificateChain(Pem.of(made.certificate()))),
                uploadRefused("a chain that is broken further up", malformed, CHAIN + "0",
                        (it, made) -> it.certificateChain(Pem.of(made.chain()) + Pem.of(made.certificate()))),
                uploadRefused("two tags that differ in capitals", "InvalidInput",
                        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
                        (it, made) -> it.tags(tag("key", "1"), tag("Key", "2"))),
                uploadRefused("a name with a slash", "ValidationError", "1 validation error detected: Value 'a/b' at "
                        + "'serverCertificateName' failed to satisfy constraint: Member must satisfy regular "
                        + "expression pattern: [\\w+=,.@-]+", (it, made) -> it.serverCertificateName("a/b")),
                uploadRefused("a key of strange characters, without telling it", "ValidationError", "1 validation "
                        + "error detected: Value '***' at 'privateKey' failed to satisfy constraint: Member must "
                        + "satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
                        (it, made) -> it.privateKey("secret\u2603")),
                refuses(action, "a certificate that has ended", malformed,
                        "The certificate has expired or is not valid yet.", on -> {
                            ServerCertificate made = on.made(KeyAlgorithm.RSA_2048);
                            return on.later(Duration.ofDays(400)).iam()
                                    .uploadServerCertificate(Stage.uploading("web", made));
                        }),
                refuses(action, "a name that is taken", "EntityAlreadyExists",
                        "The Server Certificate with name WEB already exists.", on -> {
                            on.uploaded("web");
                            return on.iam().uploadServerCertificate(
                                    Stage.uploading("WEB", on.made(KeyAlgorithm.RSA_2048)));
                        }),
                refuses(action, "a 21st certificate", "LimitExceeded",
                        "Cannot exceed quota for ServerCertificatesPerAccount: 20", on -> {
                            IntStream.range(0, 20).forEach(i -> on.uploaded("web" + i));
                            return on.iam().uploadServerCertificate(
                                    Stage.uploading("web", on.made(KeyAlgorithm.RSA_2048)));
                        }));
    }

    private static List<Row> get() {
        String action = "GetServerCertificate";
        return List.of(
                works(action, "answers all but the key", on -> {
                    on.uploaded("web");
                    return on.iam().getServerCertificate(it -> it.serverCertificateName("Web"));
                }, answer -> {
                    assertThat(answer.serverCertificate().certificateBody()).startsWith("-----BEGIN CERTIFICATE-----");
                    assertThat(answer.serverCertificate().certificateChain()).startsWith("-----BEGIN CERTIFICATE");
                    assertThat(answer.toString()).doesNotContain("PRIVATE");
                }),
                refuses(action, "one that is gone", "NoSuchEntity", GONE,
                        on -> on.iam().getServerCertificate(it -> it.serverCertificateName("gone"))),
                refuses(action, "one of another account", "NoSuchEntity",
                        "The Server Certificate with name web cannot be found.", on -> {
                            String arn = on.uploaded("web");
                            assertThat(on.service().find(arn, Stage.ACCOUNT)).isPresent();
                            assertThat(on.service().find(arn, "999999999999")).isEmpty();
                            return on.as("999999999999", other -> other.iam()
                                    .getServerCertificate(it -> it.serverCertificateName("web")));
                        }));
    }

    private static List<Row> list() {
        String action = "ListServerCertificates";
        return List.of(
                works(action, "lists those below a path", on -> {
                    on.uploaded("b");
                    on.iam().uploadServerCertificate(Stage.uploading("a", on.made(KeyAlgorithm.RSA_2048))
                            .andThen(it -> it.path("/x/")));
                    assertThat(on.iam().listServerCertificates().serverCertificateMetadataList())
                            .extracting(each -> each.serverCertificateName()).containsExactly("a", "b");
                    return on.iam().listServerCertificates(it -> it.pathPrefix("/x"));
                }, answer -> {
                    assertThat(answer.serverCertificateMetadataList()).extracting(each -> each.arn())
                            .containsExactly(Stage.ARN + "x/a");
                    assertThat(answer.isTruncated()).isFalse();
                }),
                works(action, "gives the pages that are asked for", on -> {
                    List.of("c", "a", "b").forEach(on::uploaded);
                    var names = new ArrayList<String>();
                    on.iam().listServerCertificatesPaginator(it -> it.maxItems(1)).serverCertificateMetadataList()
                            .forEach(each -> names.add(each.serverCertificateName()));
                    assertThat(names).containsExactly("a", "b", "c");
                    return on.iam().listServerCertificates(it -> it.maxItems(2));
                }, answer -> assertThat(answer.isTruncated()).isTrue()),
                refuses(action, "a marker that is none", "ValidationError", "Invalid Marker.",
                        on -> on.iam().listServerCertificates(it -> it.marker("marker"))));
    }

    private static List<Row> update() {
        String action = "UpdateServerCertificate";
        return List.of(
                works(action, "gives another name and path", on -> {
                    String arn = on.uploaded("web");
                    var answer = on.iam().updateServerCertificate(it -> it.serverCertificateName("web")
                            .newServerCertificateName("shop").newPath("/x/"));
                    assertThat(on.service().find(arn, Stage.ACCOUNT)).isEmpty();
                    assertThat(on.service().find(Stage.ARN + "x/shop", Stage.ACCOUNT)).isPresent();
                    on.iam().updateServerCertificate(it -> it.serverCertificateName("shop")
                            .newServerCertificateName("SHOP"));
                    assertThat(on.service().find(Stage.ARN + "x/SHOP", Stage.ACCOUNT)).isPresent();
                    on.iam().updateServerCertificate(it -> it.serverCertificateName("shop"));
                    return answer;
                }, answer -> { }),
                refuses(action, "a name that is taken", "EntityAlreadyExists",
                        "The Server Certificate with name shop already exists.", on -> {
                            on.uploaded("web");
                            on.uploaded("shop");
                            return on.iam().updateServerCertificate(it -> it.serverCertificateName("web")
                                    .newServerCertificateName("shop"));
                        }),
                refuses(action, "one that is gone", "NoSuchEntity", GONE,
                        on -> on.iam().updateServerCertificate(it -> it.serverCertificateName("gone"))));
    }

    private static List<Row> delete() {
        String action = "DeleteServerCertificate";
        return List.of(
                works(action, "takes it away", on -> {
                    on.uploaded("web");
                    var answer = on.iam().deleteServerCertificate(it -> it.serverCertificateName("web"));
                    assertThat(on.image().size(IamTables.CERTIFICATES)).isZero();
                    on.uploaded("web");
                    on.iam().deleteServerCertificate(it -> it.serverCertificateName("WEB"));
                    return answer;
                }, answer -> { }),
                refuses(action, "one that is used", "DeleteConflict", "Certificate: ASCAAAAAAAAAAAAAAAAAB is currently "
                        + "in use by arn:of:balancer. Please remove it first before deleting it from IAM.", on -> {
                            String arn = on.uploaded("web");
                            return on.used(arn, "arn:of:balancer").iam()
                                    .deleteServerCertificate(it -> it.serverCertificateName("web"));
                        }),
                refuses(action, "one that is gone", "NoSuchEntity", GONE,
                        on -> on.iam().deleteServerCertificate(it -> it.serverCertificateName("gone"))));
    }

    private static List<Row> tags() {
        return List.of(
                works("TagServerCertificate", "adds tags, and replaces those of the same key", on -> {
                    on.uploaded("web");
                    on.iam().tagServerCertificate(it -> it.serverCertificateName("web").tags(tag("a", "1")));
                    return on.iam().tagServerCertificate(it -> it.serverCertificateName("web").tags(tag("A", "2")));
                }, answer -> { }),
                works("ListServerCertificateTags", "lists them by their keys", on -> {
                    on.uploaded("web");
                    on.iam().tagServerCertificate(it -> it.serverCertificateName("web")
                            .tags(tag("b", "1"), tag("a", "2"), tag("c", "")));
                    on.iam().tagServerCertificate(it -> it.serverCertificateName("web").tags(tag("A", "3")));
                    on.iam().untagServerCertificate(it -> it.serverCertificateName("web").tagKeys("C", "d"));
                    return on.iam().listServerCertificateTags(it -> it.serverCertificateName("web"));
                }, answer -> assertThat(answer.tags()).containsExactly(tag("A", "3"), tag("b", "1"))),
                works("UntagServerCertificate", "passes over keys that are not there", on -> {
                    on.uploaded("web");
                    return on.iam().untagServerCertificate(it -> it.serverCertificateName("web").tagKeys("d"));
                }, answer -> { }),
                refuses("TagServerCertificate", "a 51st tag", "LimitExceeded",
                        "The number of tags has reached the maximum limit.", on -> {
                            on.uploaded("web");
                            on.iam().tagServerCertificate(it -> it.serverCertificateName("web").tags(
                                    IntStream.range(0, 50).mapToObj(i -> tag("k" + i, "")).toList()));
                            return on.iam().tagServerCertificate(it -> it.serverCertificateName("web")
                                    .tags(tag("k", "")));
                        }),
                refuses("TagServerCertificate", "a tag of AWS", "InvalidInput",
                        "Tag keys that begin with aws: are reserved.", on -> {
                            on.uploaded("web");
                            return on.iam().tagServerCertificate(it -> it.serverCertificateName("web")
                                    .tags(tag("aws:k", "")));
                        }),
                refuses("UntagServerCertificate", "a key twice", "InvalidInput",
                        "Duplicate tag keys found. Please note that Tag keys are case insensitive.", on -> {
                            on.uploaded("web");
                            return on.iam().untagServerCertificate(it -> it.serverCertificateName("web")
                                    .tagKeys("k", "K"));
                        }),
                refuses("TagServerCertificate", "one that is gone", "NoSuchEntity", GONE, on -> on.iam()
                        .tagServerCertificate(it -> it.serverCertificateName("gone").tags(tag("k", "")))),
                refuses("UntagServerCertificate", "one that is gone", "NoSuchEntity", GONE, on -> on.iam()
                        .untagServerCertificate(it -> it.serverCertificateName("gone").tagKeys("k"))),
                refuses("ListServerCertificateTags", "one that is gone", "NoSuchEntity", GONE, on -> on.iam()
                        .listServerCertificateTags(it -> it.serverCertificateName("gone"))));
    }

    @Test
    void serversGetTheBlocksAndNothingElse() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            ServerCertificate made = on.made(KeyAlgorithm.RSA_2048);
            on.iam().uploadServerCertificate(Stage.uploading("web", made)
                    .andThen(it -> it.certificateBody("subject=web\n" + Pem.of(made.certificate()))));
            var row = on.service().find(Stage.ARN + "web", Stage.ACCOUNT).orElseThrow();
            assertThat(row.fullChain()).isEqualTo(Pem.of(made.certificate()) + Pem.of(made.chain()));
            assertThat(row.privateKey()).isEqualTo(Pem.of(made.key()));
            assertThat(row.toString()).doesNotContain("PRIVATE");
            ServerCertificate.read(row.body(), Optional.of(row.chain()), row.privateKey());
            return on;
        });
    }
}
