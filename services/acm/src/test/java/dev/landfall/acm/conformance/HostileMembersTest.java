package dev.landfall.acm.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.acm.Acm;
import dev.landfall.acm.Stage;
import dev.landfall.testkit.Completeness;
import dev.landfall.testkit.Mutations;
import dev.landfall.testkit.Mutations.Variant;
import dev.landfall.x509.KeyAlgorithm;
import dev.landfall.x509.Pem;
import dev.landfall.x509.ServerCertificate;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.acm.model.*;

/**
 * Every member of every request, one after the other, with what nobody should send: the answer is valid, or an error
 * that the action declares and that leaves the state as it was.
 */
class HostileMembersTest {
    /** Over HTTP one of so many is sent: wire reads them all alike. */
    private static final int SENT_OF = 20;

    private static final Mutations MUTATIONS = new Mutations(List.of(Stage.ARN, Stage.ARN + "x/y", Stage.ARN + "é",
            "arn:aws:acm:eu-central-1:123456789012:certificate", "arn:aws:acm::1:x", "*.example.com", "a.*.example.com",
            "*.*.example.com", "-a.example.com", "a..example.com", "EXAMPLE.COM", "xn--a.example.com", "a.b#c",
            "aws:key", "MXxMaXN0Q2VydGlmaWNhdGVzfA"));

    private record Furnished(String arn, String exported, ServerCertificate brought) {}

    static Stream<Arguments> operations() {
        return Completeness.operations(Acm.class).sorted(Comparator.comparing(Method::getName))
                .map(method -> Arguments.argumentSet(method.getName(), method));
    }

    private static Furnished furnished(Stage on) {
        return new Furnished(on.imported(), on.exported(), on.brought(KeyAlgorithm.EC_PRIME256V1, "new.example.com"));
    }

    /** A request to each action that is answered. */
    private static SortedMap<String, SdkPojo> good(Furnished at) {
        Tag tag = TagConformanceTest.tag("k", "v");
        return new TreeMap<String, SdkPojo>(Map.ofEntries(
                Map.entry("requestCertificate", RequestCertificateRequest.builder().domainName("a.example.com")
                        .subjectAlternativeNames("b.example.com").validationMethod("EMAIL").idempotencyToken("t")
                        .domainValidationOptions(DomainValidationOption.builder().domainName("a.example.com")
                                .validationDomain("example.com").build())
                        .options(it -> it.export("ENABLED")).keyAlgorithm("EC_prime256v1").tags(tag).build()),
                Map.entry("importCertificate", ImportCertificateRequest.builder().certificateArn(at.arn)
                        .certificate(Stage.bytes(Pem.of(at.brought.certificate())))
                        .certificateChain(Stage.bytes(Pem.of(at.brought.chain())))
                        .privateKey(Stage.bytes(Pem.of(at.brought.key()))).build()),
                Map.entry("describeCertificate", DescribeCertificateRequest.builder().certificateArn(at.arn).build()),
                Map.entry("getCertificate", GetCertificateRequest.builder().certificateArn(at.arn).build()),
                Map.entry("deleteCertificate", DeleteCertificateRequest.builder().certificateArn(at.arn).build()),
                Map.entry("listCertificates", ListCertificatesRequest.builder().maxItems(5)
                        .certificateStatusesWithStrings("ISSUED").sortBy("CREATED_AT").sortOrder("ASCENDING")
                        .includes(it -> it.keyTypesWithStrings("RSA_2048")).build()),
                Map.entry("exportCertificate", ExportCertificateRequest.builder().certificateArn(at.exported)
                        .passphrase(Stage.bytes("secret")).build()),
                Map.entry("renewCertificate", RenewCertificateRequest.builder().certificateArn(at.exported).build()),
                Map.entry("resendValidationEmail", ResendValidationEmailRequest.builder().certificateArn(at.arn)
                        .domain("www.example.com").validationDomain("example.com").build()),
                Map.entry("revokeCertificate", RevokeCertificateRequest.builder().certificateArn(at.exported)
                        .revocationReason("UNSPECIFIED").build()),
                Map.entry("updateCertificateOptions", UpdateCertificateOptionsRequest.builder()
                        .certificateArn(at.exported)
                        .options(it -> it.certificateTransparencyLoggingPreference("DISABLED")).build()),
                Map.entry("addTagsToCertificate", AddTagsToCertificateRequest.builder().certificateArn(at.arn)
                        .tags(tag).build()),
                Map.entry("removeTagsFromCertificate", RemoveTagsFromCertificateRequest.builder()
                        .certificateArn(at.arn).tags(tag).build()),
                Map.entry("listTagsForCertificate", ListTagsForCertificateRequest.builder().certificateArn(at.arn)
                        .build()),
                Map.entry("getAccountConfiguration", GetAccountConfigurationRequest.builder().build()),
                Map.entry("putAccountConfiguration", PutAccountConfigurationRequest.builder().idempotencyToken("t")
                        .expiryEvents(it -> it.daysBeforeExpiry(3)).build())));
    }

