package dev.landfall.ecs.connect;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceConnectClientAlias;
import software.amazon.awssdk.services.ecs.model.ServiceConnectConfiguration;
import software.amazon.awssdk.services.ecs.model.ServiceConnectService;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * The Service Connect configuration of services: what it may be, and where it is kept, which is with the deployment.
 * The namespaces that exist are those ECS made for clusters' defaults; others come with Cloud Map.
 */
public final class ServiceConnect {
    /** Lengths and characters from the ECS API Reference, ServiceConnectService and ServiceConnectClientAlias. */
    private static final Pattern DISCOVERY_NAME = Pattern.compile("[a-z0-9_][a-z0-9_-]{0,63}");

    private static final Pattern DNS_NAME = Pattern.compile("[a-z0-9_][a-z0-9_.-]{0,126}");
    private static final int ALIASES_MAX = 1;
    private static final int PORT_MAX = 65_535;

    private ServiceConnect() {}

    /**
     * What a caller wants for a service, with its namespace filled in.
     *
     * @throws software.amazon.awssdk.services.ecs.model.NamespaceNotFoundException for a namespace that does not exist
     */
    private static ServiceConnectConfiguration validated(Image image, Scope scope, ClusterRow cluster,
            TaskDefinition definition, ServiceConnectConfiguration given) {
        if (given.enabled() == null) {
            throw EcsErrors.invalidParameter("serviceConnectConfiguration.enabled cannot be null.");
        }
        if (!given.enabled()) {
            return given;
        }
        if (definition.networkMode() == NetworkMode.HOST || definition.networkMode() == NetworkMode.NONE) {
            throw EcsErrors.invalidParameter("Service Connect is not supported for tasks that use the "
                    + definition.networkModeAsString() + " network mode.");
        }
        services(definition, given.services());
        return given.toBuilder().namespace(namespace(image, scope, cluster, given.namespace())).build();
    }

    private static String namespace(Image image, Scope scope, ClusterRow cluster, String given) {
        if (given == null || given.isEmpty()) {
            return ofCluster(cluster).orElseThrow(() -> EcsErrors.invalidParameter("A Service Connect namespace must "
                    + "be specified for the service or as the default of its cluster."));
        }
        if (!exists(image, scope, given)) {
            throw EcsErrors.namespaceNotFound(given);
        }
        return given;
    }

    static boolean exists(Image image, Scope scope, String namespace) {
        return Clusters.active(image, scope).stream()
                .flatMap(arn -> image.get(EcsTables.CLUSTERS, arn).stream())
                .anyMatch(cluster -> ofCluster(cluster).filter(namespace::equals).isPresent());
    }

    private static Optional<String> ofCluster(ClusterRow cluster) {
        return Optional.ofNullable(cluster.cluster().serviceConnectDefaults()).map(defaults -> defaults.namespace());
    }

    private static void services(TaskDefinition definition, List<ServiceConnectService> services) {
        var names = new TreeSet<String>();
        for (ServiceConnectService service : services) {
            boolean known = definition.containerDefinitions().stream()
                    .flatMap(container -> container.portMappings().stream())
                    .anyMatch(mapping -> mapping.name() != null && mapping.name().equals(service.portName()));
            if (!known) {
                throw EcsErrors.invalidParameter("The portName " + service.portName()
                        + " does not match the name of a port mapping in the task definition.");
            }
            String name = service.discoveryName() == null ? service.portName() : service.discoveryName();
            if (!DISCOVERY_NAME.matcher(name).matches()) {
                throw EcsErrors.invalidParameter("Invalid discoveryName: " + name);
            }
            if (!names.add(name)) {
                throw EcsErrors.invalidParameter("Duplicate discoveryName: " + name);
            }
            port("ingressPortOverride", service.ingressPortOverride());
            if (service.clientAliases().size() > ALIASES_MAX) {
                throw EcsErrors.invalidParameter("clientAliases can have at most " + ALIASES_MAX + " items.");
            }
            service.clientAliases().forEach(ServiceConnect::alias);
        }
    }

    private static void alias(ServiceConnectClientAlias alias) {
        if (alias.port() == null) {
            throw EcsErrors.invalidParameter("clientAliases.port cannot be null.");
        }
        port("clientAliases.port", alias.port());
        if (alias.dnsName() != null && !DNS_NAME.matcher(alias.dnsName()).matches()) {
            throw EcsErrors.invalidParameter("Invalid dnsName: " + alias.dnsName());
        }
    }

    private static void port(String what, Integer port) {
        if (port != null && (port < 1 || port > PORT_MAX)) {
            throw EcsErrors.invalidParameter(what + " should be between 1 and " + PORT_MAX + ".");
        }
    }

    /**
     * What a service's next deployment is to have: what the caller wants, or else what the one before has.
     *
     * @param given what the caller sent, or null
     */
    public static Optional<ServiceConnectConfiguration> wanted(
            Image image, Scope scope, ClusterRow cluster, Service service, ServiceConnectConfiguration given) {
        if (given == null) {
            return of(service);
        }
        TaskDefinition definition = TaskDefinitions.require(image, scope, service.taskDefinition()).definition();
        return Optional.of(validated(image, scope, cluster, definition, given));
    }

    /** Whether the caller wants it otherwise than it is; {@code given} may be null. */
    public static boolean differs(Service service, ServiceConnectConfiguration given) {
        return given != null && of(service)
                .filter(now -> now.equals(given)
                        || given.namespace() == null && now.toBuilder().namespace(null).build().equals(given))
                .isEmpty();
    }

    /** The configuration of the newest deployment, if the service has one. */
    private static Optional<ServiceConnectConfiguration> of(Service service) {
        return service.deployments().stream().findFirst().map(Deployment::serviceConnectConfiguration);
    }

    /** The namespace the service is in, if Service Connect is on. */
    public static Optional<String> namespace(Service service) {
        return of(service).filter(each -> Boolean.TRUE.equals(each.enabled()))
                .map(ServiceConnectConfiguration::namespace);
    }
}
