package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancing.model.RegisterInstancesWithLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.RegisterInstancesWithLoadBalancerResponse;

/** Adds instances to a load balancer; one that is there is no mistake. */
final class RegisterInstancesWithLoadBalancer {
    private RegisterInstancesWithLoadBalancer() {}

    static Decision<RegisterInstancesWithLoadBalancerResponse> decide(
            Image image, RegisterInstancesWithLoadBalancerRequest request, Scope scope) {
        ClassicRow row = Classic.require(image, request.loadBalancerName(), scope);
        List<String> added = request.instances().stream().map(each -> Classic.instance(each.instanceId())).toList();
        List<String> ids = Stream.concat(row.instanceIds().stream(), added.stream()).distinct().toList();
        if (ids.size() > Classic.INSTANCES) {
            throw ClassicErrors.validation("The maximum number of instances per load balancer is '"
                    + Classic.INSTANCES + "'");
        }
        ClassicRow next = row.withInstances(ids,
                row.leaving().stream().filter(each -> !added.contains(each.instanceId())).toList());
        return Decision.of(RegisterInstancesWithLoadBalancerResponse.builder()
                .instances(next.description().instances()).build(), Classic.put(next));
    }
}
