package dev.landfall.ecs.capacity;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.CapacityProvider;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStatus;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.CapacityProviderUpdateStatus;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;

/**
 * Looks capacity providers up, and the rules for those of a cluster and for strategies.
 *
 * <p>Besides {@code FARGATE}, {@code FARGATE_SPOT} and those that were created there is {@code EC2}, which stands for
 * the cluster's own container instances, as the launch type of that name does. AWS knows it only where an account has
 * created a provider of that name; guides use it as if everyone had.
 */
public final class CapacityProviders {
    public static final String FARGATE = "FARGATE";
    public static final String FARGATE_SPOT = "FARGATE_SPOT";
    public static final String EC2 = "EC2";

    /** Those that every account has. */
    static final List<String> BUILT_IN = List.of(FARGATE, FARGATE_SPOT);

    /** Service quota "Capacity providers per cluster". */
    private static final int PROVIDERS_MAX = 20;

    private static final int WEIGHT_MAX = 1_000;
    private static final int BASE_MAX = 100_000;

    private CapacityProviders() {}

    /** Whether tasks of this provider go to managed capacity. */
    public static boolean managed(String provider) {
        return provider.equals(FARGATE) || provider.equals(FARGATE_SPOT);
    }

    /** The ARN of a provider, which callers may name by its ARN as well. */
    static String arn(Scope scope, String nameOrArn) {
        return nameOrArn.startsWith("arn:") ? nameOrArn : scope.arn("capacity-provider/" + nameOrArn);
    }

    static CapacityProvider builtIn(Scope scope, String name) {
        return CapacityProvider.builder()
                .capacityProviderArn(arn(scope, name))
                .name(name)
                .status(CapacityProviderStatus.ACTIVE)
                .type(name)
                .tags(List.of())
                .build();
    }

    /** The provider that was created and not deleted. */
    static Optional<CapacityProviderRow> active(Image image, String arn) {
        return image.get(EcsTables.CAPACITY_PROVIDERS, arn).filter(CapacityProviderRow::active);
    }

    /**
     * The provider, which must have been created and not deleted.
     *
     * @param nameOrArn what the caller sent, or null
     */
    static CapacityProviderRow require(Image image, Scope scope, String nameOrArn) {
        if (nameOrArn == null || nameOrArn.isBlank()) {
            throw EcsErrors.invalidParameter("Capacity provider cannot be empty.");
        }
        String arn = arn(scope, nameOrArn);
        if (BUILT_IN.stream().anyMatch(name -> arn.equals(arn(scope, name)))) {
            throw EcsErrors.client("The specified capacity provider is reserved and cannot be changed or deleted. "
                    + "Specify a capacity provider that uses an Auto Scaling group and try again.");
        }
        return active(image, arn)
                .filter(row -> Scope.of(row.arn()).equals(scope))
                .orElseThrow(() -> EcsErrors.client("The specified capacity provider does not exist. Specify a valid "
                        + "name or ARN and try again."));
    }

    /** Only providers of managed instances belong to a cluster; of others a request may name one that is there. */
    static void requireCluster(Image image, Scope scope, String cluster) {
        if (cluster != null) {
            Clusters.require(image, scope, cluster);
        }
    }

    static InvalidParameterException notActive(String name) {
        return EcsErrors.invalidParameter("The specified capacity provider '" + name
                + "' is not in an ACTIVE state. Specify a valid capacity provider and try again.");
    }

    /** Nothing here could launch what such a provider manages (docs/features/notes.md). */
    static void requireNotManagedInstances(SdkPojo given) {
        if (given != null) {
            throw EcsErrors.unsupportedFeature("Capacity providers of Amazon ECS Managed Instances are not supported.");
        }
    }

    /** The providers as a cluster keeps them. */
    public static List<String> validated(Image image, Scope scope, List<String> providers) {
        if (providers.size() > PROVIDERS_MAX) {
            throw EcsErrors.invalidParameter("The maximum number of capacity providers per cluster has been exceeded.");
        }
        for (String provider : providers) {
            if (managed(provider) || provider.equals(EC2)) {
                continue;
            }
            CapacityProviderRow row = image
                    .get(EcsTables.CAPACITY_PROVIDERS, scope.arn("capacity-provider/" + provider))
                    .orElseThrow(() -> EcsErrors.invalidParameter("The specified capacity provider was not found. "
                            + "Specify a valid capacity provider and try again."));
            if (!row.active() || row.provider().updateStatus() == CapacityProviderUpdateStatus.DELETE_IN_PROGRESS) {
                throw notActive(provider);
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

    /**
     * That tasks can be placed by the strategy: of several providers one has a weight. A cluster may have a default
     * that cannot (ECS API Reference, CapacityProviderStrategyItem: RunTask and CreateService "will fail").
     */
    public static List<CapacityProviderStrategyItem> requirePlaceable(List<CapacityProviderStrategyItem> strategy) {
        if (strategy.size() > 1 && strategy.stream().allMatch(item -> item.weight() == 0)) {
            throw EcsErrors.invalidParameter("The specified capacity provider strategy must contain at least one "
                    + "capacity provider with a weight greater than 0. Specify a weight and try again.");
        }
        return strategy;
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
