package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancing.model.ListenerDescription;
import software.amazon.awssdk.services.elasticloadbalancing.model.SetLoadBalancerPoliciesOfListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.SetLoadBalancerPoliciesOfListenerResponse;

/** Says which policies a listener has, in the place of those that it had. */
final class SetLoadBalancerPoliciesOfListener {
    private SetLoadBalancerPoliciesOfListener() {}

    static Decision<SetLoadBalancerPoliciesOfListenerResponse> decide(
            Image image, SetLoadBalancerPoliciesOfListenerRequest request, Scope scope) {
        ClassicRow row = Classic.require(image, request.loadBalancerName(), scope);
        int port = request.loadBalancerPort();
        ListenerDescription listener = row.listener(port)
                .orElseThrow(() -> ClassicErrors.listenerNotFound(row.name(), port));
        List<String> names = request.policyNames().stream().distinct().toList();
        List<String> sticky = StickinessPolicies.names(row.description().policies());
        names.stream().filter(name -> !sticky.contains(name)
                && !row.description().policies().otherPolicies().contains(name)).findFirst().ifPresent(name -> {
                    throw ClassicErrors.policyNotFound(name, row.name());
                });
        long chosen = names.stream().filter(sticky::contains).count();
        boolean http = listener.listener().protocol().startsWith("HTTP");
        if (chosen > 1 || chosen == 1 && !http) {
            throw ClassicErrors.invalidConfiguration(http
                    ? "Only one cookie stickiness policy can be set for a listener"
                    : "A cookie stickiness policy can be set only for an HTTP or HTTPS listener");
        }
        ListenerDescription next = listener.toBuilder().policyNames(names).build();
        return Decision.of(SetLoadBalancerPoliciesOfListenerResponse.builder().build(),
                Classic.put(row.withListeners(row.description().listenerDescriptions().stream()
                        .map(each -> each.equals(listener) ? next : each).toList())));
    }
}
