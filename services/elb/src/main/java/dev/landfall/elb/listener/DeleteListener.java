package dev.landfall.elb.listener;

import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteListenerResponse;

/** Deletes a listener with its rules. */
public final class DeleteListener {
    private DeleteListener() {}

    public static Decision<DeleteListenerResponse> decide(Image image, DeleteListenerRequest request, Scope scope) {
        ListenerRow row = Listeners.require(image, request.listenerArn(), scope);
        return new Decision<>(DeleteListenerResponse.builder().build(), Listeners.deletion(image, row), List.of());
    }
}
