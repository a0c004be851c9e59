package dev.landfall.elb;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/**
 * The caller's mistakes, as Elastic Load Balancing words them; all are answered with status 400. Where AWS's words are
 * not known, they are those of the API reference.
 */
public final class ElbErrors {
    /** Messages tell what callers sent, of which the beginning is enough. */
    private static final int LENGTH_MAX = 2_000;

    private ElbErrors() {}

    /** What no error of the model stands for. */
    public static ElasticLoadBalancingV2Exception validation(String message) {
        return fill(ElasticLoadBalancingV2Exception.builder(), "ValidationError", message);
    }

    public static InvalidConfigurationRequestException invalidConfiguration(String message) {
        return fill(InvalidConfigurationRequestException.builder(), "InvalidConfigurationRequest", message);
    }

    public static LoadBalancerNotFoundException loadBalancerNotFound(String arn) {
        return loadBalancersNotFound("Load balancer '" + arn + "' not found");
    }

    public static LoadBalancerNotFoundException loadBalancersNotFound(String message) {
        return fill(LoadBalancerNotFoundException.builder(), "LoadBalancerNotFound", message);
    }

    public static TargetGroupNotFoundException targetGroupNotFound(String message) {
        return fill(TargetGroupNotFoundException.builder(), "TargetGroupNotFound", message);
    }

    public static ListenerNotFoundException listenerNotFound(String message) {
        return fill(ListenerNotFoundException.builder(), "ListenerNotFound", message);
    }

    public static RuleNotFoundException ruleNotFound(String message) {
        return fill(RuleNotFoundException.builder(), "RuleNotFound", message);
    }

    public static DuplicateLoadBalancerNameException duplicateLoadBalancerName(String name) {
        return fill(DuplicateLoadBalancerNameException.builder(), "DuplicateLoadBalancerName",
                "A load balancer with the same name '" + name + "' exists, but with different settings");
    }

    public static DuplicateTargetGroupNameException duplicateTargetGroupName(String name) {
        return fill(DuplicateTargetGroupNameException.builder(), "DuplicateTargetGroupName",
                "A target group with the same name '" + name + "' exists, but with different settings");
    }

    public static DuplicateListenerException duplicateListener(String loadBalancerArn) {
        return fill(DuplicateListenerException.builder(), "DuplicateListener",
                "A listener already exists on this port for this load balancer '" + loadBalancerArn + "'");
    }

    public static DuplicateTagKeysException duplicateTagKeys() {
        return fill(DuplicateTagKeysException.builder(), "DuplicateTagKeys", "A tag key was specified more than once.");
    }

    public static TooManyTagsException tooManyTags() {
        return fill(TooManyTagsException.builder(), "TooManyTags",
                "You've reached the limit on the number of tags for this resource.");
    }

    public static TooManyLoadBalancersException tooManyLoadBalancers() {
        return fill(TooManyLoadBalancersException.builder(), "TooManyLoadBalancers",
                "You've reached the limit on the number of load balancers for your Amazon Web Services account.");
    }

    public static TooManyListenersException tooManyListeners() {
        return fill(TooManyListenersException.builder(), "TooManyListeners",
                "You've reached the limit on the number of listeners per load balancer.");
    }

    public static TooManyRulesException tooManyRules() {
        return fill(TooManyRulesException.builder(), "TooManyRules",
                "You've reached the limit on the number of rules per load balancer.");
    }

    public static TooManyTargetGroupsException tooManyTargetGroups() {
        return fill(TooManyTargetGroupsException.builder(), "TooManyTargetGroups",
                "You've reached the limit on the number of target groups for your Amazon Web Services account.");
    }

    public static TooManyTargetsException tooManyTargets() {
        return fill(TooManyTargetsException.builder(), "TooManyTargets",
                "You've reached the limit on the number of targets.");
    }

    public static TooManyActionsException tooManyActions() {
        return fill(TooManyActionsException.builder(), "TooManyActions",
                "You've reached the limit on the number of actions per rule.");
    }

    public static TooManyCertificatesException tooManyCertificates() {
        return fill(TooManyCertificatesException.builder(), "TooManyCertificates",
                "You've reached the limit on the number of certificates per load balancer.");
    }

    public static TooManyUniqueTargetGroupsPerLoadBalancerException tooManyUniqueTargetGroups() {
        return fill(TooManyUniqueTargetGroupsPerLoadBalancerException.builder(),
                "TooManyUniqueTargetGroupsPerLoadBalancer",
                "You've reached the limit on the number of unique target groups per load balancer across all "
                        + "listeners. If a target group is used by multiple actions for a load balancer, it is "
                        + "counted as only one use.");
    }

