package dev.landfall.elb.classic;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.elasticloadbalancing.model.*;

/**
 * The caller's mistakes, as the Classic Load Balancers' API words them; all are answered with status 400. Where AWS's
 * words are not known, they are those of the API reference.
 */
final class ClassicErrors {
    /** Messages tell what callers sent, of which the beginning is enough. */
    private static final int LENGTH_MAX = 2_000;

    private ClassicErrors() {}

    /** What no error of the model stands for. */
    static ElasticLoadBalancingException validation(String message) {
        return fill(ElasticLoadBalancingException.builder(), "ValidationError", message);
    }

    static LoadBalancerNotFoundException notFound(String name) {
        return fill(LoadBalancerNotFoundException.builder(), "LoadBalancerNotFound",
                "There is no ACTIVE Load Balancer named '" + name + "'");
    }

    static DuplicateLoadBalancerNameException duplicateName(String name) {
        return fill(DuplicateLoadBalancerNameException.builder(), "DuplicateLoadBalancerName", "Load Balancer named "
                + name + " already exists and it is configured with different parameters.");
    }

    static TooManyLoadBalancersException tooManyLoadBalancers() {
        return fill(TooManyLoadBalancersException.builder(), "TooManyLoadBalancers",
                "The quota for the number of load balancers has been reached.");
    }

    static DuplicateListenerException duplicateListener(String name, int port) {
        return fill(DuplicateListenerException.builder(), "DuplicateListener", "A listener already exists for " + name
                + " with LoadBalancerPort " + port
                + ", but with a different InstancePort, Protocol, or SSLCertificateId");
    }

    static ListenerNotFoundException listenerNotFound(String name, int port) {
        return fill(ListenerNotFoundException.builder(), "ListenerNotFound",
                "The load balancer " + name + " does not have a listener configured at the port " + port + ".");
    }

    static CertificateNotFoundException certificateNotFound(String arn) {
        return fill(CertificateNotFoundException.builder(), "CertificateNotFound",
                "Server Certificate not found for the key: " + arn);
    }

    static InvalidConfigurationRequestException invalidConfiguration(String message) {
        return fill(InvalidConfigurationRequestException.builder(), "InvalidConfigurationRequest", message);
    }

    static InvalidInstanceException invalidInstance(String id) {
        return fill(InvalidInstanceException.builder(), "InvalidInstance", "Could not find EC2 instance " + id + ".");
    }

    static InvalidSecurityGroupException invalidSecurityGroup(String id) {
        return fill(InvalidSecurityGroupException.builder(), "InvalidSecurityGroup",
                "One or more of the specified security groups do not exist: " + id);
    }

    static InvalidSubnetException invalidSubnet(String id) {
        return fill(InvalidSubnetException.builder(), "InvalidSubnet",
                "The specified VPC has no associated Internet gateway, or the subnet is not valid: " + id);
    }

    static InvalidSchemeException invalidScheme() {
        return fill(InvalidSchemeException.builder(), "InvalidScheme", "The specified value for the schema is not "
                + "valid. You can only specify a scheme for load balancers in a VPC.");
    }

    static UnsupportedProtocolException unsupportedProtocol(String protocol) {
        return fill(UnsupportedProtocolException.builder(), "UnsupportedProtocol",
                "The specified protocol or signature version is not supported: " + protocol);
    }

    static DuplicatePolicyNameException duplicatePolicy(String name) {
        return fill(DuplicatePolicyNameException.builder(), "DuplicatePolicyName",
                "A policy with the specified name already exists for this load balancer: " + name);
    }

    static TooManyPoliciesException tooManyPolicies() {
        return fill(TooManyPoliciesException.builder(), "TooManyPolicies",
                "The quota for the number of policies for this load balancer has been reached.");
    }

    static PolicyNotFoundException policyNotFound(String name, String balancer) {
        return fill(PolicyNotFoundException.builder(), "PolicyNotFound",
                "There is no policy with name " + name + " for load balancer " + balancer);
    }

    static LoadBalancerAttributeNotFoundException attributeNotFound(String key) {
        return fill(LoadBalancerAttributeNotFoundException.builder(), "LoadBalancerAttributeNotFound",
                "The specified load balancer attribute does not exist: " + key);
    }

    static DuplicateTagKeysException duplicateTagKeys() {
        return fill(DuplicateTagKeysException.builder(), "DuplicateTagKeys", "A tag key was specified more than once.");
    }

    static TooManyTagsException tooManyTags() {
        return fill(TooManyTagsException.builder(), "TooManyTags",
                "The quota for the number of tags that can be assigned to a load balancer has been reached.");
    }

    @SuppressWarnings("unchecked") // every exception's own builder builds that exception
    private static <E extends ElasticLoadBalancingException> E fill(
            ElasticLoadBalancingException.Builder builder, String code, String message) {
        String told = message.length() > LENGTH_MAX ? message.substring(0, LENGTH_MAX) + "…" : message;
        return (E) builder.message(told)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .serviceName("ElasticLoadBalancing").errorCode(code).errorMessage(told).build())
                .statusCode(400)
                .build();
    }
}
