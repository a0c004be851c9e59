package dev.landfall.ecs.instance;

import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/**
 * A container instance as the API shows it, without counts and remaining resources, which are its {@link InstanceLoad}.
 *
 * @param managed whether it offers FARGATE capacity; then it belongs to no cluster and is not listed
 * @param addressBlock the IPv4 block of its awsvpc tasks, or empty
 */
public record InstanceRow(ContainerInstance instance, String clusterArn, boolean managed, String addressBlock) {
    public String arn() {
        return instance.containerInstanceArn();
    }

    public InstanceRow with(ContainerInstance next) {
        return new InstanceRow(next, clusterArn, managed, addressBlock);
    }

    /** The value of an attribute, the empty text for one without a value; nothing where it does not have it. */
    public Optional<String> attribute(String name) {
        for (Attribute attribute : instance.attributes()) {
            if (attribute.name().equals(name)) {
                return Optional.of(attribute.value() == null ? "" : attribute.value());
            }
        }
        return Optional.empty();
    }
}
