package dev.landfall.elb.target;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Quotas;
import dev.landfall.elb.Scope;
import dev.landfall.elb.loadbalancer.LoadBalancers;
import dev.landfall.elb.targetgroup.TargetGroupRow;
import dev.landfall.elb.targetgroup.TargetGroups;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RegisterTargetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RegisterTargetsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/** Registers targets with a group. One that is registered already stays as it is; one that drains no longer does. */
public final class RegisterTargets {
    private RegisterTargets() {}

    public static Decision<RegisterTargetsResponse> decide(
            Image image, RegisterTargetsRequest request, Scope scope, Context context) {
        TargetGroupRow group = TargetGroups.require(image, request.targetGroupArn(), scope);
        if (request.targets().isEmpty()) {
            throw ElbErrors.validation("At least one target must be specified");
        }
        var added = new TreeMap<String, TargetRow>();
        for (TargetDescription target : request.targets()) {
            Targets.require(image, group, target, scope);
            var row = TargetRow.registered(group.arn(), Targets.withPort(group.group(), target), context.now());
            if (image.get(ElbTables.TARGETS, row.key()).filter(there -> !there.draining()).isEmpty()) {
                added.putIfAbsent(row.key(), row);
            }
        }
        requireRoom(image, group, added.size());
        added.values().forEach(row -> requireRoomForId(image, group, row.target().id(), List.copyOf(added.values())));
        List<Write<?>> writes = added.values().stream()
                .<Write<?>>map(row -> Write.put(ElbTables.TARGETS, row)).toList();
        return new Decision<>(RegisterTargetsResponse.builder().build(), writes, List.of());
    }

    private static void requireRoom(Image image, TargetGroupRow group, int more) {
        int most = group.group().targetType() == TargetTypeEnum.ALB ? 1 : Quotas.TARGETS_PER_TARGET_GROUP;
        if (registered(image, group.arn()) + more > most) {
            throw ElbErrors.tooManyTargets();
        }
        for (String balancer : LoadBalancers.routingTo(image, group.arn())) {
            LoadBalancerTypeEnum type = image.get(ElbTables.LOAD_BALANCERS, balancer).orElseThrow()
                    .loadBalancer().type();
            int behind = LoadBalancers.targetGroups(image, balancer).stream()
                    .mapToInt(arn -> registered(image, arn)).sum();
            if (behind + more > Quotas.targets(type)) {
                throw ElbErrors.tooManyTargets();
            }
        }
    }

    private static int registered(Image image, String groupArn) {
        return image.count(ElbTables.TARGETS, ElbTables.TARGETS_BY_GROUP, groupArn);
    }

    /** One id may stand behind a load balancer many times, with other ports and in other groups. */
    private static void requireRoomForId(Image image, TargetGroupRow group, String id, List<TargetRow> added) {
        int more = (int) added.stream().filter(row -> row.target().id().equals(id)).count();
        for (String balancer : LoadBalancers.routingTo(image, group.arn())) {
            int there = LoadBalancers.targetGroups(image, balancer).stream()
                    .mapToInt(arn -> image.startingWith(ElbTables.TARGETS, ElbTables.targetsPrefix(arn) + id + '|')
                            .size()).sum();
            if (there + more > Quotas.REGISTRATIONS_PER_TARGET) {
                throw ElbErrors.tooManyRegistrations();
            }
        }
    }
}
