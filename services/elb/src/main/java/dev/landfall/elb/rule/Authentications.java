package dev.landfall.elb.rule;

import dev.landfall.elb.ElbErrors;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.JwtValidationActionAdditionalClaim;

/**
 * The rules for actions that ask who a client is. They are stored and shown; the data plane refuses requests that would
 * need them. A client secret is checked for and not kept, as AWS never shows it and nothing here uses it.
 */
final class Authentications {
    private static final String COOKIE = "AWSELBAuthSessionCookie";
    private static final String SCOPE = "openid";
    private static final long SESSION_SECONDS = 604_800;
    private static final int EXTRA_PARAMETERS_MAX = 10;
    private static final int CLAIMS_MAX = 10;
    private static final int TEXT_MAX = 256;
    private static final int LONG_TEXT_MAX = 2_048;
    private static final List<String> BUILT_IN_CLAIMS = List.of("exp", "iss", "nbf", "iat");

    private Authentications() {}

    static Action oidc(Action action) {
        var config = action.authenticateOidcConfig();
        Stream.of(config.issuer(), config.authorizationEndpoint(), config.tokenEndpoint(), config.userInfoEndpoint())
                .forEach(Authentications::requireUrl);
        boolean existing = Boolean.TRUE.equals(config.useExistingClientSecret());
        if (existing == (config.clientSecret() != null)) {
            throw ElbErrors.invalidAction("You must specify either a client secret or the existing client secret");
        }
        requireTexts(config.clientId(), config.clientSecret(), config.sessionCookieName(), config.scope());
        requireExtra(config.authenticationRequestExtraParams());
        return action.toBuilder().authenticateOidcConfig(config.toBuilder()
                .clientSecret(null).useExistingClientSecret(null)
                .sessionCookieName(or(config.sessionCookieName(), COOKIE))
                .scope(or(config.scope(), SCOPE))
                .sessionTimeout(timeout(config.sessionTimeout()))
                .onUnauthenticatedRequest(or(config.onUnauthenticatedRequestAsString(), "authenticate"))
                .build()).build();
    }

    static Action cognito(Action action) {
        var config = action.authenticateCognitoConfig();
        if (!config.userPoolArn().startsWith("arn:")) {
            throw ElbErrors.invalidAction("The user pool ARN is not valid");
        }
        requireTexts(config.userPoolArn(), config.userPoolClientId(), config.userPoolDomain(),
                config.sessionCookieName(), config.scope());
        requireExtra(config.authenticationRequestExtraParams());
        return action.toBuilder().authenticateCognitoConfig(config.toBuilder()
                .sessionCookieName(or(config.sessionCookieName(), COOKIE))
                .scope(or(config.scope(), SCOPE))
                .sessionTimeout(timeout(config.sessionTimeout()))
                .onUnauthenticatedRequest(or(config.onUnauthenticatedRequestAsString(), "authenticate"))
                .build()).build();
    }

    static Action jwt(Action action) {
        var config = action.jwtValidationConfig();
        requireUrl(config.jwksEndpoint());
        if (config.jwksEndpoint().length() > TEXT_MAX || config.issuer().length() > TEXT_MAX) {
            throw ElbErrors.invalidAction("The JWKS endpoint and the issuer can have up to '256' characters");
        }
        if (config.additionalClaims().size() > CLAIMS_MAX) {
            throw ElbErrors.invalidAction("Up to '10' additional claims can be specified");
        }
        config.additionalClaims().forEach(Authentications::requireClaim);
        return action;
    }

    private static void requireClaim(JwtValidationActionAdditionalClaim claim) {
        if (BUILT_IN_CLAIMS.contains(claim.name()) || claim.name().length() > TEXT_MAX || claim.values().isEmpty()
                || claim.values().size() > CLAIMS_MAX
                || claim.values().stream().anyMatch(value -> value.length() > TEXT_MAX)) {
            throw ElbErrors.invalidAction("The additional claim '" + (claim.name().length() > TEXT_MAX ? "…"
                    : claim.name()) + "' is not valid");
        }
    }

    private static void requireUrl(String url) {
        if (!url.matches("https://[\\x21-\\x7e]{1,2000}")) {
            throw ElbErrors.invalidAction("Endpoints and issuers must be full URLs with the HTTPS protocol");
        }
    }

    private static void requireTexts(String... texts) {
        for (String text : texts) {
            if (text != null && (text.isEmpty() || text.length() > LONG_TEXT_MAX)) {
                throw ElbErrors.invalidAction("The authentication configuration has an empty value, or one that is "
                        + "too long");
            }
        }
    }

    private static void requireExtra(Map<String, String> parameters) {
        if (parameters.size() > EXTRA_PARAMETERS_MAX || parameters.entrySet().stream().anyMatch(each ->
                each.getValue() == null || each.getKey().length() + each.getValue().length() > LONG_TEXT_MAX
                        || !each.getKey().concat(each.getValue()).matches("[\\x20-\\x7e]*"))) {
            throw ElbErrors.invalidAction("Up to '10' extra parameters can be specified");
        }
    }

    private static long timeout(Long seconds) {
        if (seconds != null && (seconds < 1 || seconds > SESSION_SECONDS)) {
            throw ElbErrors.invalidAction("The session timeout must be between '1-604800' inclusive");
        }
        return seconds == null ? SESSION_SECONDS : seconds;
    }

    private static String or(String given, String otherwise) {
        return given == null ? otherwise : given;
    }
}
