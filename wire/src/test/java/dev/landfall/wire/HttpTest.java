package dev.landfall.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.DimensionFilter;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricsRequest;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricsResponse;
import software.amazon.awssdk.services.cloudwatch.model.Metric;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.CreateClusterResponse;
import software.amazon.awssdk.services.efs.EfsClient;
import software.amazon.awssdk.services.efs.model.DescribeAccountPreferencesRequest;
import software.amazon.awssdk.services.efs.model.DescribeAccountPreferencesResponse;

/** What the SDK's clients do not show: the HTTP around the protocols. */
class HttpTest {
    private static final String CREATE_CLUSTER = "AmazonEC2ContainerServiceV20141113.CreateCluster";

    private static final Recorder<EcsClient> ECS = new Recorder<>(EcsClient.class);
    private static final Recorder<CloudWatchClient> CLOUD_WATCH = new Recorder<>(CloudWatchClient.class);
    private static final Recorder<EfsClient> EFS = new Recorder<>(EfsClient.class);
    private static final ApiServer SERVER = new ApiServer(
            ApiServer.Config.on("127.0.0.1", 0).withMaxBodyBytes(100_000),
            List.of(ECS.exposed(), CLOUD_WATCH.exposed(), EFS.exposed()),
            List.of());
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    static {
        ECS.answers(HttpTest::named);
    }

    private static CreateClusterResponse named(Object request) {
        return CreateClusterResponse.builder()
                .cluster(cluster -> cluster.clusterName(((CreateClusterRequest) request).clusterName()))
                .build();
    }

    @AfterAll
    static void close() {
        SERVER.close();
    }

