package dev.landfall.elb;

import dev.landfall.elb.account.DescribeAccountLimits;
import dev.landfall.elb.attribute.DescribeListenerAttributes;
import dev.landfall.elb.attribute.DescribeLoadBalancerAttributes;
import dev.landfall.elb.attribute.DescribeTargetGroupAttributes;
import dev.landfall.elb.attribute.ModifyListenerAttributes;
import dev.landfall.elb.attribute.ModifyLoadBalancerAttributes;
import dev.landfall.elb.attribute.ModifyTargetGroupAttributes;
import dev.landfall.elb.certificate.AddListenerCertificates;
import dev.landfall.elb.certificate.CertificateLists;
import dev.landfall.elb.certificate.DescribeListenerCertificates;
import dev.landfall.elb.certificate.DescribeSslPolicies;
import dev.landfall.elb.certificate.RemoveListenerCertificates;
import dev.landfall.elb.classic.Classic;
import dev.landfall.elb.classic.ClassicElb;
import dev.landfall.elb.edge.EdgeEndpoint;
import dev.landfall.elb.edge.EdgeFeed;
import dev.landfall.elb.edge.Observed;
import dev.landfall.elb.edge.Snapshots;
import dev.landfall.elb.listener.CreateListener;
import dev.landfall.elb.listener.DeleteListener;
import dev.landfall.elb.listener.DescribeListeners;
import dev.landfall.elb.listener.ModifyListener;
import dev.landfall.elb.loadbalancer.CreateLoadBalancer;
import dev.landfall.elb.loadbalancer.DeleteLoadBalancer;
import dev.landfall.elb.loadbalancer.DescribeCapacityReservation;
import dev.landfall.elb.loadbalancer.DescribeLoadBalancers;
import dev.landfall.elb.loadbalancer.LoadBalancers;
import dev.landfall.elb.loadbalancer.ModifyCapacityReservation;
import dev.landfall.elb.loadbalancer.SetIpAddressType;
import dev.landfall.elb.loadbalancer.SetSecurityGroups;
import dev.landfall.elb.loadbalancer.SetSubnets;
import dev.landfall.elb.metric.MetricPublisher;
import dev.landfall.elb.rule.CreateRule;
import dev.landfall.elb.rule.DeleteRule;
import dev.landfall.elb.rule.DescribeRules;
import dev.landfall.elb.rule.ModifyRule;
import dev.landfall.elb.rule.SetRulePriorities;
import dev.landfall.elb.tag.AddTags;
import dev.landfall.elb.tag.DescribeTags;
import dev.landfall.elb.tag.RemoveTags;
import dev.landfall.elb.target.DeregisterTargets;
import dev.landfall.elb.target.DescribeTargetHealth;
import dev.landfall.elb.target.RegisterTargets;
import dev.landfall.elb.targetgroup.CreateTargetGroup;
import dev.landfall.elb.targetgroup.DeleteTargetGroup;
import dev.landfall.elb.targetgroup.DescribeTargetGroups;
import dev.landfall.elb.targetgroup.ModifyTargetGroup;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import dev.landfall.wire.SocketEndpoint;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancing.ElasticLoadBalancingClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/**
 * Elastic Load Balancing, version 2. A table of contents: each operation hands its request to the class named after it,
 * which decides or reads. Owns the threads that tell data planes what to do; close it before the writer.
 */
public final class Elb implements ElasticLoadBalancingV2Client {
    private final Decisions writer;
    private final InstantSource clock;
    private final Certificates certificates;
    private final AddressRange addresses;
    private final Observed observed = new Observed();
    private final EdgeFeed feed;
    private final List<Runnable> closing;

    /**
     * @param writer its schema has {@link ElbTables#ALL}
     * @param clock the writer's
     * @param around what the service asks and tells
     */
    public Elb(Decisions writer, InstantSource clock, Surroundings around) {
        this.writer = writer;
        this.clock = clock;
        this.certificates = around.certificates();
        this.addresses = around.addresses();
        var metrics = new MetricPublisher(around.metrics(), writer::image);
        this.feed = new EdgeFeed(
                writer, clock, new Snapshots(certificates, around.instances()), observed, metrics);
        var draining = new DrainingTimer(writer, clock, feed);
        this.closing = List.of(draining::close, feed::close, metrics::close);
    }

    /** Where data planes of this process connect, by the way that {@link #sockets} opens to others. */
    public EdgeFeed edges() {
        return feed;
    }

