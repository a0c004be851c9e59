package dev.landfall.wire.http;

import dev.landfall.wire.ApiServer;
import dev.landfall.wire.LocalEndpoint;
import dev.landfall.wire.SocketEndpoint;
import dev.landfall.wire.codec.Exchange.Refusal;
import dev.landfall.wire.codec.WireProtocol;
import dev.landfall.wire.model.Protocol;
import dev.landfall.wire.model.ServiceModel;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.http2.Http2Upgrader;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** The listening HTTP server: Helidon's, with its limits set and its own error pages replaced by AWS's forms. */
public final class Listener implements AutoCloseable {
    /** Presigned requests and old query clients put everything into the first line. */
    private static final int MAX_REQUEST_LINE = 64 << 10;

    private static final int MAX_HEADERS = 64 << 10;

    /** Agents and console sessions hold their connections; more than this many is no use of ours. */
    private static final int MAX_CONNECTIONS = 50_000;

    private final Watchdog watchdog;
    private final Faults faults = new Faults();
    private final WebServer server;

    public Listener(ApiServer.Config config, List<ServiceModel> services, List<SocketEndpoint> sockets,
            List<LocalEndpoint> locals) {
        watchdog = new Watchdog(config.slowClientTimeout());
        var verifier = new Verifier(config.secretKeys(), Clock.systemUTC());
        var origins = new Origins(config.allowedOrigins(), config.host());
        var bodies = new Bodies(config.maxBodyBytes(), watchdog);
        var handler = new ApiHandler(services, new Locals(locals, bodies), bodies, origins, verifier, watchdog, faults);
        var front = new Front(watchdog);
        var http2 = Http2Config.builder().maxHeaderListSize(MAX_HEADERS).build();
        var http1 = Http1Config.builder()
                .maxPrologueLength(MAX_REQUEST_LINE)
                .maxHeadersSize(MAX_HEADERS)
                // It would refuse compressed bodies, which are decompressed here and not by Helidon.
                .validateRequestHeaders(false)
                .validatePrologue(false)
                .validatePath(false)
                .receiveLog(false)
                .sendLog(false)
                .addReceiveListener(front)
                .build();
        var http1Selector = Http1ConnectionSelector.builder()
                .config(http1)
                .addUpgrader(new SocketUpgrader(sockets, config.maxFrameBytes(), origins, verifier, faults))
                .addUpgrader(Http2Upgrader.create(http2))
                .build();
        server = WebServer.builder()
                .host(config.host())
                .port(config.port())
                .protocolsDiscoverServices(false)
                .addConnectionSelector(front.over(
                        http1Selector, Http2ConnectionSelector.builder().http2Config(http2).build()))
                .maxPayloadSize(Bodies.drainLimit(config.maxBodyBytes()))
                .maxTcpConnections(MAX_CONNECTIONS)
                // An answer in several HTTP/2 frames would wait 40 ms for the caller's delayed acknowledgement.
                .connectionOptions(options -> options.tcpNoDelay(true))
                .idleConnectionTimeout(config.idleTimeout())
                .idleConnectionPeriod(config.idleTimeout().dividedBy(2))
                .shutdownHook(false)
                .directHandlers(DirectHandlers.builder()
                        .addHandler(DirectHandler.EventType.BAD_REQUEST, Listener::refuse)
                        .addHandler(DirectHandler.EventType.PAYLOAD_TOO_LARGE, Listener::refuse)
                        .addHandler(DirectHandler.EventType.INTERNAL_ERROR, Listener::refuse)
                        .addHandler(DirectHandler.EventType.OTHER, Listener::refuse)
                        .build())
                .routing(HttpRouting.builder().any(handler))
                .build();
    }

    /** Begins to listen. */
    public Listener start() {
        server.start();
        return this;
    }

    /** Makes one that never listens: what that takes the next one finds done. */
    public static void prepare() {
        new Listener(ApiServer.Config.on("127.0.0.1", 0), List.of(), List.of(), List.of()).close();
    }

    /** What Helidon refuses before any handler is asked: broken request lines, headers out of bounds. */
    private static DirectHandler.TransportResponse refuse(
            DirectHandler.TransportRequest request,
            DirectHandler.EventType type,
            Status status,
            ServerResponseHeaders headers,
            String message) {
        String code = status.code() == 413 ? "RequestEntityTooLarge" : "InvalidRequest";
        String requestId = UUID.randomUUID().toString();
        var refusal = new Refusal(status.code(), code, "The request is not valid HTTP for this server.", null);
        var answer = WireProtocol.of(Protocol.JSON_1_1).refuse(refusal, requestId);
        return DirectHandler.TransportResponse.builder()
                .status(status)
                .headers(headers)
                .header(HeaderNames.CONTENT_TYPE, answer.contentType())
                .header(HeaderNames.create("x-amzn-RequestId"), requestId)
                .keepAlive(false)
                .entity(answer.body())
                .build();
    }

    public int port() {
        return server.port();
    }

    public long faults() {
        return faults.count();
    }

    @Override
    public void close() {
        server.stop();
        watchdog.close();
    }
}
