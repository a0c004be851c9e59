package dev.landfall.wire.http;

import dev.landfall.wire.Call;
import dev.landfall.wire.codec.Exchange.Answer;
import dev.landfall.wire.codec.Exchange.Refusal;
import dev.landfall.wire.codec.Exchange.Request;
import dev.landfall.wire.codec.Forms;
import dev.landfall.wire.codec.Malformed;
import dev.landfall.wire.codec.WireProtocol;
import dev.landfall.wire.model.Protocol;
import dev.landfall.wire.model.ServiceModel;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Everything that comes in over HTTP: health, the browser's preflights, and AWS calls. Safe for any thread. */
final class ApiHandler implements Handler {
    static final String HEALTH_PATH = "/_landfall/health";

    private static final HeaderName TARGET = HeaderNames.create("x-amz-target");
    private static final HeaderName REQUEST_ID = HeaderNames.create("x-amzn-RequestId");
    private static final HeaderName REQUEST_ID_OF_OLD = HeaderNames.create("x-amz-request-id");
    private static final Header VARY_ORIGIN = HeaderValues.createCached("Vary", "Origin");
    private static final Header EXPOSED_HEADERS = HeaderValues.createCached(
            "Access-Control-Expose-Headers",
            "x-amzn-RequestId,x-amz-request-id,x-amzn-ErrorType,x-amzn-ErrorMessage,x-amzn-query-error,x-amz-id-2,"
                    + "smithy-protocol,ETag,Date,Location");
    private static final Header ALLOWED_METHODS =
            HeaderValues.createCached("Access-Control-Allow-Methods", "GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS");
    private static final Header PREFLIGHT_AGE = HeaderValues.createCached("Access-Control-Max-Age", "172800");

    private final Dispatcher dispatcher;
    private final Locals locals;
    private final Bodies bodies;
    private final Origins origins;
    private final Verifier verifier;
    private final Watchdog watchdog;
    private final Faults faults;
    private final Map<String, HeaderName> names = new ConcurrentHashMap<>();
    private final String served;

    ApiHandler(
            List<ServiceModel> services,
            Locals locals,
            Bodies bodies,
            Origins origins,
            Verifier verifier,
            Watchdog watchdog,
            Faults faults) {
        dispatcher = new Dispatcher(new Router(services), faults);
        this.faults = faults;
        this.locals = locals;
        this.bodies = bodies;
        this.origins = origins;
        this.verifier = verifier;
        this.watchdog = watchdog;
        served = services.stream()
                .map(service -> "\"" + service.signingName() + "\"")
                .collect(Collectors.joining(","));
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        try {
            answer(request, response);
        } catch (CloseConnectionException | UncheckedIOException e) {
            // The caller is gone.
            throw e;
        } catch (RuntimeException e) {
            faults.add("answering " + request.prologue().method().text() + " " + request.path().rawPath(), e);
            throw e;
        }
    }

    private void answer(ServerRequest request, ServerResponse response) {
        String method = request.prologue().method().text();
        ServerRequestHeaders headers = request.headers();
        String origin = headers.value(HeaderNames.ORIGIN).orElse(null);
        if (origin != null) {
            if (!origins.allow(origin, headers.value(HeaderNames.HOST).orElse(""))) {
                refuse(request, response, spoken(request), new Refusal(403, "AccessDeniedException",
                        "Web pages of " + origin + " may not call this server; allow the origin in its configuration.",
                        null));
                return;
            }
            response.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                    .header(VARY_ORIGIN)
                    .header(EXPOSED_HEADERS);
        }
        if (method.equals("OPTIONS")) {
            preflight(request, response);
        } else if (request.path().rawPath().equals(HEALTH_PATH)) {
            response.status(Status.OK_200).header(HeaderValues.CONTENT_TYPE_JSON).send(health());
        } else if (locals.has(request)) {
            locals.answer(request, response);
        } else {
            call(method, request, response);
        }
    }

