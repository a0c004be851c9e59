package dev.landfall.ecs.cluster;

import dev.landfall.ecs.EcsErrors;
import java.util.List;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;

/**
 * The rules for capacity providers and strategies of a cluster.
 *
 * <p>Besides {@code FARGATE} and {@code FARGATE_SPOT} there is {@code EC2}, which stands for the cluster's own
 * container instances, as the launch type of that name does. AWS knows it only where an account has created a provider
 * of that name; guides use it as if everyone had.
 */
public final class CapacityProviders {
    public static final String FARGATE = "FARGATE";
    public static final String FARGATE_SPOT = "FARGATE_SPOT";
    public static final String EC2 = "EC2";

    private static final List<String> KNOWN = List.of(FARGATE, FARGATE_SPOT, EC2);
    private static final int PROVIDERS_MAX = 20;
    private static final int WEIGHT_MAX = 1_000;
    private static final int BASE_MAX = 100_000;

    private CapacityProviders() {}

    /** Whether tasks of this provider go to managed capacity. */
    public static boolean managed(String provider) {
        return provider.equals(FARGATE) || provider.equals(FARGATE_SPOT);
    }

    /** The providers as a cluster keeps them. */
    static List<String> validated(List<String> providers) {
        if (providers.size() > PROVIDERS_MAX) {
            throw EcsErrors.invalidParameter("A cluster can have at most 20 capacity providers associated with it.");
        }
        for (String provider : providers) {
            if (!KNOWN.contains(provider)) {
                throw EcsErrors.invalidParameter("The specified capacity provider was not found. Specify a valid "
                        + "capacity provider and try again.");
            }
        }
        if (new TreeSet<>(providers).size() < providers.size()) {
            throw EcsErrors.invalidParameter(
                    "The specified capacity providers contain duplicates. Specify each capacity provider once.");
        }
        return List.copyOf(providers);
    }

    /**
     * The strategy as it is kept, with a weight and a base in every item. Also the rule for the strategies of services
     * and tasks.
     */
    public static List<CapacityProviderStrategyItem> validated(
            List<CapacityProviderStrategyItem> strategy, List<String> associated) {
        if (strategy.size() > PROVIDERS_MAX) {
            throw EcsErrors.invalidParameter("A capacity provider strategy can contain at most 20 capacity providers.");
        }
        var seen = new TreeSet<String>();
        int bases = 0;
        for (CapacityProviderStrategyItem item : strategy) {
            requireBounds(item);
            if (!associated.contains(item.capacityProvider())) {
                throw EcsErrors.invalidParameter("The specified capacity provider strategy cannot contain a capacity "
                        + "provider that is not associated with the cluster. Associate the capacity provider with the "
                        + "cluster and try again.");
            }
            if (!seen.add(item.capacityProvider())) {
                throw EcsErrors.invalidParameter("The specified capacity provider strategy contains duplicate capacity "
                        + "providers. Specify each capacity provider once and try again.");
            }
            bases += item.base() != null && item.base() > 0 ? 1 : 0;
        }
        if (bases > 1) {
            throw EcsErrors.invalidParameter(
                    "Only one capacity provider in a capacity provider strategy can have a base defined.");
        }
        if (seen.stream().map(CapacityProviders::managed).distinct().count() > 1) {
            throw EcsErrors.invalidParameter("A capacity provider strategy cannot contain a mix of capacity providers "
                    + "using Auto Scaling groups and Fargate providers. Specify one or the other and try again.");
        }
        return strategy.stream()
                .map(item -> item.toBuilder()
                        .weight(item.weight() == null ? 0 : item.weight())
                        .base(item.base() == null ? 0 : item.base())
                        .build())
                .toList();
    }

    private static void requireBounds(CapacityProviderStrategyItem item) {
        if (item.capacityProvider() == null || item.capacityProvider().isBlank()) {
            throw EcsErrors.invalidParameter("Capacity provider cannot be empty.");
        }
        if (item.weight() != null && (item.weight() < 0 || item.weight() > WEIGHT_MAX)) {
            throw EcsErrors.invalidParameter("The weight of a capacity provider must be between 0 and 1000.");
        }
        if (item.base() != null && (item.base() < 0 || item.base() > BASE_MAX)) {
            throw EcsErrors.invalidParameter("The base of a capacity provider must be between 0 and 100000.");
        }
    }
}
