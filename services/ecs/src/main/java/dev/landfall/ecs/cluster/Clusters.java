package dev.landfall.ecs.cluster;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import java.util.SortedSet;
import java.util.Optional;
import java.util.regex.Pattern;

/** Looks clusters up by what a caller calls them: a name, an ARN, or nothing for the cluster {@code default}. */
public final class Clusters {
    public static final String DEFAULT = "default";
    static final String ACTIVE = "ACTIVE";

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9\\-_]{1,255}");
    private static final String ARN_PREFIX = "cluster/";

    private Clusters() {}

    /**
     * The cluster, also one that was deleted. Those of other accounts and regions are not found.
     *
     * @param nameOrArn what the caller sent, or null
     */
    public static Optional<ClusterRow> find(Image image, Scope scope, String nameOrArn) {
        String arn = arn(scope, nameOrArn);
        return Scope.of(arn).equals(scope) ? image.get(EcsTables.CLUSTERS, arn) : Optional.empty();
    }

    /**
     * The cluster, if it is ACTIVE.
     *
     * @param nameOrArn what the caller sent, or null
     */
    public static Optional<ClusterRow> findActive(Image image, Scope scope, String nameOrArn) {
        return find(image, scope, nameOrArn).filter(Clusters::active);
    }

    /**
     * The cluster, which must be ACTIVE.
     *
     * @param nameOrArn what the caller sent, or null
     */
    public static ClusterRow require(Image image, Scope scope, String nameOrArn) {
        ClusterRow row = find(image, scope, nameOrArn).orElseThrow(EcsErrors::clusterNotFound);
        if (!active(row)) {
            throw EcsErrors.clusterInactive();
        }
        return row;
    }

    /** As {@link #require}, for the actions that change the cluster itself: ECS words their refusal otherwise. */
    static ClusterRow requireForChange(Image image, Scope scope, String nameOrArn) {
        ClusterRow row = find(image, scope, nameOrArn).orElseThrow(EcsErrors::clusterNotFound);
        if (!active(row)) {
            throw EcsErrors.client("Cluster was not ACTIVE.");
        }
        return row;
    }

    /** The ARNs of the clusters that are ACTIVE. */
    public static SortedSet<String> active(Image image, Scope scope) {
        return image.keys(EcsTables.CLUSTERS, EcsTables.CLUSTERS_BY_SCOPE, EcsTables.scopeKey(scope));
    }

    static boolean active(ClusterRow row) {
        return ACTIVE.equals(row.cluster().status());
    }

    /** The ARN of the cluster a caller names, whether or not it exists. */
    public static String arn(Scope scope, String nameOrArn) {
        if (nameOrArn == null) {
            return scope.arn(ARN_PREFIX + DEFAULT);
        }
        if (nameOrArn.startsWith("arn:")) {
            String[] parts = nameOrArn.split(":", 6);
            if (parts.length < 6 || !parts[2].equals("ecs") || !parts[5].startsWith(ARN_PREFIX)
                    || !validName(parts[5].substring(ARN_PREFIX.length()))) {
                throw EcsErrors.invalidParameter("Invalid identifier: Identifier is not for a cluster: " + nameOrArn);
            }
            return nameOrArn;
        }
        if (!validName(nameOrArn)) {
            throw EcsErrors.invalidParameter("Cluster must match ^[a-zA-Z0-9\\-_]{1,255}$, but was " + nameOrArn);
        }
        return scope.arn(ARN_PREFIX + nameOrArn);
    }

    static boolean validName(String name) {
        return NAME.matcher(name).matches();
    }
}
