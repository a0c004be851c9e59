package dev.landfall.elb;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;

/**
 * ARNs of load balancers and of what hangs on them. A listener's is made from its load balancer's, and a rule's from
 * its listener's, so that each tells to whom it belongs (Elastic Load Balancing user guide, policy resources).
 */
public final class Arns {
    private static final String PREFIX = "arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:";
    private static final String OF_LOAD_BALANCER = "/(app|net|gwy)/[a-zA-Z0-9-]+/[0-9a-f]{16}";

    /** Of what a caller may name by its ARN. */
    public enum Kind {
        LOAD_BALANCER("load balancer", "loadbalancer" + OF_LOAD_BALANCER),
        LISTENER("listener", "listener" + OF_LOAD_BALANCER + "/[0-9a-f]{16}"),
        RULE("listener rule", "listener-rule" + OF_LOAD_BALANCER + "/[0-9a-f]{16}/[0-9a-f]{16}"),
        TARGET_GROUP("target group", "targetgroup/[a-zA-Z0-9-]+/[0-9a-f]{16}");

        private final String word;
        private final Pattern pattern;

        Kind(String word, String resource) {
            this.word = word;
            this.pattern = Pattern.compile(PREFIX + resource);
        }

        /** As messages call it. */
        public String word() {
            return word;
        }

        public boolean matches(String arn) {
            return pattern.matcher(arn).matches();
        }

        public static Optional<Kind> of(String arn) {
            return List.of(values()).stream().filter(kind -> kind.matches(arn)).findFirst();
        }
    }

    private Arns() {}

    /**
     * The ARN, if it could be one of that kind in the caller's account and region.
     *
     * @throws software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception if not
     */
    public static String require(Kind kind, String arn, Scope scope) {
        if (!kind.matches(arn) || !Scope.of(arn).equals(scope)) {
            throw ElbErrors.validation("'" + arn + "' is not a valid " + kind.word() + " ARN");
        }
        return arn;
    }

    public static String loadBalancer(Scope scope, LoadBalancerTypeEnum type, String name, String id) {
        return scope.arn("loadbalancer/" + prefix(type) + '/' + name + '/' + id);
    }

    private static String prefix(LoadBalancerTypeEnum type) {
        return switch (type) {
            case APPLICATION -> "app";
            case NETWORK -> "net";
            case GATEWAY -> "gwy";
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalArgumentException("a load balancer has a type");
        };
    }

    public static String listener(String loadBalancerArn, String id) {
        return loadBalancerArn.replace(":loadbalancer/", ":listener/") + '/' + id;
    }

    public static String rule(String listenerArn, String id) {
        return listenerArn.replace(":listener/", ":listener-rule/") + '/' + id;
    }

    public static String targetGroup(Scope scope, String name, String id) {
        return scope.arn("targetgroup/" + name + '/' + id);
    }

    /** Whether it is a rule's, rather than a listener's. */
    public static boolean isRule(String arn) {
        return arn.contains(":listener-rule/");
    }

    /** The load balancer a listener belongs to. */
    public static String loadBalancerOf(String listenerArn) {
        return parent(listenerArn).replace(":listener/", ":loadbalancer/");
    }

    /** The listener a rule belongs to. */
    public static String listenerOf(String ruleArn) {
        return parent(ruleArn).replace(":listener-rule/", ":listener/");
    }

    /**
     * What metrics call a resource: {@code app/my-load-balancer/50dc6c495c0c9188}, {@code
     * targetgroup/my-targets/…}.
     */
    public static String metricName(String arn) {
        String resource = arn.substring(arn.lastIndexOf(':') + 1);
        return resource.startsWith("loadbalancer/") ? resource.substring("loadbalancer/".length()) : resource;
    }

    private static String parent(String arn) {
        return arn.substring(0, arn.lastIndexOf('/'));
    }
}
