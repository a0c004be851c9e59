package dev.landfall.ecs.capacity;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.cluster.PutClusterCapacityProviders;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.protocol.Capabilities;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.CreateCapacityProviderRequest;
import software.amazon.awssdk.services.ecs.model.PutClusterCapacityProvidersRequest;

/** A world with capacity providers. */
record Providers(World world, CapacityPolicy policy) {
    /** Providers of groups, which the cluster {@code default} has. */
    void associated(String... names) {
        for (String name : names) {
            var request = CreateCapacityProviderRequest.builder().name(name)
                    .autoScalingGroupProvider(group -> group.autoScalingGroupArn(name)).build();
            world.decide((image, scope, context) -> CreateCapacityProvider.decide(image, request, scope));
        }
        var put = PutClusterCapacityProvidersRequest.builder().cluster("default").capacityProviders(names).build();
        world.decide((image, scope, context) -> PutClusterCapacityProviders.decide(image, put, scope, context));
        look(World.ARN + "cluster/default");
    }

    /** A connected instance of {@code provider}, or of none if that is empty. */
    String instance(String provider, int memory) {
        return world.instance(memory, "default", request -> {
            var attributes = new ArrayList<>(request.build().attributes());
            if (!provider.isEmpty()) {
                attributes.add(World.attribute(Capabilities.CAPACITY_PROVIDER, provider));
            }
            request.attributes(attributes);
        });
    }

    String spotInstance(int memory) {
        return world.instance(memory, "default", request -> {
            var attributes = new ArrayList<>(request.build().attributes());
            attributes.add(World.attribute(Capabilities.CAPACITY_OPTION, Capabilities.CAPACITY_OPTION_SPOT));
            request.attributes(attributes);
        });
    }

    static CapacityProviderStrategyItem item(String provider, int weight, int base) {
        return CapacityProviderStrategyItem.builder().capacityProvider(provider).weight(weight).base(base).build();
    }

    Optional<Duration> look(String arn) {
        return world.decide((image, scope, context) -> CapacityLooks.decide(image, arn, policy, context));
    }

    Interrupt.Reply interrupt(Interrupt.Request request) {
        return world.decide((image, scope, context) -> Interrupt.decide(image, request, policy, context));
    }

    /** Which instances the live tasks of the cluster are on. */
    List<String> placed() {
        return live().map(TaskRow::instanceArn).distinct().sorted().toList();
    }

    /** How many live tasks each provider has. */
    Map<String, Integer> counts() {
        var counts = new TreeMap<String, Integer>();
        live().forEach(row -> counts.merge(row.task().capacityProviderName(), 1, Integer::sum));
        return counts;
    }

    private Stream<TaskRow> live() {
        return world.image().all(EcsTables.TASKS).stream().filter(TaskRow::wanted);
    }
}
