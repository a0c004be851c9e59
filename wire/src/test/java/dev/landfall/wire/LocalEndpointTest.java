package dev.landfall.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Paths beside the AWS APIs, for this machine only. */
class LocalEndpointTest {
    private static final ApiServer SERVER = new ApiServer(
            ApiServer.Config.on("0.0.0.0", 0), List.of(), List.of(), List.of(new Echo()));
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** Says what it was told, but for one word. */
    private static final class Echo implements LocalEndpoint {
        @Override
        public String path() {
            return "/_landfall/echo";
        }

        @Override
        public String answer(String json) {
            if (json.equals("\"no\"")) {
                throw new Refused("not \"that\"");
            }
            return json;
        }
    }

    @AfterAll
    static void close() {
        SERVER.close();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder post(URI server, String type, String body) {
        return HttpRequest.newBuilder(server.resolve("/_landfall/echo")).version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", type).POST(BodyPublishers.ofString(body));
    }

    @Test
    void answersThisMachine() throws Exception {
        var response = send(post(SERVER.uri(), "application/json", "[1]"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("[1]");
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    }

    @Test
    void refusesInJson() throws Exception {
        var refused = send(post(SERVER.uri(), "application/json", "\"no\""));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).isEqualTo("{\"message\":\"not \\\"that\\\"\"}");
        assertThat(send(post(SERVER.uri(), "text/plain", "[1]")).statusCode()).isEqualTo(400);
        assertThat(send(HttpRequest.newBuilder(SERVER.uri().resolve("/_landfall/echo"))).statusCode()).isEqualTo(400);
        assertThat(SERVER.faults()).isZero();
    }

    @Test
    void noForeignPageReachesIt() throws Exception {
        assertThat(send(post(SERVER.uri(), "application/json", "[1]").header("Origin", "https://example.com"))
                .statusCode()).isEqualTo(403);
    }

    @Test
    void noOtherMachineReachesIt() throws Exception {
        Optional<String> address = NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .filter(each -> each instanceof Inet4Address && !each.isLoopbackAddress())
                .map(each -> each.getHostAddress()).findFirst();
        assumeThat(address).as("an address that is not the loopback's").isPresent();
        var response = send(post(URI.create("http://" + address.get() + ":" + SERVER.port()), "application/json", "1"));
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).contains("Only this machine may call");
    }
}
