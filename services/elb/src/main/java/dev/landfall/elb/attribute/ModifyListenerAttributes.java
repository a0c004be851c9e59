package dev.landfall.elb.attribute;

import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.elb.listener.ListenerRow;
import dev.landfall.elb.listener.Listeners;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerAttributesResponse;

/** Sets attributes of a listener. */
public final class ModifyListenerAttributes {
    private ModifyListenerAttributes() {}

    public static Decision<ModifyListenerAttributesResponse> decide(
            Image image, ModifyListenerAttributesRequest request, Scope scope) {
        ListenerRow row = Listeners.require(image, request.listenerArn(), scope);
        ListenerRow next = row.with(ListenerAttributes.with(row, request.attributes()));
        return Decision.of(
                ModifyListenerAttributesResponse.builder().attributes(ListenerAttributes.shown(next)).build(),
                Write.put(ElbTables.LISTENERS, next));
    }
}
