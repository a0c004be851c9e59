package dev.landfall.elb.listener;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Page;
import dev.landfall.elb.Scope;
import dev.landfall.elb.loadbalancer.LoadBalancers;
import dev.landfall.state.Image;
import java.util.Comparator;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenersRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenersResponse;

/** Describes the listeners of a load balancer, or those that are named. */
public final class DescribeListeners {
    private DescribeListeners() {}

    public static DescribeListenersResponse read(Image image, DescribeListenersRequest request, Scope scope) {
        Page<ListenerRow> page = Page.of("DescribeListeners " + request.loadBalancerArn(),
                named(image, request, scope), ListenerRow::arn, request.marker(), request.pageSize());
        return DescribeListenersResponse.builder()
                .listeners(page.items().stream().map(row -> Listeners.shown(image, row)).toList())
                .nextMarker(page.nextMarker().orElse(null))
                .build();
    }

    private static List<ListenerRow> named(Image image, DescribeListenersRequest request, Scope scope) {
        if (request.loadBalancerArn() == null && request.listenerArns().isEmpty()) {
            throw ElbErrors.validation("You must specify either listener ARNs or a load balancer ARN");
        }
        if (request.loadBalancerArn() != null && !request.listenerArns().isEmpty()) {
            throw ElbErrors.validation("Listener ARNs and a load balancer ARN cannot be specified at the same time");
        }
        return request.loadBalancerArn() == null
                ? Listeners.requireAny(image, request.listenerArns(), scope).stream()
                        .sorted(Comparator.comparing(ListenerRow::arn)).toList()
                : image.find(ElbTables.LISTENERS, ElbTables.LISTENERS_BY_LOAD_BALANCER,
                        LoadBalancers.require(image, request.loadBalancerArn(), scope).arn());
    }
}