    private static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(SERVER.uri().resolve(path)).version(HttpClient.Version.HTTP_1_1);
    }

    private static HttpRequest.Builder createCluster() {
        return to("/").header("X-Amz-Target", CREATE_CLUSTER).header("Content-Type", "application/x-amz-json-1.1");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    /** What a client sends that the SDK's shape of the request does not have. */
    @Test
    void membersBeyondTheModelCanBeAskedFor() throws Exception {
        var found = new ArrayList<Optional<String>>();
        ECS.answers(request -> {
            found.add(Call.unmodelled("clientToken"));
            found.add(Call.unmodelled("clusterName"));
            found.add(Call.unmodelled("nothing"));
            return CreateClusterResponse.builder().build();
        });
        try {
            send(createCluster().POST(BodyPublishers.ofString(
                    "{\"clusterName\": \"c\", \"clientToken\": \"t\", \"nothing\": 5}")));
        } finally {
            ECS.answers(HttpTest::named);
        }
        assertThat(found).containsExactly(Optional.of("t"), Optional.of("c"), Optional.empty());
        assertThat(Call.unmodelled("clientToken")).as("in process").isEmpty();
    }

    @Test
    void health() throws Exception {
        var response = send(to("/_landfall/health"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.body()).startsWith("{\"status\":\"ok\"").contains("\"ecs\"").endsWith("\"faults\":0}");
    }

    @Test
    void compressedBodies() throws Exception {
        var response = send(createCluster()
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(gzip("{\"clusterName\":\"zipped\"}".getBytes(UTF_8)))));
        assertThat(response.body()).isEqualTo("{\"cluster\":{\"clusterName\":\"zipped\"}}");
    }

    @Test
    void aCompressedBombIsRefused() throws Exception {
        var response = send(createCluster()
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(gzip(new byte[50_000_000]))));
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("\"__type\":\"RequestEntityTooLarge\"");
    }

    @Test
    void brokenCompressionIsTheCallersMistake() throws Exception {
        var response = send(createCluster().header("Content-Encoding", "gzip").POST(BodyPublishers.ofString("{}")));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("SerializationException");
    }

    @Test
    void chunkedBodies() throws Exception {
        var response = send(createCluster().POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArrays(
                List.of("{\"cluster".getBytes(UTF_8), "Name\":\"pieces\"}".getBytes(UTF_8))))));
        assertThat(response.body()).isEqualTo("{\"cluster\":{\"clusterName\":\"pieces\"}}");
    }

    @Test
    void awsChunkedBodies() throws Exception {
        String body = "9;chunk-signature=0123\r\n{\"cluster\r\ne;chunk-signature=4567\r\nName\":\"aws\"}  \r\n"
                + "0;chunk-signature=89\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
        var response = send(createCluster()
                .header("Content-Encoding", "aws-chunked")
                .POST(BodyPublishers.ofString(body)));
        assertThat(response.body()).isEqualTo("{\"cluster\":{\"clusterName\":\"aws\"}}");
    }

    @Test
    void bodiesBeyondTheLimitAreRefusedAndTheConnectionGoesOn() throws Exception {
        var response = send(createCluster().POST(BodyPublishers.ofString("x".repeat(150_000))));
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("\"__type\":\"RequestEntityTooLarge\"");
        assertThat(send(createCluster().POST(BodyPublishers.ofString("{}"))).statusCode()).isEqualTo(200);
    }

    @Test
    void browsersMayCall() throws Exception {
        var preflight = send(to("/")
                .header("Origin", "http://localhost:3000")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,x-amz-target")
                .method("OPTIONS", BodyPublishers.noBody()));
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin")).hasValue("http://localhost:3000");
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers"))
                .hasValue("authorization,x-amz-target");
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Methods").orElse(""))
                .contains("POST", "DELETE");

        var response = send(createCluster()
                .header("Origin", "http://localhost:3000")
                .POST(BodyPublishers.ofString("{}")));
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).hasValue("http://localhost:3000");
        assertThat(response.headers().firstValue("Access-Control-Expose-Headers").orElse(""))
                .contains("x-amzn-RequestId");
    }

    @Test
    void pagesFromElsewhereMayNot() throws Exception {
        for (var origin : List.of("https://evil.example", "null", "http://localhost.evil.example",
                "http://127.0.0.1.evil.example", "http://evil.example:" + SERVER.port())) {
            // A form needs no preflight, so the call itself must be refused.
            var form = send(to("/")
                    .header("Origin", origin)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString("Action=ListMetrics&Version=2010-08-01")));
            assertThat(form.statusCode()).as(origin).isEqualTo(403);
            var preflight = send(to("/").header("Origin", origin).method("OPTIONS", BodyPublishers.noBody()));
            assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin")).as(origin).isEmpty();
        }
        for (var origin : List.of("http://localhost", "http://127.0.0.9:1", "http://[::1]:5", "http://a.localhost")) {
            assertThat(send(createCluster().header("Origin", origin).POST(BodyPublishers.ofString("{}"))).statusCode())
                    .as(origin)
                    .isEqualTo(200);
        }
    }

    @Test
    void requestIdsAreInTheHeaders() throws Exception {
        var response = send(createCluster().POST(BodyPublishers.ofString("{}")));
        assertThat(response.headers().firstValue("x-amzn-RequestId").orElse("")).matches("[0-9a-f-]{36}");
        assertThat(response.headers().firstValue("x-amz-request-id"))
                .isEqualTo(response.headers().firstValue("x-amzn-RequestId"));
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-amz-json-1.1");
    }

    @Test
    void pathsNobodyKnows() throws Exception {
        var response = send(to("/some/where").GET());
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).contains("No operation is known at this path.");
        var head = send(to("/some/where").method("HEAD", BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(404);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void operationsNobodyKnows() throws Exception {
        for (var target : List.of("AmazonEC2ContainerServiceV20141113.MakeCoffee",
                "AmazonEC2ContainerServiceV20141113.createCluster", "Nobody.CreateCluster",
                "", ".", "CreateCluster.")) {
            var response = send(to("/").header("X-Amz-Target", target).POST(BodyPublishers.ofString("{}")));
            assertThat(response.statusCode()).as(target).isEqualTo(400);
            assertThat(response.body()).as(target).contains("\"__type\":\"UnknownOperationException\"");
        }
    }

    @Test
    void theEmptyActionIsMissing() throws Exception {
        for (var body : List.of("", "Version=2010-08-01", "Action=")) {
            var response = send(to("/")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(body)));
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.body()).contains("<Code>MissingAction</Code>").contains("<RequestId>");
        }
    }

    @Test
    void http2() throws Exception {
        try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            // The JDK asks for the upgrade with its first request, which must not have a body.
            URI health = SERVER.uri().resolve("/_landfall/health");
            var first = client.send(HttpRequest.newBuilder(health).build(), BodyHandlers.ofString());
            assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_2);
            // The longer ones take more than one flow-control window.
            for (int length : List.of(1, 1_000, 70_000, 90_000)) {
                String name = "n".repeat(length);
                var call = HttpRequest.newBuilder(SERVER.uri())
                        .header("X-Amz-Target", CREATE_CLUSTER)
                        .POST(BodyPublishers.ofString("{\"clusterName\":\"" + name + "\"}"))
                        .build();
                var response = client.send(call, BodyHandlers.ofString());
                assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(response.body()).isEqualTo("{\"cluster\":{\"clusterName\":\"" + name + "\"}}");
            }
            var tooLong = client.send(HttpRequest.newBuilder(SERVER.uri())
                            .header("X-Amz-Target", CREATE_CLUSTER)
                            .POST(BodyPublishers.ofByteArray(new byte[150_000]))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(tooLong.statusCode()).isEqualTo(413);
        }
    }

    @Test
    void aGetMayHaveABody() throws Exception {
        EFS.answers(request -> DescribeAccountPreferencesResponse.builder().nextToken("n").build());
        var response = send(to("/2015-02-01/account-preferences")
                .header("Content-Type", "application/json")
                .method("GET", BodyPublishers.ofString("{\"MaxResults\":3}")));
        assertThat(response.body()).isEqualTo("{\"NextToken\":\"n\"}");
        assertThat(((DescribeAccountPreferencesRequest) EFS.received()).maxResults()).isEqualTo(3);
    }

    @Test
    void wrongTypesInJson() throws Exception {
        for (var body : List.of("{\"clusterName\":5}", "{\"clusterName\":{}}", "{\"tags\":{}}", "{\"tags\":[null]}",
                "{\"tags\":[5]}", "[]", "5", "null", "{", "{\"clusterName\":\"a\"", "{}{}", "{\"a\":}", "\u0000")) {
            var response = send(createCluster().POST(BodyPublishers.ofString(body)));
            assertThat(response.statusCode()).as(body).isEqualTo(400);
            assertThat(response.body()).as(body).contains("\"__type\":\"SerializationException\"");
        }
        assertThat(SERVER.faults()).isZero();
    }

    @Test
    void leniencyInJson() throws Exception {
        for (var body : List.of("", "{}", "{\"clusterName\":null}", "{\"new\":[[{\"a\":1}]],\"tags\":[]}")) {
            assertThat(send(createCluster().POST(BodyPublishers.ofString(body))).statusCode()).as(body).isEqualTo(200);
        }
    }

    @Test
    void oneServiceInThreeProtocols() throws Exception {
        CLOUD_WATCH.answers(request -> ListMetricsResponse.builder()
                .metrics(Metric.builder().metricName("m").build())
                .build());
        String scope = "AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/monitoring/aws4_request, Signature=0";

        var query = send(to("/")
                .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .POST(BodyPublishers.ofString(
                        "Action=ListMetrics&Version=2010-08-01&Namespace=n&Dimensions.member.1.Name=d")));
        assertThat(query.body()).contains("<ListMetricsResult><Metrics><member><MetricName>m</MetricName></member>");
        assertListed();

        var json = send(to("/")
                .header("Authorization", scope)
                .header("X-Amz-Target", "GraniteServiceVersion20100801.ListMetrics")
                .header("Content-Type", "application/x-amz-json-1.0")
                .POST(BodyPublishers.ofString("{\"Namespace\":\"n\",\"Dimensions\":[{\"Name\":\"d\"}]}")));
        assertThat(json.body()).isEqualTo("{\"Metrics\":[{\"MetricName\":\"m\"}]}");
        assertThat(json.headers().firstValue("Content-Type")).hasValue("application/x-amz-json-1.0");
        assertListed();

        // {"Namespace":"n","Dimensions":[_ {"Name":"d"}]} with a list of indefinite length.
        byte[] cbor = HexFormat.of().parseHex(
                "a2" + "694e616d657370616365" + "616e" + "6a44696d656e73696f6e73" + "9f" + "a1644e616d656164" + "ff");
        var rpc = CLIENT.send(to("/service/GraniteServiceVersion20100801/operation/ListMetrics")
                        .header("Authorization", scope)
                        .header("smithy-protocol", "rpc-v2-cbor")
                        .header("Content-Type", "application/cbor")
                        .POST(BodyPublishers.ofByteArray(cbor))
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(rpc.statusCode()).isEqualTo(200);
        assertThat(rpc.headers().firstValue("smithy-protocol")).hasValue("rpc-v2-cbor");
        assertThat(new String(rpc.body(), UTF_8)).contains("Metrics").contains("MetricName");
        assertListed();
    }

    private static void assertListed() {
        assertThat(CLOUD_WATCH.received())
                .isEqualTo(ListMetricsRequest.builder()
                        .namespace("n")
                        .dimensions(DimensionFilter.builder().name("d").build())
                        .build());
    }
}
