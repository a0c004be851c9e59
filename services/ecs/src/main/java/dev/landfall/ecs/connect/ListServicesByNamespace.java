package dev.landfall.ecs.connect;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Page;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.ecs.model.ListServicesByNamespaceRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesByNamespaceResponse;

/** Lists the services of all clusters that are in a Service Connect namespace. */
public final class ListServicesByNamespace {
    private static final int PAGE_DEFAULT = 10;
    private static final int PAGE_MAX = 100;

    private ListServicesByNamespace() {}

    public static ListServicesByNamespaceResponse read(
            Image image, ListServicesByNamespaceRequest request, Scope scope) {
        String namespace = request.namespace();
        if (namespace == null || namespace.isBlank()) {
            throw EcsErrors.invalidParameter("Namespace cannot be empty.");
        }
        String key = EcsTables.scopeKey(scope) + '|' + namespace;
        var services = image.keys(EcsTables.SERVICES, EcsTables.SERVICES_BY_NAMESPACE, key);
        if (services.isEmpty() && !ServiceConnect.exists(image, scope, namespace)) {
            throw EcsErrors.namespaceNotFound(namespace);
        }
        Page page = Page.of("ListServicesByNamespace " + key, services, arn -> true, request.nextToken(),
                request.maxResults() == null ? Integer.valueOf(PAGE_DEFAULT) : request.maxResults(), PAGE_MAX);
        return ListServicesByNamespaceResponse.builder()
                .serviceArns(page.keys()).nextToken(page.nextToken().orElse(null)).build();
    }
}
