package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.elasticloadbalancing.model.DeleteLoadBalancerListenersRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.DeleteLoadBalancerListenersResponse;

/** Takes listeners away by their ports; a port without one is no mistake. */
final class DeleteLoadBalancerListeners {
    private DeleteLoadBalancerListeners() {}

    static Decision<DeleteLoadBalancerListenersResponse> decide(
            Image image, DeleteLoadBalancerListenersRequest request, Scope scope) {
        ClassicRow row = Classic.require(image, request.loadBalancerName(), scope);
        return Decision.of(DeleteLoadBalancerListenersResponse.builder().build(),
                Classic.put(row.withListeners(row.description().listenerDescriptions().stream()
                        .filter(each -> !request.loadBalancerPorts().contains(each.listener().loadBalancerPort()))
                        .toList())));
    }
}
