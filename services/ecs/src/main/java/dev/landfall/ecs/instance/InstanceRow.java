package dev.landfall.ecs.instance;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;

/**
 * A container instance as the API shows it, without counts and remaining resources, which are its {@link InstanceLoad}.
 *
 * @param managed whether it offers FARGATE capacity; then it belongs to no cluster and is not listed
 * @param addressBlock the IPv4 block of its awsvpc tasks, or empty
 * @param token what its agent registered it under, or empty
 */
public record InstanceRow(
        ContainerInstance instance, String clusterArn, boolean managed, String addressBlock, String token) {
    /** The attribute that names the availability zone. */
    public static final String ZONE = "ecs.availability-zone";

    /** The resource by which agents name their GPUs: a set of ids. */
    static final String GPU = "GPU";

    /** Rows written by older versions know no token. */
    public InstanceRow {
        token = token == null ? "" : token;
    }

    public String arn() {
        return instance.containerInstanceArn();
    }

    /** Its Availability Zone, or empty. */
    public String zone() {
        return attribute(ZONE).orElse("");
    }

    public InstanceRow with(ContainerInstance next) {
        return new InstanceRow(next, clusterArn, managed, addressBlock, token);
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

    /** The capacity provider it belongs to, or empty. */
    public String capacityProvider() {
        return instance.capacityProviderName() == null ? "" : instance.capacityProviderName();
    }

    /** Whether tasks may be placed on it. */
    public boolean open() {
        return Boolean.TRUE.equals(instance.agentConnected()) && "ACTIVE".equals(instance.status());
    }

    /** The value of an integer resource; 0 where the instance did not register it. */
    public int registered(String resource) {
        for (Resource each : instance.registeredResources()) {
            if (each.name().equals(resource)) {
                return each.integerValue() == null ? 0 : each.integerValue();
            }
        }
        return 0;
    }

    /** The members of a set resource; none where the instance did not register it. */
    public List<String> members(String resource) {
        for (Resource each : instance.registeredResources()) {
            if (each.name().equals(resource)) {
                return each.stringSetValue();
            }
        }
        return List.of();
    }

    /** The ids of its GPUs; those of an instance that registered a number are the numbers below it. */
    public List<String> gpus() {
        int count = registered(GPU);
        return count == 0 ? members(GPU) : IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }
}