    public static TooManyRegistrationsForTargetIdException tooManyRegistrations() {
        return fill(TooManyRegistrationsForTargetIdException.builder(), "TooManyRegistrationsForTargetId",
                "You've reached the limit on the number of times a target can be registered with a load balancer.");
    }

    public static TargetGroupAssociationLimitException targetGroupAssociationLimit(String targetGroupArn) {
        return fill(TargetGroupAssociationLimitException.builder(), "TargetGroupAssociationLimit",
                "The following target groups cannot be associated with more than one load balancer: "
                        + targetGroupArn);
    }

    public static PriorityInUseException priorityInUse(int priority) {
        return fill(PriorityInUseException.builder(), "PriorityInUse",
                "Priority '" + priority + "' is currently in use");
    }

    public static ResourceInUseException resourceInUse(String message) {
        return fill(ResourceInUseException.builder(), "ResourceInUse", message);
    }

    public static OperationNotPermittedException operationNotPermitted(String message) {
        return fill(OperationNotPermittedException.builder(), "OperationNotPermitted", message);
    }

    public static IncompatibleProtocolsException incompatibleProtocols() {
        return fill(IncompatibleProtocolsException.builder(), "IncompatibleProtocols",
                "The specified configuration is not valid with this protocol.");
    }

    public static UnsupportedProtocolException unsupportedProtocol() {
        return fill(UnsupportedProtocolException.builder(), "UnsupportedProtocol",
                "The specified protocol is not supported.");
    }

    public static InvalidLoadBalancerActionException invalidAction(String message) {
        return fill(InvalidLoadBalancerActionException.builder(), "InvalidLoadBalancerAction", message);
    }

    public static InvalidTargetException invalidTarget(String message) {
        return fill(InvalidTargetException.builder(), "InvalidTarget", message);
    }

    public static InvalidSchemeException invalidScheme() {
        return fill(InvalidSchemeException.builder(), "InvalidScheme", "The requested scheme is not valid.");
    }

    public static AllocationIdNotFoundException allocationIdNotFound() {
        return fill(AllocationIdNotFoundException.builder(), "AllocationIdNotFound",
                "The specified allocation ID does not exist.");
    }

    public static InvalidSecurityGroupException invalidSecurityGroup(String id) {
        return fill(InvalidSecurityGroupException.builder(), "InvalidSecurityGroup",
                "Security group '" + id + "' does not exist");
    }

    public static CertificateNotFoundException certificateNotFound(String arn) {
        return fill(CertificateNotFoundException.builder(), "CertificateNotFound",
                "Certificate '" + arn + "' not found");
    }

    /** Not in the API's model; what it says of a certificate that is not issued yet. */
    public static ElasticLoadBalancingV2Exception unsupportedCertificate(String arn) {
        return fill(ElasticLoadBalancingV2Exception.builder(), "UnsupportedCertificate", "The certificate '" + arn
                + "' must have a fully-qualified domain name, a supported signature, and a supported key size.");
    }

    public static SslPolicyNotFoundException sslPolicyNotFound(String name) {
        return fill(SslPolicyNotFoundException.builder(), "SSLPolicyNotFound", "SSL policy '" + name + "' not found");
    }

    public static AlpnPolicyNotSupportedException alpnPolicyNotSupported() {
        return fill(AlpnPolicyNotSupportedException.builder(), "ALPNPolicyNotFound",
                "The specified ALPN policy is not supported.");
    }

    public static TrustStoreNotFoundException trustStoreNotFound() {
        return fill(TrustStoreNotFoundException.builder(), "TrustStoreNotFound",
                "The specified trust store does not exist.");
    }

    public static CapacityUnitsLimitExceededException capacityUnitsLimitExceeded() {
        return fill(CapacityUnitsLimitExceededException.builder(), "CapacityUnitsLimitExceeded",
                "You've exceeded the capacity units limit.");
    }

    public static CapacityDecreaseRequestsLimitExceededException capacityDecreasesExceeded() {
        return fill(CapacityDecreaseRequestsLimitExceededException.builder(), "CapacityDecreaseRequestLimitExceeded",
                "You've exceeded the daily capacity decrease limit for this reservation.");
    }

    @SuppressWarnings("unchecked") // every exception's own builder builds that exception
    private static <E extends ElasticLoadBalancingV2Exception> E fill(
            ElasticLoadBalancingV2Exception.Builder builder, String code, String message) {
        String told = message.length() > LENGTH_MAX ? message.substring(0, LENGTH_MAX) + "…" : message;
        return (E) builder.message(told)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .serviceName("ElasticLoadBalancingV2").errorCode(code).errorMessage(told).build())
                .statusCode(400)
                .build();
    }
}
