package dev.landfall.elb.classic;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancing.model.AppCookieStickinessPolicy;
import software.amazon.awssdk.services.elasticloadbalancing.model.LBCookieStickinessPolicy;
import software.amazon.awssdk.services.elasticloadbalancing.model.Policies;

/** The policies of a load balancer that make sessions stick to instances. */
public final class StickinessPolicies {
    /** API reference, CreateLBCookieStickinessPolicy and others: alphanumeric characters and dashes. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,128}");

    /** AWS does not tell its quota; each listener uses one. */
    private static final int POLICIES_MAX = Classic.LISTENERS;

    private StickinessPolicies() {}

    static List<String> names(Policies policies) {
        return Stream.of(policies.appCookieStickinessPolicies().stream().map(AppCookieStickinessPolicy::policyName),
                        policies.lbCookieStickinessPolicies().stream().map(LBCookieStickinessPolicy::policyName))
                .flatMap(names -> names).toList();
    }

    /** That a policy of that name can be added. */
    static void requireNew(ClassicRow row, String name) {
        if (!NAME.matcher(name).matches()) {
            throw ClassicErrors.validation("Policy names can only contain alphanumeric characters and hyphens: "
                    + name);
        }
        List<String> there = names(row.description().policies());
        if (there.contains(name) || row.description().policies().otherPolicies().contains(name)) {
            throw ClassicErrors.duplicatePolicy(name);
        }
        if (there.size() >= POLICIES_MAX) {
            throw ClassicErrors.tooManyPolicies();
        }
    }

    static ClassicRow with(ClassicRow row, Policies policies) {
        return row.with(row.description().toBuilder().policies(policies).build());
    }

    /** The cookie of the application that the listener of a port follows, if it does. */
    public static Optional<AppCookieStickinessPolicy> byApplication(ClassicRow row, int port) {
        List<String> used = used(row, port);
        return row.description().policies().appCookieStickinessPolicies().stream()
                .filter(each -> used.contains(each.policyName())).findFirst();
    }

    /** The cookie of its own that the listener of a port sets, if it does. */
    public static Optional<LBCookieStickinessPolicy> byLoadBalancer(ClassicRow row, int port) {
        List<String> used = used(row, port);
        return row.description().policies().lbCookieStickinessPolicies().stream()
                .filter(each -> used.contains(each.policyName())).findFirst();
    }

    private static List<String> used(ClassicRow row, int port) {
        return row.listener(port).map(each -> each.policyNames()).orElse(List.of());
    }
}
