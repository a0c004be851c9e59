package dev.landfall.acm.conformance;

import static dev.landfall.acm.conformance.CertificateConformanceTest.GONE;
import static dev.landfall.acm.conformance.CertificateConformanceTest.NOT_FOUND;
import static dev.landfall.acm.conformance.CertificateConformanceTest.NO_SUCH_THING;
import static dev.landfall.acm.conformance.CertificateConformanceTest.OTHER_THING;
import static dev.landfall.acm.conformance.Row.refuses;
import static dev.landfall.acm.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.acm.Stage;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.acm.model.Tag;

/** Tags, and what is set for an account. */
class TagConformanceTest {
    static List<Row> rows() {
        return Stream.of(add(), remove(), list(), account()).flatMap(List::stream).toList();
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private static List<Tag> tags(Stage on, String arn) {
        return on.acm().listTagsForCertificate(it -> it.certificateArn(arn)).tags();
    }

    private static List<Row> add() {
        String action = "AddTagsToCertificate";
        return List.of(
                works(action, "adds tags, and replaces those of the same key", on -> {
                    String arn = on.requested(it -> it.tags(tag("a", "1"), tag("b", "2")));
                    on.acm().addTagsToCertificate(it -> it.certificateArn(arn).tags(tag("b", "3"), tag("c", null)));
                    assertThat(tags(on, arn)).containsExactly(tag("a", "1"), tag("b", "3"), tag("c", null));
                    return on.acm().addTagsToCertificate(it -> it.certificateArn(arn).tags(tag("a", "1")));
                }, answer -> { }),
                refuses(action, "a 51st tag", "TooManyTagsException",
                        "The request contains too many tags. Try the request again with fewer tags.", on -> {
                            String arn = on.requested(it -> it.tags(IntStream.range(0, 50)
                                    .mapToObj(i -> tag("k" + i, "v")).toList()));
                            return on.acm().addTagsToCertificate(it -> it.certificateArn(arn).tags(tag("k", "v")));
                        }),
                refuses(action, "a tag of AWS", "InvalidTagException",
                        "Invalid Tag Key: \"aws:x\". AWS internal tags cannot be changed with this API", on -> {
                            String arn = on.requested();
                            return on.acm().addTagsToCertificate(it -> it.certificateArn(arn).tags(tag("aws:x", "")));
                        }),
                refuses(action, "to one that is gone", "ResourceNotFoundException", NOT_FOUND,
                        on -> on.acm().addTagsToCertificate(it -> it.certificateArn(GONE).tags(tag("k", "v")))),
                refuses(action, "to what is no certificate", "InvalidArnException", NO_SUCH_THING,
                        on -> on.acm().addTagsToCertificate(it -> it.certificateArn(OTHER_THING)
                                .tags(tag("k", "v")))));
    }

    private static List<Row> remove() {
        String action = "RemoveTagsFromCertificate";
        return List.of(
                works(action, "takes a tag whatever its value, or only with the value", on -> {
                    String arn = on.requested(it -> it.tags(tag("a", "1"), tag("b", "2"), tag("c", "3")));
                    on.acm().removeTagsFromCertificate(it -> it.certificateArn(arn)
                            .tags(tag("a", null), tag("b", "other"), tag("c", "3"), tag("d", null)));
                    assertThat(tags(on, arn)).containsExactly(tag("b", "2"));
                    return on.acm().removeTagsFromCertificate(it -> it.certificateArn(arn).tags(tag("b", null)));
                }, answer -> { }),
                refuses(action, "a tag of AWS", "InvalidTagException",
                        "Invalid Tag Key: \"aws:x\". AWS internal tags cannot be changed with this API", on -> {
                            String arn = on.requested();
                            return on.acm().removeTagsFromCertificate(it -> it.certificateArn(arn)
                                    .tags(tag("aws:x", null)));
                        }),
                refuses(action, "from one that is gone", "ResourceNotFoundException", NOT_FOUND,
                        on -> on.acm().removeTagsFromCertificate(it -> it.certificateArn(GONE).tags(tag("k", "v")))),
                refuses(action, "from what is no certificate", "InvalidArnException", NO_SUCH_THING,
                        on -> on.acm().removeTagsFromCertificate(it -> it.certificateArn(OTHER_THING)
                                .tags(tag("k", "v")))));
    }

    private static List<Row> list() {
        String action = "ListTagsForCertificate";
        return List.of(
                works(action, "keeps the tags through another import", on -> {
                    String arn = on.imported();
                    on.acm().addTagsToCertificate(it -> it.certificateArn(arn).tags(tag("k", "v")));
                    on.acm().importCertificate(Plain.selfSigned("plain.example.com")
                            .andThen(it -> it.certificateArn(arn)));
                    return on.acm().listTagsForCertificate(it -> it.certificateArn(arn));
                }, answer -> assertThat(answer.tags()).containsExactly(tag("k", "v"))),
                refuses(action, "one that is gone", "ResourceNotFoundException", NOT_FOUND,
                        on -> on.acm().listTagsForCertificate(it -> it.certificateArn(GONE))),
                refuses(action, "what is no certificate", "InvalidArnException", NO_SUCH_THING,
                        on -> on.acm().listTagsForCertificate(it -> it.certificateArn(OTHER_THING))));
    }

    private static List<Row> account() {
        return List.of(
                works("GetAccountConfiguration", "tells AWS's default",
                        on -> on.acm().getAccountConfiguration(it -> { }),
                        answer -> assertThat(answer.expiryEvents().daysBeforeExpiry()).isEqualTo(45)),
                works("GetAccountConfiguration", "tells what was set", on -> {
                    on.acm().putAccountConfiguration(request -> request.idempotencyToken("a")
                            .expiryEvents(it -> it.daysBeforeExpiry(10)));
                    return on.acm().getAccountConfiguration(it -> { });
                }, answer -> assertThat(answer.expiryEvents().daysBeforeExpiry()).isEqualTo(10)),
                works("PutAccountConfiguration", "takes a token again after an hour", on -> {
                    on.acm().putAccountConfiguration(request -> request.idempotencyToken("a")
                            .expiryEvents(it -> it.daysBeforeExpiry(10)));
                    return on.later(Duration.ofHours(1)).acm().putAccountConfiguration(request -> request
                            .idempotencyToken("a").expiryEvents(it -> it.daysBeforeExpiry(11)));
                }, answer -> { }),
                works("PutAccountConfiguration", "takes nothing at all",
                        on -> on.acm().putAccountConfiguration(request -> request.idempotencyToken("a")),
                        answer -> { }),
                refuses("PutAccountConfiguration", "another value with the same token", "ConflictException",
                        "You are trying to update a resource or configuration that is already being created or "
                                + "updated. Wait for the previous operation to finish and try again.", on -> {
                                    on.acm().putAccountConfiguration(request -> request.idempotencyToken("a")
                                            .expiryEvents(it -> it.daysBeforeExpiry(10)));
                                    return on.acm().putAccountConfiguration(request -> request.idempotencyToken("a")
                                            .expiryEvents(it -> it.daysBeforeExpiry(11)));
                                }),
                refuses("PutAccountConfiguration", "no day at all", "ValidationException", "1 validation error "
                        + "detected: Value '0' at 'expiryEvents.daysBeforeExpiry' failed to satisfy constraint: Member "
                        + "must have value greater than or equal to 1",
                        on -> on.acm().putAccountConfiguration(request -> request.idempotencyToken("a")
                                .expiryEvents(it -> it.daysBeforeExpiry(0)))));
    }
}