    /** The ARNs of the load balancers that have the certificate, in order. */
    public List<String> balancersWith(String certificateArn) {
        return Stream.concat(LoadBalancers.withCertificate(writer.image(), certificateArn).stream(),
                Classic.withCertificate(writer.image(), certificateArn).stream()).toList();
    }

    /** The API of Classic Load Balancers, over the same data planes. */
    public ElasticLoadBalancingClient classic() {
        return new ClassicElb(writer, certificates, addresses, observed);
    }

    /** The websocket path of data planes, to be served beside the API. */
    public List<SocketEndpoint> sockets() {
        return List.of(new EdgeEndpoint(feed));
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        closing.forEach(Runnable::run);
    }

    @FunctionalInterface
    private interface Deciding<A> {
        Decision<A> decide(Image image, Scope scope, Context context);
    }

    private <A> A decide(ElasticLoadBalancingV2Request request, Deciding<A> operation) {
        RequestRules.checked(request);
        Scope scope = Scope.current();
        return writer.submit((image, context) -> operation.decide(image, scope, context));
    }

    // ---- Load balancers ----

    @Override
    public CreateLoadBalancerResponse createLoadBalancer(CreateLoadBalancerRequest request) {
        return decide(request,
                (image, scope, context) -> CreateLoadBalancer.decide(image, request, scope, addresses, context));
    }

    @Override
    public DescribeLoadBalancersResponse describeLoadBalancers(DescribeLoadBalancersRequest request) {
        return DescribeLoadBalancers.read(writer.image(), RequestRules.checked(request), Scope.current(), observed);
    }

    @Override
    public DeleteLoadBalancerResponse deleteLoadBalancer(DeleteLoadBalancerRequest request) {
        return decide(request, (image, scope, context) -> DeleteLoadBalancer.decide(image, request, scope));
    }

    @Override
    public SetSecurityGroupsResponse setSecurityGroups(SetSecurityGroupsRequest request) {
        return decide(request, (image, scope, context) -> SetSecurityGroups.decide(image, request, scope));
    }

    @Override
    public SetSubnetsResponse setSubnets(SetSubnetsRequest request) {
        return decide(request, (image, scope, context) -> SetSubnets.decide(image, request, scope));
    }

    @Override
    public SetIpAddressTypeResponse setIpAddressType(SetIpAddressTypeRequest request) {
        return decide(request, (image, scope, context) -> SetIpAddressType.decide(image, request, scope));
    }

