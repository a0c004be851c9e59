package dev.landfall.elb.classic;

import dev.landfall.elb.AddressRange;
import dev.landfall.elb.Certificates;
import dev.landfall.elb.Scope;
import dev.landfall.elb.edge.Observed;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import dev.landfall.wire.rules.RequestRules;
import software.amazon.awssdk.services.elasticloadbalancing.ElasticLoadBalancingClient;
import software.amazon.awssdk.services.elasticloadbalancing.model.*;

/**
 * Elastic Load Balancing of 2012, Classic Load Balancers, over the data planes of version 2. A table of contents: each
 * operation hands its request to the class named after it, which decides or reads.
 * {@link dev.landfall.elb.Elb} makes it.
 */
public final class ClassicElb implements ElasticLoadBalancingClient {
    private static final RequestRules RULES = new RequestRules(ClassicElb.class, ClassicErrors::validation);

    private final Decisions writer;
    private final Certificates certificates;
    private final AddressRange addresses;
    private final Observed observed;

    public ClassicElb(Decisions writer, Certificates certificates, AddressRange addresses, Observed observed) {
        this.writer = writer;
        this.certificates = certificates;
        this.addresses = addresses;
        this.observed = observed;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @FunctionalInterface
    private interface Deciding<A> {
        Decision<A> decide(Image image, Scope scope, Context context);
    }

    private <A> A decide(ElasticLoadBalancingRequest request, Deciding<A> operation) {
        RULES.checked(request);
        Scope scope = Scope.current();
        return writer.submit((image, context) -> operation.decide(image, scope, context));
    }

    // ---- Load balancers ----

    @Override
    public CreateLoadBalancerResponse createLoadBalancer(CreateLoadBalancerRequest request) {
        RULES.checked(request);
        Listeners.requireKnown(certificates, request.listeners(), Scope.current());
        return decide(request,
                (image, scope, context) -> CreateLoadBalancer.decide(image, request, scope, addresses, context));
    }

    @Override
    public DescribeLoadBalancersResponse describeLoadBalancers(DescribeLoadBalancersRequest request) {
        return DescribeLoadBalancers.read(writer.image(), RULES.checked(request), Scope.current());
    }

    @Override
    public DeleteLoadBalancerResponse deleteLoadBalancer(DeleteLoadBalancerRequest request) {
        return decide(request, (image, scope, context) -> DeleteLoadBalancer.decide(image, request, scope));
    }

    @Override
    public ApplySecurityGroupsToLoadBalancerResponse applySecurityGroupsToLoadBalancer(
            ApplySecurityGroupsToLoadBalancerRequest request) {
        return decide(request,
                (image, scope, context) -> ApplySecurityGroupsToLoadBalancer.decide(image, request, scope));
    }

    @Override
    public AttachLoadBalancerToSubnetsResponse attachLoadBalancerToSubnets(AttachLoadBalancerToSubnetsRequest request) {
        return decide(request, (image, scope, context) -> AttachLoadBalancerToSubnets.decide(image, request, scope));
    }

    @Override
    public DetachLoadBalancerFromSubnetsResponse detachLoadBalancerFromSubnets(
            DetachLoadBalancerFromSubnetsRequest request) {
        return decide(request, (image, scope, context) -> DetachLoadBalancerFromSubnets.decide(image, request, scope));
    }

    @Override
    public DescribeLoadBalancerAttributesResponse describeLoadBalancerAttributes(
            DescribeLoadBalancerAttributesRequest request) {
        return DescribeLoadBalancerAttributes.read(writer.image(), RULES.checked(request), Scope.current());
    }

    @Override
    public ModifyLoadBalancerAttributesResponse modifyLoadBalancerAttributes(
            ModifyLoadBalancerAttributesRequest request) {
        return decide(request, (image, scope, context) -> ModifyLoadBalancerAttributes.decide(image, request, scope));
    }

    @Override
    public DescribeAccountLimitsResponse describeAccountLimits(DescribeAccountLimitsRequest request) {
        return DescribeAccountLimits.read(RULES.checked(request));
    }

    // ---- Listeners ----

    @Override
    public CreateLoadBalancerListenersResponse createLoadBalancerListeners(CreateLoadBalancerListenersRequest request) {
        RULES.checked(request);
        Listeners.requireKnown(certificates, request.listeners(), Scope.current());
        return decide(request, (image, scope, context) -> CreateLoadBalancerListeners.decide(image, request, scope));
    }

    @Override
    public DeleteLoadBalancerListenersResponse deleteLoadBalancerListeners(DeleteLoadBalancerListenersRequest request) {
        return decide(request, (image, scope, context) -> DeleteLoadBalancerListeners.decide(image, request, scope));
    }

    @Override
    public SetLoadBalancerListenerSslCertificateResponse setLoadBalancerListenerSSLCertificate(
            SetLoadBalancerListenerSslCertificateRequest request) {
        RULES.checked(request);
        Listeners.requireKnown(certificates, request.sslCertificateId(), Scope.current());
        return decide(request,
                (image, scope, context) -> SetLoadBalancerListenerSslCertificate.decide(image, request, scope));
    }

    // ---- Instances ----

    @Override
    public RegisterInstancesWithLoadBalancerResponse registerInstancesWithLoadBalancer(
            RegisterInstancesWithLoadBalancerRequest request) {
        return decide(request,
                (image, scope, context) -> RegisterInstancesWithLoadBalancer.decide(image, request, scope));
    }

    @Override
    public DeregisterInstancesFromLoadBalancerResponse deregisterInstancesFromLoadBalancer(
            DeregisterInstancesFromLoadBalancerRequest request) {
        return decide(request, (image, scope, context) ->
                DeregisterInstancesFromLoadBalancer.decide(image, request, scope, context));
    }

    @Override
    public DescribeInstanceHealthResponse describeInstanceHealth(DescribeInstanceHealthRequest request) {
        return DescribeInstanceHealth.read(writer.image(), RULES.checked(request), Scope.current(), observed);
    }

    @Override
    public ConfigureHealthCheckResponse configureHealthCheck(ConfigureHealthCheckRequest request) {
        return decide(request, (image, scope, context) -> ConfigureHealthCheck.decide(image, request, scope));
    }

    // ---- Policies ----

    @Override
    public CreateAppCookieStickinessPolicyResponse createAppCookieStickinessPolicy(
            CreateAppCookieStickinessPolicyRequest request) {
        return decide(request,
                (image, scope, context) -> CreateAppCookieStickinessPolicy.decide(image, request, scope));
    }

    @Override
    public CreateLbCookieStickinessPolicyResponse createLBCookieStickinessPolicy(
            CreateLbCookieStickinessPolicyRequest request) {
        return decide(request, (image, scope, context) -> CreateLbCookieStickinessPolicy.decide(image, request, scope));
    }

    @Override
    public SetLoadBalancerPoliciesOfListenerResponse setLoadBalancerPoliciesOfListener(
            SetLoadBalancerPoliciesOfListenerRequest request) {
        return decide(request,
                (image, scope, context) -> SetLoadBalancerPoliciesOfListener.decide(image, request, scope));
    }

    @Override
    public DeleteLoadBalancerPolicyResponse deleteLoadBalancerPolicy(DeleteLoadBalancerPolicyRequest request) {
        return decide(request, (image, scope, context) -> DeleteLoadBalancerPolicy.decide(image, request, scope));
    }

    @Override
    public DescribeLoadBalancerPoliciesResponse describeLoadBalancerPolicies(
            DescribeLoadBalancerPoliciesRequest request) {
        return DescribeLoadBalancerPolicies.read(writer.image(), RULES.checked(request), Scope.current());
    }

    // ---- Tags ----

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
        return DescribeTags.read(writer.image(), RULES.checked(request), Scope.current());
    }
}
