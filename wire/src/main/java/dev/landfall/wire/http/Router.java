package dev.landfall.wire.http;

import dev.landfall.wire.codec.Exchange.Refusal;
import dev.landfall.wire.codec.Exchange.Request;
import dev.landfall.wire.codec.Exchange.Routed;
import dev.landfall.wire.codec.Forms;
import dev.landfall.wire.codec.Malformed;
import dev.landfall.wire.model.OperationModel;
import dev.landfall.wire.model.Protocol;
import dev.landfall.wire.model.ServiceModel;
import dev.landfall.wire.model.UriTemplate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the operation a request means and the protocol it speaks, from the request alone: CBOR by its header, awsJson
 * by its target, query by its action, REST by method and path. Where several services could be meant, the signature's
 * decides. Safe for any thread.
 */
final class Router {
    private static final Pattern RPC_PATH = Pattern.compile("/service/([^/]+)/operation/([^/]+)");

    private final List<ServiceModel> services;
    private final Map<String, Routed> targets = new ConcurrentHashMap<>();

    Router(List<ServiceModel> services) {
        this.services = List.copyOf(services);
    }

    sealed interface Destination {}

    record Found(Protocol protocol, Routed routed) implements Destination {}

    record Lost(Protocol protocol, Refusal refusal) implements Destination {}

    Destination route(Request request, Signature signature) {
        if ("rpc-v2-cbor".equals(request.header().apply("smithy-protocol"))) {
            return routeRpc(request, signature);
        }
        String target = request.header().apply("x-amz-target");
        if (target != null) {
            return routeTarget(request, target, signature);
        }
        if (request.query().containsKey("Action") || isForm(request)) {
            return routeAction(request, signature);
        }
        return routePath(request, signature);
    }

    private static boolean isForm(Request request) {
        String type = request.header().apply("content-type");
        return type != null && type.startsWith("application/x-www-form-urlencoded");
    }

    private Destination routeRpc(Request request, Signature signature) {
        Matcher path = RPC_PATH.matcher(request.path());
        if (!path.matches()) {
            return new Lost(Protocol.RPC_V2_CBOR, notFound());
        }
        return named(Protocol.RPC_V2_CBOR, path.group(1), path.group(2), request, signature);
    }

    private Destination routeTarget(Request request, String target, Signature signature) {
        String type = request.header().apply("content-type");
        Protocol protocol =
                type != null && type.startsWith("application/x-amz-json-1.0") ? Protocol.JSON_1_0 : Protocol.JSON_1_1;
        Routed known = targets.get(target);
        if (known != null) {
            return new Found(protocol, new Routed(known.operation(), Map.of(), request));
        }
        int dot = target.lastIndexOf('.');
        String prefix = dot < 0 ? "" : target.substring(0, dot);
        Destination destination = named(protocol, prefix, target.substring(dot + 1), request, signature);
        // Only a prefix that is some service's own says enough by itself; only real operations are kept, so it is
        // bounded.
        if (destination instanceof Found(var spoken, var routed)
                && routed.operation().targetPrefix().equals(prefix)
                && !prefix.isEmpty()) {
            targets.put(target, new Routed(routed.operation(), Map.of(), withoutBody(request)));
        }
        return destination;
    }

    private static Request withoutBody(Request request) {
        return new Request(request.method(), request.path(), Map.of(), name -> null, Map::of, new byte[0]);
    }

    /** The signature's service, else the one that its own protocol calls by that prefix. */
    private Destination named(
            Protocol protocol, String prefix, String name, Request request, Signature signature) {
        List<ServiceModel> signed = signed(signature);
        for (ServiceModel service : signed) {
            if (service.hasOperation(name)) {
                return operation(protocol, service, name, request);
            }
        }
        for (ServiceModel service : signed.isEmpty() ? services : signed) {
            if (!prefix.isEmpty() && service.targetPrefix().equals(prefix)) {
                return operation(protocol, service, name, request);
            }
        }
        return new Lost(protocol, unknownOperation(protocol, name, signed.isEmpty() ? null : signed.getFirst()));
    }

    /** The services of the signature's name. Asking them first leaves the others' models unread. */
    private List<ServiceModel> signed(Signature signature) {
        return services.stream()
                .filter(service -> service.signingName().equals(signature.service()))
                .toList();
    }

    private Destination operation(Protocol protocol, ServiceModel service, String name, Request request) {
        Optional<OperationModel> operation = service.operation(name).filter(found -> found.name().equals(name));
        return operation.isPresent()
                ? new Found(protocol, new Routed(operation.get(), Map.of(), request))
                : new Lost(protocol, unknownOperation(protocol, name, service));
    }

    private Destination routeAction(Request request, Signature signature) {
        Map<String, List<String>> form;
        try {
            form = Forms.parameters(request);
        } catch (Malformed e) {
            Protocol protocol = queryProtocol(signature);
            return new Lost(protocol, Dispatcher.malformed(e.getMessage(), protocol, null));
        }
        String action = first(form, "Action");
        String version = first(form, "Version");
        if (action.isEmpty()) {
            return new Lost(queryProtocol(signature), new Refusal(400, "MissingAction",
                    "The request is missing an action or a required parameter.", null));
        }
        List<ServiceModel> signed = signed(signature);
        ServiceModel best = null;
        for (ServiceModel service : signed.isEmpty() ? services : signed) {
            // Two services may share a signing name and an action; then the version tells them apart.
            if (service.hasOperation(action) && (best == null || service.apiVersion().equals(version))) {
                best = service;
            }
        }
        if (best == null) {
            return new Lost(queryProtocol(signature), unknownOperation(Protocol.QUERY, action,
                    signed.isEmpty() ? null : signed.getFirst()));
        }
        Protocol protocol = best.protocol() == Protocol.EC2 ? Protocol.EC2 : Protocol.QUERY;
        return operation(protocol, best, action, request);
    }

    /** How to refuse a query for which no service was found. */
    private static Protocol queryProtocol(Signature signature) {
        return signature.service().equals("ec2") ? Protocol.EC2 : Protocol.QUERY;
    }

    private static String first(Map<String, List<String>> form, String name) {
        return form.getOrDefault(name, List.of("")).getFirst();
    }

    private Destination routePath(Request request, Signature signature) {
        List<String> path = UriTemplate.segments(request.path());
        List<ServiceModel> signed = signed(signature);
        for (ServiceModel service : signed.isEmpty() ? services : signed) {
            Optional<ServiceModel.Route> route = service.protocol().isRest()
                    ? service.route(request.method(), path, request.query())
                    : Optional.empty();
            if (route.isPresent()) {
                return new Found(service.protocol(),
                        new Routed(route.get().operation(), route.get().labels(), request));
            }
        }
        return new Lost(signed.isEmpty() ? Protocol.REST_JSON : signed.getFirst().protocol(), notFound());
    }

    private static Refusal notFound() {
        return new Refusal(404, "UnknownOperationException", "No operation is known at this path.", null);
    }

    Refusal unknownOperation(Protocol protocol, String name, ServiceModel service) {
        return protocol.isQuery()
                ? new Refusal(400, "InvalidAction",
                        "The action " + name + " is not valid for this web service.", service)
                : new Refusal(protocol.isRest() ? 404 : 400, "UnknownOperationException",
                        "The operation " + name + " is not known to this service.", service);
    }
}
