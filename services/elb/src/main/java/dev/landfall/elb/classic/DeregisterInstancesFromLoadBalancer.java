package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.elb.classic.ClassicRow.Leaving;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancing.model.DeregisterInstancesFromLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.DeregisterInstancesFromLoadBalancerResponse;

/** Takes instances from a load balancer; with connection draining, their connections are left to end for a while. */
final class DeregisterInstancesFromLoadBalancer {
    private DeregisterInstancesFromLoadBalancer() {}

    static Decision<DeregisterInstancesFromLoadBalancerResponse> decide(
            Image image, DeregisterInstancesFromLoadBalancerRequest request, Scope scope, Context context) {
        ClassicRow row = Classic.require(image, request.loadBalancerName(), scope);
        List<String> gone = request.instances().stream().map(each -> Classic.instance(each.instanceId())).toList();
        boolean drains = row.attributes().connectionDraining().enabled();
        Stream<Leaving> added = !drains ? Stream.of() : row.instanceIds().stream().filter(gone::contains)
                .map(id -> new Leaving(id, context.now()));
        ClassicRow next = row.withInstances(row.instanceIds().stream().filter(id -> !gone.contains(id)).toList(),
                Stream.concat(row.leaving().stream(), added).toList());
        return Decision.of(DeregisterInstancesFromLoadBalancerResponse.builder()
                .instances(next.description().instances()).build(), Classic.put(next));
    }
}
