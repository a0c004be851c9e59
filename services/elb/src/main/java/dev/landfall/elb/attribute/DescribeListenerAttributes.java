package dev.landfall.elb.attribute;

import dev.landfall.elb.Scope;
import dev.landfall.elb.listener.Listeners;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenerAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenerAttributesResponse;

/** Describes the attributes of a listener, set or not. */
public final class DescribeListenerAttributes {
    private DescribeListenerAttributes() {}

    public static DescribeListenerAttributesResponse read(
            Image image, DescribeListenerAttributesRequest request, Scope scope) {
        return DescribeListenerAttributesResponse.builder()
                .attributes(ListenerAttributes.shown(Listeners.require(image, request.listenerArn(), scope)))
                .build();
    }
}
