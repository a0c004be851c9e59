package dev.landfall.elb.rule;

import dev.landfall.elb.Arns;
import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Quotas;
import dev.landfall.elb.Scope;
import dev.landfall.elb.loadbalancer.LoadBalancers;
import dev.landfall.elb.targetgroup.Protocols;
import dev.landfall.elb.targetgroup.TargetGroupRow;
import dev.landfall.state.Image;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ForwardActionConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupStickinessConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

/** The rules for forwarding. However it was asked for, it is shown with a ForwardConfig, as AWS does. */
final class Forwards {
    private static final int WEIGHT_MAX = 999;
    private static final int STICKINESS_SECONDS_MAX = 604_800;

    private Forwards() {}

    static Action validated(Image image, Scope scope, Actions.Place place, Action action) {
        ForwardActionConfig config = configured(place, action);
        for (TargetGroupTuple tuple : config.targetGroups()) {
            requireGroup(image, scope, place, tuple.targetGroupArn());
        }
        var shown = action.toBuilder().forwardConfig(config);
        if (config.targetGroups().size() == 1) {
            shown.targetGroupArn(config.targetGroups().getFirst().targetGroupArn());
        }
        return shown.build();
    }

    private static ForwardActionConfig configured(Actions.Place place, Action action) {
        ForwardActionConfig given = action.forwardConfig() == null
                ? ForwardActionConfig.builder().build() : action.forwardConfig();
        List<TargetGroupTuple> groups = given.targetGroups();
        if (groups.isEmpty() && action.targetGroupArn() != null) {
            groups = List.of(TargetGroupTuple.builder().targetGroupArn(action.targetGroupArn()).build());
        }
        if (groups.isEmpty()) {
            throw ElbErrors.invalidAction("For actions of type 'forward', you must specify at least one target group");
        }
        int most = place.weighted() ? Quotas.TARGET_GROUPS_PER_ACTION : 1;
        if (groups.size() > most) {
            throw ElbErrors.invalidAction("Up to '" + most
                    + "' target groups can be specified for actions of type 'forward'");
        }
        if (action.targetGroupArn() != null && (groups.size() > 1
                || !action.targetGroupArn().equals(groups.getFirst().targetGroupArn()))) {
            throw ElbErrors.invalidAction("If you specify both 'ForwardConfig' and 'TargetGroupArn', you can specify "
                    + "only one target group, and it must be the same");
        }
        if (groups.stream().map(TargetGroupTuple::targetGroupArn).distinct().count() < groups.size()) {
            throw ElbErrors.invalidAction("A target group can be specified only once for actions of type 'forward'");
        }
        boolean weighs = place.application() || groups.size() > 1;
        var config = ForwardActionConfig.builder()
                .targetGroups(groups.stream().map(tuple -> weighs ? weighted(tuple) : checked(tuple)).toList());
        if (place.application()) {
            config.targetGroupStickinessConfig(stickiness(given.targetGroupStickinessConfig()));
        } else if (given.targetGroupStickinessConfig() != null
                && Boolean.TRUE.equals(given.targetGroupStickinessConfig().enabled())) {
            throw ElbErrors.invalidAction("Target group stickiness is supported only on HTTP and HTTPS listeners");
        }
        return config.build();
    }

    private static TargetGroupTuple weighted(TargetGroupTuple tuple) {
        TargetGroupTuple checked = checked(tuple);
        return checked.weight() == null ? checked.toBuilder().weight(1).build() : checked;
    }

    private static TargetGroupTuple checked(TargetGroupTuple tuple) {
        if (tuple.targetGroupArn() == null) {
            throw ElbErrors.invalidAction("A target group ARN must be specified");
        }
        if (tuple.weight() != null && (tuple.weight() < 0 || tuple.weight() > WEIGHT_MAX)) {
            throw ElbErrors.validation("Target group weight '" + tuple.weight() + "' must be between '0-999' "
                    + "inclusive");
        }
        return tuple;
    }

    private static TargetGroupStickinessConfig stickiness(TargetGroupStickinessConfig given) {
        if (given == null || !Boolean.TRUE.equals(given.enabled())) {
            return TargetGroupStickinessConfig.builder().enabled(false).build();
        }
        Integer seconds = given.durationSeconds();
        if (seconds == null || seconds < 1 || seconds > STICKINESS_SECONDS_MAX) {
            throw ElbErrors.validation("Target group stickiness duration must be between '1-604800' inclusive");
        }
        return given;
    }

    private static void requireGroup(Image image, Scope scope, Actions.Place place, String arn) {
        Arns.require(Arns.Kind.TARGET_GROUP, arn, scope);
        TargetGroupRow group = image.get(ElbTables.TARGET_GROUPS, arn).orElseThrow(() ->
                ElbErrors.targetGroupNotFound("Target groups '" + arn + "' not found"));
        if (!Protocols.goTogether(place.protocol(), group.group().protocol())) {
            throw ElbErrors.incompatibleProtocols();
        }
        if (place.protocol() == ProtocolEnum.HTTP && "GRPC".equals(group.group().protocolVersion())) {
            throw ElbErrors.invalidConfiguration("Listener protocol 'HTTP' is not supported with a target group with "
                    + "the protocol-version 'GRPC'");
        }
        if (LoadBalancers.routingTo(image, arn).stream().anyMatch(other -> !other.equals(place.balancer().arn()))) {
            throw ElbErrors.targetGroupAssociationLimit(arn);
        }
    }

    /** That the load balancer may route to these target groups as well. */
    static void requireRoom(Image image, Actions.Place place, List<String> groups) {
        List<String> before = LoadBalancers.targetGroups(image, place.balancer().arn());
        List<String> all = Stream.concat(before.stream(), groups.stream()).distinct().toList();
        if (place.application() && all.size() > Quotas.TARGET_GROUPS_PER_APPLICATION_LOAD_BALANCER) {
            throw ElbErrors.tooManyUniqueTargetGroups();
        }
        if (all.size() > before.size()) {
            requireRoomForTargets(image, place, all);
        }
    }

    private static void requireRoomForTargets(Image image, Actions.Place place, List<String> groups) {
        var registrations = new TreeMap<String, Integer>();
        int targets = 0;
        for (String group : groups) {
            targets += image.count(ElbTables.TARGETS, ElbTables.TARGETS_BY_GROUP, group);
            image.startingWith(ElbTables.TARGETS, ElbTables.targetsPrefix(group))
                    .forEach(row -> registrations.merge(row.target().id(), 1, Integer::sum));
        }
        if (targets > Quotas.targets(place.balancer().loadBalancer().type())) {
            throw ElbErrors.tooManyTargets();
        }
        if (registrations.values().stream().anyMatch(count -> count > Quotas.REGISTRATIONS_PER_TARGET)) {
            throw ElbErrors.tooManyRegistrations();
        }
    }
}
