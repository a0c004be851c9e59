package dev.landfall.wire.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.landfall.wire.LocalEndpoint;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Serves {@link LocalEndpoint}s to callers on this machine. A page in a browser here is such a caller too: what it may
 * do is settled before, by {@link Origins}, and it cannot send this content type without being asked for its origin.
 */
final class Locals {
    private final Map<String, LocalEndpoint> byPath = new TreeMap<>();
    private final Bodies bodies;

    Locals(Iterable<LocalEndpoint> endpoints, Bodies bodies) {
        endpoints.forEach(endpoint -> byPath.put(endpoint.path(), endpoint));
        this.bodies = bodies;
    }

    boolean has(ServerRequest request) {
        return byPath.containsKey(request.path().rawPath());
    }

    void answer(ServerRequest request, ServerResponse response) {
        if (!(request.remotePeer().address() instanceof InetSocketAddress peer)
                || !peer.getAddress().isLoopbackAddress()) {
            send(response, Status.FORBIDDEN_403, message("Only this machine may call " + request.path().rawPath()));
            return;
        }
        boolean json = request.headers().contentType()
                .filter(type -> type.mediaType().text().equals("application/json")).isPresent();
        if (!request.prologue().method().text().equals("POST") || !json) {
            send(response, Status.BAD_REQUEST_400, message("POST application/json to this path"));
            return;
        }
        try {
            byte[] body = request.content().hasEntity()
                    ? bodies.receive(request.content().inputStream()) : new byte[0];
            LocalEndpoint endpoint = byPath.get(request.path().rawPath());
            send(response, Status.OK_200, endpoint.answer(new String(body, StandardCharsets.UTF_8)));
        } catch (LocalEndpoint.Refused e) {
            send(response, Status.BAD_REQUEST_400, message(e.getMessage()));
        } catch (Bodies.Unreadable e) {
            response.header(HeaderValues.CONNECTION_CLOSE);
            send(response, Status.create(e.status()), message(e.getMessage()));
        }
    }

    private static String message(String text) {
        return JsonNodeFactory.instance.objectNode().put("message", text).toString();
    }

    private static void send(ServerResponse response, Status status, String json) {
        response.status(status).header(HeaderValues.CONTENT_TYPE_JSON).send(json.getBytes(StandardCharsets.UTF_8));
    }
}
