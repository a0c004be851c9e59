package dev.landfall.elb.loadbalancer;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.elb.attribute.LoadBalancerAttributes;
import dev.landfall.elb.listener.Listeners;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteLoadBalancerResponse;

/** Deletes a load balancer with its listeners. One that is not there is no mistake; its target groups stay. */
public final class DeleteLoadBalancer {
    private DeleteLoadBalancer() {}

    public static Decision<DeleteLoadBalancerResponse> decide(
            Image image, DeleteLoadBalancerRequest request, Scope scope) {
        var reply = DeleteLoadBalancerResponse.builder().build();
        Optional<LoadBalancerRow> found = LoadBalancers.find(image, request.loadBalancerArn(), scope);
        if (found.isEmpty()) {
            return Decision.of(reply);
        }
        String arn = found.get().arn();
        if (LoadBalancerAttributes.value(found.get(), LoadBalancerAttributes.DELETION_PROTECTION).equals("true")) {
            throw ElbErrors.operationNotPermitted("Load balancer '" + arn
                    + "' cannot be deleted because deletion protection is enabled");
        }
        if (isTarget(image, arn)) {
            throw ElbErrors.resourceInUse("Load balancer '" + arn
                    + "' cannot be deleted because it is currently associated with another service");
        }
        var writes = new ArrayList<Write<?>>();
        image.find(ElbTables.LISTENERS, ElbTables.LISTENERS_BY_LOAD_BALANCER, arn)
                .forEach(listener -> writes.addAll(Listeners.deletion(image, listener)));
        writes.add(Write.delete(ElbTables.RESERVATIONS, arn));
        writes.add(Write.delete(ElbTables.TAGS, arn));
        writes.add(Write.delete(ElbTables.LOAD_BALANCERS, arn));
        return new Decision<>(reply, writes, List.of());
    }

    /** Whether it is the target of another one's target group. */
    private static boolean isTarget(Image image, String arn) {
        return image.find(ElbTables.TARGETS, ElbTables.BALANCER_TARGETS, arn).stream()
                .anyMatch(target -> !target.draining());
    }
}
