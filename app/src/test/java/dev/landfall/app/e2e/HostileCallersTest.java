package dev.landfall.app.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.EcsClient;

/** Callers that mean no good, or do not know what they do, against a running Landfall that has work to do besides. */
class HostileCallersTest {
    private static final String TARGET = "AmazonEC2ContainerServiceV20141113.";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int IDLE_CONNECTIONS = 1_000;

    private static Landfall server;
    private static HttpClient http;

    @BeforeAll
    static void start() {
        server = Landfall.server("hostile");
        server.ecs().createCluster(r -> r.clusterName("victim"));
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
        server.close();
    }

    private static JsonNode health() {
        try {
            var answer = http.send(HttpRequest.newBuilder(server.endpoint().resolve("/_landfall/health")).build(),
                    HttpResponse.BodyHandlers.ofString());
            return JSON.readTree(answer.body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static long faults() {
        return health().path("faults").asLong(-1);
    }

    /** It answers as ever, and thinks that nothing was its own fault. */
    private static void assertWell(long faultsBefore) {
        assertThat(health().path("status").asText()).isEqualTo("ok");
        assertThat(faults()).as(server.log()).isNotNegative().isEqualTo(faultsBefore);
        assertThat(server.ecs().describeClusters(r -> r.clusters("victim")).clusters()).hasSize(1);
    }

    /** A request and what a decent server may answer to it. */
    record Attack(String name, HttpRequest.Builder request) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(server.endpoint() + path))
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/ecs/aws4_request, "
                        + "SignedHeaders=host, Signature=00");
    }

    private static Attack json(String name, String operation, String body) {
        return new Attack(name + " to " + operation, to("/").header("X-Amz-Target", TARGET + operation)
                .header("Content-Type", "application/x-amz-json-1.1")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static Attack body(String name, String path, String type, String body) {
        var request = to(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body));
        return new Attack(name, type.contains("cbor") ? request.header("smithy-protocol", "rpc-v2-cbor") : request);
    }

    static List<Attack> attacks() {
        var attacks = new ArrayList<Attack>();
        for (String operation : List.of("CreateService", "RegisterTaskDefinition", "RunTask", "DescribeTasks",
                "SubmitTaskStateChange", "RegisterContainerInstance", "UpdateService", "NoSuchOperation")) {
            attacks.add(json("nothing", operation, ""));
            attacks.add(json("half an object", operation, "{\"cluster\":\"vic"));
            attacks.add(json("a list", operation, "[1,2,3]"));
            attacks.add(json("null members", operation, "{\"cluster\":null,\"taskDefinition\":null,\"tasks\":[null]}"));
            attacks.add(json("wrong types", operation, "{\"cluster\":{\"a\":1},\"desiredCount\":\"many\",\"tasks\":7,"
                    + "\"containerDefinitions\":[[]],\"totalResources\":\"all\"}"));
            attacks.add(json("numbers out of range", operation,
                    "{\"cluster\":\"victim\",\"count\":1e400,\"desiredCount\":99999999999999999999}"));
            attacks.add(json("a deep value", operation, "{\"a\":".repeat(20_000) + "1" + "}".repeat(20_000)));
            attacks.add(json("empty elements", operation,
                    "{\"cluster\":\"victim\",\"serviceName\":\"\",\"family\":\"x\","
                    + "\"containerDefinitions\":[{}],\"totalResources\":[{}],\"attributes\":[{}],\"tasks\":[\"\"],"
                    + "\"containers\":[{}],\"task\":\"\\u0000\",\"service\":\"/../..\",\"taskDefinition\":\":::\"}"));
        }
        attacks.add(json("a large body", "RunTask", "{\"cluster\":\"" + "x".repeat(7 << 20) + "\"}"));
        attacks.add(body("a broken form", "/", "application/x-www-form-urlencoded", "Action=%zz&Version=%"));
        attacks.add(body("a form of many members", "/", "application/x-www-form-urlencoded",
                "Action=RunTask&" + "a.member.1=b&".repeat(10_000)));
        attacks.add(body("no form", "/?Action=RunTask", "application/x-www-form-urlencoded", "\0\1\2"));
        attacks.add(body("broken CBOR", "/service/AmazonEC2ContainerServiceV20141113/operation/RunTask",
                "application/cbor", "\u00bf\u007fabc"));
        attacks.add(body("deep CBOR", "/service/AmazonEC2ContainerServiceV20141113/operation/RunTask",
                "application/cbor", "\u0081".repeat(10_000)));
        attacks.add(body("XML that includes a file", "/2015-03-31/functions", "application/xml",
                "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"));
        attacks.add(new Attack("a path out of nowhere", to("/%2e%2e/%2e%2e/etc/passwd").GET()));
        attacks.add(new Attack("a long path", to("/" + "a".repeat(60_000)).GET()));
        return attacks;
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void isRefusedAsTheCallersMistake(Attack attack) throws IOException, InterruptedException {
        long faults = faults();
        var answer = http.send(attack.request.build(), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.body()).doesNotContain("root:", "Exception:", "\tat ");
        assertWell(faults);
        assertThat(answer.statusCode()).isBetween(200, 499);
    }

    @Test
    void callersWhoHoldConnectionsKeepNobodyElseOut() throws IOException {
        long faults = faults();
        var sockets = new ArrayList<Socket>();
        try {
            for (int i = 0; i < IDLE_CONNECTIONS; i++) {
                var socket = new Socket(server.endpoint().getHost(), server.endpoint().getPort());
                sockets.add(socket);
                socket.getOutputStream().write(beginning(i).getBytes(UTF_8));
            }
            assertWell(faults);
            try (EcsClient other = server.freshClient()) {
                assertThat(other.listClusters().clusterArns()).hasSize(1);
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        assertWell(faults);
    }

    /** Every operation, with one member at a time that is of the right type and makes no sense. */
    @Test
    void nonsenseInEveryMemberOfEveryOperation() throws IOException, InterruptedException {
        var failed = new ArrayList<String>();
        for (Nonsense.Request request : Nonsense.ecs(server.ecs())) {
            long faults = faults();
            var answer = http.send(json("", request.operation(), request.body()).request.build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 500 && !answer.body().contains("UnknownOperation") || faults() != faults) {
                failed.add(request.operation() + " " + request.body() + " -> " + answer.statusCode());
            }
        }
        assertThat(failed).as(server.log()).isEmpty();
    }

    /**
     * Of every four callers one says nothing, one stops in the headers, one in the body, one is gone before the answer.
     */
    private static String beginning(int i) {
        String head = "POST / HTTP/1.1\r\nHost: landfall\r\nX-Amz-Target: " + TARGET + "ListClusters\r\n";
        return switch (i % 4) {
            case 0 -> "";
            case 1 -> head;
            case 2 -> head + "Content-Length: 100\r\n\r\n{\"maxResults\":";
            default -> head + "Content-Length: 2\r\n\r\n{}";
        };
    }
}
