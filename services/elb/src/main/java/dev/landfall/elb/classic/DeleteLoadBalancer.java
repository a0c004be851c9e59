package dev.landfall.elb.classic;

import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.elasticloadbalancing.model.DeleteLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.DeleteLoadBalancerResponse;

/** Deletes a Classic Load Balancer; a call for one that is gone succeeds. */
final class DeleteLoadBalancer {
    private DeleteLoadBalancer() {}

    static Decision<DeleteLoadBalancerResponse> decide(Image image, DeleteLoadBalancerRequest request, Scope scope) {
        String arn = Classic.arn(scope, request.loadBalancerName());
        var answer = DeleteLoadBalancerResponse.builder().build();
        return image.get(ElbTables.CLASSIC, arn).isEmpty() ? Decision.of(answer)
                : Decision.of(answer, Write.delete(ElbTables.CLASSIC, arn));
    }
}