    @Override
    public DescribeLoadBalancerAttributesResponse describeLoadBalancerAttributes(
            DescribeLoadBalancerAttributesRequest request) {
        return DescribeLoadBalancerAttributes.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public ModifyLoadBalancerAttributesResponse modifyLoadBalancerAttributes(
            ModifyLoadBalancerAttributesRequest request) {
        return decide(request, (image, scope, context) -> ModifyLoadBalancerAttributes.decide(image, request, scope));
    }

    @Override
    public DescribeCapacityReservationResponse describeCapacityReservation(DescribeCapacityReservationRequest request) {
        return DescribeCapacityReservation.read(
                writer.image(), RequestRules.checked(request), Scope.current(), clock.instant());
    }

    @Override
    public ModifyCapacityReservationResponse modifyCapacityReservation(ModifyCapacityReservationRequest request) {
        return decide(request,
                (image, scope, context) -> ModifyCapacityReservation.decide(image, request, scope, context));
    }

    // ---- Listeners ----

    @Override
    public CreateListenerResponse createListener(CreateListenerRequest request) {
        RequestRules.checked(request);
        CertificateLists.requireKnown(certificates, request.certificates(), Scope.current());
        return decide(request, (image, scope, context) -> CreateListener.decide(image, request, scope, context));
    }

    @Override
    public DescribeListenersResponse describeListeners(DescribeListenersRequest request) {
        return DescribeListeners.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public ModifyListenerResponse modifyListener(ModifyListenerRequest request) {
        RequestRules.checked(request);
        CertificateLists.requireKnown(certificates, request.certificates(), Scope.current());
        return decide(request, (image, scope, context) -> ModifyListener.decide(image, request, scope));
    }

    @Override
    public DeleteListenerResponse deleteListener(DeleteListenerRequest request) {
        return decide(request, (image, scope, context) -> DeleteListener.decide(image, request, scope));
    }

    @Override
    public DescribeListenerAttributesResponse describeListenerAttributes(DescribeListenerAttributesRequest request) {
        return DescribeListenerAttributes.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public ModifyListenerAttributesResponse modifyListenerAttributes(ModifyListenerAttributesRequest request) {
        return decide(request, (image, scope, context) -> ModifyListenerAttributes.decide(image, request, scope));
    }

    @Override
    public AddListenerCertificatesResponse addListenerCertificates(AddListenerCertificatesRequest request) {
        RequestRules.checked(request);
        CertificateLists.requireKnown(certificates, request.certificates(), Scope.current());
        return decide(request, (image, scope, context) -> AddListenerCertificates.decide(image, request, scope));
    }

    @Override
    public RemoveListenerCertificatesResponse removeListenerCertificates(RemoveListenerCertificatesRequest request) {
        return decide(request, (image, scope, context) -> RemoveListenerCertificates.decide(image, request, scope));
    }

    @Override
    public DescribeListenerCertificatesResponse describeListenerCertificates(
            DescribeListenerCertificatesRequest request) {
        return DescribeListenerCertificates.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public DescribeSslPoliciesResponse describeSSLPolicies(DescribeSslPoliciesRequest request) {
        return DescribeSslPolicies.read(RequestRules.checked(request));
    }

    // ---- Rules ----

    @Override
    public CreateRuleResponse createRule(CreateRuleRequest request) {
        return decide(request, (image, scope, context) -> CreateRule.decide(image, request, scope, context));
    }

    @Override
    public DescribeRulesResponse describeRules(DescribeRulesRequest request) {
        return DescribeRules.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public ModifyRuleResponse modifyRule(ModifyRuleRequest request) {
        return decide(request, (image, scope, context) -> ModifyRule.decide(image, request, scope));
    }

    @Override
    public DeleteRuleResponse deleteRule(DeleteRuleRequest request) {
        return decide(request, (image, scope, context) -> DeleteRule.decide(image, request, scope));
    }

    @Override
    public SetRulePrioritiesResponse setRulePriorities(SetRulePrioritiesRequest request) {
        return decide(request, (image, scope, context) -> SetRulePriorities.decide(image, request, scope));
    }

    // ---- Target groups ----

    @Override
    public CreateTargetGroupResponse createTargetGroup(CreateTargetGroupRequest request) {
        return decide(request, (image, scope, context) -> CreateTargetGroup.decide(image, request, scope, context));
    }

    @Override
    public DescribeTargetGroupsResponse describeTargetGroups(DescribeTargetGroupsRequest request) {
        return DescribeTargetGroups.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public ModifyTargetGroupResponse modifyTargetGroup(ModifyTargetGroupRequest request) {
        return decide(request, (image, scope, context) -> ModifyTargetGroup.decide(image, request, scope));
    }

    @Override
    public DeleteTargetGroupResponse deleteTargetGroup(DeleteTargetGroupRequest request) {
        return decide(request, (image, scope, context) -> DeleteTargetGroup.decide(image, request, scope));
    }

    @Override
    public DescribeTargetGroupAttributesResponse describeTargetGroupAttributes(
            DescribeTargetGroupAttributesRequest request) {
        return DescribeTargetGroupAttributes.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public ModifyTargetGroupAttributesResponse modifyTargetGroupAttributes(ModifyTargetGroupAttributesRequest request) {
        return decide(request, (image, scope, context) -> ModifyTargetGroupAttributes.decide(image, request, scope));
    }

    // ---- Targets ----

    @Override
    public RegisterTargetsResponse registerTargets(RegisterTargetsRequest request) {
        return decide(request, (image, scope, context) -> RegisterTargets.decide(image, request, scope, context));
    }

    @Override
    public DeregisterTargetsResponse deregisterTargets(DeregisterTargetsRequest request) {
        return decide(request, (image, scope, context) -> DeregisterTargets.decide(image, request, scope, context));
    }

    @Override
    public DescribeTargetHealthResponse describeTargetHealth(DescribeTargetHealthRequest request) {
        return DescribeTargetHealth.read(writer.image(), RequestRules.checked(request), Scope.current(), observed);
    }

    // ---- Tags and quotas ----

    @Override
    public AddTagsResponse addTags(AddTagsRequest request) {
        return decide(request, (image, scope, context) -> AddTags.decide(image, request, scope));
    }

    @Override
    public RemoveTagsResponse removeTags(RemoveTagsRequest request) {
        return decide(request, (image, scope, context) -> RemoveTags.decide(image, request, scope));
    }

    @Override
    public DescribeTagsResponse describeTags(DescribeTagsRequest request) {
        return DescribeTags.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public DescribeAccountLimitsResponse describeAccountLimits(DescribeAccountLimitsRequest request) {
        return DescribeAccountLimits.read(RequestRules.checked(request));
    }
}
