package dev.landfall.elb.target;

import dev.landfall.elb.Addresses;
import dev.landfall.elb.Arns;
import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.elb.loadbalancer.LoadBalancerRow;
import dev.landfall.elb.targetgroup.TargetGroupRow;
import dev.landfall.state.Image;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupIpAddressTypeEnum;

/** The rules for targets. */
final class Targets {
    private static final Pattern INSTANCE = Pattern.compile("i-[0-9a-zA-Z]{1,40}");
    private static final Pattern ZONE = Pattern.compile("all|[a-z0-9-]{1,60}");
    /** RFC 1918, RFC 6598, and this machine's own addresses, which AWS has no use for. */
    private static final Pattern PRIVATE_IPV4 = Pattern.compile(
            "10\\..*|127\\..*|192\\.168\\..*|172\\.(1[6-9]|2[0-9]|3[01])\\..*"
                    + "|100\\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\\..*");

    private Targets() {}

    /** The target with the port it is registered with. */
    static TargetDescription withPort(TargetGroup group, TargetDescription target) {
        return target.port() != null ? target : target.toBuilder().port(group.port()).build();
    }

    static Optional<TargetRow> find(Image image, TargetGroup group, TargetDescription target) {
        return image.get(ElbTables.TARGETS, TargetRow.key(group.targetGroupArn(), target.id(),
                withPort(group, target).port()));
    }

    /** Refuses what cannot be a target of the group. */
    static void require(Image image, TargetGroupRow row, TargetDescription target, Scope scope) {
        TargetGroup group = row.group();
        if (target.quicServerId() != null) {
            throw ElbErrors.validation("A server ID cannot be specified for target groups with the "
                    + group.protocolAsString() + " protocol");
        }
        if (target.availabilityZone() != null && !ZONE.matcher(target.availabilityZone()).matches()) {
            throw ElbErrors.validation("The Availability Zone '" + shortened(target.availabilityZone())
                    + "' is not valid");
        }
        switch (group.targetType()) {
            case INSTANCE -> requireInstance(target);
            case IP -> requireAddress(group, target);
            case ALB -> requireBalancer(image, group, target, scope);
            case LAMBDA, UNKNOWN_TO_SDK_VERSION -> throw new IllegalStateException("no group has such targets");
        }
    }

    private static void requireInstance(TargetDescription target) {
        if (!INSTANCE.matcher(target.id()).matches()) {
            throw ElbErrors.validation("Instance ID '" + shortened(target.id()) + "' is not valid");
        }
        requireNoZone(target, "instance");
    }

    private static void requireAddress(TargetGroup group, TargetDescription target) {
        boolean ipv6 = group.ipAddressType() == TargetGroupIpAddressTypeEnum.IPV6;
        if (!(ipv6 ? Addresses.isIpv6(target.id()) : Addresses.isIpv4(target.id()))) {
            throw ElbErrors.validation("The IP address '" + shortened(target.id()) + "' is not a valid "
                    + (ipv6 ? "IPv6" : "IPv4") + " address");
        }
        if (!ipv6 && !PRIVATE_IPV4.matcher(target.id()).matches()) {
            throw ElbErrors.invalidTarget("The IP address '" + target.id() + "' is not in a permitted range");
        }
    }

    /** An Application Load Balancer that listens on the group's port. */
    private static void requireBalancer(Image image, TargetGroup group, TargetDescription target, Scope scope) {
        Optional<LoadBalancerRow> balancer = Arns.Kind.LOAD_BALANCER.matches(target.id())
                && Scope.of(target.id()).equals(scope)
                ? image.get(ElbTables.LOAD_BALANCERS, target.id()) : Optional.empty();
        if (balancer.filter(found -> found.loadBalancer().type() == LoadBalancerTypeEnum.APPLICATION).isEmpty()) {
            throw ElbErrors.invalidTarget("The specified target does not exist, is not in the same VPC as the target "
                    + "group, or has an unsupported instance type.");
        }
        requireNoZone(target, "alb");
        if (target.port() != null && !target.port().equals(group.port())) {
            throw ElbErrors.validation("A port override cannot be specified for target groups with target type 'alb'");
        }
        boolean listens = image.find(ElbTables.LISTENERS, ElbTables.LISTENERS_BY_LOAD_BALANCER, target.id()).stream()
                .anyMatch(listener -> listener.listener().port().equals(group.port()));
        if (!listens) {
            throw ElbErrors.invalidTarget("The load balancer '" + target.id()
                    + "' must have at least one listener that matches the target group port '" + group.port() + "'");
        }
    }

    private static void requireNoZone(TargetDescription target, String type) {
        if (target.availabilityZone() != null) {
            throw ElbErrors.validation("You cannot specify an Availability Zone for targets of target groups with "
                    + "target type '" + type + "'");
        }
    }

    static String shortened(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }
}
