package dev.landfall.ecs.balance;

import dev.landfall.ecs.Scope;
import java.util.Optional;

/**
 * How a Classic Load Balancer stands in the place of a target group: by its ARN, which callers never see, since its
 * name alone is known once in an account and region.
 */
public final class ClassicName {
    private static final String MARK = ":loadbalancer/";

    private ClassicName() {}

    static String arn(String name, Scope scope) {
        return "arn:aws:elasticloadbalancing:" + scope.region() + ":" + scope.accountId() + MARK + name;
    }

    /** The name in such an ARN; nothing in a target group's. */
    static Optional<String> of(String arn) {
        int at = arn.indexOf(MARK);
        return at < 0 ? Optional.empty() : Optional.of(arn.substring(at + MARK.length()));
    }

    /** As service events and stopped reasons name it, or a target group (ECS Developer Guide, service events). */
    public static String shown(String arn) {
        return of(arn).map(name -> "(elb " + name + ")").orElse("(target-group " + arn + ")");
    }
}
