package dev.landfall.elb.loadbalancer;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Page;
import dev.landfall.elb.Scope;
import dev.landfall.elb.edge.Observed;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeLoadBalancersRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeLoadBalancersResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerStateEnum;

/** Describes all load balancers, or those that are named, in the order of their names. */
public final class DescribeLoadBalancers {
    /** API reference: up to 20 in a call. */
    private static final int NAMED_MAX = 20;

    private DescribeLoadBalancers() {}

    public static DescribeLoadBalancersResponse read(
            Image image, DescribeLoadBalancersRequest request, Scope scope, Observed observed) {
        Page<LoadBalancerRow> page = Page.of("DescribeLoadBalancers " + ElbTables.scopeKey(scope),
                named(image, request, scope), row -> row.loadBalancer().loadBalancerName(), request.marker(),
                request.pageSize());
        return DescribeLoadBalancersResponse.builder()
                .loadBalancers(page.items().stream().map(row -> shown(image, row, observed)).toList())
                .nextMarker(page.nextMarker().orElse(null))
                .build();
    }

    private static List<LoadBalancerRow> named(Image image, DescribeLoadBalancersRequest request, Scope scope) {
        List<String> arns = request.loadBalancerArns();
        List<String> names = request.names();
        if (!arns.isEmpty() && !names.isEmpty()) {
            throw ElbErrors.validation("Load balancer names and load balancer ARNs cannot be specified at the same "
                    + "time");
        }
        if (arns.size() + names.size() > NAMED_MAX) {
            throw ElbErrors.validation("The maximum number of load balancers that can be specified is '20'");
        }
        if (arns.isEmpty() && names.isEmpty()) {
            return LoadBalancers.all(image, scope);
        }
        return Stream.concat(
                arns.stream().map(arn -> LoadBalancers.find(image, arn, scope).orElseThrow(() ->
                        ElbErrors.loadBalancersNotFound("One or more load balancers not found"))),
                names.stream().map(name -> byName(image, name, scope).orElseThrow(() ->
                        ElbErrors.loadBalancersNotFound("Load balancers '[" + name + "]' not found"))))
                .distinct().sorted((a, b) ->
                        a.loadBalancer().loadBalancerName().compareTo(b.loadBalancer().loadBalancerName()))
                .toList();
    }

    private static Optional<LoadBalancerRow> byName(Image image, String name, Scope scope) {
        return image.find(ElbTables.LOAD_BALANCERS, ElbTables.LOAD_BALANCERS_BY_NAME,
                ElbTables.nameKey(scope, name)).stream().findFirst();
    }

    /** A load balancer of which the data plane cannot open every listener is impaired. */
    private static LoadBalancer shown(Image image, LoadBalancerRow row, Observed observed) {
        return image.keys(ElbTables.LISTENERS, ElbTables.LISTENERS_BY_LOAD_BALANCER, row.arn()).stream()
                .flatMap(listener -> observed.failure(listener).stream()).findFirst()
                .map(reason -> row.loadBalancer().toBuilder()
                        .state(state -> state.code(LoadBalancerStateEnum.ACTIVE_IMPAIRED).reason(reason)).build())
                .orElse(row.loadBalancer());
    }
}
