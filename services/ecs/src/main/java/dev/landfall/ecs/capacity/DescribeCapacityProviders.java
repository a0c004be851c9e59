package dev.landfall.ecs.capacity;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Page;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.CapacityProvider;
import software.amazon.awssdk.services.ecs.model.CapacityProviderField;
import software.amazon.awssdk.services.ecs.model.DescribeCapacityProvidersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeCapacityProvidersResponse;
import software.amazon.awssdk.services.ecs.model.Failure;

/** Shows the providers that are asked for, deleted ones too, or all that are not deleted. */
public final class DescribeCapacityProviders {
    /** "Up to 100 capacity providers can be described in an action" (ECS API Reference). */
    private static final int PROVIDERS_MAX = 100;

    private static final int PAGE_MAX = 10;

    private DescribeCapacityProviders() {}

    public static DescribeCapacityProvidersResponse read(
            Image image, DescribeCapacityProvidersRequest request, Scope scope) {
        if (request.capacityProviders().size() > PROVIDERS_MAX) {
            throw EcsErrors.invalidParameter("Capacity providers can have at most " + PROVIDERS_MAX + " items.");
        }
        Optional<List<String>> ofCluster = Optional.ofNullable(request.cluster())
                .map(cluster -> Clusters.require(image, scope, cluster).cluster().capacityProviders());
        var found = new TreeMap<String, CapacityProvider>();
        var failures = new ArrayList<Failure>();
        if (request.capacityProviders().isEmpty()) {
            all(image, scope).forEach(provider -> found.put(provider.capacityProviderArn(), provider));
        }
        for (String name : request.capacityProviders()) {
            find(image, scope, name).ifPresentOrElse(
                    provider -> found.put(provider.capacityProviderArn(), provider),
                    () -> failures.add(Failure.builder()
                            .arn(CapacityProviders.arn(scope, name)).reason("MISSING").build()));
        }
        found.values().removeIf(provider -> ofCluster.isPresent() && !ofCluster.get().contains(provider.name()));
        Page page = Page.of("DescribeCapacityProviders|" + EcsTables.scopeKey(scope),
                new TreeSet<>(found.keySet()), arn -> true, request.nextToken(), request.maxResults(), PAGE_MAX);
        boolean tags = request.include().contains(CapacityProviderField.TAGS);
        return DescribeCapacityProvidersResponse.builder()
                .capacityProviders(page.keys().stream().map(found::get)
                        .map(provider -> tags ? provider : provider.toBuilder().tags(List.of()).build()).toList())
                .failures(request.nextToken() == null ? failures : List.of())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    private static List<CapacityProvider> all(Image image, Scope scope) {
        var all = new ArrayList<CapacityProvider>();
        CapacityProviders.BUILT_IN.forEach(name -> all.add(CapacityProviders.builtIn(scope, name)));
        image.find(EcsTables.CAPACITY_PROVIDERS, EcsTables.CAPACITY_PROVIDERS_BY_SCOPE, EcsTables.scopeKey(scope))
                .forEach(row -> all.add(row.provider()));
        return all;
    }

    private static Optional<CapacityProvider> find(Image image, Scope scope, String nameOrArn) {
        String arn = CapacityProviders.arn(scope, nameOrArn);
        for (String name : CapacityProviders.BUILT_IN) {
            if (arn.equals(CapacityProviders.arn(scope, name))) {
                return Optional.of(CapacityProviders.builtIn(scope, name));
            }
        }
        return image.get(EcsTables.CAPACITY_PROVIDERS, arn)
                .filter(row -> Scope.of(row.arn()).equals(scope))
                .map(CapacityProviderRow::provider);
    }
}
