package dev.landfall.wire.http;

import dev.landfall.wire.SocketEndpoint;
import dev.landfall.wire.codec.Forms;
import dev.landfall.wire.codec.Malformed;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Status;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns HTTP/1.1 connections into websockets (RFC 6455), after the endpoint has agreed. */
final class SocketUpgrader implements Http1Upgrader {
    private static final String ACCEPT_KEY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final Map<String, SocketEndpoint> endpoints = new HashMap<>();
    private final int maxMessageBytes;
    private final Origins origins;

    SocketUpgrader(List<SocketEndpoint> endpoints, int maxMessageBytes, Origins origins) {
        for (SocketEndpoint endpoint : endpoints) {
            this.endpoints.put(endpoint.path(), endpoint);
        }
        this.maxMessageBytes = maxMessageBytes;
        this.origins = origins;
    }

    @Override
    public String supportedProtocol() {
        return "websocket";
    }

    @Override
    public ServerConnection upgrade(ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
        SocketEndpoint endpoint = endpoints.get(prologue.uriPath().rawPath());
        if (endpoint == null) {
            return null;
        }
        String origin = headers.value(HeaderNames.ORIGIN).orElse(null);
        if (origin != null && !origins.allow(origin, headers.value(HeaderNames.HOST).orElse(""))) {
            return refuse(context, 403, "", "{\"message\":\"Web pages of this origin may not call this server.\"}");
        }
        String key = headers.value(HeaderNames.create("Sec-WebSocket-Key")).orElse("");
        String version = headers.value(HeaderNames.create("Sec-WebSocket-Version")).orElse("");
        if (key.isEmpty() || !version.equals("13")) {
            return refuse(context, 400, "Sec-WebSocket-Version: 13\r\n",
                    "{\"message\":\"A websocket upgrade needs a key and version 13.\"}");
        }
        SocketEndpoint.Handler handler;
        try {
            Map<String, List<String>> query = Forms.parse(prologue.query().rawValue());
            Signature signature = Signature.of(headers.value(HeaderNames.AUTHORIZATION).orElse(null), query);
            Map<String, String> first = new HashMap<>();
            query.forEach((name, values) -> first.put(name, values.getFirst()));
            handler = endpoint.open(new SocketEndpoint.Request(Map.copyOf(first), signature.call()));
        } catch (SocketEndpoint.Refused e) {
            return refuse(context, e.status(), "", e.json());
        } catch (Malformed e) {
            return refuse(context, 400, "", "{\"message\":\"The query string is not URL-encoded.\"}");
        }
        write(context, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n");
        return new SocketConnection(context, handler, maxMessageBytes);
    }

    private static ServerConnection refuse(ConnectionContext context, int status, String header, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        write(context, "HTTP/1.1 " + status + " " + Status.create(status).reasonPhrase() + "\r\n" + header
                + "Content-Type: application/json\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n\r\n"
                + json);
        throw new CloseConnectionException("websocket upgrade refused");
    }

    private static void write(ConnectionContext context, String text) {
        context.dataWriter().writeNow(BufferData.create(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + ACCEPT_KEY).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-1 is missing", e);
        }
    }
}