    private byte[] health() {
        return ("{\"status\":\"ok\",\"services\":[" + served + "],\"faults\":" + faults.count() + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void preflight(ServerRequest request, ServerResponse response) {
        response.status(Status.NO_CONTENT_204).header(ALLOWED_METHODS).header(PREFLIGHT_AGE);
        ServerRequestHeaders headers = request.headers();
        if (headers.contains(HeaderNames.ACCESS_CONTROL_REQUEST_HEADERS)) {
            // A wildcard does not cover Authorization, which every AWS call carries.
            response.header(HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
                    headers.get(HeaderNames.ACCESS_CONTROL_REQUEST_HEADERS).get());
        }
        response.send();
    }

    private void call(String method, ServerRequest request, ServerResponse response) {
        ServerRequestHeaders headers = request.headers();
        try {
            Map<String, List<String>> query = Forms.parse(request.query().rawValue());
            byte[] sent = request.content().hasEntity()
                    ? bodies.receive(request.content().inputStream())
                    : new byte[0];
            Request read = new Request(method, request.path().rawPath(), query,
                    name -> headers.value(name(name)).orElse(null), () -> all(headers), sent);
            Signature signature = Signature.of(headers.value(HeaderNames.AUTHORIZATION).orElse(null), query);
            Protocol protocol = signature.service().equals("ec2") ? Protocol.EC2 : spoken(request);
            Optional<Refusal> denied = verifier.refusal(read, protocol);
            if (denied.isPresent()) {
                refuse(request, response, protocol, denied.get());
                return;
            }
            byte[] body = bodies.decode(sent, headers.value(HeaderNames.CONTENT_ENCODING).orElse(null));
            Call call = signature.call();
            send(response, dispatcher.answer(read.with(body), signature, call), call.requestId(), method);
        } catch (Bodies.Unreadable e) {
            if (e.isBroken()) {
                response.header(HeaderValues.CONNECTION_CLOSE);
            }
            refuse(request, response, spoken(request), new Refusal(e.status(), e.code(), e.getMessage(), null));
        } catch (Malformed e) {
            refuse(request, response, spoken(request), Dispatcher.malformed(e.getMessage(), spoken(request), null));
        }
    }

    private void refuse(ServerRequest request, ServerResponse response, Protocol protocol, Refusal refusal) {
        String requestId = Signature.requestId();
        Answer answer = WireProtocol.of(protocol).refuse(refusal, requestId);
        send(response, answer, requestId, request.prologue().method().text());
    }

    private HeaderName name(String name) {
        HeaderName known = names.get(name);
        // Names are asked for by models and by this package, never by callers, so there are few.
        return known != null ? known : names.computeIfAbsent(name, HeaderNames::create);
    }

    static Map<String, String> all(Headers headers) {
        Map<String, String> all = new HashMap<>();
        headers.forEach(header ->
                all.put(header.name().toLowerCase(Locale.ROOT), String.join(",", header.allValues())));
        return all;
    }

    /** The protocol as far as it shows without a body and a service: for refusals only. */
    private static Protocol spoken(ServerRequest request) {
        ServerRequestHeaders headers = request.headers();
        String type = headers.value(HeaderNames.CONTENT_TYPE).orElse("");
        if (type.startsWith("application/cbor")) {
            return Protocol.RPC_V2_CBOR;
        }
        if (type.startsWith("application/x-www-form-urlencoded")) {
            return Protocol.QUERY;
        }
        if (type.contains("xml")) {
            return Protocol.REST_XML;
        }
        return headers.contains(TARGET) ? Protocol.JSON_1_1 : Protocol.REST_JSON;
    }

    private void send(ServerResponse response, Answer answer, String requestId, String method) {
        response.status(Status.create(answer.status()))
                .header(REQUEST_ID, requestId)
                .header(REQUEST_ID_OF_OLD, requestId);
        if (answer.contentType() != null) {
            response.header(HeaderNames.CONTENT_TYPE, answer.contentType());
        }
        for (var header : answer.headers().entrySet()) {
            response.header(HeaderNames.create(header.getKey()), clean(header.getValue()));
        }
        // A caller that does not take the answer would hold the thread and the answer for ever.
        try (var _ = watchdog.watch()) {
            if (method.equals("HEAD")) {
                response.send();
            } else {
                response.send(answer.body());
            }
        }
    }

    /** No line break of a value may end its header. */
    private static String clean(String value) {
        return value.indexOf('\n') < 0 && value.indexOf('\r') < 0 ? value : value.replaceAll("[\\r\\n]+", " ");
    }
}
