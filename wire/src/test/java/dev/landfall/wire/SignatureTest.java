package dev.landfall.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataResponse;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.efs.EfsClient;
import software.amazon.awssdk.services.efs.model.DescribeFileSystemsResponse;
import software.amazon.awssdk.services.efs.model.UntagResourceResponse;

/** A server that verifies: what the SDK signs with the right key gets in, and nothing else. */
class SignatureTest {
    private static final AwsCredentials GOOD = AwsBasicCredentials.create("AKIDGOOD", "good secret");
    private static final AwsCredentials SESSION = AwsSessionCredentials.create("ASIASESSION", "other", "token/+=");

    private static final Recorder<EcsClient> ECS = new Recorder<>(EcsClient.class);
    private static final Recorder<EfsClient> EFS = new Recorder<>(EfsClient.class);
    private static final Recorder<CloudWatchClient> CLOUD_WATCH = new Recorder<>(CloudWatchClient.class);
    private static final ApiServer SERVER = new ApiServer(
            ApiServer.Config.on("127.0.0.1", 0).withSecretKeys(SignatureTest::secret),
            List.of(ECS.exposed(), EFS.exposed(), CLOUD_WATCH.exposed()),
            List.of(new Endpoint()));

    /** Accepts every upgrade that gets as far. */
    private static final class Endpoint implements SocketEndpoint {
        @Override
        public String path() {
            return "/ws";
        }

        @Override
        public Handler open(Request request) {
            throw new Refused(418, "{}");
        }
    }

    @AfterAll
    static void close() {
        SERVER.close();
    }

    private static Optional<String> secret(String accessKeyId, String sessionToken) {
        return switch (accessKeyId + " " + sessionToken) {
            case "AKIDGOOD " -> Optional.of("good secret");
            case "ASIASESSION token/+=" -> Optional.of("other");
            default -> Optional.empty();
        };
    }

    private static EcsClient ecs(AwsCredentials credentials) {
        ECS.answers(request -> ListClustersResponse.builder().build());
        return EcsClient.builder()
                .endpointOverride(SERVER.uri())
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(options -> options.retryStrategy(retry -> retry.maxAttempts(1)))
                .build();
    }

    @Test
    void theRightKeyGetsIn() {
        for (var credentials : List.of(GOOD, SESSION)) {
            try (var client = ecs(credentials)) {
                client.listClusters(request -> request.maxResults(3));
                assertThat(ECS.call().accessKeyId()).isEqualTo(credentials.accessKeyId());
            }
        }
    }

    @Test
    void otherProtocolsAreSignedInOtherPlaces() {
        EFS.answers(request -> request.getClass().getSimpleName().startsWith("Untag")
                ? UntagResourceResponse.builder().build()
                : DescribeFileSystemsResponse.builder().build());
        CLOUD_WATCH.answers(request -> PutMetricDataResponse.builder().build());
        var credentials = StaticCredentialsProvider.create(GOOD);
        try (var efs = EfsClient.builder()
                        .endpointOverride(SERVER.uri())
                        .region(Region.EU_WEST_1)
                        .credentialsProvider(credentials)
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
                var cloudWatch = CloudWatchClient.builder()
                        .endpointOverride(SERVER.uri())
                        .region(Region.EU_WEST_1)
                        .credentialsProvider(credentials)
                        .httpClient(UrlConnectionHttpClient.create())
                        .build()) {
            efs.describeFileSystems(request -> request.fileSystemId("fs 1/é+").creationToken("a&b=c~*"));
            efs.untagResource(request -> request.resourceId("arn:aws:fs/1 2").tagKeys("b", "a", "a-b", "a b"));
            // Long enough to be compressed before it is signed.
            cloudWatch.putMetricData(request -> request.namespace("n")
                    .metricData(MetricDatum.builder().metricName("m".repeat(20_000)).build()));
        }
    }

    @Test
    void nothingElseGetsIn() {
        assertDenied(AwsBasicCredentials.create("AKIDGOOD", "bad secret"), "InvalidSignatureException");
        assertDenied(AwsBasicCredentials.create("AKIDUNKNOWN", "good secret"), "UnrecognizedClientException");
        assertDenied(AwsSessionCredentials.create("ASIASESSION", "other", "stolen"), "UnrecognizedClientException");
        assertThat(SERVER.faults()).isZero();
    }

    private static void assertDenied(AwsCredentials credentials, String code) {
        try (var client = ecs(credentials)) {
            ECS.answers(request -> {
                throw new AssertionError("the call got in");
            });
            var caught = catchThrowableOfType(AwsServiceException.class, client::listClusters);
            assertThat(caught.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(caught.statusCode()).isEqualTo(400);
        }
    }

    private static SdkHttpRequest listClusters() {
        return SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(SERVER.uri().resolve("/"))
                .putHeader("Host", "127.0.0.1:" + SERVER.port())
                .putHeader("X-Amz-Target", "AmazonEC2ContainerServiceV20141113.ListClusters")
                .build();
    }

    private static SdkHttpRequest sign(
            SdkHttpRequest request, String service, String body, Clock clock, Duration expiry) {
        return AwsV4HttpSigner.create()
                .sign(signing -> {
                    signing.identity(GOOD)
                            .request(request)
                            .payload(() -> new ByteArrayInputStream(body.getBytes(UTF_8)))
                            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                            .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1")
                            .putProperty(HttpSigner.SIGNING_CLOCK, clock);
                    if (!expiry.isZero()) {
                        signing.putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                                .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, expiry);
                    }
                })
                .request();
    }

