package dev.landfall.bench.api;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.nio.charset.StandardCharsets;

/**
 * The floor under every API call: the same HTTP server, in the same kind of process, that reads each request and
 * answers the same bytes. Its one argument is the size of the answer.
 */
public final class FloorServer {
    private FloorServer() {}

    public static void main(String... arguments) throws InterruptedException {
        byte[] answer = "x".repeat(Integer.parseInt(arguments[0])).getBytes(StandardCharsets.UTF_8);
        var server = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .protocolsDiscoverServices(false)
                .addConnectionSelector(io.helidon.webserver.http1.Http1ConnectionSelector.builder()
                        .config(io.helidon.webserver.http1.Http1Config.builder()
                                .validateRequestHeaders(false).validatePrologue(false).validatePath(false)
                                .receiveLog(false).sendLog(false).build())
                        .build())
                .routing(HttpRouting.builder().any((request, response) -> {
                    request.content().as(byte[].class);
                    response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, "application/x-amz-json-1.1"))
                            .send(answer);
                }))
                .build()
                .start();
        System.out.println("ready at http://127.0.0.1:" + server.port());
        Thread.currentThread().join();
    }
}
