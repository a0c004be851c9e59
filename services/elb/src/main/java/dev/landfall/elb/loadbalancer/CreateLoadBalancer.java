package dev.landfall.elb.loadbalancer;

import dev.landfall.elb.AddressRange;
import dev.landfall.elb.Arns;
import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Names;
import dev.landfall.elb.Quotas;
import dev.landfall.elb.Scope;
import dev.landfall.elb.tag.Tags;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateLoadBalancerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.EnablePrefixForIpv6SourceNatEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.IpAddressType;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerSchemeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerStateEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;

/** Creates a load balancer, or answers the one of that name if it has the same settings. */
public final class CreateLoadBalancer {
    private static final String NAME = "The load balancer name";
    /** An ALB's host name has a number of so many digits. */
    private static final long APPLICATION_NUMBERS = 10_000_000_000L;

    private CreateLoadBalancer() {}

    public static Decision<CreateLoadBalancerResponse> decide(
            Image image, CreateLoadBalancerRequest request, Scope scope, AddressRange addresses, Context context) {
        requireName(request.name());
        LoadBalancer wanted = described(request, scope);
        Optional<LoadBalancerRow> existing = image.find(ElbTables.LOAD_BALANCERS, ElbTables.LOAD_BALANCERS_BY_NAME,
                ElbTables.nameKey(scope, request.name())).stream().findFirst();
        if (existing.isPresent()) {
            return Decision.of(response(sameAs(existing.get(), wanted)));
        }
        String byType = ElbTables.scopeKey(scope) + '|' + wanted.typeAsString();
        if (image.count(ElbTables.LOAD_BALANCERS, ElbTables.LOAD_BALANCERS_BY_TYPE, byType)
                >= Quotas.loadBalancers(wanted.type())) {
            throw ElbErrors.tooManyLoadBalancers();
        }
        String id = context.ids().next().substring(16);
        LoadBalancer made = wanted.toBuilder()
                .loadBalancerArn(Arns.loadBalancer(scope, wanted.type(), request.name(), id))
                .dnsName(dnsName(wanted, scope, id))
                .canonicalHostedZoneId(HostedZones.of(scope.region(), wanted.type()))
                .createdTime(context.now())
                .build();
        String address = addresses.free(image, id).orElseThrow(ElbErrors::tooManyLoadBalancers);
        var writes = new ArrayList<Write<?>>(Tags.ofNew(made.loadBalancerArn(), request.tags()));
        writes.add(Write.put(ElbTables.LOAD_BALANCERS,
                new LoadBalancerRow(made, Collections.emptySortedMap(), address)));
        return new Decision<>(response(made), writes, List.of());
    }

    private static void requireName(String name) {
        Names.require(NAME, name);
        if (name.startsWith("internal-")) {
            throw ElbErrors.validation(NAME + " '" + name + "' cannot begin with 'internal-'");
        }
    }

    /** The load balancer that the request asks for, as far as it follows from the request. */
    private static LoadBalancer described(CreateLoadBalancerRequest request, Scope scope) {
        var type = request.type() == null ? LoadBalancerTypeEnum.APPLICATION : request.type();
        boolean gateway = type == LoadBalancerTypeEnum.GATEWAY;
        if (gateway && request.scheme() != null) {
            throw ElbErrors.invalidScheme();
        }
        if (request.customerOwnedIpv4Pool() != null || request.ipamPools() != null) {
            throw ElbErrors.invalidConfiguration("The specified address pool does not exist");
        }
        var ipAddressType = request.ipAddressType() == null ? IpAddressType.IPV4 : request.ipAddressType();
        requireIpAddressType(type, ipAddressType);
        var balancer = LoadBalancer.builder()
                .loadBalancerName(request.name())
                .type(type)
                .vpcId(DefaultNetwork.vpcId(scope))
                .availabilityZones(Subnets.zones(scope, type, request.subnets(), request.subnetMappings()))
                .ipAddressType(ipAddressType)
                .state(state -> state.code(LoadBalancerStateEnum.ACTIVE));
        if (!gateway) {
            balancer.scheme(request.scheme() == null ? LoadBalancerSchemeEnum.INTERNET_FACING : request.scheme());
            balancer.securityGroups(Subnets.securityGroups(scope, type, request.securityGroups()));
        } else {
            Subnets.securityGroups(scope, type, request.securityGroups());
        }
        if (type == LoadBalancerTypeEnum.NETWORK) {
            balancer.enablePrefixForIpv6SourceNat(sourceNat(request.enablePrefixForIpv6SourceNat(), ipAddressType));
        } else if (request.enablePrefixForIpv6SourceNat() != null) {
            throw ElbErrors.invalidConfiguration("'EnablePrefixForIpv6SourceNat' can only be specified for "
                    + "LoadBalancer type 'network'.");
        }
        return balancer.build();
    }

    static EnablePrefixForIpv6SourceNatEnum sourceNat(EnablePrefixForIpv6SourceNatEnum wanted, IpAddressType type) {
        if (wanted == EnablePrefixForIpv6SourceNatEnum.ON && type != IpAddressType.DUALSTACK) {
            throw ElbErrors.invalidConfiguration("'EnablePrefixForIpv6SourceNat' can only be specified when using "
                    + "IpAddressType 'dualstack'.");
        }
        return wanted == null ? EnablePrefixForIpv6SourceNatEnum.OFF : wanted;
    }

    static void requireIpAddressType(LoadBalancerTypeEnum type, IpAddressType ipAddressType) {
        if (ipAddressType == IpAddressType.DUALSTACK_WITHOUT_PUBLIC_IPV4
                && type != LoadBalancerTypeEnum.APPLICATION) {
            throw ElbErrors.invalidConfiguration("The specified IP address type is not supported on load balancers "
                    + "with type '" + type + "'.");
        }
    }

    private static LoadBalancer sameAs(LoadBalancerRow existing, LoadBalancer wanted) {
        LoadBalancer there = existing.loadBalancer();
        LoadBalancer asWanted = wanted.toBuilder()
                .loadBalancerArn(there.loadBalancerArn()).dnsName(there.dnsName()).createdTime(there.createdTime())
                .canonicalHostedZoneId(there.canonicalHostedZoneId()).build();
        if (!there.equals(asWanted)) {
            throw ElbErrors.duplicateLoadBalancerName(there.loadBalancerName());
        }
        return there;
    }

    /** {@code NAME-ID.REGION.elb.localhost}, where AWS has {@code amazonaws.com}. */
    private static String dnsName(LoadBalancer balancer, Scope scope, String id) {
        String internal = balancer.scheme() == LoadBalancerSchemeEnum.INTERNAL ? "internal-" : "";
        String number = balancer.type() == LoadBalancerTypeEnum.APPLICATION
                ? "%010d".formatted(Long.remainderUnsigned(Long.parseUnsignedLong(id, 16), APPLICATION_NUMBERS)) : id;
        return internal + balancer.loadBalancerName() + '-' + number + '.' + scope.region() + ".elb.localhost";
    }

    /** What is created is told as provisioning, as AWS does; it is active by the time that anybody can ask. */
    private static CreateLoadBalancerResponse response(LoadBalancer balancer) {
        return CreateLoadBalancerResponse.builder()
                .loadBalancers(balancer.toBuilder()
                        .state(state -> state.code(LoadBalancerStateEnum.PROVISIONING)).build())
                .build();
    }
}
