package dev.landfall.elb.loadbalancer;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AvailabilityZone;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerAddress;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SubnetMapping;

/** The rules for the subnets of load balancers. Any subnet of the right form is there, see {@link DefaultNetwork}. */
final class Subnets {
    private static final Pattern FORM = Pattern.compile("subnet-[0-9a-zA-Z]{1,40}");
    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:]{2,45}");
    private static final Pattern SECURITY_GROUP = Pattern.compile("sg-[0-9a-zA-Z]{1,40}");
    /** A load balancer has up to five (Application Load Balancer user guide, quotas: security groups). */
    private static final int SECURITY_GROUPS_MAX = 5;

    private Subnets() {}

    /** The zones a load balancer is in. */
    static List<AvailabilityZone> zones(
            Scope scope, LoadBalancerTypeEnum type, List<String> subnets, List<SubnetMapping> mappings) {
        if (!subnets.isEmpty() && !mappings.isEmpty()) {
            throw ElbErrors.validation("You must specify either subnets or subnet mappings, but not both");
        }
        List<SubnetMapping> wanted = mappings.isEmpty()
                ? subnets.stream().map(id -> SubnetMapping.builder().subnetId(id).build()).toList() : mappings;
        if (wanted.isEmpty()) {
            throw ElbErrors.validation("At least one subnet must be specified");
        }
        var seen = new ArrayList<String>();
        for (SubnetMapping mapping : wanted) {
            requireMapping(type, mapping);
            if (seen.contains(mapping.subnetId())) {
                throw ElbErrors.invalidConfiguration(
                        "A load balancer cannot be attached to multiple subnets in the same Availability Zone");
            }
            seen.add(mapping.subnetId());
        }
        if (type == LoadBalancerTypeEnum.APPLICATION && wanted.size() < 2) {
            throw ElbErrors.validation("At least two subnets in two different Availability Zones must be specified");
        }
        if (wanted.size() > DefaultNetwork.ZONES_MAX) {
            throw ElbErrors.invalidConfiguration(
                    "A load balancer cannot be attached to multiple subnets in the same Availability Zone");
        }
        return IntStream.range(0, wanted.size())
                .mapToObj(i -> zone(DefaultNetwork.zone(scope, i), wanted.get(i))).toList();
    }

    private static void requireMapping(LoadBalancerTypeEnum type, SubnetMapping mapping) {
        if (mapping.subnetId() == null) {
            throw ElbErrors.validation("A subnet ID must be specified");
        }
        if (!FORM.matcher(mapping.subnetId()).matches()) {
            throw ElbErrors.validation("The subnet ID '" + shortened(mapping.subnetId()) + "' is not valid");
        }
        if (mapping.allocationId() != null) {
            // No Elastic IP address can exist yet.
            throw type == LoadBalancerTypeEnum.NETWORK ? ElbErrors.allocationIdNotFound()
                    : ElbErrors.invalidConfiguration("Elastic IPs are not supported for load balancers with type '"
                            + type + "'");
        }
        boolean special = mapping.privateIPv4Address() != null || mapping.iPv6Address() != null
                || mapping.sourceNatIpv6Prefix() != null;
        if (special && type != LoadBalancerTypeEnum.NETWORK) {
            throw ElbErrors.invalidConfiguration("You cannot specify addresses for load balancers of type '" + type
                    + "'");
        }
        requireAddress(mapping.privateIPv4Address());
        requireAddress(mapping.iPv6Address());
        if (mapping.sourceNatIpv6Prefix() != null && mapping.sourceNatIpv6Prefix().length() > 50) {
            throw ElbErrors.validation("The IPv6 prefix is not valid");
        }
    }

    private static void requireAddress(String address) {
        if (address != null && !ADDRESS.matcher(address).matches()) {
            throw ElbErrors.validation("The IP address '" + shortened(address) + "' is not valid");
        }
    }

    private static AvailabilityZone zone(String name, SubnetMapping mapping) {
        var zone = AvailabilityZone.builder().zoneName(name).subnetId(mapping.subnetId())
                .loadBalancerAddresses(List.of());
        if (mapping.privateIPv4Address() != null || mapping.iPv6Address() != null) {
            zone.loadBalancerAddresses(LoadBalancerAddress.builder().privateIPv4Address(mapping.privateIPv4Address())
                    .iPv6Address(mapping.iPv6Address()).build());
        }
        if (mapping.sourceNatIpv6Prefix() != null) {
            zone.sourceNatIpv6Prefixes(mapping.sourceNatIpv6Prefix());
        }
        return zone.build();
    }

    /** The security groups of a load balancer; an ALB without any has the VPC's default one. */
    static List<String> securityGroups(Scope scope, LoadBalancerTypeEnum type, List<String> groups) {
        if (type == LoadBalancerTypeEnum.GATEWAY && !groups.isEmpty()) {
            throw ElbErrors.invalidConfiguration(
                    "Security Groups are not supported for Gateway Load Balancers.");
        }
        if (groups.size() > SECURITY_GROUPS_MAX) {
            throw ElbErrors.invalidConfiguration("The maximum number of security groups per load balancer is '5'");
        }
        for (String group : groups) {
            if (!SECURITY_GROUP.matcher(group).matches()) {
                throw ElbErrors.invalidSecurityGroup(shortened(group));
            }
        }
        List<String> distinct = groups.stream().distinct().toList();
        return distinct.isEmpty() && type == LoadBalancerTypeEnum.APPLICATION
                ? List.of(DefaultNetwork.securityGroupId(scope)) : distinct;
    }

    private static String shortened(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }
}
