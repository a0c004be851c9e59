package dev.landfall.elb.classic;

import dev.landfall.elb.AddressRange;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.elb.certificate.SslPolicies;
import dev.landfall.elb.loadbalancer.DefaultNetwork;
import dev.landfall.elb.loadbalancer.HostedZones;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.elasticloadbalancing.model.CreateLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.CreateLoadBalancerResponse;
import software.amazon.awssdk.services.elasticloadbalancing.model.LoadBalancerDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;

/** Creates a Classic Load Balancer, or answers the one of that name if it has the same settings. */
final class CreateLoadBalancer {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?");
    private static final Pattern ZONE = Pattern.compile("[a-z0-9-]{1,40}");
    private static final List<String> SCHEMES = List.of("internet-facing", "internal");

    /** A Classic Load Balancer's host name has a number of so many digits. */
    private static final long NUMBERS = 10_000_000_000L;

    /** API reference, HealthCheck, and the user guide: what a new load balancer checks. */
    private static final int INTERVAL_SECONDS = 30;
    private static final int TIMEOUT_SECONDS = 5;
    private static final int UNHEALTHY_THRESHOLD = 2;
    private static final int HEALTHY_THRESHOLD = 10;

    private CreateLoadBalancer() {}

    static Decision<CreateLoadBalancerResponse> decide(
            Image image, CreateLoadBalancerRequest request, Scope scope, AddressRange addresses, Context context) {
        if (!NAME.matcher(request.loadBalancerName()).matches()) {
            throw ClassicErrors.validation("LoadBalancer name must be 32 characters or less, can only contain "
                    + "alphanumeric characters or hyphens, and cannot begin or end with a hyphen: "
                    + request.loadBalancerName());
        }
        LoadBalancerDescription wanted = described(request, scope);
        Optional<ClassicRow> there =
                image.get(ElbTables.CLASSIC, Classic.arn(scope, request.loadBalancerName()));
        if (there.isPresent()) {
            return Decision.of(sameAs(there.get().description(), wanted));
        }
        if (Classic.all(image, scope).size() >= Classic.LOAD_BALANCERS) {
            throw ClassicErrors.tooManyLoadBalancers();
        }
        String id = context.ids().next().substring(16);
        String dnsName = (wanted.scheme().equals("internal") ? "internal-" : "") + request.loadBalancerName() + '-'
                + "%010d".formatted(Long.remainderUnsigned(Long.parseUnsignedLong(id, 16), NUMBERS)) + '.'
                + scope.region() + ".elb.localhost";
        LoadBalancerDescription made = wanted.toBuilder().dnsName(dnsName).canonicalHostedZoneName(dnsName)
                .canonicalHostedZoneNameID(HostedZones.of(scope.region(), LoadBalancerTypeEnum.APPLICATION))
                .createdTime(context.now())
                .sourceSecurityGroup(it -> it.ownerAlias(scope.accountId()).groupName("default"))
                .healthCheck(it -> it.target("TCP:" + wanted.listenerDescriptions().getFirst().listener()
                                .instancePort()).interval(INTERVAL_SECONDS).timeout(TIMEOUT_SECONDS)
                        .unhealthyThreshold(UNHEALTHY_THRESHOLD).healthyThreshold(HEALTHY_THRESHOLD))
                .policies(it -> it.otherPolicies(wanted.listenerDescriptions().stream()
                        .anyMatch(each -> Listeners.isEncrypted(each.listener()))
                        ? List.of(SslPolicies.DEFAULT) : List.of()))
                .build();
        String address = addresses.free(image, id).orElseThrow(ClassicErrors::tooManyLoadBalancers);
        var row = new ClassicRow(Classic.arn(scope, request.loadBalancerName()), made, Attributes.DEFAULTS, address,
                List.of(), Tags.with(List.of(), request.tags()));
        return Decision.of(answer(made), Classic.put(row));
    }

    /** What the request asks for, as far as it follows from the request. */
    private static LoadBalancerDescription described(CreateLoadBalancerRequest request, Scope scope) {
        if (request.listeners().isEmpty()) {
            throw ClassicErrors.validation("Listeners: at least one listener must be specified");
        }
        boolean placed = !request.subnets().isEmpty();
        if (placed == !request.availabilityZones().isEmpty()) {
            throw ClassicErrors.validation("Either AvailabilityZones or SubnetIds must be specified");
        }
        request.availabilityZones().stream().filter(zone -> !ZONE.matcher(zone).matches()).findFirst()
                .ifPresent(zone -> {
                    throw ClassicErrors.validation("Invalid Availability Zone: " + zone);
                });
        String scheme = Optional.ofNullable(request.scheme()).orElse("internet-facing");
        if (!SCHEMES.contains(scheme) || !placed && scheme.equals("internal")) {
            throw ClassicErrors.invalidScheme();
        }
        List<String> subnets = Classic.subnets(request.subnets());
        List<String> groups = Classic.securityGroups(request.securityGroups());
        return LoadBalancerDescription.builder().loadBalancerName(request.loadBalancerName())
                .listenerDescriptions(Listeners.with(List.of(), request.listeners(), request.loadBalancerName()))
                .availabilityZones(placed ? zones(scope, subnets)
                        : request.availabilityZones().stream().distinct().sorted().toList())
                .subnets(subnets)
                .vpcId(DefaultNetwork.vpcId(scope))
                .securityGroups(groups.isEmpty() ? List.of(DefaultNetwork.securityGroupId(scope)) : groups)
                .instances(List.of()).scheme(scheme).build();
    }

    /** A zone for each subnet; see {@link DefaultNetwork}. */
    static List<String> zones(Scope scope, List<String> subnets) {
        if (subnets.size() > DefaultNetwork.ZONES_MAX) {
            throw ClassicErrors.invalidConfiguration(
                    "A load balancer cannot be attached to multiple subnets in the same Availability Zone");
        }
        return IntStream.range(0, subnets.size()).mapToObj(i -> DefaultNetwork.zone(scope, i)).toList();
    }

    private static CreateLoadBalancerResponse sameAs(LoadBalancerDescription there, LoadBalancerDescription wanted) {
        boolean same = there.listenerDescriptions().stream().map(each -> each.listener()).toList()
                .equals(wanted.listenerDescriptions().stream().map(each -> each.listener()).toList())
                && there.availabilityZones().equals(wanted.availabilityZones())
                && there.subnets().equals(wanted.subnets())
                && there.securityGroups().equals(wanted.securityGroups())
                && there.scheme().equals(wanted.scheme());
        if (!same) {
            throw ClassicErrors.duplicateName(there.loadBalancerName());
        }
        return answer(there);
    }

    private static CreateLoadBalancerResponse answer(LoadBalancerDescription made) {
        return CreateLoadBalancerResponse.builder().dnsName(made.dnsName()).build();
    }
}
