package dev.landfall.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.wire.codec.Json;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.efs.EfsClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.route53.Route53Client;

/** Nothing a caller sends is a fault of ours, hangs, or shows a stack trace; and the server goes on. */
class FuzzTest {
    private static final int ROUNDS = 150;
    private static final int DEADLINE_MILLIS = 20_000;

    private final Recorder<EcsClient> ecs = new Recorder<>(EcsClient.class);
    private final ApiServer server = new ApiServer(
            ApiServer.Config.on("127.0.0.1", 0)
                    .withMaxBodyBytes(300_000)
                    .withSlowClientTimeout(Duration.ofMillis(400)),
            List.of(ecs.exposed(), new Recorder<>(ElasticLoadBalancingV2Client.class).exposed(),
                    new Recorder<>(CloudWatchClient.class).exposed(), new Recorder<>(EfsClient.class).exposed(),
                    new Recorder<>(Route53Client.class).exposed()),
            List.of());
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Random random = new Random(42);

    @AfterEach
    void stillAnswers() throws Exception {
        try (server) {
            var health = client.send(HttpRequest.newBuilder(server.uri().resolve("/_landfall/health")).build(),
                    BodyHandlers.ofString());
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(server.faults()).isZero();
        }
    }

    /** One way in per protocol, with a valid body to break. */
    private record Door(String method, String path, List<String> headers, byte[] body) {}

    private List<Door> doors() {
        var shapes = new RandomShapes(7, false, true);
        SdkPojo definition = shapes.next(RegisterTaskDefinitionRequest.class);
        SdkPojo metrics = shapes.next(PutMetricDataRequest.class);
        String scope = "AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/%s/aws4_request, Signature=0";
        String query = "Action=CreateRule&Version=2015-12-01&Actions.member.1.Type=forward&Priority=5"
                + "&Conditions.member.1.Values.member.1=%2Fx"
                + "&Actions.member.1.ForwardConfig.TargetGroups.member.1.Weight=3";
        String xml = "<?xml version=\"1.0\"?>"
                + "<ChangeResourceRecordSetsRequest xmlns=\"https://route53.amazonaws.com/doc/\">"
                + "<ChangeBatch><Changes><Change><Action>UPSERT</Action><ResourceRecordSet><Name>a</Name><TTL>60</TTL>"
                + "</ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>";
        return List.of(
                new Door("POST", "/", List.of("X-Amz-Target",
                        "AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition"), SdkJson.write(definition)),
                new Door("POST", "/", List.of("Content-Type", "application/x-www-form-urlencoded"),
                        query.getBytes(UTF_8)),
                new Door("POST", "/service/GraniteServiceVersion20100801/operation/PutMetricData",
                        List.of("smithy-protocol", "rpc-v2-cbor", "Authorization", scope.formatted("monitoring")),
                        Json.CBOR.write(metrics)),
                new Door("POST", "/2015-02-01/file-systems", List.of("Content-Type", "application/json"),
                        "{\"CreationToken\":\"a\",\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}]}".getBytes(UTF_8)),
                new Door("POST", "/2013-04-01/hostedzone/Z1/rrset", List.of("Content-Type", "text/xml"),
                        xml.getBytes(UTF_8)));
    }

