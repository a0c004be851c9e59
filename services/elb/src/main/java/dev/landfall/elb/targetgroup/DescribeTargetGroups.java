package dev.landfall.elb.targetgroup;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Page;
import dev.landfall.elb.Scope;
import dev.landfall.elb.loadbalancer.LoadBalancers;
import dev.landfall.state.Image;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;

/** Describes all target groups, those that are named, or those of a load balancer, in the order of their names. */
public final class DescribeTargetGroups {
    private DescribeTargetGroups() {}

    public static DescribeTargetGroupsResponse read(Image image, DescribeTargetGroupsRequest request, Scope scope) {
        String listing = request.loadBalancerArn() == null ? ElbTables.scopeKey(scope) : request.loadBalancerArn();
        Page<TargetGroupRow> page = Page.of("DescribeTargetGroups " + listing, named(image, request, scope),
                row -> row.group().targetGroupName(), request.marker(), request.pageSize());
        return DescribeTargetGroupsResponse.builder()
                .targetGroups(page.items().stream().map(row -> TargetGroups.shown(image, row)).toList())
                .nextMarker(page.nextMarker().orElse(null))
                .build();
    }

    private static List<TargetGroupRow> named(Image image, DescribeTargetGroupsRequest request, Scope scope) {
        boolean byBalancer = request.loadBalancerArn() != null;
        boolean byArn = !request.targetGroupArns().isEmpty();
        boolean byName = !request.names().isEmpty();
        if (Stream.of(byBalancer, byArn, byName).filter(given -> given).count() > 1) {
            throw ElbErrors.validation("Target group names, target group ARNs, and a load balancer ARN cannot be "
                    + "specified at the same time");
        }
        Stream<TargetGroupRow> found;
        if (byBalancer) {
            String arn = LoadBalancers.require(image, request.loadBalancerArn(), scope).arn();
            found = LoadBalancers.targetGroups(image, arn).stream()
                    .flatMap(group -> image.get(ElbTables.TARGET_GROUPS, group).stream());
        } else if (byArn) {
            found = request.targetGroupArns().stream().map(arn ->
                    TargetGroups.find(image, arn, scope).orElseThrow(DescribeTargetGroups::notFound));
        } else if (byName) {
            found = request.names().stream().map(name ->
                    TargetGroups.byName(image, name, scope).orElseThrow(DescribeTargetGroups::notFound));
        } else {
            return TargetGroups.all(image, scope);
        }
        return found.distinct().sorted(Comparator.comparing(row -> row.group().targetGroupName())).toList();
    }

    private static TargetGroupNotFoundException notFound() {
        return ElbErrors.targetGroupNotFound("One or more target groups not found");
    }
}
