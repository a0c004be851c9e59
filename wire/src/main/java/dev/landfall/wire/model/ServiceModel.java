package dev.landfall.wire.model;

import dev.landfall.wire.Exposed;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.protocols.core.OperationMetadataAttribute;

/**
 * One exposed service: its operations, protocol and error codes, all found in the SDK's generated classes and each on
 * first use, so that a service costs nothing until it is called. Safe for any thread.
 */
public final class ServiceModel {
    private final Class<?> clientInterface;
    private final Object implementation;
    private final String signingName;
    private final Supplier<Map<String, ClientClasses.Signature>> signatures;
    private final Supplier<Protocol> protocol;
    private final Supplier<Map<String, ClientClasses.ErrorCode>> errorCodes;
    private final Supplier<OperationModel> anyOperation;
    private final Supplier<List<OperationModel>> routes;
    private final Supplier<String> xmlNamespace;
    private final Map<String, OperationModel> operations = new ConcurrentHashMap<>();

    public ServiceModel(Exposed exposed) {
        clientInterface = exposed.clientInterface();
        implementation = exposed.implementation();
        signingName = signingName(clientInterface);
        signatures = new Lazy<>(() -> ClientClasses.operations(clientInterface));
        protocol = new Lazy<>(() -> ClientClasses.protocol(clientInterface));
        errorCodes = new Lazy<>(() -> ClientClasses.errorCodes(clientInterface));
        anyOperation = new Lazy<>(() -> operation(signatures.get().keySet().iterator().next()).orElseThrow());
        routes = new Lazy<>(() -> signatures.get().keySet().stream()
                .map(name -> operation(name).orElseThrow())
                .sorted(Comparator.comparing((OperationModel operation) -> -operation.uri().specificity())
                        .thenComparing(OperationModel::name))
                .toList());
        xmlNamespace = new Lazy<>(this::findXmlNamespace);
    }

    private static String signingName(Class<?> clientInterface) {
        try {
            return (String) clientInterface.getField("SERVICE_NAME").get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(clientInterface.getName() + " is no SDK client interface", e);
        }
    }

    /** The name in SigV4 credential scopes. */
    public String signingName() {
        return signingName;
    }

    public String interfaceName() {
        return clientInterface.getName();
    }

    public Object implementation() {
        return implementation;
    }

    public Protocol protocol() {
        return protocol.get();
    }

    /** The operation of that name in the service's model. */
    public Optional<OperationModel> operation(String name) {
        OperationModel known = operations.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        ClientClasses.Signature signature = signatures.get().get(name.toLowerCase(Locale.ROOT));
        if (signature == null) {
            return Optional.empty();
        }
        OperationModel found = operations.computeIfAbsent(
                signature.method(), method -> new OperationModel(this, clientInterface, signature));
        operations.putIfAbsent(found.name(), found);
        return Optional.of(found);
    }

    public boolean hasOperation(String name) {
        return signatures.get().containsKey(name.toLowerCase(Locale.ROOT));
    }

    public String targetPrefix() {
        return anyOperation.get().targetPrefix();
    }

    public String apiVersion() {
        return anyOperation.get().apiVersion();
    }

    /** A REST operation and the labels in its path. */
    public record Route(OperationModel operation, Map<String, String> labels) {}

    public Optional<Route> route(String verb, List<String> path, Map<String, List<String>> query) {
        for (OperationModel operation : routes.get()) {
            Optional<Map<String, String>> labels = operation.uri().match(verb, path, query);
            if (labels.isPresent()) {
                return Optional.of(new Route(operation, labels.get()));
            }
        }
        return Optional.empty();
    }

    /** The wire's name for an exception class: as the SDK client knows it, else the class's own. */
    public String errorCode(AwsServiceException error) {
        ClientClasses.ErrorCode known = errorCodes.get().get(error.getClass().getName());
        return known == null ? error.getClass().getSimpleName() : known.code();
    }

    /** The status the model gives an exception class; 0 where it gives none. */
    public int errorStatus(AwsServiceException error) {
        ClientClasses.ErrorCode known = errorCodes.get().get(error.getClass().getName());
        return known == null ? 0 : known.status();
    }

    /**
     * Whether the exception is one for this service's callers: of its own model, or a general one with a code. Another
     * service's exception is what a service behind it threw and nobody caught.
     */
    public boolean mayThrow(AwsServiceException error) {
        return error.getClass() == AwsServiceException.class
                || error.getClass().getPackageName().equals(clientInterface.getPackageName() + ".model");
    }

    /** Whether the exception is of the service's model, and not one of the SDK's general ones. */
    public boolean isModelled(AwsServiceException error) {
        return error.getClass().getPackageName().equals(clientInterface.getPackageName() + ".model")
                && errorCodes.get().containsKey(error.getClass().getName());
    }

    /** Whether the service names its internal failures {@code ServerException}, as ECS does. */
    public boolean hasServerException() {
        return errorCodes.get().containsKey(clientInterface.getPackageName() + ".model.ServerException");
    }

    public String xmlNamespace() {
        return xmlNamespace.get();
    }

    /** REST-XML requests with a body name it; for the query services it follows from name and version. */
    private String findXmlNamespace() {
        if (protocol() == Protocol.REST_XML) {
            for (OperationModel operation : routes.get()) {
                String namespace = operation.binding().addtionalMetadata(xmlNamespaceAttribute());
                if (namespace != null) {
                    return namespace;
                }
            }
        }
        return "http://" + signingName + ".amazonaws.com/doc/" + apiVersion() + "/";
    }

    /** The SDK's XML protocol is on the class path of services that speak it, and only of those. */
    @SuppressWarnings("unchecked")
    private OperationMetadataAttribute<String> xmlNamespaceAttribute() {
        try {
            return (OperationMetadataAttribute<String>) Class.forName(
                            "software.amazon.awssdk.protocols.xml.AwsXmlProtocolFactory",
                            true,
                            clientInterface.getClassLoader())
                    .getField("XML_NAMESPACE_ATTRIBUTE")
                    .get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the SDK's XML protocol is missing", e);
        }
    }
}
