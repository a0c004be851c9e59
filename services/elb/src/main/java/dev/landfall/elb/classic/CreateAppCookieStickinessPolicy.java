package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancing.model.AppCookieStickinessPolicy;
import software.amazon.awssdk.services.elasticloadbalancing.model.CreateAppCookieStickinessPolicyRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.CreateAppCookieStickinessPolicyResponse;
import software.amazon.awssdk.services.elasticloadbalancing.model.Policies;

/** Makes a policy by which sessions follow a cookie of the application. */
final class CreateAppCookieStickinessPolicy {
    /** RFC 6265, 4.1.1: a token; bounded as target groups' are. */
    private static final Pattern COOKIE = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");

    private CreateAppCookieStickinessPolicy() {}

    static Decision<CreateAppCookieStickinessPolicyResponse> decide(
            Image image, CreateAppCookieStickinessPolicyRequest request, Scope scope) {
        ClassicRow row = Classic.require(image, request.loadBalancerName(), scope);
        StickinessPolicies.requireNew(row, request.policyName());
        if (!COOKIE.matcher(request.cookieName()).matches() || request.cookieName().startsWith("AWS")) {
            throw ClassicErrors.invalidConfiguration("The cookie name is not valid: " + request.cookieName());
        }
        Policies policies = row.description().policies();
        List<AppCookieStickinessPolicy> next = Stream.concat(policies.appCookieStickinessPolicies().stream(),
                Stream.of(AppCookieStickinessPolicy.builder().policyName(request.policyName())
                        .cookieName(request.cookieName()).build())).toList();
        return Decision.of(CreateAppCookieStickinessPolicyResponse.builder().build(), Classic.put(
                StickinessPolicies.with(row, policies.toBuilder().appCookieStickinessPolicies(next).build())));
    }
}
