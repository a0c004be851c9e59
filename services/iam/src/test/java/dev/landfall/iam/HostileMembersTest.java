package dev.landfall.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.testkit.Completeness;
import dev.landfall.testkit.Mutations;
import dev.landfall.testkit.Mutations.Variant;
import dev.landfall.x509.KeyAlgorithm;
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
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.*;

/**
 * Every member of every request, one after the other, with what nobody should send: the answer is valid, or an error
 * that the action declares and that leaves the state as it was.
 */
class HostileMembersTest {
    /** Over HTTP one of so many is sent: wire reads them all alike. */
    private static final int SENT_OF = 20;

    private static final Mutations MUTATIONS = new Mutations(List.of("WEB", "web/", "/a", "/a/", "/a//b/", "aws:a",
            "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "MXxMaXN0U2VydmVyQ2VydGlmaWNhdGVzfA"));

    static Stream<Arguments> operations() {
        return Completeness.operations(Iam.class).sorted(Comparator.comparing(Method::getName))
                .map(method -> Arguments.argumentSet(method.getName(), method));
    }

    private static SortedMap<String, SdkPojo> good(Stage on) {
        on.uploaded("web");
        Tag tag = ServerCertificateConformanceTest.tag("k", "v");
        var upload = UploadServerCertificateRequest.builder();
        Stage.uploading("new", on.made(KeyAlgorithm.EC_PRIME256V1)).accept(upload);
        return new TreeMap<String, SdkPojo>(Map.of(
                "uploadServerCertificate", upload.path("/x/").tags(tag).build(),
                "getServerCertificate", GetServerCertificateRequest.builder().serverCertificateName("web").build(),
                "listServerCertificates", ListServerCertificatesRequest.builder().pathPrefix("/").maxItems(2).build(),
                "updateServerCertificate", UpdateServerCertificateRequest.builder().serverCertificateName("web")
                        .newServerCertificateName("shop").newPath("/y/").build(),
                "deleteServerCertificate", DeleteServerCertificateRequest.builder().serverCertificateName("web")
                        .build(),
                "tagServerCertificate", TagServerCertificateRequest.builder().serverCertificateName("web").tags(tag)
                        .build(),
                "untagServerCertificate", UntagServerCertificateRequest.builder().serverCertificateName("web")
                        .tagKeys("k").build(),
                "listServerCertificateTags", ListServerCertificateTagsRequest.builder().serverCertificateName("web")
                        .build()));
    }

    private static void call(Method operation, IamClient iam, SdkPojo request) {
        try {
            IamClient.class.getMethod(operation.getName(), operation.getParameterTypes()).invoke(iam, request);
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
        return Stage.play(Stage.Way.IN_PROCESS, on -> MUTATIONS.of(good(on).get(operation.getName())));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void isAnsweredOrRefusedAsDeclared(Method operation) throws Exception {
        List<Variant> variants = variants(operation);
        int next = 0;
        while (next < variants.size()) {
            int from = next;
            next = Stage.play(Stage.Way.IN_PROCESS, on -> {
                good(on);
                int i = from;
                var before = on.image();
                while (i < variants.size() && !Stage.changed(before, on.image())) {
                    check(operation, variants.get(i++), on);
                }
                return i;
            });
        }
    }

    private static void check(Method operation, Variant variant, Stage on) {
        String name = Completeness.name(operation);
        try {
            call(operation, on.iam(), variant.request());
        } catch (IamException refusal) {
            String code = refusal.awsErrorDetails().errorCode();
            assertThat(refusal.statusCode()).isBetween(400, 409);
            assertThat(ServerCertificateConformanceTest.SUITE.declares(name, code))
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
            good(on);
            for (int i = 0; i < variants.size(); i += SENT_OF) {
                try {
                    call(operation, on.iam(), variants.get(i).request());
                } catch (IamException refusal) {
                    assertThat(refusal.statusCode()).as(variants.get(i).path()).isBetween(400, 409);
                } catch (SdkClientException | NullPointerException | IllegalArgumentException e) {
                    // the client does not send it
                }
            }
            return on;
        });
    }
}