    private HttpResponse<byte[]> send(Door door, byte[] body) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(server.uri().resolve(door.path))
                        .headers(door.headers.toArray(String[]::new))
                        .timeout(Duration.ofMillis(DEADLINE_MILLIS))
                        .method(door.method, BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private void assertRefused(Door door, byte[] body) throws Exception {
        var response = send(door, body);
        String text = new String(response.body(), UTF_8);
        // The services behind know no operation: what is read well is refused as unknown, the rest as malformed.
        assertThat(response.statusCode()).as(door.path + " " + new String(body, ISO_8859_1)).isBetween(400, 499);
        assertThat(text).doesNotContain("Exception in").doesNotContain("\tat ").doesNotContain("dev.landfall");
        assertThat(text).matches("(?s).*(Code>|__type|message).*");
    }

    @Test
    void theUnbrokenBodiesAreRead() throws Exception {
        for (var door : doors()) {
            var response = send(door, door.body);
            assertThat(new String(response.body(), UTF_8))
                    .as(door.path)
                    .containsAnyOf("UnknownOperationException", "InvalidAction", "is not known to this service");
        }
    }

    @Test
    void truncatedBodies() throws Exception {
        for (var door : doors()) {
            for (int i = 0; i < ROUNDS; i++) {
                assertRefused(door, Arrays.copyOf(door.body, random.nextInt(door.body.length)));
            }
        }
    }

    @Test
    void bodiesWithBrokenBytes() throws Exception {
        for (var door : doors()) {
            for (int i = 0; i < ROUNDS; i++) {
                byte[] body = door.body.clone();
                for (int hits = random.nextInt(1, 6); hits > 0; hits--) {
                    body[random.nextInt(body.length)] = (byte) random.nextInt(256);
                }
                assertRefused(door, body);
            }
        }
    }

    @Test
    void randomBytes() throws Exception {
        for (var door : doors()) {
            for (int i = 0; i < ROUNDS; i++) {
                byte[] body = new byte[random.nextInt(1, 400)];
                random.nextBytes(body);
                assertRefused(door, body);
            }
        }
    }

    @Test
    void deepBodies() throws Exception {
        int depth = 20_000;
        for (var door : doors()) {
            assertRefused(door, "[".repeat(depth).getBytes(UTF_8));
            assertRefused(door, "{\"a\":".repeat(depth).getBytes(UTF_8));
            assertRefused(door, "{\"containerDefinitions\":[".repeat(depth / 5).getBytes(UTF_8));
            assertRefused(door, "<a>".repeat(depth).getBytes(UTF_8));
            assertRefused(door, ("Action=CreateRule&" + "a.".repeat(depth) + "=1").getBytes(UTF_8));
            byte[] arrays = new byte[depth];
            Arrays.fill(arrays, (byte) 0x81);
            assertRefused(door, arrays);
            Arrays.fill(arrays, (byte) 0x9F);
            assertRefused(door, arrays);
        }
    }

    @Test
    void bodiesThatPromiseMuch() throws Exception {
        var doors = doors();
        // CBOR: an array, a text, a byte string, a map of four thousand million elements.
        for (var start : List.of("9AFFFFFFFF", "7AFFFFFFFF", "5AFFFFFFFF", "BAFFFFFFFF", "9BFFFFFFFFFFFFFFFF",
                "7B7FFFFFFFFFFFFFFF", "C2583F" + "FF".repeat(63),
                "A1646E616D65C25A00010000" + "FF".repeat(65536))) {
            assertRefused(doors.get(2), HexFormat.of().parseHex(start));
        }
        String expansion = "<!DOCTYPE a [<!ENTITY b \"%s\"><!ENTITY c \"%s\">]><a>&c;</a>";
        assertRefused(doors.get(4), expansion.formatted("x".repeat(1000), "&b;".repeat(1000)).getBytes(UTF_8));
        assertRefused(doors.get(4), "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>".getBytes(UTF_8));
        assertRefused(doors.get(0), ("{\"cpu\":" + "9".repeat(100_000) + "}").getBytes(UTF_8));
        assertRefused(doors.get(0), "{\"tags\":[{\"key\":1e999999999}]}".getBytes(UTF_8));
        assertRefused(doors.get(0), new byte[310_000]);
        assertRefused(doors.get(1), ("Action=CreateRule" + "&a=1".repeat(70_000)).getBytes(UTF_8));
        assertRefused(doors.get(1), "Action=CreateRule&Priority=%zz".getBytes(UTF_8));
        assertRefused(doors.get(1), "Action=CreateRule&Tags.member.x.Key=1".getBytes(UTF_8));
    }

    @Test
    void brokenHttp() throws Exception {
        for (var text : List.of("\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n",
                "GET /%zz?%zz=%zz HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(50_000) + "\r\n",
                "GET /" + "a".repeat(200_000) + " HTTP/1.1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\nx",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\nx",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{")) {
            exchange(text.getBytes(ISO_8859_1));
        }
        for (int i = 0; i < 20; i++) {
            byte[] noise = new byte[random.nextInt(1, 3000)];
            random.nextBytes(noise);
            exchange(noise);
        }
    }

    /** Sends all, half-closes, and reads to the end: the server must end the connection by itself. */
    private byte[] exchange(byte[] bytes) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(DEADLINE_MILLIS);
            try {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
                return socket.getInputStream().readAllBytes();
            } catch (SocketException e) {
                // It refused before it had read everything.
                return new byte[0];
            }
        }
    }

    @Test
    void aHalfSentBodyGetsTheProtocolsError() throws Exception {
        byte[] answer = exchange(("POST / HTTP/1.1\r\nHost: h\r\n"
                + "X-Amz-Target: AmazonEC2ContainerServiceV20141113.ListClusters\r\n"
                + "Content-Length: 100\r\n\r\n{\"maxResults\":").getBytes(UTF_8));
        assertThat(new String(answer, UTF_8)).startsWith("HTTP/1.1 400").contains("IncompleteBody");
    }

    @Test
    void slowClientsAreCutOff() throws Exception {
        try (Socket slowBody = new Socket("127.0.0.1", server.port());
                Socket slowHeaders = new Socket("127.0.0.1", server.port())) {
            slowBody.setSoTimeout(DEADLINE_MILLIS);
            slowHeaders.setSoTimeout(DEADLINE_MILLIS);
            slowBody.getOutputStream().write(
                    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{".getBytes(UTF_8));
            slowHeaders.getOutputStream().write("POST / HTTP/1.1\r\nHost: h\r\nConte".getBytes(UTF_8));
            assertEnds(slowBody);
            assertEnds(slowHeaders);
        }
    }

    private static void assertEnds(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    @Test
    void aThousandIdleConnections() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 1_000; i++) {
                idle.add(new Socket("127.0.0.1", server.port()));
            }
            stillAnswersOn(idle.getFirst());
            stillAnswersOn(idle.getLast());
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    private static void stillAnswersOn(Socket socket) throws IOException {
        socket.setSoTimeout(DEADLINE_MILLIS);
        socket.getOutputStream().write("GET /_landfall/health HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(UTF_8));
        assertThat(new String(socket.getInputStream().readNBytes(15), UTF_8)).isEqualTo("HTTP/1.1 200 OK");
    }
}
