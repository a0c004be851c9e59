package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.elb.certificate.SslPolicies;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancing.model.CreateLoadBalancerListenersRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.CreateLoadBalancerListenersResponse;
import software.amazon.awssdk.services.elasticloadbalancing.model.ListenerDescription;
import software.amazon.awssdk.services.elasticloadbalancing.model.Policies;

/** Adds listeners to a load balancer. */
final class CreateLoadBalancerListeners {
    private CreateLoadBalancerListeners() {}

    static Decision<CreateLoadBalancerListenersResponse> decide(
            Image image, CreateLoadBalancerListenersRequest request, Scope scope) {
        ClassicRow row = Classic.require(image, request.loadBalancerName(), scope);
        List<ListenerDescription> next =
                Listeners.with(row.description().listenerDescriptions(), request.listeners(), row.name());
        Policies policies = row.description().policies();
        boolean encrypted = next.stream().anyMatch(each -> Listeners.isEncrypted(each.listener()));
        List<String> others = encrypted ? Stream.concat(policies.otherPolicies().stream(),
                Stream.of(SslPolicies.DEFAULT)).distinct().toList() : policies.otherPolicies();
        ClassicRow listening = row.withListeners(next);
        return Decision.of(CreateLoadBalancerListenersResponse.builder().build(),
                Classic.put(listening.with(listening.description().toBuilder()
                        .policies(policies.toBuilder().otherPolicies(others).build()).build())));
    }
}