    private static void call(Method operation, AcmClient acm, SdkPojo request) {
        try {
            AcmClient.class.getMethod(operation.getName(), operation.getParameterTypes()).invoke(acm, request);
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case RuntimeException wrong -> throw wrong;
                case Error wrong -> throw wrong;
                default -> throw new IllegalStateException(e);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Variant> variants(Method operation) throws Exception {
        return Stage.play(Stage.Way.IN_PROCESS, on -> MUTATIONS.of(good(furnished(on)).get(operation.getName())));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void isAnsweredOrRefusedAsDeclared(Method operation) throws Exception {
        List<Variant> variants = variants(operation);
        int next = 0;
        while (next < variants.size()) {
            int from = next;
            next = Stage.play(Stage.Way.IN_PROCESS, on -> {
                furnished(on);
                return playOn(on, operation, variants, from);
            });
        }
    }

    /** Plays variants until one changes something; the number of the next is answered. */
    private static int playOn(Stage on, Method operation, List<Variant> variants, int from) {
        for (int i = from; i < variants.size(); i++) {
            var before = on.image();
            check(operation, variants.get(i), on);
            if (!Stage.changed(before, on.image()).isEmpty()) {
                on.issued(); // whatever was taken can be issued
                return i + 1;
            }
        }
        return variants.size();
    }

    private static void check(Method operation, Variant variant, Stage on) {
        String name = Completeness.name(operation);
        try {
            call(operation, on.acm(), variant.request());
        } catch (AcmException refusal) {
            String code = refusal.awsErrorDetails().errorCode();
            assertThat(refusal.statusCode()).isEqualTo(400);
            assertThat(CompletenessTest.SUITE.declares(name, code))
                    .as("%s %s = %s: %s", name, variant.path(), variant.what(), refusal).isTrue();
            assertThat(refusal.awsErrorDetails().errorMessage()).isNotBlank().hasSizeLessThan(5_000);
        } catch (RuntimeException | Error fault) {
            throw new AssertionError(variant.path() + " = " + variant.what() + ": " + fault, fault);
        }
    }

    /** The stage's end fails if the server counted a fault of its own. */
    @ParameterizedTest
    @MethodSource("operations")
    void isReadOverHttp(Method operation) throws Exception {
        List<Variant> variants = variants(operation);
        Stage.play(Stage.Way.OVER_HTTP, on -> {
            furnished(on);
            for (int i = 0; i < variants.size(); i += SENT_OF) {
                try {
                    call(operation, on.acm(), variants.get(i).request());
                } catch (AcmException refusal) {
                    assertThat(refusal.statusCode()).as(variants.get(i).path()).isEqualTo(400);
                } catch (SdkClientException | NullPointerException | IllegalArgumentException e) {
                    // the client does not send it
                }
            }
            return on;
        });
    }
}
