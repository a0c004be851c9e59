package dev.landfall.wire.http;

import dev.landfall.wire.SocketEndpoint;
import dev.landfall.wire.codec.Exchange.Refusal;
import dev.landfall.wire.codec.Exchange.Request;
import dev.landfall.wire.codec.Forms;
import dev.landfall.wire.codec.Malformed;
import dev.landfall.wire.codec.WireProtocol;
import dev.landfall.wire.model.Protocol;
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
import java.util.Optional;

/** Turns HTTP/1.1 connections into websockets (RFC 6455), after the endpoint has agreed. */
final class SocketUpgrader implements Http1Upgrader {
    private static final String ACCEPT_KEY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final Map<String, SocketEndpoint> endpoints = new HashMap<>();
    private final int maxMessageBytes;
    private final Origins origins;
    private final Verifier verifier;
    private final Faults faults;

    SocketUpgrader(
            List<SocketEndpoint> endpoints,
            int maxMessageBytes,
            Origins origins,
            Verifier verifier,
            Faults faults) {
        for (SocketEndpoint endpoint : endpoints) {
            this.endpoints.put(endpoint.path(), endpoint);
        }
        this.maxMessageBytes = maxMessageBytes;
        this.origins = origins;
        this.verifier = verifier;
        this.faults = faults;
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
            throw refuse(context, 403, "", "{\"message\":\"Web pages of this origin may not call this server.\"}");
        }
        String key = headers.value(HeaderNames.create("Sec-WebSocket-Key")).orElse("");
        String version = headers.value(HeaderNames.create("Sec-WebSocket-Version")).orElse("");
        if (key.isEmpty() || !version.equals("13")) {
            throw refuse(context, 400, "Sec-WebSocket-Version: 13\r\n",
                    "{\"message\":\"A websocket upgrade needs a key and version 13.\"}");
        }
        SocketEndpoint.Handler handler = open(context, endpoint, prologue, headers);
        try {
            write(context, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n");
        } catch (RuntimeException e) {
            handler.closed(SocketConnection.NO_CLOSE_FRAME);
            throw new CloseConnectionException("the other side has gone during the upgrade", e);
        }
        return new SocketConnection(context, handler, maxMessageBytes, faults);
    }

    /** Asks the endpoint, or answers why not. */
    private SocketEndpoint.Handler open(
            ConnectionContext context, SocketEndpoint endpoint, HttpPrologue prologue, WritableHeaders<?> headers) {
        Map<String, List<String>> query;
        try {
            query = Forms.parse(prologue.query().rawValue());
        } catch (Malformed e) {
            throw refuse(context, 400, "", "{\"message\":\"The query string is not URL-encoded.\"}");
        }
        Request request = new Request("GET", prologue.uriPath().rawPath(), query,
                name -> headers.value(HeaderNames.create(name)).orElse(null),
                () -> ApiHandler.all(headers), new byte[0]);
        Optional<Refusal> denied = verifier.refusal(request, Protocol.REST_JSON);
        if (denied.isPresent()) {
            byte[] body = WireProtocol.of(Protocol.JSON_1_1).refuse(denied.get(), "").body();
            throw refuse(context, denied.get().status(), "", new String(body, StandardCharsets.UTF_8));
        }
        Signature signature = Signature.of(headers.value(HeaderNames.AUTHORIZATION).orElse(null), query);
        Map<String, String> first = new HashMap<>();
        query.forEach((name, values) -> first.put(name, values.getFirst()));
        try {
            return endpoint.open(new SocketEndpoint.Request(Map.copyOf(first), signature.call()));
        } catch (SocketEndpoint.Refused e) {
            throw refuse(context, e.status(), "", e.json());
        } catch (RuntimeException e) {
            faults.add("opening a websocket " + endpoint.path(), e);
            throw refuse(context, 500, "", "{\"message\":\"The upgrade has failed because of an internal error.\"}");
        }
    }

    /** Answers without an upgrade; what it returns ends the connection. */
    private static CloseConnectionException refuse(ConnectionContext context, int status, String header, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        write(context, "HTTP/1.1 " + status + " " + Status.create(status).reasonPhrase() + "\r\n" + header
                + "Content-Type: application/json\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n\r\n"
                + json);
        return new CloseConnectionException("websocket upgrade refused");
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