    private static HttpResponse<String> send(SdkHttpRequest signed, String body)
            throws IOException, InterruptedException {
        URI uri = signed.getUri();
        var request = HttpRequest.newBuilder(uri)
                .version(HttpClient.Version.HTTP_1_1)
                .method(signed.method().name(), BodyPublishers.ofString(body));
        signed.forEachHeader((name, values) -> {
            if (!Set.of("host", "content-length").contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void aChangedBodyOrHeaderIsNoticed() throws Exception {
        ECS.answers(request -> ListClustersResponse.builder().build());
        var signed = sign(listClusters(), "ecs", "{}", Clock.systemUTC(), Duration.ZERO);
        assertThat(send(signed, "{}").statusCode()).isEqualTo(200);
        assertThat(send(signed, "{ }").body()).contains("InvalidSignatureException");
        var elsewhere = signed.toBuilder()
                .putHeader("X-Amz-Target", "AmazonEC2ContainerServiceV20141113.CreateCluster")
                .build();
        assertThat(send(elsewhere, "{}").body()).contains("InvalidSignatureException");
        var path = signed.toBuilder().encodedPath("/other").build();
        assertThat(send(path, "{}").body()).contains("InvalidSignatureException");
    }

    @Test
    void signaturesAge() throws Exception {
        for (int hours : List.of(-1, 1)) {
            var clock = Clock.offset(Clock.systemUTC(), Duration.ofHours(hours));
            assertThat(send(sign(listClusters(), "ecs", "{}", clock, Duration.ZERO), "{}").body())
                    .contains("Signature expired");
        }
    }

    @Test
    void presignedRequests() throws Exception {
        EFS.answers(request -> DescribeFileSystemsResponse.builder().build());
        SdkHttpRequest request = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.GET)
                .uri(SERVER.uri().resolve("/2015-02-01/file-systems"))
                .putHeader("Host", "127.0.0.1:" + SERVER.port())
                .putRawQueryParameter("FileSystemId", "fs-1")
                .build();
        var hour = Duration.ofHours(1);
        var before = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-30)).withZone(ZoneOffset.UTC);
        var signed = sign(request, "elasticfilesystem", "", before, hour);
        assertThat(send(signed, "").statusCode()).as(send(signed, "").body()).isEqualTo(200);
        assertThat(EFS.call().region()).isEqualTo("eu-west-1");
        var other = signed.toBuilder().putRawQueryParameter("FileSystemId", "fs-2").build();
        assertThat(send(other, "").statusCode()).isEqualTo(403);
        var late = Clock.offset(Clock.systemUTC(), Duration.ofHours(-2));
        assertThat(send(sign(request, "elasticfilesystem", "", late, hour), "").statusCode()).isEqualTo(403);
    }

    @Test
    void unsignedAndHalfSignedRequests() throws Exception {
        assertThat(send(listClusters(), "{}").body()).contains("MissingAuthenticationTokenException");
        for (var authorization : List.of("", "Basic eDp5", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=x",
                "AWS4-HMAC-SHA256 Credential=AKIDGOOD/20260101/eu-west-1/ecs/aws4_request, SignedHeaders=host, "
                        + "Signature=",
                "AWS4-HMAC-SHA256 Credential=/, SignedHeaders=, Signature=")) {
            var request = listClusters().toBuilder().putHeader("Authorization", authorization).build();
            assertThat(send(request, "{}").statusCode()).as(authorization).isEqualTo(400);
        }
        assertThat(SERVER.faults()).isZero();
    }

    @Test
    void websocketUpgradesAreVerifiedToo() throws Exception {
        SdkHttpRequest upgrade = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.GET)
                .uri(SERVER.uri().resolve("/ws"))
                .putHeader("Host", "127.0.0.1:" + SERVER.port())
                .putRawQueryParameter("clusterArn", "arn:aws:ecs:eu-west-1:1:cluster/a b")
                .build();
        assertThat(upgrade(upgrade)).startsWith("HTTP/1.1 403 ");
        assertThat(upgrade(sign(upgrade, "ecs", "", Clock.systemUTC(), Duration.ZERO))).startsWith("HTTP/1.1 418 ");
    }

    private static String upgrade(SdkHttpRequest signed) throws IOException {
        var text = new StringBuilder("GET ").append(signed.getUri().getRawPath()).append('?')
                .append(signed.getUri().getRawQuery()).append(" HTTP/1.1\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n");
        signed.forEachHeader((name, values) -> values.forEach(
                value -> text.append(name).append(": ").append(value).append("\r\n")));
        try (var socket = new Socket("127.0.0.1", SERVER.port())) {
            socket.getOutputStream().write(text.append("\r\n").toString().getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
