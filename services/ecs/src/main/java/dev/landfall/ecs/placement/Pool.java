package dev.landfall.ecs.placement;

import dev.landfall.ecs.instance.InstanceRow;

/**
 * The instances that a task may be placed on, whatever they have room for.
 *
 * @param key the ARN of a cluster, or {@link dev.landfall.ecs.EcsTables#MANAGED}
 * @param capacityProvider the provider that the instances belong to, or empty for those of any and of none
 */
public record Pool(String key, String capacityProvider) {
    boolean has(InstanceRow instance) {
        return capacityProvider.isEmpty() || capacityProvider.equals(instance.instance().capacityProviderName());
    }
}
