package dev.landfall.ecs.placement;

/**
 * A task that wants an instance.
 *
 * @param pool the ARN of a cluster, {@link dev.landfall.ecs.EcsTables#MANAGED}, or a {@link
 *     dev.landfall.ecs.EcsTables#poolKey capacity provider's}
 * @param owner whose tasks it is spread among, see {@link dev.landfall.ecs.EcsTables#owner}
 */
public record Wanted(Demand demand, String pool, String owner, Rules rules) {}
